"""Composing: drafts, places, applicant, scans, versions; nothing typed or sent is lost."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from app.domain.clock import LOCAL
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier, StoredFile
from app.models.handling import ItemKind
from app.models.organisation import ReceptionPlace, User
from app.services import (
    attachments,
    codes,
    compose,
    facts,
    requirements,
    reviews,
    rollout,
    settings,
    supplements,
)
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def on(moment, text):
    moment.move_to(datetime.fromisoformat(text).replace(tzinfo=LOCAL))


def test_a_reference_is_never_given_twice(monkeypatch):
    taken = make.draft().reference.replace("-", "")[1:]
    drawn = iter(taken + "23456789")
    monkeypatch.setattr(codes.secrets, "choice", lambda _: next(drawn))
    assert codes.new_reference() == "N-2345-6789"


class TestRollOut:
    @pytest.mark.parametrize(
        ("day", "unit", "open_"),
        [
            ("2016-06-30", "Cẩm Bình", False),
            ("2016-07-01", "Cẩm Bình", True),
            ("2016-07-01", "Cẩm Trung", True),
            ("2016-07-01", "Cẩm Thạch", True),
            ("2016-07-01", "Cửa Ông", False),
            ("2016-08-31", "Cộng Hòa", False),
            ("2016-09-01", "Cộng Hòa", True),
            ("2016-09-01", "Cửa Ông", True),
        ],
    )
    def test_ward_procedures_open_with_their_unit(self, moment, day, unit, open_):
        on(moment, f"{day}T09:00")
        if open_:
            assert compose.start(make.citizen(), make.BIRTH, make.agency(unit).id).state is State.DRAFT
            return
        with pytest.raises(Refused, match="procedure_not_open_here") as refusal:
            compose.start(make.citizen(), make.BIRTH, make.agency(unit).id)
        assert "2016" in refusal.value.params["where"]
        assert count(Dossier) == 0

    def test_city_procedures_open_on_the_first_of_july(self, moment):
        on(moment, "2016-06-30T09:00")
        with pytest.raises(Refused, match="procedure_not_open_here"):
            make.draft()
        on(moment, "2016-07-01T00:00")
        assert make.draft().state is State.DRAFT

    def test_a_changed_date_holds_at_once_even_for_a_draft(self):
        draft = make.complete_draft(make.BIRTH, "Cửa Ông")
        rollout.opens(make.administrator(), draft.agency_id, "ward", date(2027, 1, 1))
        with pytest.raises(Refused, match="procedure_not_open_here"):
            make.press(make.citizen(), draft, "submit")
        rollout.opens(make.administrator(), draft.agency_id, "ward", date(2016, 9, 1))
        make.press(make.citizen(), draft, "submit")
        assert draft.state is State.SUBMITTED

    def test_a_ward_procedure_is_not_sent_to_the_city(self):
        with pytest.raises(Refused, match="procedure_not_open_here"):
            make.draft(make.BIRTH)


class TestDraft:
    def test_is_filled_in_from_the_account(self):
        draft = compose.start(make.citizen(), make.HOUSEHOLD_BUSINESS, make.agency().id)
        assert draft.applicant_name == make.citizen().name
        assert draft.declared_email
        assert draft.return_place_id is not None
        assert [d.ordinal for d in draft.documents] == [1, 2, 3, 4, 5]
        assert compose.drafts(make.citizen()) == [draft]

    def test_leaves_the_choice_of_the_place_to_the_citizen_where_there_are_two(self):
        db.session.add(ReceptionPlace(agency_id=make.agency().id, name="Quầy lưu động"))
        db.session.commit()
        draft = compose.start(make.citizen(), make.HOUSEHOLD_BUSINESS, make.agency().id)
        assert draft.return_place_id is None

    def test_started_twice_untouched_is_one(self):
        first = compose.start(make.citizen(), make.HOUSEHOLD_BUSINESS, make.agency().id)
        assert compose.start(make.citizen(), make.HOUSEHOLD_BUSINESS, make.agency().id).id == first.id
        compose.declare_applicant(make.citizen(), first.id, make.declared(first))
        assert compose.start(make.citizen(), make.HOUSEHOLD_BUSINESS, make.agency().id).id != first.id

    def test_follows_a_change_of_the_procedure_until_it_is_sent(self):
        draft = make.complete_draft()
        first, second = draft.procedure.documents[0], draft.procedure.documents[1]
        first.valid_to = date(2026, 11, 1)
        second.name = "Căn cước"
        db.session.commit()
        compose.draft_for(make.citizen(), draft.id)
        names = [d.name for d in draft.documents]
        assert names[0] == "Căn cước"
        assert names[-1] == "Giấy đề nghị đăng ký hộ kinh doanh"  # already scanned: stays, no longer required
        assert not draft.documents[-1].required

    def test_drops_a_document_no_longer_asked_for_and_not_scanned(self):
        draft = make.draft()
        draft.procedure.documents[4].valid_to = date(2026, 11, 1)
        db.session.commit()
        compose.draft_for(make.citizen(), draft.id)
        assert len(draft.documents) == 4

    def test_is_not_changed_once_it_was_sent(self):
        dossier = make.submitted()
        for change in (
            lambda: compose.declare_applicant(make.citizen(), dossier.id, make.APPLICANT),
            lambda: compose.choose_place(make.citizen(), dossier.id, dossier.return_place_id),
            lambda: compose.declare_truth(make.citizen(), dossier.id, declared=False),
            lambda: compose.draft_for(make.citizen(), dossier.id),
        ):
            with pytest.raises(Conflict, match="not_in_this_state"):
                change()

    def test_takes_no_place_of_another_agency(self):
        draft = make.draft()
        with pytest.raises(NotFound, match="no_such_place"):
            compose.choose_place(make.citizen(), draft.id, make.agency("Cẩm Bình").places[0].id)
        assert make.reload(draft).return_place.agency_id == draft.agency_id

    @pytest.mark.parametrize(
        ("field", "value", "key"),
        [
            ("name", "  ", "name_required"),
            ("phone", "123", "phone_malformed"),
            ("email", "khong phai thu", "email_malformed"),
            ("email", "nguoikhac@example.com", "email_not_of_account"),
            ("personal_id", "12", "personal_id_malformed"),
            ("representative_phone", "12", "phone_malformed"),
            ("name", "A" * 201, "message_too_long"),
            ("address", "A" * 301, "message_too_long"),
            ("request_summary", "A" * 2001, "message_too_long"),
            ("representative_personal_id", "12", "personal_id_malformed"),
        ],
    )
    def test_a_declaration_that_needs_mending_names_the_field_and_changes_nothing(self, field, value, key):
        draft = make.draft()
        with pytest.raises(Refused, match=key) as refusal:
            compose.declare_applicant(make.citizen(), draft.id, make.declared(draft, **{field: value}))
        assert refusal.value.field == field
        assert make.reload(draft).applicant_name == make.APPLICANT.name

    def test_declared_with_an_address_that_is_no_longer_the_accounts_is_not_sent(self):
        draft = make.complete_draft()
        user = db.session.get_one(User, draft.citizen_id)
        user.email = "moi@example.com"
        db.session.commit()
        with pytest.raises(Refused, match="email_not_verified"):
            make.press(make.citizen(), draft, "submit")
        assert make.reload(draft).state is State.DRAFT

    def test_is_complete_with_name_telephone_and_mail(self):
        assert compose.applicant_complete(make.draft())
        assert not compose.applicant_complete(
            Dossier(applicant_name="A", applicant_phone="", declared_email="")
        )

    def test_the_declaration_of_truth_can_be_taken_back(self):
        draft = make.complete_draft()
        compose.declare_truth(make.citizen(), draft.id, declared=False)
        with pytest.raises(Refused, match="truth_not_declared"):
            make.press(make.citizen(), draft, "submit")


class TestScans:
    def test_are_stored_once_by_content(self):
        draft, other = make.draft(), make.draft("HKD-02")
        for document in (draft.documents[0], other.documents[0]):
            attachments.add(make.citizen(), document.id, "a.jpg", make.picture("same"))
        assert count(StoredFile) == 1

    def test_the_same_file_twice_on_one_document_is_refused(self):
        document = make.draft().documents[0]
        attachments.add(make.citizen(), document.id, "a.jpg", make.picture("same"))
        with pytest.raises(Refused, match="file_already_attached"):
            attachments.add(make.citizen(), document.id, "b.jpg", make.picture("same"))
        assert len(document.attachments) == 1

    def test_keep_their_order_through_moves_and_removals(self):
        document = make.draft().documents[0]
        scans = [
            attachments.add(make.citizen(), document.id, f"{n}.jpg", make.picture(str(n))) for n in range(3)
        ]
        attachments.move(make.citizen(), scans[2].id, up=True)
        attachments.move(make.citizen(), scans[0].id, up=True)  # first already: nothing happens
        attachments.move(make.citizen(), scans[1].id, up=False)  # last already
        db.session.refresh(document)
        assert [a.original_name for a in document.current_attachments] == ["0.jpg", "2.jpg", "1.jpg"]
        attachments.remove(make.citizen(), scans[0].id)
        db.session.refresh(document)
        assert [(a.original_name, a.page_order) for a in document.attachments] == [("2.jpg", 1), ("1.jpg", 2)]

    @pytest.mark.parametrize(
        ("number", "order"), [(1, "201"), (2, "021"), (3, "012"), (99, "012"), (2**62, "012")]
    )
    def test_are_put_in_the_place_they_were_dragged_to(self, number, order):
        document = make.draft().documents[0]
        scans = [
            attachments.add(make.citizen(), document.id, f"{n}.jpg", make.picture(str(n))) for n in range(3)
        ]
        attachments.place(make.citizen(), scans[2].id, number)
        db.session.refresh(document)
        assert "".join(a.original_name[0] for a in document.current_attachments) == order
        assert [a.page_order for a in document.current_attachments] == [1, 2, 3]

    def test_are_no_more_than_the_settings_allow(self):
        settings.change(make.administrator(), "document_files", "2")
        document = make.draft().documents[0]
        for n in range(2):
            attachments.add(make.citizen(), document.id, f"{n}.jpg", make.picture(str(n)))
        with pytest.raises(Refused, match="too_many_files"):
            attachments.add(make.citizen(), document.id, "2.jpg", make.picture("2"))
        assert len(document.attachments) == 2

    def test_are_together_no_larger_than_the_settings_allow(self):
        document = make.draft().documents[0]
        attachments.add(make.citizen(), document.id, "0.jpg", make.picture("0"))
        file = document.attachments[0].file
        file.size = 300 * 2**20
        db.session.commit()
        with pytest.raises(Refused, match="dossier_too_large"):
            attachments.add(make.citizen(), document.id, "1.jpg", make.picture("1"))
        assert len(document.attachments) == 1

    def test_that_do_not_open_leave_nothing(self):
        document = make.draft().documents[0]
        with pytest.raises(Refused, match="file_type_not_accepted"):
            attachments.add(
                make.citizen(), document.id, "trang.jpg", b"<html><script>alert(1)</script></html>"
            )
        assert document.attachments == []
        assert count(StoredFile) == 0

    def test_sent_are_not_removed_nor_joined_by_others(self):
        dossier = make.submitted()
        scan = facts.documents_with_scans(dossier)[0].attachments[0]
        with pytest.raises(Conflict, match="document_not_asked_for"):
            attachments.remove(make.citizen(), scan.id)
        with pytest.raises(Conflict, match="document_not_asked_for"):
            attachments.add(make.citizen(), scan.document_id, "x.jpg", make.picture("x"))

    def test_of_a_supplement_are_a_new_version_and_the_old_stay(self):
        dossier = make.supplement_requested()
        document = facts.documents_with_scans(dossier)[0]
        old = document.attachments[0]
        new = [
            attachments.add(make.citizen(), document.id, f"{n}.jpg", make.picture(f"new{n}")) for n in (1, 2)
        ]
        assert [(a.version, a.page_order) for a in new] == [(2, 1), (2, 2)]
        with pytest.raises(Conflict, match="sent_scan_stays"):
            attachments.remove(make.citizen(), old.id)
        other = facts.documents_with_scans(dossier)[1]
        with pytest.raises(Conflict, match="document_not_asked_for"):
            attachments.add(make.citizen(), other.id, "x.jpg", make.picture("x"))
        db.session.refresh(document)
        assert [a.version for a in document.attachments] == [1, 2, 2]
        assert document.current_version == 2

    def test_new_must_be_looked_at_again(self):
        dossier = make.supplement_requested()
        document = facts.documents_with_scans(dossier)[0]
        attachments.add(make.citizen(), document.id, "moi.jpg", make.picture("new"))
        make.press(make.citizen(), dossier, "resubmit")
        with pytest.raises(Refused, match="documents_not_looked_at"):
            make.press(make.officer(), dossier, "receive")
        make.look_at_all(dossier)
        make.press(make.officer(), dossier, "receive")
        assert dossier.state is State.RECEIVED


class TestTyping:
    """What is saved while the citizen is still typing."""

    def test_saves_what_is_fit_and_leaves_the_rest_as_it_was(self):
        draft = make.draft()
        typed = make.declared(draft, name="Lê Thị Hoa", phone="12", personal_id="123", address=" Tổ  9 ")
        before = draft.applicant_phone, draft.applicant_personal_id
        compose.note_applicant(make.citizen(), draft.id, typed)
        saved = make.reload(draft)
        assert (saved.applicant_name, saved.applicant_address) == ("Lê Thị Hoa", "Tổ 9")
        assert (saved.applicant_phone, saved.applicant_personal_id) == before

    @pytest.mark.parametrize("email", ["hoa@other.example", "hoa@", ""])
    def test_never_saves_an_address_that_is_not_the_accounts(self, email):
        draft = make.draft()
        compose.note_applicant(make.citizen(), draft.id, make.declared(draft, email=email, address="Tổ 9"))
        assert make.reload(draft).declared_email == "congdan1@motcua.example"
        assert make.reload(draft).applicant_address == "Tổ 9"

    def test_an_emptied_name_does_not_empty_the_dossier(self):
        draft = make.draft()
        name = draft.applicant_name
        compose.note_applicant(make.citizen(), draft.id, make.declared(draft, name="  "))
        assert make.reload(draft).applicant_name == name != ""

    def test_is_for_the_citizens_own_draft_only(self):
        sent, draft = make.submitted(), make.draft()
        with pytest.raises(Conflict):
            compose.note_applicant(make.citizen(), sent.id, make.declared(sent, name="Khác"))
        with pytest.raises(NotFound):
            compose.note_applicant(make.citizen(1), draft.id, make.declared(draft, name="Khác"))
        assert make.reload(sent).applicant_name == sent.applicant_name


class TestReviews:
    def test_opening_a_scan_counts_as_looking(self):
        dossier = make.submitted()
        for document in facts.documents_with_scans(dossier):
            attachments.read(make.officer(), document.attachments[0].id)
        make.press(make.officer(), dossier, "receive")
        assert dossier.state is State.RECEIVED

    def test_seen_is_not_yet_judged(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        reviews.look(make.officer(), document.id)
        assert reviews.of_dossier(dossier)[document.id].acceptable is None
        reviews.judge(make.officer(), document.id, acceptable=False, note="Thiếu chữ ký")
        assert reviews.of_dossier(dossier)[document.id].acceptable is False

    def test_a_document_found_wanting_needs_a_note(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        with pytest.raises(Refused, match="review_note_required"):
            reviews.judge(make.officer(), document.id, acceptable=False, note=" ")
        assert reviews.of_dossier(dossier) == {}

    def test_a_document_without_scan_is_not_looked_at(self):
        dossier = make.submitted()
        empty = next(d for d in dossier.documents if not d.attachments)
        with pytest.raises(Refused, match="document_has_no_scan"):
            reviews.look(make.officer(), empty.id)


class TestSupplementItems:
    def test_are_listed_removed_and_sent_together(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        items = [
            supplements.add_item(make.officer(), dossier.id, ItemKind.UNREADABLE, "Chụp lại", document.id),
            supplements.add_item(make.officer(), dossier.id, ItemKind.QUESTION, "Ngành nghề gì?"),
        ]
        supplements.remove_item(make.officer(), items[0].id)
        make.press(make.officer(), dossier, "request_supplement", "Cần làm rõ")
        [request] = supplements.of_dossier(dossier)
        assert [i.description for i in request.items] == ["Ngành nghề gì?"]
        with pytest.raises(NotFound, match="no_such_item"):
            supplements.remove_item(make.officer(), items[1].id)

    def test_are_listed_once_by_a_double_click(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        said = [
            (ItemKind.UNREADABLE, "Trang 1 mờ", document.id),
            (ItemKind.UNREADABLE, "Trang 1 mờ ", document.id),
            (ItemKind.INCOMPLETE, "Trang 1 mờ", document.id),
            (ItemKind.QUESTION, "Trang 1 mờ"),
        ]
        items = [supplements.add_item(make.officer(), dossier.id, *words) for words in said]
        assert items[0].id == items[1].id
        assert len(facts.prepared_request(dossier).items) == 3

    @pytest.mark.parametrize(
        ("kind", "text", "key"),
        [
            (ItemKind.QUESTION, " ", "item_description_required"),
            (ItemKind.MISSING, "Thiếu", "item_document_required"),
        ],
    )
    def test_need_a_description_and_a_document(self, kind, text, key):
        dossier = make.submitted()
        with pytest.raises(Refused, match=key):
            supplements.add_item(make.officer(), dossier.id, kind, text)
        assert facts.prepared_request(dossier) is None

    def test_take_no_document_of_another_dossier(self):
        dossier, other = make.submitted(), make.submitted()
        with pytest.raises(NotFound, match="no_such_document"):
            supplements.add_item(
                make.officer(), dossier.id, ItemKind.UNREADABLE, "Chụp lại", other.documents[0].id
            )

    def test_are_answered_only_by_the_one_who_was_asked(self):
        dossier = make.supplement_requested()
        item = facts.open_request(dossier).items[0]
        with pytest.raises(NotFound):
            supplements.answer_item(make.citizen(1), item.id, "tôi trả lời thay")
        with pytest.raises(NotFound, match="no_such_item"):
            supplements.answer_item(make.citizen(), 999_999, "ai đó")
        assert facts.open_request(dossier).items[0].answer == ""

    def test_of_an_earlier_request_are_not_answered_again(self):
        dossier = make.supplement_requested()
        old = facts.open_request(dossier).items[0]
        supplements.answer_item(make.citizen(), old.id, "Đây")
        make.press(make.citizen(), dossier, "resubmit")
        supplements.add_item(make.officer(), dossier.id, ItemKind.QUESTION, "Còn một điểm")
        make.press(make.officer(), dossier, "request_supplement", "Còn thiếu")
        with pytest.raises(NotFound, match="no_such_item"):
            supplements.answer_item(make.citizen(), old.id, "Sửa lại")


def test_search_text_has_no_accents():
    dossier = make.received()
    assert "nguyen thi minh hang" in dossier.search_text
    assert requirements.in_force(dossier.procedure.documents[0], date(2026, 1, 1))
