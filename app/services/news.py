"""Notices on the public page, written by administrators."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.outbox import NewsItem
from app.services import access, journal
from app.services.transaction import transaction


def published(limit: int = 20, offset: int = 0) -> list[NewsItem]:
    """What the public may read, newest first."""
    query = select(NewsItem).where(NewsItem.published_at.is_not(None), NewsItem.published_at <= clock.now())
    order = query.order_by(NewsItem.published_at.desc(), NewsItem.id.desc())
    return list(db.session.scalars(order.limit(limit).offset(offset)))


def read(item_id: int) -> NewsItem:
    """One published notice; NotFound for drafts and unknown ids."""
    item = db.session.get(NewsItem, item_id)
    if item is None or item.published_at is None or item.published_at > clock.now():
        raise NotFound("no_such_news")
    return item


def create(actor: Actor, values: Mapping[str, Any]) -> NewsItem:
    """Write a notice; with ``published`` true it stands on the public page at once."""
    return _save(actor, NewsItem(author_id=actor.user_id), values, "news_created")


def edit(actor: Actor, item_id: int, values: Mapping[str, Any]) -> NewsItem:
    """Change a notice, publish it or take it back."""
    item = db.session.get(NewsItem, item_id)
    if item is None:
        raise NotFound("no_such_news")
    return _save(actor, item, values, "news_edited")


def delete(actor: Actor, item_id: int) -> None:
    """Remove a notice."""
    access.require_role(actor, Role.ADMINISTRATOR)
    with transaction() as session:
        item = session.get(NewsItem, item_id)
        if item is None:
            raise NotFound("no_such_news")
        journal.write(actor, "news_deleted", title=item.title)
        session.delete(item)


def _save(actor: Actor, item: NewsItem, values: Mapping[str, Any], event: str) -> NewsItem:
    access.require_role(actor, Role.ADMINISTRATOR, Role.SYSTEM)
    title, body = str(values.get("title") or "").strip(), str(values.get("body") or "").strip()
    for field, text in (("title", title), ("body", body)):
        if not text:
            raise Refused("news_text_required", field=field)
    with transaction() as session:
        item.title, item.body = title[:200], body
        item.published_at = _publication(item, values)
        session.add(item)
        session.flush()
        journal.write(actor, event, news=item.id, title=item.title)
        return item


def _publication(item: NewsItem, values: Mapping[str, Any]) -> Any:
    if not values.get("published"):
        return None
    return values.get("published_at") or item.published_at or clock.now()
