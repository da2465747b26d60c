"""What the reports say: money that adds up, lists of the late, cases, times; by whom they may be asked."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pypdfium2
import pytest

from app.domain.clock import LOCAL
from app.domain.errors import NotAllowed, NotFound
from app.domain.sheets import TOTAL, Column, Kind, Line, Sheet
from app.domain.survey import Question
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.exports import FileFormat
from app.models.survey import SurveyAnswer
from app.models.violation import Measure
from app.services import (
    apologies,
    calendars,
    counter,
    figure_rows,
    report_papers,
    reports,
    sheet_files,
    violations,
)
from app.services.report_asked import Asked, choices
from app.services.report_fees import FeeBy
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

MONTH = (date(2026, 11, 1), date(2026, 11, 30))


def sheet(name, by="", actor=None, **narrowed):
    wanted = Asked(name, *MONTH, by=by or next(iter(reports.REPORTS[name].bys), ""), **narrowed)
    return reports.make(actor or make.leader(), wanted)


def cells(found, key=TOTAL):
    line = found.total if key == TOTAL else next(line for line in found.lines if line.key == key)
    return {column.key: cell for column, cell in zip(found.columns, line.cells, strict=True)}


def pay(dossier, amount, number):
    counter.record_payment(make.officer(), dossier.id, amount, number)


def test_money_by_day_officer_and_procedure_is_the_same_money(moment):
    first, second = make.result_ready(), make.result_ready()
    pay(first, 40_000, "BL-1")
    moment.shift(timedelta(days=2))
    pay(first, 60_000, "BL-2")
    pay(second, 100_000, "BL-3")
    for by in FeeBy:
        found = sheet("phi-le-phi", by)
        assert sum(line.cells[3] for line in found.lines) == 200_000
        assert cells(found) == {"name": "Tổng số", "dossiers": 2, "payments": 3, "amount": 200_000}
    by_day = sheet("phi-le-phi", FeeBy.DAY)
    assert [line.cells for line in by_day.lines] == [
        ("23/11/2026", 1, 1, 40_000),
        ("25/11/2026", 2, 2, 160_000),
    ]
    [officer] = sheet("phi-le-phi", FeeBy.OFFICER).lines
    assert officer.cells[0] == make.officer().name


def test_money_taken_at_midnight_belongs_to_the_citys_day(moment):
    dossier = make.result_ready()
    moment.shift(timedelta(hours=14, minutes=50))  # 00:10 on the 24th, still the 23rd in UTC
    pay(dossier, 100_000, "BL-1")
    assert [line.key for line in sheet("phi-le-phi", FeeBy.DAY).lines] == [date(2026, 11, 24)]


def test_the_reconciliation_sets_receipts_against_what_was_due(moment):
    whole, part = make.returned(), make.result_ready()
    pay(part, 30_000, "BL-9")
    moment.move_to(moment_of(2026, 12, 2))
    pay(part, 50_000, "BL-10")
    found = sheet("doi-chieu-phi")
    by_key = {line.key: line.cells[3:] for line in found.lines}
    assert by_key == {whole.id: (100_000, 100_000, 0, 0), part.id: (100_000, 30_000, 50_000, 20_000)}
    total = cells(found)
    assert (total["due"], total["within"], total["outside"], total["left"]) == (
        200_000,
        130_000,
        50_000,
        20_000,
    )
    assert total["due"] == total["within"] + total["outside"] + total["left"]
    assert total["within"] == cells(sheet("phi-le-phi"))["amount"]
    assert ("Hồ sơ có chênh lệch", "1") in found.facts
    assert [line.key for line in sheet("doi-chieu-phi").lines] == [part.id, whole.id]  # differences first


def moment_of(*day):
    return datetime(*day, 9, 0, tzinfo=LOCAL)


def test_a_void_result_leaves_the_money_to_be_given_back():
    dossier = make.result_ready()
    pay(dossier, 100_000, "BL-1")
    make.compare_all(dossier)
    first = make.facts.documents_with_scans(dossier)[0]
    counter.compare(make.officer(), first.id, make.Verdict.DIFFERS, "Khác tên")
    make.press(make.officer(), dossier, "void_on_mismatch", "Không khớp")
    [line] = sheet("doi-chieu-phi").lines
    assert line.cells[3:] == (0, 100_000, 0, -100_000)


def test_the_late_are_listed_with_how_late_they_are(moment):
    waiting, late, early = make.in_appraisal(), make.decided(), make.decided()
    make.press(make.officer(), early, "announce_result")
    due = make.reload(waiting).due_at
    moment.move_to(due + timedelta(days=1))
    make.press(make.officer(), late, "announce_result")
    made = {line.key: line.cells for line in sheet("ho-so-tre-han").lines}
    assert made.keys() == {waiting.id, late.id}
    assert made[waiting.id][7] is None
    assert made[late.id][7] is not None
    worked = calendars.calendar_for(waiting.agency_id).worked_between(due, due + timedelta(days=1))
    assert made[late.id][8] == worked.total_seconds() // 60
    assert {cells[9] for cells in made.values()} == {"Chưa soạn"}
    assert (
        sheet("ho-so-tre-han").size
        == cells(sheet("ii-06a"))["done_late"] + cells(sheet("ii-06a"))["open_overdue"]
    )


def test_the_list_of_the_late_says_whether_the_city_apologised(moment):
    signed, drafted = make.in_appraisal(), make.in_appraisal()
    due = make.reload(signed).due_at
    moment.move_to(due - timedelta(minutes=30))
    apologies.draft_due()
    apologies.sign(make.leader(), signed.id, "Chờ xác minh thực địa", date(2026, 12, 4))
    moment.move_to(due + timedelta(minutes=30))
    made = {line.key: line.cells[9] for line in sheet("ho-so-tre-han").lines}
    assert made == {signed.id: "Đã gửi", drafted.id: "Chờ ký"}


def test_intake_tells_the_share_and_the_times(moment):
    quick, slow, waiting = make.submitted(), make.submitted(), make.submitted()
    make.look_at_all(quick)
    make.press(make.officer(), quick, "receive")
    moment.shift(timedelta(days=4))
    make.look_at_all(slow)
    make.press(make.officer(), slow, "receive")
    total = cells(sheet("tiep-nhan-8-gio"))
    assert (total["sent"], total["intake_within"], total["intake_late"], total["intake_overdue"]) == (
        3,
        1,
        1,
        1,
    )
    assert total["rate"] == pytest.approx(1 / 3)
    assert total["median"] == 0
    assert total["ninth"] > 480
    assert make.reload(waiting).received_at is None


def test_nothing_in_the_period_is_no_share_of_anything():
    total = cells(sheet("tiep-nhan-8-gio"))
    assert (total["rate"], total["median"], total["ninth"]) == (None, None, None)


def test_cases_are_counted_by_what_became_of_them(moment):
    make.voided()
    make.voided()
    case = violations.cases(make.leader())[0]
    violations.forward(make.officer(), case.id, "12/CV")
    violations.decide(make.leader(), case.id, Measure.NO_VIOLATION, "3/KL", date(2026, 11, 23))
    make.returned()
    total = cells(sheet("huy-ket-qua"))
    assert total == {
        "row": "", "name": "Tổng số", "returned": 1, "voided": 2, "void_rate": 2 / 3, "case_forwarded": 1,
        "case_decided": 1, "case_cleared": 1, "case_pending": 1,
    }  # fmt: skip


def test_satisfaction_is_told_of_groups_that_are_large_enough():
    procedure = db.session.scalar(db.select(Procedure).where(Procedure.code == make.HOUSEHOLD_BUSINESS))
    for number in range(20):
        told = {question.value: 5 if number % 2 else 2 for question in Question}
        place = {"agency_id": make.agency().id, "procedure_id": procedure.id, "month": date(2026, 10, 1)}
        db.session.add(SurveyAnswer(id=number + 1, **place, **told))
    db.session.commit()
    asked = Asked("hai-long", date(2026, 10, 1), date(2026, 10, 31))
    found = reports.make(make.leader(), asked)
    [line] = found.lines
    assert line.cells == (procedure.name, 20, 3.5, 3.5, 3.5, 3.5, 3.5, 0.5)
    assert found.total.cells[1:] == line.cells[1:]
    city = reports.make(make.leader(), replace(asked, unit=0))
    assert [row.cells[0] for row in city.lines] == [make.agency().name]
    assert cells(reports.make(make.leader("Cẩm Bình"), asked))["answers"] == 0


def test_a_report_can_be_narrowed_and_says_so():
    dossier = make.received()
    field = db.session.get_one(type(dossier.procedure.field), dossier.procedure.field_id)
    found = sheet("ii-06a", field_id=field.id, department_id=dossier.department_id)
    assert cells(found)["total"] == 1
    assert ("Lĩnh vực", field.name) in found.facts
    assert cells(sheet("ii-06a", field_id=field.id + 1))["total"] == 0


def test_groups_are_in_the_order_of_the_vietnamese_alphabet_without_accents():
    make.received()
    make.submitted(make.BIRTH, "Cẩm Bình")
    make.received(make.BIRTH, "Cẩm Bình")
    names = [line.cells[:2] for line in sheet("ii-06a", "field_id", unit=0).lines]
    assert names == [(1, "Đăng ký hộ kinh doanh"), (2, "Hộ tịch")]


def test_a_question_survives_being_kept():
    wanted = Asked("ii-06a", *MONTH, by="field_id", unit=0, procedure_id=3)
    assert reports.from_json(reports.as_json(wanted)) == wanted


def test_who_may_ask_what():
    with pytest.raises(NotFound, match="no_such_report"):
        reports.find(make.leader(), "khong-co")
    with pytest.raises(NotAllowed, match="role_may_not"):
        reports.find(make.officer(), "ii-06a")
    assert set(reports.offered(make.officer())) < set(reports.offered(make.leader())) == set(reports.REPORTS)
    assert choices(make.leader("Cẩm Bình"))["unit"] == []
    assert len(choices(make.leader())["unit"]) == 17


def test_the_citys_leader_reads_what_a_ward_took_but_not_of_whom():
    make.returned()
    assert cells(sheet("phi-le-phi", unit=0))["amount"] == 100_000
    everywhere = Asked("phi-le-phi", *MONTH, unit=0)
    with pytest.raises(NotAllowed, match="figures_without_dossiers"):
        figure_rows.behind(make.leader(), everywhere, figure_rows.PAID)
    with pytest.raises(NotAllowed, match="figures_without_dossiers"):
        sheet("doi-chieu-phi", unit=0)


def test_a_broken_identity_is_said(monkeypatch):
    make.received()
    monkeypatch.setattr(reports.report_figures.report_forms, "II06A_CHECKS", (("3", ("7",)),))
    [check] = sheet("ii-06a").checks
    assert (check.words, check.holds) == ("3 = 7", False)


def test_paper_says_what_the_screen_says():
    make.received()
    file = io.BytesIO()
    sheet_files.write(sheet("tiep-nhan-8-gio"), FileFormat.PDF, file)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file.getvalue()))
    for words in ("TIẾP NHẬN HỒ SƠ TRONG 8 GIỜ LÀM VIỆC", "UBND thành phố Cẩm Phả", "Tổng số", "100,0%"):
        assert words in text


def test_paper_says_working_time_to_the_minute_as_the_screen_does():
    column = Column("late_by", "Trễ", Kind.MINUTES)
    lines = [Line(n, (minutes,)) for n, minutes in enumerate((0, 59, 480, 481, 653, 960))]
    made = report_papers.pdf(Sheet("Trễ", (column,), lines, len(lines)), lines)
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    for words in ("dưới 1 phút", "59 phút", "8 giờ", "1 ngày 1 phút", "1 ngày 2 giờ 53 phút", "2 ngày"):
        assert words in " ".join(text.split())


def test_paper_takes_odd_names_as_text():
    odd = 'A #pagebreak() $x$ *b* "q" \\ [c] <d> // e'
    found = sheet("ii-06a")
    line = reports.report_figures.Line(1, (1, odd, *[0] * 11))
    made = report_papers.pdf(found, [line])
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    assert "#pagebreak() $x$ *b*" in " ".join(text.split())
