"""The dossiers behind a figure, page by page: found among the narrow rows, then read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.domain.errors import NotFound
from app.domain.periods import Period
from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.services import access, queues, scopes
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.queues import Row
from app.services.scopes import Scope

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
    scope = scopes.scope_of(actor)
    if group is not None:
        scope = scope.narrow(group[0].value, group[1])
    found = ids(scope, period, figure)
    count = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if after is not None:
        found = found.where(CountedDossier.id < after)
    page = db.session.scalars(found.order_by(CountedDossier.id.desc()).limit(PAGE + 1)).all()
    more = page[PAGE - 1] if len(page) > PAGE else None
    return Behind(shown(actor, page[:PAGE]), count, more)


def ids(scope: Scope, period: Period, figure: str) -> Select[int]:
    """The keys of the dossiers of a figure, with ``CountedDossier`` to order them by."""
    if figure not in FIGURES:
        raise NotFound("no_such_figure")
    wanted = FIGURES[figure]
    return select(CountedDossier.id).where(
        *scope.conditions(), wanted.base.condition(period), wanted.condition(period)
    )


def shown(actor: Actor, keys: Sequence[int]) -> list[Row]:
    """The dossiers of these keys in their order, as far as the person may see them."""
    query = access.dossiers_for(actor).where(Dossier.id.in_(keys))
    query = query.options(joinedload(Dossier.agency), joinedload(Dossier.department))
    found = {dossier.id: dossier for dossier in db.session.scalars(query)}
    return queues.rows([found[key] for key in keys if key in found])
