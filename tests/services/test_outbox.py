from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain import clock
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.handling import Journal
from app.models.outbox import MailState, OutboxMessage
from app.services import outbox
from app.services.transaction import transaction
from tests import factories
from tests.mails import CONTEXT, empty, row, write

ADMINISTRATOR = Actor(user_id=None, role=Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def only_our_mails(app):
    empty()


@pytest.fixture
def server(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")


def journalled(key):
    return db.session.scalar(select(func.count()).where(Journal.key == key))


def test_a_mail_is_written_with_the_change_and_vanishes_with_it(app, server):
    def change_that_fails():
        with transaction():
            outbox.write(receiver="asker", address="a@b.vn", template="question_answered", context=CONTEXT)
            raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_mail_is_queued_when_there_is_a_server(app, server):
    mail = row(write())
    assert mail.state is MailState.QUEUED
    assert (mail.subject, mail.receiver, mail.attempts) == ("Trả lời câu hỏi của ông, bà", "asker", 0)
    assert mail.message_id.startswith("<")
    assert mail.message_id.endswith("@localhost>")


def test_without_a_server_a_mail_is_held_and_nobody_claims_it(app):
    letter = write()
    assert row(letter).state is MailState.HELD
    assert outbox.claim("w1") == []
    assert row(letter).state is MailState.HELD


def test_a_mail_without_an_address_is_shown_as_failed_and_never_claimed(app, server):
    letter = write(address="  ")
    assert (row(letter).state, row(letter).last_error) == (MailState.FAILED, outbox.NO_ADDRESS)
    assert outbox.claim("w1") == []


def test_every_mail_has_a_message_id_of_its_own(app, server):
    assert row(write()).message_id != row(write()).message_id


def test_a_line_break_in_a_name_or_address_makes_no_header(app, server):
    mail = row(write(address="hang@example.com\r\nBcc: all@example.com"))
    assert mail.address == "hang@example.com Bcc: all@example.com"


def test_a_claimed_letter_is_not_claimed_again(app, server):
    first, second = write(), write()
    assert [letter.id for letter in outbox.claim("w1", limit=1)] == [first]
    assert [letter.id for letter in outbox.claim("w2")] == [second]
    assert outbox.claim("w3") == []
    assert (row(first).state, row(first).claimed_by) == (MailState.SENDING, "w1")


def test_letters_are_claimed_oldest_first_and_no_more_than_asked_for(app, server):
    ids = [write() for _ in range(5)]
    assert [letter.id for letter in outbox.claim("w1", limit=3)] == ids[:3]


def test_letters_left_by_a_killed_worker_are_taken_back_after_ten_minutes(app, server, moment):
    letter = write()
    outbox.claim("killed")
    moment.shift(outbox.CLAIM_EXPIRES - timedelta(seconds=5))
    assert outbox.claim("w2") == []
    moment.shift(timedelta(seconds=10))
    assert [one.id for one in outbox.claim("w2")] == [letter]
    assert row(letter).claimed_by == "w2"


def test_a_worker_that_renews_its_claim_keeps_it(app, server, moment):
    letter = write()
    outbox.claim("slow")
    moment.shift(timedelta(minutes=9))
    assert outbox.renew(letter, "slow")
    moment.shift(timedelta(minutes=9))
    assert outbox.claim("w2") == []


def test_a_worker_that_lost_its_claim_may_not_send(app, server, moment):
    letter = write()
    outbox.claim("slow")
    moment.shift(timedelta(minutes=11))
    outbox.claim("w2")
    assert not outbox.renew(letter, "slow")
    assert row(letter).claimed_by == "w2"


def test_what_is_recorded_as_sent_is_never_claimed_again(app, server, moment):
    letter = write()
    outbox.claim("w1")
    outbox.mark_sent(letter)
    moment.shift(timedelta(days=30))
    assert outbox.claim("w2") == []
    assert (row(letter).state, row(letter).attempts) == (MailState.SENT, 1)


def test_a_record_of_success_holds_even_when_the_claim_was_lost(app, server, moment):
    letter = write()
    outbox.claim("slow")
    moment.shift(timedelta(minutes=11))
    outbox.claim("w2")
    outbox.mark_sent(letter)
    outbox.mark_transient(letter, "w2", "451 later")
    assert row(letter).state is MailState.SENT


def test_transient_errors_are_retried_with_growing_waits_for_at_least_four_hours(app, server, moment):
    letter, begun, waits = write(), clock.now(), []
    while outbox.claim("w1"):
        outbox.mark_transient(letter, "w1", "451 later")
        if row(letter).state is MailState.FAILED:
            break
        wait = row(letter).next_attempt_at - clock.now()
        waits.append(timedelta(minutes=round(wait / timedelta(minutes=1))))
        assert outbox.claim("w1") == []
        moment.shift(waits[-1] + timedelta(seconds=1))
    assert waits == sorted(waits)
    assert clock.now() - begun >= timedelta(hours=4)
    assert (row(letter).state, row(letter).last_error) == (MailState.FAILED, "451 later")
    assert row(letter).attempts == len(outbox.RETRY_MINUTES) + 1


def test_a_permanent_refusal_is_final_at_once(app, server, moment):
    letter = write()
    outbox.claim("w1")
    outbox.mark_permanent(letter, "w1", "550 no such user")
    moment.shift(timedelta(days=1))
    assert outbox.claim("w1") == []
    assert (row(letter).state, row(letter).attempts) == (MailState.FAILED, 1)


def test_a_worker_that_lost_its_claim_cannot_record_a_failure(app, server, moment):
    letter = write()
    outbox.claim("slow")
    moment.shift(timedelta(minutes=11))
    outbox.claim("w2")
    outbox.mark_permanent(letter, "slow", "550")
    outbox.mark_transient(letter, "slow", "451")
    assert (row(letter).state, row(letter).attempts) == (MailState.SENDING, 0)


def test_letters_given_back_can_be_claimed_at_once_and_count_no_attempt(app, server):
    letter = write()
    outbox.claim("w1")
    outbox.give_back("w2")
    assert row(letter).state is MailState.SENDING
    outbox.give_back("w1")
    assert (row(letter).state, row(letter).attempts) == (MailState.QUEUED, 0)
    assert len(outbox.claim("w2")) == 1


def test_an_administrator_sends_a_failed_mail_again_and_the_journal_says_so(app, server):
    letter = write()
    outbox.claim("w1")
    outbox.mark_permanent(letter, "w1", "550 no such user")
    outbox.retry(ADMINISTRATOR, letter)
    assert (row(letter).state, row(letter).attempts) == (MailState.QUEUED, 0)
    assert journalled("mail_retried") == 1
    assert [one.id for one in outbox.claim("w1")] == [letter]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_sends_a_mail_again(app, server, role):
    letter = write(address="")
    with pytest.raises(NotAllowed):
        outbox.retry(Actor(user_id=None, role=role), letter)
    assert row(letter).state is MailState.FAILED
    assert journalled("mail_retried") == 0


def test_a_mail_on_its_way_or_sent_is_not_sent_again(app, server):
    letter = write()
    outbox.claim("w1")
    for expected in (MailState.SENDING, MailState.SENT):
        with pytest.raises(Conflict) as refusal:
            outbox.retry(ADMINISTRATOR, letter)
        assert refusal.value.key == "mail_not_retriable"
        assert row(letter).state is expected
        outbox.mark_sent(letter)
    assert journalled("mail_retried") == 0


def test_a_mail_is_not_queued_again_while_there_is_no_server(app):
    letter = write()
    with pytest.raises(Conflict) as refusal:
        outbox.retry(ADMINISTRATOR, letter)
    assert refusal.value.key == "no_mail_server"
    assert row(letter).state is MailState.HELD


def test_a_mail_that_does_not_exist_cannot_be_sent_again(app, server):
    with pytest.raises(NotFound) as refusal:
        outbox.retry(ADMINISTRATOR, 999)
    assert refusal.value.key == "no_such_mail"


def test_held_mail_is_released_when_a_server_is_configured_and_the_journal_says_so(app, monkeypatch):
    letters = [write(), write()]
    assert outbox.release_held() == 0
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    assert outbox.release_held() == 2
    assert [one.id for one in outbox.claim("w1")] == letters
    assert journalled("held_mail_released") == 1
    assert outbox.release_held() == 0
    assert journalled("held_mail_released") == 1


def test_queued_mail_is_held_when_the_server_is_taken_away(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    letter = write()
    assert outbox.hold_queued() == 0
    monkeypatch.setitem(app.config, "MAIL_SERVER", "")
    assert outbox.hold_queued() == 1
    assert row(letter).state is MailState.HELD


def test_the_worker_learns_cheaply_whether_anything_is_due(app, server, moment):
    assert not outbox.is_anything_due()
    letter = write()
    assert outbox.is_anything_due()
    outbox.claim("w1")
    assert not outbox.is_anything_due()
    outbox.mark_transient(letter, "w1", "451")
    assert not outbox.is_anything_due()
    moment.shift(timedelta(minutes=2))
    assert outbox.is_anything_due()


def test_the_console_counts_mails_by_state(app, server):
    write(), write(address="")
    assert outbox.counts()[MailState.QUEUED] == 1
    assert outbox.counts()[MailState.FAILED] == 1
    assert outbox.counts()[MailState.SENT] == 0


def test_the_console_counts_no_further_than_it_says(app, server, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_COUNTED", 1)
    write(), write(), write()
    assert outbox.counts()[MailState.QUEUED] == 2


def test_personal_numbers_are_blotted_out_of_what_is_stored(app, server):
    dossier = factories.submitted()
    empty()
    with transaction():
        mail = outbox.write(
            receiver="asker",
            address="hang@example.com",
            template="question_answered",
            context={
                **CONTEXT,
                "answer": f"Số {dossier.applicant_personal_id}, gọi {dossier.applicant_phone}.",
            },
            dossier=dossier,
        )
    assert "Số •••, gọi •••." in row(mail.id).body
    assert [one.id for one in db.session.scalars(outbox.of_dossier(dossier.id))] == [mail.id]
