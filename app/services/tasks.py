"""What is left to do on a draft, and sending it: the citizen's task list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import clock
from app.domain.errors import Conflict
from app.domain.roles import Actor
from app.domain.states import State
from app.domain.working_time import Deadline, add_working
from app.models.dossier import Dossier, DossierDocument
from app.services import access, calendars, compose, dossiers, settings
from app.services.transaction import transaction


class TaskState(StrEnum):
    """How far one task is."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Task:
    """One row of the task list: the step ("place", "applicant", "document") and how far it is."""

    step: str
    state: TaskState
    document: DossierDocument | None = None

    @property
    def needed(self) -> bool:
        """Whether the dossier cannot be sent before it is done."""
        return self.state in {TaskState.NOT_STARTED, TaskState.STARTED}


def of(dossier: Dossier) -> list[Task]:
    """The tasks of a draft, in order; the documents as the procedure asks for them today."""
    place = TaskState.DONE if dossier.return_place_id else TaskState.NOT_STARTED
    return [Task("place", place), Task("applicant", _applicant(dossier)), *map(_paper, dossier.documents)]


def left(tasks: Sequence[Task]) -> list[Task]:
    """The tasks that still stand in the way of Send."""
    return [task for task in tasks if task.needed]


def promise(dossier: Dossier) -> Deadline:
    """Until when it is taken in if it is sent now: 8 working hours from Send (announcement, point 2)."""
    minutes = timedelta(minutes=settings.get("intake_minutes"))
    return add_working(calendars.calendar_for(dossier.agency_id), clock.now(), minutes)


def kept_until(dossier: Dossier) -> datetime:
    """The moment from which an untouched draft is discarded."""
    return dossier.updated_at + clock.days(settings.get("draft_days"))


def send(
    actor: Actor, dossier_id: int, *, declared: bool, version: int | None, idempotency_key: str | None
) -> Dossier:
    """Note the declaration of truth and send the dossier, both or neither.

    A dossier can be sent once: pressing again (double click, back button, second tab) answers with the
    dossier as it was sent and changes nothing. Refusals are those of the transition "submit".
    """
    with transaction():
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        if dossier.submitted_at is not None:
            return dossier
        access.dossier_is(dossier, State.DRAFT)
        if version is not None and version != dossier.version:
            raise Conflict("stale_version")
        compose.declare_truth(actor, dossier_id, declared=declared)
        return dossiers.apply(actor, dossier_id, "submit", idempotency_key=idempotency_key)


def _applicant(dossier: Dossier) -> TaskState:
    if compose.applicant_complete(dossier):
        return TaskState.DONE
    begun = dossier.applicant_name or dossier.applicant_phone or dossier.declared_email
    return TaskState.STARTED if begun else TaskState.NOT_STARTED


def _paper(document: DossierDocument) -> Task:
    if document.attachments:
        state = TaskState.DONE
    else:
        state = TaskState.NOT_STARTED if document.required else TaskState.OPTIONAL
    return Task("document", state, document)
