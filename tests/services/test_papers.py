"""Papers are issued with their step, frozen, set once and kept; each opens for whoever may see the dossier."""

import hashlib
from dataclasses import replace
from datetime import datetime

import pypdfium2
import pytest
from sqlalchemy import func, select

from app.domain.clock import LOCAL
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.papers import Form
from app.extensions import db
from app.models.handling import Journal
from app.models.organisation import Agency
from app.models.outbox import OutboxMessage
from app.models.papers import IssuedPaper
from app.services import compose, counter, dossiers, papers, typesetting
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def issued(dossier) -> list[IssuedPaper]:
    return papers.of_dossier(make.officer(), make.reload(dossier))


def forms(dossier) -> list[Form]:
    return [paper.form for paper in reversed(issued(dossier))]


def stored() -> int:
    return db.session.scalar(select(func.count(IssuedPaper.id))) or 0


class TestIssuing:
    def test_a_dossier_collects_its_papers_on_the_way_to_its_end(self):
        dossier = make.returned()
        assert forms(dossier) == [Form.RECEIPT, Form.CONTROL_SLIP, Form.FEE_RECEIPT]
        receipt, slip, fee = reversed(issued(dossier))
        assert (receipt.number, slip.number) == ("01/TTPVHCC", "01/PKS-TTPVHCC")
        assert fee.number == fee.content["receipt"] == f"BL-{dossier.id}-{dossier.fees[0].id}"
        assert fee.content["in_words"] == "một trăm nghìn đồng"
        assert receipt.content["due"] == "17 giờ 00 phút, ngày 27 tháng 11 năm 2026"
        assert receipt.content["time"] == "3 ngày làm việc"
        assert [d["quantity"] for d in receipt.content["documents"]] == [1, 1]
        assert {paper.entry.key for paper in (receipt, slip, fee)} == {
            "receive", "announce_result", "payment_recorded",
        }  # fmt: skip
        assert receipt.issued_by_id == make.officer().user_id
        assert [row["verdict"] for row in slip.content["rows"]] == ["Trước hạn"] * 5
        assert slip.content["rows"][1]["taken_by"] == make.specialist(dossier).name

    def test_a_void_result_leaves_a_record_with_pictures_of_what_differs(self):
        dossier = make.voided()
        record = issued(dossier)[0]
        assert record.form is Form.MISMATCH_RECORD
        assert record.number == "01/BB-TTPVHCC"
        assert [p["caption"] for p in record.content["pictures"]] == [
            "Giấy đề nghị đăng ký hộ kinh doanh, trang 1 trên 1"
        ]
        assert record.content["checks"][0]["description"] == "Bản gốc mang tên người khác"
        _, data = papers.read(make.officer(), record.id)
        assert data.startswith(b"%PDF")
        assert record.file.pages == 2

    def test_the_record_shows_the_photographs_of_the_original_beside_the_scan(self):
        dossier = make.result_ready()
        make.compare_all(dossier)
        document = make.facts.documents_with_scans(dossier)[0]
        photographs = [make.picture("original, front"), make.picture("original, back")]
        counter.compare(make.officer(), document.id, Verdict.DIFFERS, "Khác số", photographs)
        make.press(make.officer(), dossier, "void_on_mismatch", "Bản gốc khác ảnh đã gửi")
        record = issued(dossier)[0]
        assert [p["caption"].removeprefix(document.name) for p in record.content["pictures"]] == [
            ", trang 1 trên 1",
            ", bản gốc chụp tại quầy, ảnh 1 trên 2",
            ", bản gốc chụp tại quầy, ảnh 2 trên 2",
        ]
        _, data = papers.read(make.officer(), record.id)
        assert data.startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("walk", "form"),
        [(make.supplement_requested, Form.SUPPLEMENT), (make.information_requested, Form.SUPPLEMENT)],
    )
    def test_a_request_lists_every_defect(self, walk, form):
        paper = issued(walk())[0]
        assert paper.form is form
        assert paper.number == "01/PBS-TTPVHCC"
        assert len(paper.content["items"]) == 1
        assert paper.content["due"].startswith("17 giờ 00 phút")

    def test_a_refusal_says_why_in_the_words_of_the_officer(self):
        dossier = make.press(
            make.officer(), make.submitted(), "refuse", "Không thuộc thẩm quyền\nMời nộp ở tỉnh"
        )
        (paper,) = issued(dossier)
        assert (paper.form, paper.number) == (Form.REFUSAL, "01/PTC-TTPVHCC")
        assert paper.content["reason"] == "Không thuộc thẩm quyền\nMời nộp ở tỉnh"

    def test_a_stop_notice_says_in_which_state_and_who_asked(self):
        stopped = make.press(make.leader(), make.in_appraisal(), "stop", "Có tranh chấp")
        withdrawn = make.press(make.citizen(), make.received(), "withdraw", "Đổi ý")
        first, second = issued(stopped)[0], issued(withdrawn)[0]
        assert (first.number, second.number) == ("01/TBD-TTPVHCC", "02/TBD-TTPVHCC")
        assert (first.content["asked"], first.content["before"]) == ("", "Đang thẩm định")
        assert second.content["asked"] == "09 giờ 20 phút, ngày 23 tháng 11 năm 2026"
        assert first.content["paid"] == ""
        assert (first.content["officer"], second.content["officer"]) == (
            make.leader().name,
            "",
        )  # no citizen signs it

    def test_a_stop_after_money_was_taken_names_the_sum(self):
        dossier = make.in_appraisal()
        make.pay_all(dossier)
        make.press(make.leader(), dossier, "stop", "Có tranh chấp")
        assert issued(dossier)[0].content["paid"] == "100.000 đồng"

    def test_serials_count_per_form_agency_and_year(self, moment):
        city, ward = make.received(), make.received(make.BIRTH, "Cẩm Bình")
        again = make.received()
        assert [issued(city)[0].number, issued(again)[0].number] == ["01/TTPVHCC", "02/TTPVHCC"]
        at_ward = papers.of_dossier(make.officer("Cẩm Bình"), ward)[0]
        assert at_ward.number == "01/TTPVHCC"
        moment.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=LOCAL))
        assert issued(make.received())[0].number == "01/TTPVHCC"

    def test_a_refused_step_takes_no_number_and_issues_nothing(self):
        dossier = make.submitted()
        with pytest.raises(Refused):
            make.press(make.officer(), dossier, "receive")
        assert stored() == 0
        make.look_at_all(dossier)
        make.press(make.officer(), dossier, "receive")
        assert issued(dossier)[0].serial == 1

    def test_a_press_twice_issues_one_paper(self):
        dossier = make.submitted()
        make.look_at_all(dossier)
        for _ in range(2):
            dossiers.apply(make.officer(), dossier.id, "receive", idempotency_key="once")
        assert stored() == 1

    @pytest.mark.parametrize(
        ("sent", "layout", "title"),
        [
            (datetime(2016, 9, 1, 8, tzinfo=LOCAL), "2016", "PHIẾU HƯỚNG DẪN HOÀN THIỆN HỒ SƠ"),
            (datetime(2025, 6, 30, 8, tzinfo=LOCAL), "2018", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ"),
        ],
    )
    def test_an_old_dossier_keeps_the_layout_of_its_day(self, moment, sent, layout, title):
        moment.move_to(sent)
        dossier = make.supplement_requested()
        paper = issued(dossier)[0]
        assert (paper.layout, paper.title) == (layout, title)
        make.press(make.citizen(), dossier, "withdraw", "Đổi ý")
        assert forms(dossier) == [Form.SUPPLEMENT]  # a stop notice came with the layout of 2025


class TestFrozen:
    def test_what_changes_later_does_not_get_into_the_paper(self):
        dossier = make.received()
        dossier.applicant_name = "Người khác"
        db.session.get_one(Agency, dossier.agency_id).name = "UBND nơi khác"
        db.session.commit()
        _, data = papers.read(make.officer(), issued(dossier)[0].id)
        said = text(data)
        assert "Nguyễn Thị Minh Hằng" in said
        assert "khác" not in said

    def test_it_is_set_once_and_kept_by_its_content(self, monkeypatch):
        dossier = make.received()
        paper, first = papers.read(make.officer(), issued(dossier)[0].id)
        assert paper.file.sha256 == hashlib.sha256(first).hexdigest()
        monkeypatch.setattr(typesetting, "pdf", None)  # would fail if it were asked again
        _, second = papers.read(make.officer(), paper.id)
        assert first == second

    def test_two_who_set_it_at_once_end_with_one_paper(self, monkeypatch):
        paper = issued(make.result_ready())[0]
        real, second = typesetting.pdf, []

        def meanwhile(*args):
            if not second:
                second.append(papers.read)  # the other one comes in here, once
                second.append(papers.read(make.officer(), paper.id)[1])
            return real(*args)

        monkeypatch.setattr(typesetting, "pdf", meanwhile)
        assert papers.read(make.officer(), paper.id)[1] == second[1]

    def test_the_job_sets_what_nobody_asked_for_and_then_has_nothing_to_do(self):
        make.returned()
        assert papers.render_pending() == 3
        assert papers.render_pending() == 0
        mailed = {p.form for p in db.session.scalars(select(IssuedPaper)) if p.mailed_file_id}
        assert mailed == {Form.RECEIPT}

    def test_a_paper_that_cannot_be_set_does_not_hold_up_the_others(self, monkeypatch):
        make.received(), make.received()
        real, first = typesetting.pdf, []

        def fail_first(*args):
            if not first:
                first.append(args)
                raise RuntimeError("no ink")
            return real(*args)

        monkeypatch.setattr(typesetting, "pdf", fail_first)
        with pytest.raises(RuntimeError):
            papers.render_pending()
        assert papers.render_pending() == 1

    def test_a_worker_told_to_stop_begins_no_batch(self):
        make.received()
        assert papers.render_pending(lambda: True) == 0


class TestWho:
    def test_the_citizen_opens_own_papers_and_no_others(self):
        dossier = make.result_ready()
        slip, receipt = issued(dossier)
        assert papers.read(make.citizen(), receipt.id)[1].startswith(b"%PDF")
        assert [p.form for p in papers.of_dossier(make.citizen(), dossier)] == [Form.RECEIPT]
        for stranger, paper in (
            (make.citizen(), slip),
            (make.citizen(1), receipt),
            (make.officer("Cẩm Bình"), receipt),
            (make.administrator(), receipt),
        ):
            with pytest.raises(NotFound):
                papers.read(stranger, paper.id)
        with pytest.raises(NotFound):
            papers.read(make.citizen(), 10**9)

    def test_an_officers_look_is_journalled_and_the_citizens_is_not(self):
        receipt = issued(make.received())[0]
        papers.read(make.citizen(), receipt.id)
        assert looks() == []
        papers.read(make.officer(), receipt.id)
        assert looks() == [{"form": "receipt", "number": "01/TTPVHCC"}]

    def test_the_slip_can_be_printed_on_the_way_and_leaves_no_paper(self):
        dossier = make.in_appraisal()
        said = text(papers.draft_slip(make.specialist(dossier), dossier.id))
        assert "Bản in khi hồ sơ còn đang giải quyết" in said
        assert forms(dossier) == [Form.RECEIPT]
        with pytest.raises(NotAllowed):
            papers.draft_slip(make.citizen(), dossier.id)
        with pytest.raises(NotFound):
            papers.draft_slip(make.officer("Cẩm Bình"), dossier.id)


class TestMail:
    @pytest.mark.parametrize(
        ("walk", "template"),
        [(make.received, "form_01_receipt"), (make.supplement_requested, "form_02_supplement")],
    )
    def test_the_paper_goes_with_the_citizens_mail_only(self, walk, template):
        dossier = walk()
        carrying = db.session.scalars(select(OutboxMessage).where(OutboxMessage.paper_id.is_not(None))).all()
        assert [(m.receiver, m.template) for m in carrying] == [("citizen", template)]
        assert carrying[0].paper.dossier_id == dossier.id
        assert "Gửi kèm thư này: " + carrying[0].paper.title.capitalize() in carrying[0].body

    def test_the_record_with_scans_is_never_mailed(self):
        make.voided()
        carried = db.session.scalars(
            select(OutboxMessage.paper_id).where(OutboxMessage.paper_id.is_not(None))
        )
        assert {db.session.get_one(IssuedPaper, key).form for key in carried} == {Form.RECEIPT}

    def test_the_mailed_copy_covers_numbers_and_address_and_says_so(self):
        by = make.citizen()
        made = make.complete_draft(by=by)
        who = make.declared(
            made, request_summary="Gọi tôi số 0912 345 678", representative_name="Trần Văn Quyết"
        )
        compose.declare_applicant(by, made.id, replace(who, representative_personal_id="022085009876"))
        compose.declare_truth(by, made.id, declared=True)
        make.press(by, made, "submit")
        make.look_at_all(made)
        make.press(make.officer(), made, "receive")
        name, data = papers.mailed_copy(issued(made)[0].id)
        said = text(data)
        assert name == f"giay-tiep-nhan-{made.code}.pdf"
        for secret in ("022185001234", "022085009876", "0912345678", "0912 345 678", "Tổ 3"):
            assert secret not in said
        assert "•••••••••234" in said
        assert "đã được che" in said
        assert "Nguyễn Thị Minh Hằng" in said
        full = text(papers.read(by, issued(made)[0].id)[1])
        assert "022185001234" in full
        assert "Tổ 3, khu 5" in full

    def test_a_paper_that_is_not_mailed_has_no_copy(self):
        slip = issued(make.result_ready())[0]
        with pytest.raises(NotFound):
            papers.mailed_copy(slip.id)


def looks() -> list:
    return list(db.session.scalars(select(Journal.details).where(Journal.key == "paper_opened")))


def text(data: bytes) -> str:
    """The words of a PDF, on one line."""
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
