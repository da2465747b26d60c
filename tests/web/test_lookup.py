"""Looking a dossier up without an account."""

import pytest

from app.services import settings
from tests import factories
from tests.web.browsing import post


def test_code_and_four_digits_show_state_deadline_and_masked_names(client):
    made = factories.received()
    answer = post(client, "/tra-cuu", code=f" {made.code.lower()} ", last_four="5678")
    assert answer.status_code == 200
    for words in ("Hồ sơ đã được tiếp nhận", "17:00 thứ Sáu, 27/11/2026", "Nguyễn T. M. H."):
        assert words in answer.text
    for secret in ("Minh Hằng", "0912345678", made.declared_email, "022185001234", made.secret):
        assert secret not in answer.text


def test_the_reference_finds_a_dossier_that_is_not_received_yet(client):
    made = factories.submitted()
    assert (
        "Hồ sơ chờ cán bộ tiếp nhận" in post(client, "/tra-cuu", code=made.reference, last_four="5678").text
    )


def test_the_secret_link_of_the_qr_opens_the_dossier_without_logging_in(client):
    made = factories.submitted()
    answer = client.get(f"/tra-cuu/{made.secret}")
    assert "Hồ sơ chờ cán bộ tiếp nhận" in answer.text
    assert "Minh Hằng" not in answer.text


@pytest.mark.parametrize("path", ["/tra-cuu", "/tra-cuu/{secret}"])
def test_look_ups_are_never_indexed_or_kept(client, path):
    answer = client.get(path.format(secret=factories.submitted().secret))
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "typed", [{"last_four": "0000"}, {"code": "N-XXXX-XXXX"}, {"code": "%\0"}, {"last_four": "٥٦٧٨"}]
)
def test_a_wrong_look_up_keeps_what_was_typed_and_tells_nothing(client, typed):
    made = factories.submitted()
    answer = post(client, "/tra-cuu", **{"code": made.reference, "last_four": "5678"} | typed)
    assert answer.status_code == 422
    assert "Không có hồ sơ nào khớp" in answer.text
    assert f'value="{typed.get("last_four", "5678")}"' in answer.text
    assert made.procedure_name not in answer.text


@pytest.mark.parametrize(
    ("left_out", "said"), [("code", "Nhập mã hồ sơ."), ("last_four", "Nhập 4 số cuối điện thoại người nộp.")]
)
def test_a_look_up_with_nothing_typed_says_what_to_type(client, left_out, said):
    typed = {"code": factories.submitted().reference, "last_four": "5678"}
    answer = post(client, "/tra-cuu", **typed | {left_out: " "})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Không có hồ sơ nào khớp" not in answer.text


def test_a_draft_cannot_be_looked_up(client):
    made = factories.complete_draft()
    assert "Không có hồ sơ nào khớp" in post(client, "/tra-cuu", code=made.reference, last_four="5678").text
    assert client.get(f"/tra-cuu/{made.secret}").status_code == 404


def test_after_a_few_wrong_tries_even_the_right_digits_are_locked_for_a_while(client, moment):
    made = factories.submitted()
    for _ in range(settings.get("lookup_tries")):
        post(client, "/tra-cuu", code=made.reference, last_four="0000")
    answer = post(client, "/tra-cuu", code=made.reference, last_four="5678")
    assert answer.status_code == 429
    assert "phút" in answer.text
    moment.shift(60 * (settings.get("lookup_lock_minutes") + 1))
    assert post(client, "/tra-cuu", code=made.reference, last_four="5678").status_code == 200


@pytest.mark.parametrize("secret", ["x", "%00", "' OR 1=1 --", "../etc"])
def test_another_text_is_no_secret_link(client, secret):
    assert client.get(f"/tra-cuu/{secret}").status_code == 404


def test_looking_up_needs_the_token(client):
    made = factories.submitted()
    assert client.post("/tra-cuu", data={"code": made.reference, "last_four": "5678"}).status_code == 400
