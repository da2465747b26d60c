import re
from datetime import date, datetime

import jinja2
import pytest

from app.domain import transitions
from app.domain.clock import LOCAL
from app.domain.fees import FeeKind, FeeTiming
from app.domain.states import State
from app.models.catalogue import PaperKind
from app.models.dossier import ApplicantKind, Dossier, DossierDocument, Outcome
from app.models.fees import DossierFee
from app.models.organisation import Agency, ReceptionPlace
from app.services import mail_texts
from app.services.mail_texts import dossier_context, local_words, render, without_numbers

MADE_ELSEWHERE = re.compile("account_.*")
"""Mails about accounts, not about dossiers: tested with the log-in."""
QUESTION = {
    "name": "Nguyễn Thị Minh Hằng",
    "question": "Mấy ngày có kết quả?",
    "answer": "3 ngày làm việc.",
    "agency": "UBND thành phố Cẩm Phả",
    "hotline": "033.3.502.900",
    "base_url": "http://localhost",
    "link": "http://localhost/hoi-dap",
}
PERSONAL = ("022185001234", "0912345678", "022085009876", "0987654321")


pytestmark = pytest.mark.no_database


@pytest.fixture
def app(built_app):
    """The app's configuration; no test here reads a table."""
    with built_app.app_context():
        yield built_app


@pytest.fixture
def dossier():
    """A dossier that was never stored: rendering needs no database row."""
    return Dossier(
        id=41,
        reference="N-26-0041",
        code="000.00.15.H49-261123-0001",
        state=State.RESULT_READY,
        procedure_name="Cấp giấy chứng nhận đăng ký hộ kinh doanh",
        agency=Agency(name="UBND thành phố Cẩm Phả", hotline="033.3.502.900"),
        return_place=ReceptionPlace(name="Trung tâm Hành chính công", address="số 1 đường Trần Phú"),
        applicant_kind=ApplicantKind.CITIZEN,
        applicant_name="Nguyễn Thị Minh Hằng",
        applicant_personal_id=PERSONAL[0],
        applicant_phone=PERSONAL[1],
        representative_personal_id=PERSONAL[2],
        representative_phone=PERSONAL[3],
        declared_email="hang@example.com",
        due_at=datetime(2026, 11, 27, 17, 0, tzinfo=LOCAL),
        documents=[DossierDocument(ordinal=1, name="Giấy đề nghị", kind=PaperKind.FORM)],
        fees=[
            DossierFee(
                name="Lệ phí", kind=FeeKind.FEE, amount=100_000, timing=FeeTiming.AT_RETURN, exempt_reason=""
            )
        ],
    )


def receivers_of(template):
    named = {m.receiver for t in transitions.ALL for m in t.mail if m.template == template}
    return named or {"citizen", "leader"}


def dossier_templates():
    return [n for n in mail_texts.names() if not MADE_ELSEWHERE.fullmatch(n) and n != "question_answered"]


@pytest.mark.parametrize("locale", mail_texts.LOCALES)
@pytest.mark.parametrize("template", dossier_templates())
def test_every_text_is_filled_from_the_standard_context(app, dossier, template, locale):
    for receiver in receivers_of(template):
        full = dossier_context(
            dossier,
            receiver=receiver,
            name="Trần Văn Quyết",
            reason="Ảnh bị mờ",
            items=["Chụp lại trang 1"],
            message="Mời bổ sung.",
            officer="Lê Thị Hà",
            number="12/BC",
        )
        text = render(template, full, locale)
        assert "000.00.15.H49-261123-0001" in text.subject
        assert "000.00.15.H49-261123-0001" in text.body
        assert "Cấp giấy chứng nhận đăng ký hộ kinh doanh" in text.body
        assert "UBND thành phố Cẩm Phả" in text.body
        assert not re.search(r"\n{3,}|[{}]|None|\bUndefined\b", text.body)
        bare = dossier_context(dossier, receiver=receiver, due="", documents=[], fees=[], place="")
        assert render(template, bare, locale).subject == text.subject


@pytest.mark.parametrize("locale", mail_texts.LOCALES)
def test_the_answer_to_a_question_is_filled_with_or_without_a_procedure(app, locale):
    assert "3 ngày làm việc." in render("question_answered", QUESTION, locale).body
    about = render("question_answered", QUESTION | {"procedure": "Đăng ký khai sinh"}, locale).body
    assert "Đăng ký khai sinh" in about


def test_every_mail_of_the_transition_table_has_a_text_in_every_language():
    wanted = {mail.template for t in transitions.ALL for mail in t.mail}
    for locale in mail_texts.LOCALES:
        there = {path.stem for path in (mail_texts.FOLDER / locale).glob("*.txt")}
        assert wanted <= there


def test_both_languages_have_the_same_texts():
    vietnamese, english = ({p.name for p in (mail_texts.FOLDER / name).iterdir()} for name in ("vi", "en"))
    assert vietnamese == english


def test_a_word_that_the_context_lacks_is_an_error_and_not_a_gap():
    with pytest.raises(jinja2.UndefinedError):
        render("question_answered", {"name": "Hằng"})


def test_an_unknown_text_or_language_is_an_error():
    with pytest.raises(jinja2.TemplateNotFound):
        render("no_such_mail", {})
    with pytest.raises(ValueError, match="fr"):
        render("question_answered", QUESTION, "fr")


def test_a_text_cannot_reach_into_the_program():
    environment = mail_texts._environment("vi")
    with pytest.raises(jinja2.exceptions.SecurityError):
        environment.from_string("{{ ''.__class__.__mro__[1].__subclasses__() }}").render()


def test_a_text_without_a_subject_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "bare.txt").write_text("Kính gửi\n", encoding="utf-8")
    monkeypatch.setattr(mail_texts, "FOLDER", tmp_path)
    mail_texts._environment.cache_clear()
    with pytest.raises(ValueError, match="subject"):
        render("bare", {})
    mail_texts._environment.cache_clear()


def test_line_breaks_in_names_open_no_new_lines(app, dossier):
    dossier.applicant_name = "Hằng\r\nBcc: all@example.com\n\nKính gửi"
    dossier.procedure_name = "Đăng ký\nSubject: khác"
    context = dossier_context(dossier, receiver="citizen")
    text = render("submission_receipt", context)
    assert "Kính gửi ông/bà Hằng Bcc: all@example.com Kính gửi,\n" in text.body
    assert "Thủ tục: Đăng ký Subject: khác\n" in text.body


def test_a_subject_has_one_line_and_a_bound():
    name = "x" * 400
    context = {**QUESTION, "name": name}
    assert len(render("question_answered", context).subject) <= mail_texts.LONGEST_SUBJECT
    assert mail_texts.one_line("a\r\n b\x00\tc\u2028d") == "a b c d"


@pytest.mark.parametrize("template", dossier_templates())
def test_no_mail_carries_a_telephone_or_id_number_of_the_applicant(app, dossier, template):
    reason = f"Số {PERSONAL[0]} và 0912 345 678 khác bản gốc; 022 085 009 876; 0987.654.321"
    name = f"Hằng {PERSONAL[0]}"
    context = dossier_context(dossier, reason=reason, message=reason, items=[reason], name=name)
    text = render(template, context)
    digits = re.sub(r"[ .\-]", "", without_numbers(text.subject + text.body, dossier))
    for number in PERSONAL:
        assert number not in digits


def test_blotting_out_leaves_other_numbers_alone(dossier):
    text = "Quyết định 12/QĐ-UBND, hồ sơ 000.00.15.H49-261123-0001, số 90912345678"
    assert without_numbers(text, dossier) == text
    assert without_numbers("0912345678", None) == "0912345678"
    dossier.applicant_phone = "123"
    assert without_numbers("số 123", dossier) == "số 123"


def test_the_citizen_gets_the_citizens_page_and_staff_the_workspace(app, dossier):
    assert dossier_context(dossier)["link"] == "http://localhost/ho-so/41"
    assert dossier_context(dossier, receiver="leader")["link"] == "http://localhost/can-bo/ho-so/41"


def test_an_organisation_is_not_greeted_as_a_person(app, dossier):
    dossier.applicant_kind, dossier.applicant_name = ApplicantKind.ENTERPRISE, "Công ty TNHH Than Việt"
    company = render("submission_receipt", dossier_context(dossier))
    assert company.body.startswith("Kính gửi Công ty TNHH Than Việt,")
    staff = render("new_dossier", dossier_context(dossier, receiver="receiving_officer", name="Lê Thị Hà"))
    assert staff.body.startswith("Kính gửi ông/bà Lê Thị Hà,")
    authority = dossier_context(dossier, receiver="violation_authority", name="Công an thành phố Cẩm Phả")
    assert render("violation_report", authority).body.startswith("Kính gửi Công an thành phố Cẩm Phả,")


def test_a_granted_result_asks_for_originals_and_fee_and_a_denial_for_neither(app, dossier):
    granted = render("result_ready", dossier_context(dossier)).body
    assert "- Giấy đề nghị" in granted
    assert "- Lệ phí: 100.000 đồng" in granted
    assert "Trung tâm Hành chính công, số 1 đường Trần Phú" in granted
    dossier.outcome = Outcome.DENIED
    denied = render("result_ready", dossier_context(dossier)).body
    assert "Giấy đề nghị" not in denied
    assert "100.000" not in denied
    assert "từ chối giải quyết" in denied


def test_an_exempted_fee_is_not_asked_for_and_an_open_amount_is_announced(app, dossier):
    dossier.fees[0].exempt_reason = "Hộ nghèo"
    assert dossier_context(dossier)["fees"] == []
    dossier.fees[0].exempt_reason, dossier.fees[0].amount = "", None
    assert dossier_context(dossier)["fees"] == ["Lệ phí: công chức tiếp nhận sẽ thông báo số tiền"]


def test_a_withdrawal_is_told_to_citizen_and_officer_in_their_own_words(app, dossier):
    citizen = render("withdrawn", dossier_context(dossier, reason="Đổi ý")).body
    officer = render("withdrawn", dossier_context(dossier, receiver="receiving_officer", reason="Đổi ý")).body
    assert "theo yêu cầu của ông, bà" in citizen
    assert "/can-bo/" not in citizen
    assert "Người nộp đã rút hồ sơ" in officer
    assert "/can-bo/ho-so/41" in officer


def test_a_text_names_the_words_that_it_and_what_it_includes_use():
    used = mail_texts.words_of("form_01_receipt")
    assert {"code", "due", "place", "documents", "fees", "name", "procedure", "hotline", "link"} <= used
    assert "reason" not in used


def test_moments_are_written_as_the_city_writes_them():
    moment = datetime(2026, 11, 24, 9, 20, tzinfo=LOCAL)
    assert local_words(moment, "vi") == "09:20 thứ Ba, 24/11/2026"
    assert local_words(moment, "en") == "09:20, Tuesday 24/11/2026"
    assert local_words(datetime(2026, 11, 22, 7, 30, tzinfo=LOCAL), "vi") == "07:30 Chủ nhật, 22/11/2026"
    assert local_words(date(2026, 7, 1), "vi") == "01/7/2026"
    assert local_words(date(2026, 2, 1), "vi") == "01/02/2026"
    assert local_words(date(2026, 7, 1), "en") == "01/07/2026"
    assert local_words("sẵn", "vi") == "sẵn"


@pytest.mark.parametrize("path", sorted((mail_texts.FOLDER / "vi").glob("*.txt")), ids=lambda path: path.stem)
def test_vietnamese_texts_keep_to_the_house_words(path):
    text = path.read_text(encoding="utf-8").lower()
    for word in ("vui lòng", "quý khách", " bạn ", "không hợp lệ", "submit", "upload", "huỷ", "uỷ", "tthc"):
        assert word not in text
