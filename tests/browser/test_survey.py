"""The survey on a telephone without JavaScript, from the link in the mail."""

from tests.browser.site import PHONE


def test_a_citizen_answers_on_a_telephone_without_javascript_once(window, site):
    person = window("", width=PHONE, java_script_enabled=False)
    page = person.open(f"/khao-sat/{site.facts['to_ask']}")
    assert person.press("Gửi ý kiến").get_by_role("alert").locator("li").count() == 5
    for group in page.locator("fieldset").all():
        group.get_by_label("Rất hài lòng", exact=True).check()
    page.get_by_label("Ý kiến khác").fill("Nhanh gọn.")
    assert person.press("Gửi ý kiến").get_by_role("heading", level=1).inner_text() == "Đã ghi nhận ý kiến"
    person.open(f"/khao-sat/{site.facts['to_ask']}")
    assert page.get_by_role("radio").count() == 0
    assert person.complaints == []
