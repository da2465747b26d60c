"""Whose dossiers are counted, and who may open what was counted."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select

from app.domain.errors import NotAllowed
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.figures import CountedDossier
from app.models.organisation import Agency, Level

COUNTED_FOR = frozenset({Role.LEADER, Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER})


@dataclass(frozen=True)
class Scope:
    """One agency or (None) every unit of the city, narrowed to values of ``CountedDossier``'s columns.

    ``forwarded`` leaves out what the department does not hold yet. Ask ``scope_of`` for a person's; made by
    hand it is for pages that show no dossier, such as the public one.
    """

    agency_id: int | None = None
    only: tuple[tuple[str, Any], ...] = ()
    forwarded: bool = False

    def narrow(self, column: str, value: Any) -> "Scope":
        """The part of it that has that value (None: not assigned); ``column`` is a value of ``figures.By``."""
        return replace(self, only=(*self.only, (column, value)))

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a counted dossier has to be."""
        found = [getattr(CountedDossier, column) == value for column, value in self.only]
        if self.agency_id is not None:
            found.append(CountedDossier.agency_id == self.agency_id)
        if self.forwarded:
            found.append(CountedDossier.forwarded_at.is_not(None))
        return found

    def may_be_opened_by(self, actor: Actor) -> bool:
        """Whether the person may see every dossier that can be in it."""
        allowed = scope_of(actor)
        mine = (("agency_id", allowed.agency_id), *allowed.only)
        here = (("agency_id", self.agency_id), *self.only)
        return set(mine) <= set(here) and self.forwarded >= allowed.forwarded

    def refuse_closed(self, actor: Actor) -> None:
        """NotAllowed("figures_without_dossiers") unless it may be opened by the person."""
        if not self.may_be_opened_by(actor):
            raise NotAllowed("figures_without_dossiers")


def scope_of(actor: Actor, *, whole_city: bool = False) -> Scope:
    """What is counted for a person: the agency's, or those forwarded to the department.

    ``whole_city`` gives the city's leaders the figures of every unit, for the city reports for its wards and
    communes too (Circular 01/2020/TT-VPCP); numbers only, the dossiers of a ward stay with the ward.
    NotAllowed for everybody else.
    """
    if actor.role not in COUNTED_FOR:
        raise NotAllowed("role_may_not")
    if whole_city:
        if not may_see_whole_city(actor):
            raise NotAllowed("role_may_not")
        return Scope()
    scope = Scope(agency_id=actor.agency_id)
    if actor.role is Role.DEPARTMENT_OFFICER:
        return replace(scope.narrow("department_id", actor.department_id), forwarded=True)
    return scope


def may_see_whole_city(actor: Actor) -> bool:
    """Whether the person leads the city, not a ward."""
    if actor.role is not Role.LEADER:
        return False
    return db.session.scalar(select(Agency.level).where(Agency.id == actor.agency_id)) is Level.CITY
