"""What the jobs write for programs is said for people in the console."""

from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from app.console import words
from app.services.jobs import JOBS


@pytest.fixture(autouse=True)
def vietnamese(app):
    with app.test_request_context("/"), force_locale("vi"):
        yield


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nothing to do", "Không có việc"),
        ("3 sent, 1 put off", "thư đã gửi: 3; thư hoãn gửi: 1"),
        ("deadline_half 2, pickup_reminded 1", "hồ sơ quá nửa thời hạn: 2; lần nhắc nhận kết quả: 1"),
        ("4 discarded", "bản nháp đã hủy: 4"),
        ("0 set", "giấy đã lập bản in: 0"),
        ("7 of something new", "7 of something new"),
        ("", ""),
    ],
)
def test_a_result_is_said_and_what_is_not_known_stays(written, said):
    assert words.result(written) == said


def test_roles_and_people_are_named_as_in_vietnamese():
    assert words.role("receiving_officer") == "Công chức tiếp nhận"
    assert words.role("gone") == "gone"
    assert (
        words.person(SimpleNamespace(first_name="Hằng", last_name="Nguyễn Thị Thu")) == "Nguyễn Thị Thu Hằng"
    )


def test_jobs_and_weekdays_have_names():
    assert words.job("send_mail") == JOBS["send_mail"].label
    assert words.job("gone") == "gone"
    assert [words.weekday(n) for n in (0, 6)] == ["Thứ Hai", "Chủ nhật"]
