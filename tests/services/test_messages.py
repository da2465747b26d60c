"""The conversation on a dossier, and the mails that carry it."""

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotAllowed, Refused
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.handling import Message
from app.models.outbox import OutboxMessage
from app.services import messages
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def letters(dossier, template):
    query = select(OutboxMessage).where(
        OutboxMessage.dossier_id == dossier.id, OutboxMessage.template == template
    )
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def test_an_officers_line_goes_to_the_declared_address_and_shows_its_mail():
    dossier = make.submitted()
    written = messages.write(make.officer(), dossier.id, " Mời bổ sung ảnh. ")
    [(line, mail)] = messages.of_dossier(dossier)
    assert (line.id, line.body, line.from_office) == (written.id, "Mời bổ sung ảnh.", True)
    assert (mail.template, mail.address) == ("office_message", dossier.declared_email)
    assert "Mời bổ sung ảnh." in mail.body


@pytest.mark.parametrize(
    ("state", "receiver"),
    [
        (State.SUBMITTED, "receiving_officer"),
        (State.IN_APPRAISAL, "department_officer"),
        (State.INFORMATION_REQUESTED, "department_officer"),
        (State.RESULT_READY, "receiving_officer"),
    ],
)
def test_a_citizens_line_goes_to_whoever_has_the_dossier(state, receiver):
    dossier = make.WALKS[state]()
    messages.write(make.citizen(), dossier.id, "Tôi gửi thêm ảnh.")
    [(line, mail)] = messages.of_dossier(dossier)
    assert (line.from_office, mail.receiver) == (False, receiver)
    assert {m.receiver for m in letters(dossier, "citizen_message")} == {receiver}


def test_a_specialists_line_is_the_offices():
    dossier = make.in_appraisal()
    messages.write(make.specialist(dossier), dossier.id, "Cần làm rõ vốn.")
    messages.write(make.citizen(), dossier.id, "Vốn tự có.")
    assert [line.from_office for line, _ in messages.of_dossier(dossier)] == [True, False]


def test_the_citizen_sees_only_mails_to_the_citizen():
    dossier = make.submitted()
    assert [m.template for m in messages.mails_of(dossier, make.citizen())] == ["submission_receipt"]
    assert {m.receiver for m in messages.mails_of(dossier, make.officer())} == {
        "citizen",
        "receiving_officer",
    }


@pytest.mark.parametrize(
    ("text", "key"), [("", "message_empty"), (" \n ", "message_empty"), ("a" * 5001, "message_too_long")]
)
def test_an_empty_or_endless_line_is_refused(text, key):
    dossier = make.submitted()
    with pytest.raises(Refused, match=key) as refusal:
        messages.write(make.citizen(), dossier.id, text)
    assert (refusal.value.field, messages.of_dossier(dossier)) == ("body", [])


def test_the_longest_line_is_taken():
    assert len(messages.write(make.citizen(), make.submitted().id, "a" * 5000).body) == 5000


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
def test_leaders_and_administrators_do_not_write(role):
    dossier = make.submitted()
    with pytest.raises(NotAllowed, match="role_may_not"):
        messages.write(make.person(role), dossier.id, "Chào")
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
