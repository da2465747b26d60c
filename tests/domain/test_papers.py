"""Which forms the law knows when, what they are called, how they are numbered, and the copy for the mail."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import transitions
from app.domain.dates import day_in_full, moment_in_full, moment_written
from app.domain.handovers import Party, Step, handovers
from app.domain.layouts import LAYOUTS, layout_on, numbered
from app.domain.numerals import in_words
from app.domain.papers import FOR_CITIZEN, FORM_LABELS, ISSUED_BY, MAILED, Form, covered, frozen
from app.domain.privacy import blotted, hidden
from app.domain.timeliness import Timeliness, judge

pytestmark = [pytest.mark.domain, pytest.mark.no_database]

SETS = {
    "2016": {"receipt", "supplement", "apology", "control_slip", "register"},
    "2018": {"receipt", "supplement", "refusal", "apology", "control_slip", "register"},
    "2025": {"receipt", "supplement", "refusal", "apology", "stop_notice", "control_slip", "register"},
}


class TestLayouts:
    @pytest.mark.parametrize(
        ("day", "key"),
        [
            (date(2014, 1, 1), "2016"),
            (date(2016, 7, 1), "2016"),
            (date(2018, 6, 20), "2016"),
            (date(2018, 6, 21), "2018"),
            (date(2025, 6, 30), "2018"),
            (date(2025, 7, 1), "2025"),
            (date(2026, 11, 23), "2025"),
        ],
    )
    def test_each_day_has_its_layout(self, day, key):
        assert layout_on(day).key == key

    @pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
    def test_each_layout_has_its_set_of_forms_and_our_own_papers(self, layout):
        assert {form.value for form in layout.sheets} == SETS[layout.key] | {"fee_receipt", "mismatch_record"}

    def test_the_marks_are_those_of_the_circulars(self):
        _, of_2018, of_2025 = LAYOUTS
        assert [of_2018.sheets[f].mark for f in (Form.APOLOGY, Form.CONTROL_SLIP, Form.REGISTER)] == [
            "04",
            "05",
            "06",
        ]
        marks = [of_2025.sheets[f].mark for f in (Form.STOP_NOTICE, Form.CONTROL_SLIP, Form.REGISTER)]
        assert marks == ["05", "06", "07"]

    @pytest.mark.parametrize(
        ("layout", "form", "level", "number"),
        [
            (0, Form.RECEIPT, "city", "07/TTHCC"),
            (0, Form.SUPPLEMENT, "ward", "07/PHD-BPTNTKQ"),
            (1, Form.REFUSAL, "city", "07/PTC-TTPVHCC"),
            (1, Form.APOLOGY, "ward", "07/PXL"),
            (2, Form.SUPPLEMENT, "city", "07/PBS-TTPVHCC"),
            (2, Form.STOP_NOTICE, "ward", "07/TBD-TTPVHCC"),
            (2, Form.CONTROL_SLIP, "city", "07/PKS-TTPVHCC"),
            (2, Form.MISMATCH_RECORD, "city", "07/BB-TTPVHCC"),
        ],
    )
    def test_a_number_carries_the_letters_of_form_and_office(self, layout, form, level, number):
        assert numbered(LAYOUTS[layout], form, level, 7) == number

    def test_every_form_has_a_name_and_every_issuing_step_exists(self):
        assert [form.label for form in Form] == list(FORM_LABELS.values())
        assert set(ISSUED_BY) <= set(transitions.BY_KEY)
        assert MAILED < FOR_CITIZEN
        assert Form.CONTROL_SLIP not in FOR_CITIZEN


class TestFrozen:
    def test_letters_are_composed_and_signs_that_no_paper_shows_are_left_out(self):
        typed = unicodedata.normalize("NFD", "Nguyễn\u00a0Thị\u200b\x07 Ề") + "\r\nhai\tdòng"
        assert frozen({"a": [typed, 3, None, True]}) == {"a": ["Nguyễn Thị Ề\nhai dòng", 3, None, True]}


class TestCovered:
    CONTENT = {
        "code": "000.00.15.H49-091234-5678",
        "link": "http://localhost/tra-cuu/0912345678",
        "reason": "Gọi 0912 345 678 hoặc 022.085.009.876, không phải 0912345679",
        "applicant": {
            "name": "Hằng",
            "personal_id": "022185001234",
            "phone": "0912345678",
            "address": "Tổ 3",
        },
        "representative": {"name": "Quyết", "personal_id": "022085009876", "phone": ""},
        "items": [{"description": "Số 022185001234", "quantity": 2}],
        "serial": 4,
    }

    def test_numbers_keep_their_last_digits_and_addresses_nothing(self):
        copy = covered(self.CONTENT)
        assert copy["applicant"] == {
            "name": "Hằng", "personal_id": "•••••••••234", "phone": "•••••••678", "address": "•••",
        }  # fmt: skip
        assert copy["representative"] == {"name": "Quyết", "personal_id": "•••••••••876", "phone": ""}

    def test_numbers_typed_into_texts_are_blotted_out_and_others_stay(self):
        copy = covered(self.CONTENT)
        assert copy["reason"] == "Gọi ••• hoặc •••, không phải 0912345679"
        assert copy["items"] == [{"description": "Số •••", "quantity": 2}]

    def test_code_and_link_stay_whole_and_the_copy_says_that_it_is_one(self):
        copy = covered(self.CONTENT)
        assert (copy["code"], copy["link"], copy["serial"]) == (self.CONTENT["code"], self.CONTENT["link"], 4)
        assert copy["covered"] is True
        assert "covered" not in self.CONTENT

    def test_a_dossier_without_representative_is_covered_too(self):
        assert covered(self.CONTENT | {"representative": None})["representative"] is None


class TestPrivacy:
    @pytest.mark.parametrize(
        ("number", "shown"),
        [("0912345678", "•••••••678"), ("1234", "••34"), ("1", "•"), ("", ""), (None, "")],
    )
    def test_a_number_shows_its_last_digits(self, number, shown):
        assert hidden(number) == shown

    def test_short_numbers_are_no_secret(self):
        assert blotted("số 1234567", ["1234567", ""]) == "số 1234567"


class TestWords:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "không"),
            (5, "năm"),
            (10, "mười"),
            (15, "mười lăm"),
            (21, "hai mươi mốt"),
            (24, "hai mươi bốn"),
            (105, "một trăm linh năm"),
            (1_000, "một nghìn"),
            (20_000, "hai mươi nghìn"),
            (100_000, "một trăm nghìn"),
            (1_250_015, "một triệu hai trăm năm mươi nghìn không trăm mười lăm"),
            (2_000_000_001, "hai tỷ không trăm linh một"),
        ],
    )
    def test_sums_are_said_as_receipts_say_them(self, number, words):
        assert in_words(number) == words

    @pytest.mark.parametrize("number", [-1, 10**12])
    def test_what_is_no_sum_of_ours_is_not_said(self, number):
        with pytest.raises(ValueError, match="not written in words"):
            in_words(number)

    def test_days_and_moments_are_written_in_full_on_the_citys_clock(self):
        moment = datetime(2026, 6, 30, 18, 5, tzinfo=UTC)
        assert moment_in_full(moment) == "01 giờ 05 phút, ngày 01 tháng 7 năm 2026"
        assert moment_written(moment) == "01:05, 01/7/2026"
        assert day_in_full(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"


START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def step(key: str, days: float, who: str = "") -> Step:
    return Step(key, START + timedelta(days=days), who)


class TestTimelinessOnTheSlip:
    DUE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("at", "found"),
        [
            (DUE - timedelta(days=1), Timeliness.EARLY),
            (DUE - timedelta(hours=16), Timeliness.ON_TIME),  # after midnight in the city
            (DUE, Timeliness.ON_TIME),
            (DUE + timedelta(seconds=1), Timeliness.LATE),
        ],
    )
    def test_it_is_judged_by_the_due_time_not_by_the_date(self, at, found):
        assert judge(self.DUE, at, with_result=True) is found

    def test_its_words_are_those_of_the_slip(self):
        assert [p.label for p in Timeliness] == ["Trước hạn", "Đúng hạn", "Quá hạn"]


class TestHandovers:
    def test_every_handover_names_both_sides_and_is_judged_by_its_limit(self):
        steps = [
            step("submit", -1), step("receive", 0.1, "Tuấn"), step("forward", 0.2, "Tuấn"),
            step("propose_grant", 2, "Yến"), step("approve", 3, "Long"), step("announce_result", 9, "Tuấn"),
            step("return_result", 12, "Hoa"),
        ]  # fmt: skip
        rows = list(handovers(steps, intake_due=START, processing_due=START + timedelta(days=5)))
        assert [(r.giver, r.taker) for r in rows[:3]] == [
            (Party.APPLICANT, Party.ONE_STOP), (Party.ONE_STOP, Party.DEPARTMENT), (Party.DEPARTMENT, Party.LEADER),
        ]  # fmt: skip
        assert [(r.given_by, r.taken_by) for r in rows] == [
            ("", "Tuấn"), ("Tuấn", "Yến"), ("Yến", "Long"), ("Long", "Tuấn"), ("Tuấn", "Hoa"), ("Hoa", ""),
        ]  # fmt: skip
        verdicts = [r.verdict.value if r.verdict else None for r in rows]
        assert verdicts == ["late", "early", "early", "early", "late", None]

    def test_nothing_handed_over_gives_no_rows_and_no_limit_no_verdict(self):
        assert list(handovers([step("submit", 0)], intake_due=None, processing_due=None)) == []
        (row,) = handovers([step("receive", 0, "Tuấn")], intake_due=None, processing_due=None)
        assert row.verdict is None

    def test_every_step_that_hands_over_exists(self):
        from app.domain.handovers import HANDS

        assert set(HANDS) <= set(transitions.BY_KEY)
