"""The dossiers behind a figure, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.errors import NotFound
from app.domain.periods import Period
from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier
from app.services import figures, queues, scopes
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.queues import Row

PAGE = 50


@dataclass(frozen=True)
class Behind:
    """A page of them, how many there are, and the key of the last one shown when there are more."""

    rows: Sequence[Row]
    count: int
    following: int | None


def behind(
    actor: Actor,
    figure: str,
    period: Period,
    group: tuple[By, int | None] | None = None,
    after: int | None = None,
) -> Behind:
    """The newest first. NotFound for an unknown figure, NotAllowed for who has no figures."""
    if figure not in FIGURES:
        raise NotFound("no_such_figure")
    scope = scopes.scope_of(actor)
    if group is not None:
        scope = scope.narrow(group[0].value, group[1])
    query = figures.dossiers(actor, scope, period, figure)
    count = db.session.scalar(
        select(func.count()).select_from(query.with_only_columns(Dossier.id).subquery())
    )
    page = query.options(joinedload(Dossier.agency), joinedload(Dossier.department))
    if after is not None:
        page = page.where(Dossier.id < after)
    found = db.session.scalars(page.order_by(Dossier.id.desc()).limit(PAGE + 1)).all()
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return Behind(queues.rows(found[:PAGE]), count or 0, more)
