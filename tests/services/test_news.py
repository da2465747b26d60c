"""Notices on the public page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.handling import Journal
from app.models.outbox import NewsItem
from app.services import news
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

NOTICE = {"title": " Nghỉ lễ 24/11 ", "body": " Trung tâm nghỉ. ", "published": True}


@pytest.fixture(autouse=True)
def nothing_yet(app):
    db.session.query(NewsItem).delete()
    db.session.commit()


def write(**changes):
    return news.create(make.administrator(), NOTICE | changes)


def titles():
    db.session.rollback()
    return sorted(db.session.scalars(select(NewsItem.title)))


def test_a_published_notice_is_read_by_everybody():
    item = write()
    assert (item.title, item.body) == ("Nghỉ lễ 24/11", "Trung tâm nghỉ.")
    assert [n.id for n in news.published()] == [item.id]
    assert news.read(item.id).id == item.id


@pytest.mark.parametrize(
    "changes", [{"published": False}, {"published_at": datetime(2027, 1, 1, tzinfo=UTC)}]
)
def test_a_draft_and_a_notice_for_later_are_read_by_nobody(changes):
    item = write(**changes)
    assert news.published() == []
    with pytest.raises(NotFound, match="no_such_news"):
        news.read(item.id)


def test_a_notice_for_later_appears_at_its_time(moment):
    item = write(published_at=datetime(2027, 1, 1, tzinfo=UTC))
    moment.move_to(datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC))
    assert [n.id for n in news.published()] == [item.id]


def test_the_newest_comes_first_page_by_page(moment):
    written = []
    for number in range(3):
        written.append(write(title=str(number)).id)
        moment.shift(timedelta(minutes=1))
    assert [n.id for n in news.published()] == written[::-1]
    assert [n.id for n in news.published(limit=1, offset=1)] == [written[1]]


def test_a_correction_keeps_the_day_of_publication_and_a_withdrawal_takes_it_away(moment):
    item = write()
    first = item.published_at
    moment.shift(timedelta(days=1))
    news.edit(make.administrator(), item.id, NOTICE | {"title": "Nghỉ lễ"})
    assert (item.title, item.published_at) == ("Nghỉ lễ", first)
    news.edit(make.administrator(), item.id, NOTICE | {"published": False})
    assert news.published() == []
    news.edit(make.administrator(), item.id, NOTICE)
    assert item.published_at > first


def test_a_deleted_notice_is_gone_and_the_journal_remembers_its_title():
    item_id = write().id
    news.delete(make.administrator(), item_id)
    assert titles() == []
    rows = db.session.scalars(select(Journal).where(Journal.key.startswith("news_")).order_by(Journal.id))
    assert [(r.key, r.details["title"]) for r in list(rows)[-2:]] == [
        ("news_created", "Nghỉ lễ 24/11"),
        ("news_deleted", "Nghỉ lễ 24/11"),
    ]


def test_the_seed_may_write_too():
    assert news.create(SYSTEM, NOTICE).author_id is None


@pytest.mark.parametrize("who", [make.citizen, make.officer, make.leader])
def test_nobody_but_an_administrator_writes_changes_or_deletes(who):
    item = write()
    attempts = [
        lambda: news.create(who(), NOTICE),
        lambda: news.edit(who(), item.id, NOTICE | {"title": "x"}),
        lambda: news.delete(who(), item.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="role_may_not"):
            attempt()
    assert titles() == ["Nghỉ lễ 24/11"]


@pytest.mark.parametrize("field", ["title", "body"])
@pytest.mark.parametrize("text", ["", "  ", None])
def test_a_notice_without_title_or_text_is_refused(field, text):
    item = write()
    for attempt in (write, lambda **v: news.edit(make.administrator(), item.id, NOTICE | v)):
        with pytest.raises(Refused, match="news_text_required") as refusal:
            attempt(**{field: text})
        assert refusal.value.field == field
    assert titles() == ["Nghỉ lễ 24/11"]


def test_an_unknown_notice_is_not_found():
    for attempt in (
        lambda: news.edit(make.administrator(), 999_999, NOTICE),
        lambda: news.delete(make.administrator(), 999_999),
        lambda: news.read(999_999),
    ):
        with pytest.raises(NotFound, match="no_such_news"):
            attempt()
    assert db.session.scalar(select(func.count()).select_from(NewsItem)) == 0
