"""The dossiers behind a figure, page by page: found by their keys, then read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.domain.errors import NotFound
from app.domain.periods import Period
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.services import access, queues, report_fees, report_figures
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.queues import Row
from app.services.report_asked import Asked
from app.services.report_fees import FeeBy
from app.services.scopes import Scope

PAGE = 50
PAID = "paid"
"""The figure that is made of receipts."""
Group = tuple[str, Any]
"""What a report is grouped by, and the key of one of its lines; None is "not assigned"."""


@dataclass(frozen=True)
class Behind:
    """A page of them, how many there are, and the key of the last one shown when there are more."""

    rows: Sequence[Row]
    count: int
    following: int | None


def behind(
    actor: Actor, asked: Asked, figure: str, group: Group | None = None, after: int | None = None
) -> Behind:
    """The newest first. NotFound for an unknown figure, NotAllowed where a person sees numbers only, or none."""
    found = keys(actor, asked, figure, group)
    count = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if after is not None:
        found = found.where(CountedDossier.id < after)
    page = db.session.scalars(found.order_by(CountedDossier.id.desc()).limit(PAGE + 1)).all()
    more = page[PAGE - 1] if len(page) > PAGE else None
    return Behind(shown(actor, page[:PAGE]), count, more)


def keys(actor: Actor, asked: Asked, figure: str, group: Group | None = None) -> Select[int]:
    """The keys of all of them; errors as in ``behind``."""
    scope = asked.scope(actor)
    if group is not None and group[0] in set(By):
        scope = scope.narrow(*group)
    scope.refuse_closed(actor)
    if figure != PAID:
        return ids(scope, asked.period(), figure)
    access.require_role(actor, Role.LEADER, Role.RECEIVING_OFFICER)
    return report_fees.paid(scope, asked.period(), group)


def ids(scope: Scope, period: Period, figure: str) -> Select[int]:
    """The keys of the dossiers of a figure, with ``CountedDossier`` to order them by."""
    if figure not in FIGURES:
        raise NotFound("no_such_figure")
    wanted = FIGURES[figure]
    return select(CountedDossier.id).where(
        *scope.conditions(), wanted.base.condition(period), wanted.condition(period)
    )


def shown(actor: Actor, some: Sequence[int]) -> list[Row]:
    """The dossiers of these keys in their order, as far as the person may see them."""
    query = access.dossiers_for(actor).where(Dossier.id.in_(some))
    query = query.options(joinedload(Dossier.agency), joinedload(Dossier.department))
    found = {dossier.id: dossier for dossier in db.session.scalars(query)}
    return queues.rows([found[key] for key in some if key in found])


def called(group: Group) -> str:
    """The name of a group; "" when there is none of that key."""
    by, key = group
    names = (
        report_fees.names_of(FeeBy(by), [key]) if by in set(FeeBy) else report_figures.names_of(By(by), [key])
    )
    return names.get(key, "")
