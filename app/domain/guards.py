"""Conditions of a transition. Each answers None, or the Refusal that says what is still missing.

Asked only through app.domain.transitions. The facts are gathered by services, so a guard is one plain
comparison that reads like the rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import Refused
from app.domain.fees import FeeFacts, what_is_unsettled
from app.domain.originals import OriginalFacts, Verdict


@dataclass(frozen=True)
class Facts:
    """What the guards may know about one dossier at one moment."""

    missing_documents: tuple[str, ...] = ()
    unopened: dict[str, Any] | None = None
    """None when the procedure is open at the dossier's agency; else from when and where it is possible."""
    email_verified: bool = False
    truth_declared: bool = False
    documents_not_looked_at: tuple[str, ...] = ()
    items_listed: int = 0
    items_unanswered: tuple[str, ...] = ()
    supplement_time_passed: bool = False
    department_assigned: bool = False
    requests_left: int = 0
    opinion_written: bool = False
    result_drafted: bool = False
    result_signed: bool = False
    proposer_ids: frozenset[int] = frozenset()
    appraiser_ids: frozenset[int] = frozenset()
    actor_id: int | None = None
    granted: bool = True
    """False for a denial: originals are not compared and no fee is due (DOMAIN.md, choices)."""
    originals: tuple[OriginalFacts, ...] = ()
    fees: FeeFacts = field(default_factory=FeeFacts)


@dataclass(frozen=True)
class Refusal:
    """Why a button is grey: a reason key and the facts of its sentence."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)

    def as_error(self) -> Refused:
        """The same refusal as an exception."""
        return Refused(self.key, **self.params)


Guard = Callable[[Facts], Refusal | None]


def required_documents_attached(facts: Facts) -> Refusal | None:
    """The whole dossier is scanned or photographed before Send (announcement, point 2)."""
    if facts.missing_documents:
        return Refusal("documents_missing", {"documents": facts.missing_documents})
    return None


def procedure_open_here(facts: Facts) -> Refusal | None:
    """Pilot wards from 01/7/2016, all units from 01/9/2016 (announcement, point 1); dates are data."""
    return Refusal("procedure_not_open_here", facts.unopened) if facts.unopened is not None else None


def email_verified(facts: Facts) -> Refusal | None:
    """All correspondence goes to the declared e-mail, so it must have been confirmed."""
    return None if facts.email_verified else Refusal("email_not_verified")


def truth_declared(facts: Facts) -> Refusal | None:
    """The applicant declares that the scans are true to the originals."""
    return None if facts.truth_declared else Refusal("truth_not_declared")


def every_document_looked_at(facts: Facts) -> Refusal | None:
    """The officer opens every document before receiving the dossier."""
    if facts.documents_not_looked_at:
        return Refusal("documents_not_looked_at", {"documents": facts.documents_not_looked_at})
    return None


def items_listed(facts: Facts) -> Refusal | None:
    """All defects are stated at once (form 02)."""
    return None if facts.items_listed else Refusal("no_items_listed")


def requested_items_answered(facts: Facts) -> Refusal | None:
    """A supplement is sent complete, once."""
    if facts.items_unanswered:
        return Refusal("items_unanswered", {"items": facts.items_unanswered})
    return None


def supplement_time_passed(facts: Facts) -> Refusal | None:
    """The worker closes only after the supplement time (15 working days, Decree 297/2025 art. 6(4)a)."""
    return None if facts.supplement_time_passed else Refusal("supplement_time_not_passed")


def department_assigned(facts: Facts) -> Refusal | None:
    """Somebody must be there to appraise."""
    return None if facts.department_assigned else Refusal("no_department_assigned")


def advance_fee_settled(facts: Facts) -> Refusal | None:
    """Charges that the law takes before processing are paid before the dossier is forwarded."""
    unsettled = what_is_unsettled(facts.fees, before_processing_only=True)
    return Refusal(unsettled.key, unsettled.params) if unsettled else None


def requests_left(facts: Facts) -> Refusal | None:
    """Information is asked for at most once in processing (Decree 61/2018; the number is a setting)."""
    return None if facts.requests_left > 0 else Refusal("no_requests_left")


def opinion_written(facts: Facts) -> Refusal | None:
    """An appraisal leaves a written opinion."""
    return None if facts.opinion_written else Refusal("opinion_missing")


def result_drafted(facts: Facts) -> Refusal | None:
    """The leader approves a draft, not an intention."""
    return None if facts.result_drafted else Refusal("result_not_drafted")


def signer_is_not_proposer(facts: Facts) -> Refusal | None:
    """Nobody approves their own proposal."""
    return Refusal("signer_is_proposer") if facts.actor_id in facts.proposer_ids else None


def result_signed(facts: Facts) -> Refusal | None:
    """A result has a number, a date and a signed file; a denial has its written reply."""
    return None if facts.result_signed else Refusal("result_not_signed")


def every_original_matches(facts: Facts) -> Refusal | None:
    """Every document is compared with its scan before handing over (announcement, point 2)."""
    if not facts.granted:
        return None
    unchecked = tuple(o.name for o in facts.originals if o.verdict is None)
    if unchecked:
        return Refusal("originals_not_checked", {"documents": unchecked})
    not_matching = tuple(o.name for o in facts.originals if o.verdict is not Verdict.MATCHES)
    return Refusal("originals_do_not_match", {"documents": not_matching}) if not_matching else None


def fee_settled(facts: Facts) -> Refusal | None:
    """The fee is taken, or exempted with a reason, before the result leaves the counter."""
    if not facts.granted:
        return None
    unsettled = what_is_unsettled(facts.fees)
    return Refusal(unsettled.key, unsettled.params) if unsettled else None


def returner_did_not_appraise(facts: Facts) -> Refusal | None:
    """The person at the counter is never the one who appraised the dossier."""
    return Refusal("returner_appraised") if facts.actor_id in facts.appraiser_ids else None


def mismatch_recorded(facts: Facts) -> Refusal | None:
    """Voiding needs at least one document that differs, each with a description."""
    if not facts.granted:
        return Refusal("denial_has_no_result_to_void")
    differing = [o for o in facts.originals if o.verdict is Verdict.DIFFERS]
    if not differing:
        return Refusal("no_mismatch_recorded")
    undescribed = tuple(o.name for o in differing if not o.description.strip())
    return Refusal("mismatch_not_described", {"documents": undescribed}) if undescribed else None


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        required_documents_attached,
        procedure_open_here,
        email_verified,
        truth_declared,
        every_document_looked_at,
        items_listed,
        requested_items_answered,
        supplement_time_passed,
        department_assigned,
        advance_fee_settled,
        requests_left,
        opinion_written,
        result_drafted,
        signer_is_not_proposer,
        result_signed,
        every_original_matches,
        fee_settled,
        returner_did_not_appraise,
        mismatch_recorded,
    )
}
