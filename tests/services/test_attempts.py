"""Counting tries: exact, shared by all workers, and forgotten when the time is over."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Refused, TooManyAttempts
from app.extensions import db
from app.models.outbox import Attempt
from app.services import attempts
from app.services.transaction import transaction

pytestmark = pytest.mark.usefixtures("app")


def fail(times, subject="hang", **limit):
    return [attempts.fail("test", subject, minutes=15, **limit) for _ in range(times)]


def check(subject="hang", limit=3):
    attempts.check("test", subject, limit=limit, minutes=15)


def counted():
    rows = db.session.scalars(select(Attempt).where(Attempt.kind == "test")).all()
    return {row.subject: row.count for row in rows}


def wait_told(subject="hang"):
    with pytest.raises(TooManyAttempts) as caught:
        check(subject)
    assert caught.value.key == "too_many_attempts"
    return caught.value.params["minutes"]


def test_tries_below_the_limit_are_let_through():
    check()
    assert fail(2) == [1, 2]
    check()


def test_the_last_try_locks_and_the_minutes_left_are_told(moment):
    fail(3)
    assert wait_told() == 15
    moment.shift(timedelta(minutes=13, seconds=30))
    assert wait_told() == 2
    moment.shift(timedelta(seconds=90))
    check()


def test_after_the_window_counting_begins_anew(moment):
    fail(3)
    moment.shift(timedelta(minutes=15))
    assert fail(2) == [1, 2]
    check()


def test_with_a_limit_the_lock_lasts_its_full_minutes_from_the_last_try(moment):
    fail(2, limit=3)
    moment.shift(timedelta(minutes=14))
    assert fail(1, limit=3) == [3]
    moment.shift(timedelta(minutes=14))
    assert wait_told() == 1
    moment.shift(timedelta(minutes=1))
    check()


def test_kinds_and_subjects_are_counted_apart():
    fail(3)
    check("quyet")
    attempts.check("other", "hang", limit=3, minutes=15)
    assert wait_told()


def test_success_forgets_the_tries_of_that_subject_only():
    fail(3)
    fail(3, "quyet")
    attempts.clear("test", "hang")
    check()
    assert wait_told("quyet")


def test_a_hit_checks_and_counts_before_the_thing_is_tried():
    assert [attempts.hit("test", "hang", limit=3, minutes=15) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TooManyAttempts):
        attempts.hit("test", "hang", limit=3, minutes=15)
    assert counted() == {"hang": 3}


def test_a_hit_that_loses_the_race_between_check_and_count_is_refused(monkeypatch):
    fail(3)
    monkeypatch.setattr(attempts, "check", lambda *_args, **_limits: None)
    with pytest.raises(TooManyAttempts) as caught:
        attempts.hit("test", "hang", limit=3, minutes=15)
    assert caught.value.params == {"minutes": 15}


def test_a_try_counts_although_the_verb_after_it_is_refused():
    fail(1)
    with pytest.raises(Refused), transaction():
        raise Refused("login_wrong")
    db.session.rollback()
    assert counted() == {"hang": 1}


def test_many_workers_counting_at_once_lose_no_try(app):
    def worker():
        with app.app_context():
            for _ in range(5):
                attempts.fail("test", "crowd", minutes=15)

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == {"crowd": 30}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("x" * 300, "x" * 301, False),
        ("x" * 300, "x" * 300, True),
    ],
)
def test_a_visitor_is_the_network_one_customer_has(first, second, same):
    fail(3, first)
    if same:
        assert wait_told(second)
    else:
        check(second)


def test_windows_long_over_are_swept(moment):
    fail(3)
    moment.shift(timedelta(days=2, minutes=1))
    fail(1, "new")
    assert attempts.sweep() >= 1
    assert counted() == {"new": 1}
    assert attempts.sweep() == 0
