"""A leader at a browser."""

import pypdfium2

from tests.browser.test_counter import state


def test_a_leader_reads_the_draft_and_approves(window, site):
    leader, dossier = window("lanhdao1"), site.take("to_approve")
    page = leader.open(f"/can-bo/ho-so/{dossier}/phe-duyet")
    assert page.locator("#xem img").evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    assert "Hồ sơ đủ điều kiện giải quyết." in page.locator("main").inner_text()
    leader.press("Phê duyệt")
    assert page.locator(".mc-tom-loi").count() == 1  # the number is missing
    page.get_by_label("Số văn bản").fill("12/QĐ-UBND")
    leader.press("Phê duyệt")
    assert leader.path.endswith("/phe-duyet"), "the next one that waits is opened"
    assert leader.path != f"/can-bo/ho-so/{dossier}/phe-duyet"
    assert state(leader, dossier) == "Đã có kết quả"


def test_the_approval_queue_leads_to_the_dossier(window, site):
    leader = window("lanhdao1")
    page = leader.open("/hop-thu")
    leader.follow(page.locator(f"a[href*='/can-bo/ho-so/{site.state('awaiting_approval')}']").first)
    assert "Chờ phê duyệt" in page.locator("h1").inner_text()


def test_the_board_is_walked_by_keyboard_from_a_chart_to_its_dossiers(window, site):
    leader = window("lanhdao1")
    page = leader.open("/dieu-hanh")
    summary = page.locator("summary", has_text="Xem dạng bảng").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the table
    page.keyboard.press("Tab")  # its first number
    number = page.evaluate("document.activeElement.innerText")
    assert int(number) > 0
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"{number} hồ sơ" in page.locator("main").inner_text()
    assert page.locator("tbody tr").count() == int(number)


def test_the_board_is_printed_on_a4_landscape_with_its_tables_open(window, site):
    page = window("lanhdao1").open("/dieu-hanh")
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert [round(side) for side in pdf[0].get_size()] == [842, 595]
    words = " ".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    for printed in ("Điều hành", "Trước hạn", "Tuần từ"):
        assert printed in words
    for screen_only in ("Xem dạng bảng", "Xem số liệu", "Đăng xuất"):
        assert screen_only not in words
