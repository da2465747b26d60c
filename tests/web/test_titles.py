"""A page that shows an error says so first in its title, whoever wrote the page."""

import pytest

from tests import factories
from tests.web.browsing import enter, post


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_title_of_a_refused_form_begins_with_the_error(client, login, language):
    sent = factories.submitted()
    citizen = enter(login, factories.citizen())
    citizen.get(f"/lang/{language}")
    client.get(f"/lang/{language}")
    answers = [
        post(citizen, f"/ho-so/{sent.id}/rut", reason=""),
        post(client, "/dang-nhap", username="", password=""),
        post(client, "/hoi-dap", body=""),
    ]
    word = {"vi": "Lỗi: ", "en": "Error: "}[language]
    for answer in answers:
        title = answer.text.partition("<title>")[2].partition("</title>")[0]
        assert title.startswith(word), (title, answer.status_code)
        assert title.count(word.strip()) == 1
