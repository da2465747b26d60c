"""A department officer at a browser: reads the papers, writes the opinion, drafts the result, proposes."""

from tests import factories as make
from tests.browser.test_counter import state


def test_a_specialist_appraises_drafts_and_proposes(window, site):
    specialist, dossier = window(site.facts["specialist"]), site.take("to_appraise")
    page = specialist.open("/hop-thu")
    specialist.follow(page.locator(f"td.mc-thao-tac a[href$='/ho-so/{dossier}']"))
    locked = page.get_by_role("button", name="Trình phê duyệt", exact=True)
    assert locked.get_attribute("aria-disabled") == "true"
    assert "Ghi ý kiến thẩm định" in page.locator(f"#{locked.get_attribute('aria-describedby')}").inner_text()
    specialist.follow(page.locator(".mc-doc-list a").first)
    assert page.locator("#xem img").first.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    page.get_by_label("Ý kiến của phòng").fill("Hồ sơ đủ điều kiện.")
    specialist.press("Ghi ý kiến")
    page.get_by_label("Nội dung kết quả, một câu").fill("Cấp giấy chứng nhận")
    page.get_by_label("Tệp dự thảo").set_input_files(
        {"name": "du-thao.jpg", "mimeType": "image/jpeg", "buffer": make.picture("draft", (600, 800))}
    )
    specialist.press("Lưu dự thảo")
    specialist.press("Trình phê duyệt")
    assert state(specialist, dossier) == "Chờ phê duyệt"
