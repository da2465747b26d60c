"""Asking on the site and on a procedure's page."""

import pytest

from app.extensions import db
from app.models.outbox import Question
from app.reasons import WORDS
from app.services import questions
from tests import factories
from tests.web.browsing import post


@pytest.fixture
def fields(app):
    return {
        "agency_id": factories.agency().id,
        "name": "Vũ Thị Lan",
        "email": "lan@example.vn",
        "body": "Nhà thuê có đăng ký được không?",
    }


def asked() -> int:
    return db.session.scalar(db.select(db.func.count(Question.id)))


def test_anybody_can_ask_on_the_site(client, fields):
    before = asked()
    assert post(client, "/hoi-dap", **fields).status_code == 302
    assert asked() == before + 1
    assert "Đã nhận câu hỏi" in client.get("/hoi-dap").text


def test_a_question_on_a_procedures_page_belongs_to_the_procedure(client, fields):
    assert post(client, "/thu-tuc/HKD-01/hoi", **fields).status_code == 302
    assert (
        db.session.scalars(db.select(Question).order_by(Question.id.desc())).first().procedure.code
        == "HKD-01"
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", " ", "Nhập họ và tên."),
        ("email", "lan@", WORDS["email_malformed"]),
        ("body", "", "Viết câu hỏi trước khi gửi."),
        ("body", "a" * 5001, "Rút gọn nội dung còn nhiều nhất 5000 ký tự."),
        ("agency_id", "99999", "Không tìm thấy cơ quan này."),
    ],
)
@pytest.mark.parametrize("path", ["/hoi-dap", "/thu-tuc/KS-01/hoi"])
def test_a_refused_question_keeps_what_was_typed_and_stores_nothing(
    client, fields, path, field, typed, words
):
    before = asked()
    answer = post(client, path, **fields | {field: typed})
    assert answer.status_code in (422, 404)
    assert words in answer.text
    if answer.status_code == 422:
        assert all(str(value) in answer.text for name, value in fields.items() if name != field)
    assert asked() == before


def test_nobody_can_flood_the_officers(client, fields):
    for _ in range(questions.ASKS_PER_HOUR):
        post(client, "/hoi-dap", **fields)
    before = asked()
    assert post(client, "/hoi-dap", **fields).status_code == 429
    assert asked() == before


def test_asking_needs_the_token(client, fields):
    before = asked()
    assert client.post("/hoi-dap", data=fields).status_code == 400
    assert asked() == before


def test_published_answers_show_the_asker_masked_and_only_when_published(client, fields):
    post(
        client,
        "/thu-tuc/HKD-01/hoi",
        **fields | {"body": "<script>alert(1)</script>", "name": "Trần Văn Kín"},
    )
    row = db.session.scalars(db.select(Question).order_by(Question.id.desc())).first()
    questions.answer(factories.officer(), row.id, "Được <b>phép</b>.", publish=False)
    assert "Được &lt;b&gt;" not in client.get("/thu-tuc/HKD-01").text
    questions.answer(factories.officer(), row.id, "Được <b>phép</b>.", publish=True)
    for path in ("/thu-tuc/HKD-01", "/hoi-dap"):
        page = client.get(path).text
        assert "Được &lt;b&gt;phép&lt;/b&gt;." in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "Trần V. K." in page
        assert "Văn Kín" not in page
        assert "lan@example.vn" not in page
