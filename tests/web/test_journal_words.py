"""Every event that a service writes on a dossier has a sentence."""

import re
from pathlib import Path

import pytest

from app.domain.transitions import BY_KEY
from app.models.handling import Journal
from app.services import deadlines
from app.web.journal_words import SENTENCES, sentence

SERVICES = Path(__file__).resolve().parents[2] / "app" / "services"
ON_DOSSIERS = re.compile(r'journal\.write\(\s*\w+,\s*"(\w+)",\s*dossier=')


def test_no_service_writes_an_event_without_words():
    written = {key for file in SERVICES.glob("*.py") for key in ON_DOSSIERS.findall(file.read_text("utf-8"))}
    assert len(written) > 10, "the pattern still finds the calls"
    assert written | set(deadlines.EVENTS) <= SENTENCES.keys()


def test_no_sentence_is_left_over():
    source = "".join(file.read_text("utf-8") for file in SERVICES.glob("*.py"))
    assert all(f'"{key}"' in source for key in SENTENCES)


@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_a_step_says_its_own_label(app, key):
    assert sentence(Journal(key=key, details={})) == BY_KEY[key].label


@pytest.mark.parametrize(
    ("key", "details", "words"),
    [
        ("scan_viewed", {"document": "100% <b>"}, "Mở xem “100% <b>”"),
        ("fee_set", {"fee": "Lệ phí", "old": None, "new": 150000}, "Đặt mức thu Lệ phí: 150.000 đồng"),
        ("payment_recorded", {"paid": 5000, "receipt": "BL"}, "Thu 5.000 đồng, biên lai BL"),
        ("original_compared", {"document": "Đơn", "verdict": "differs"}, "Đối chiếu “Đơn”: Không khớp"),
        ("violation_decided", {"measure": "warning"}, "Ghi kết luận vụ việc: Cảnh cáo, nhắc nhở"),
        (
            "deadline_moved",
            {"clock": "intake", "old": "2026-11-23T10:00:00+00:00", "new": "2026-11-24T02:20:00+00:00"},
            "Hạn tiếp nhận chuyển từ 17:00, 23/11/2026 sang 09:20, 24/11/2026 do lịch làm việc thay đổi",
        ),
        ("violation_forwarded", {}, "Chuyển vụ việc tới cơ quan chức năng, công văn số "),
        ("some_day_something_new", {}, "some_day_something_new"),
    ],
)
def test_an_event_is_told_with_its_facts(app, key, details, words):
    with app.test_request_context():
        assert sentence(Journal(key=key, details=details)) == words
