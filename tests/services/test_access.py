"""Who sees which dossier: the leaks of the frameworks end here, on the floor every door stands on."""

import pytest

from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.roles import SYSTEM, Role
from app.domain.states import State
from app.extensions import db
from app.models.handling import ItemKind
from app.services import (
    access,
    appraisal,
    attachments,
    compose,
    counter,
    dossiers,
    facts,
    messages,
    reviews,
    supplements,
    violations,
)
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def seen_by(someone):
    return [d.id for d in db.session.scalars(access.dossiers_for(someone))]


@pytest.mark.parametrize(
    ("state", "department", "office"),
    [
        (State.DRAFT, False, False),
        (State.SUBMITTED, False, True),
        (State.RECEIVED, False, True),
        (State.IN_APPRAISAL, True, True),
        (State.AWAITING_APPROVAL, True, True),
        (State.RESULT_READY, True, True),
        (State.VOIDED, True, True),
    ],
)
def test_rows_are_seen_by_their_people_only(state, department, office):
    dossier = make.WALKS[state]()
    own, strangers = [make.citizen(0)], [make.citizen(1), make.officer("Cẩm Bình"), make.leader("Cẩm Bình")]
    strangers += [make.administrator(), make.person(Role.DEPARTMENT_OFFICER, department="Phòng Y tế")]
    (own if office else strangers).extend([make.officer(), make.leader()])
    appraiser = make.person(Role.DEPARTMENT_OFFICER, department="Phòng Tài chính - Kế hoạch")
    (own if department else strangers).append(appraiser)
    assert [seen_by(p) for p in own] == [[dossier.id]] * len(own)
    assert [seen_by(p) for p in strangers] == [[]] * len(strangers)
    assert seen_by(SYSTEM) == [dossier.id]


def test_a_stranger_gets_not_found_for_every_verb_and_changes_nothing():
    dossier = make.result_ready()
    document = facts.documents_with_scans(dossier)[0]
    scan, fee = document.attachments[0], dossier.fees[0]
    stranger, other_ward = make.citizen(1), make.officer("Cẩm Bình")
    version = make.reload(dossier).version
    attempts = [
        lambda: attachments.read(stranger, scan.id),
        lambda: attachments.read(other_ward, scan.id),
        lambda: attachments.add(stranger, document.id, "x.jpg", make.picture("x")),
        lambda: attachments.remove(stranger, scan.id),
        lambda: messages.write(stranger, dossier.id, "xin chào"),
        lambda: messages.write(other_ward, dossier.id, "xin chào"),
        lambda: compose.choose_place(stranger, dossier.id, dossier.return_place_id),
        lambda: compose.declare_applicant(stranger, dossier.id, make.APPLICANT),
        lambda: counter.compare(other_ward, document.id, Verdict.MATCHES),
        lambda: counter.set_fee(other_ward, fee.id, 0, "miễn"),
        lambda: counter.exempt(other_ward, fee.id, "miễn"),
        lambda: counter.record_payment(other_ward, dossier.id, 100_000, "BL1"),
        lambda: reviews.look(other_ward, document.id),
        lambda: supplements.add_item(other_ward, dossier.id, ItemKind.QUESTION, "hỏi"),
        lambda: appraisal.read_result(stranger, dossier.id),
        lambda: appraisal.read_result(other_ward, dossier.id),
        lambda: dossiers.apply(stranger, dossier.id, "withdraw", reason="thôi"),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    fresh = make.reload(dossier)
    assert fresh.version == version
    assert facts.checks_of(fresh) == []
    assert counter.payments_of(fresh) == []
    assert messages.of_dossier(fresh) == []
    assert [f.exempt for f in fresh.fees] == [False]


def test_another_role_of_the_same_agency_is_not_allowed():
    dossier = make.result_ready()
    document, fee = facts.documents_with_scans(dossier)[0], dossier.fees[0]
    leader, specialist = make.leader(), make.specialist(dossier)
    attempts = [
        lambda: counter.compare(leader, document.id, Verdict.MATCHES),
        lambda: counter.compare(specialist, document.id, Verdict.MATCHES),
        lambda: counter.exempt(leader, fee.id, "miễn"),
        lambda: appraisal.assign_department(leader, dossier.id, specialist.department_id),
        lambda: appraisal.write_opinion(make.officer(), dossier.id, "được"),
        lambda: reviews.judge(specialist, document.id, acceptable=True),
        lambda: messages.write(leader, dossier.id, "xin chào"),
        lambda: compose.start(make.officer(), make.HOUSEHOLD_BUSINESS, dossier.agency_id),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert facts.checks_of(make.reload(dossier)) == []


def test_a_violation_case_is_seen_by_officers_and_leaders_of_its_agency_only():
    dossier = make.voided()
    case = violations.case_of(dossier)
    for someone in (make.officer(), make.leader()):
        assert [c.id for c in violations.cases(someone)] == [case.id]
    strangers = [make.citizen(), make.officer("Cẩm Bình"), make.administrator(), make.specialist(dossier)]
    for someone in strangers:
        assert violations.cases(someone) == []
        with pytest.raises(NotFound):
            access.case_for(someone, case.id)


def test_officers_do_not_see_scans_of_a_supplement_before_it_is_sent():
    dossier = make.supplement_requested()
    document = facts.documents_with_scans(dossier)[0]
    scan = attachments.add(make.citizen(), document.id, "moi.jpg", make.picture("new"))
    with pytest.raises(NotFound):
        attachments.read(make.officer(), scan.id)
    make.press(make.citizen(), dossier, "resubmit")
    assert attachments.read(make.officer(), scan.id)[0].id == scan.id


def test_the_result_file_is_the_citizens_only_after_it_was_handed_over():
    waiting = make.result_ready()
    with pytest.raises(NotFound, match="no_result_to_see"):
        appraisal.read_result(make.citizen(), waiting.id)
    done = make.returned()
    assert appraisal.read_result(make.citizen(), done.id)[0].media_type == "image/jpeg"
    void = make.voided()
    with pytest.raises(NotFound, match="no_result_to_see"):
        appraisal.read_result(make.citizen(), void.id)


def test_a_message_before_sending_is_refused():
    draft = make.draft()
    with pytest.raises(Refused, match="message_before_submission"):
        messages.write(make.citizen(), draft.id, "xin chào")
