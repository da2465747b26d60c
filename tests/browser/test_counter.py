"""The receiving officer at a browser: taking in, comparing originals with the keys 1 to 4, returning, voiding."""

from tests import factories as make
from tests.browser.keyboard import Keyboard
from tests.browser.site import DESK, Visitor
from tests.browser.test_pages import wrong_with

OFFICER = "tiepnhan"


def state(officer: Visitor, dossier: int) -> str:
    """The tag beside the code on the dossier's page."""
    return officer.open(f"/can-bo/ho-so/{dossier}").locator("h1 .mc-the").inner_text()


def test_an_officer_looks_at_every_document_and_takes_the_dossier_in(window, site):
    officer, dossier = window(OFFICER), site.take("to_receive")
    page = officer.open(f"/can-bo/ho-so/{dossier}")
    locked = page.get_by_role("button", name="Tiếp nhận", exact=True)
    assert locked.get_attribute("aria-disabled") == "true"
    assert page.locator(f"#{locked.get_attribute('aria-describedby')}").inner_text().strip()
    for n in range(page.locator(".mc-doc-list a").count()):
        officer.follow(page.locator(".mc-doc-list a").nth(n))
        picture = page.locator("#xem img")
        picture.wait_for()
        assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    page.reload()
    officer.press("Tiếp nhận")
    assert page.locator(".mc-bao[role=status]").inner_text().strip()
    assert state(officer, dossier) == "Đã tiếp nhận"


def test_the_viewer_obeys_keys(window, site):
    officer = window(OFFICER)
    page = officer.open(f"/can-bo/ho-so/{site.state('submitted')}")
    officer.follow(page.locator(".mc-doc-list a").first)
    picture = page.locator("#xem img")
    page.keyboard.press("+")
    assert picture.evaluate("(one) => one.style.width") == "125%"
    page.keyboard.press("-")
    assert picture.evaluate("(one) => one.style.width") == ""
    page.get_by_label("Xoay phải").click()
    assert picture.evaluate("(one) => one.style.rotate") == "90deg"


def compare_all(page, keys: Keyboard, verdict: str = "1") -> None:
    """Press the verdict's key on each document; the desk opens the next one by itself."""
    papers = page.locator(".mc-tep-nho li").count()
    for n in range(papers):
        page.keyboard.press(verdict if n == 0 else "1")
        assert page.evaluate("document.activeElement.checked")
        if n == 0 and verdict != "1":
            keys.type("Mô tả điểm khác nhau", "Bản gốc mang tên người khác")
        keys.follow("Ghi kết quả đối chiếu", "BUTTON")
    assert page.locator(".mc-tep-nho", has_text="Chưa đối chiếu").count() == 0


def test_the_counter_is_worked_with_the_keyboard_alone_from_log_in_to_hand_over(window, site):
    officer, dossier = window(), site.take("to_return")
    page, keys = officer.open("/dang-nhap"), Keyboard(officer.page)
    keys.type("Tên đăng nhập", OFFICER).type("Mật khẩu", make.DEMO_PASSWORD).follow("Đăng nhập", "BUTTON")
    keys.follow("Chờ trả kết quả", "A")
    invitation = page.locator(f"a[href$='/ho-so/{dossier}/doi-chieu']")
    keys.follow(" ".join(invitation.inner_text().split()), "A")
    locked = page.get_by_role("button", name="Trả kết quả")
    assert locked.get_attribute("aria-disabled") == "true"
    compare_all(page, keys)
    assert locked.get_attribute("aria-disabled") == "true"  # the fee is still to be paid
    keys.type("Số biên lai", "AA-0001").follow("Ghi đã thu", "BUTTON")
    keys.follow("Trả kết quả", "BUTTON")
    assert state(officer, dossier) == "Đã trả kết quả"


def test_typing_digits_into_a_field_is_not_a_verdict(window, site):
    officer = window(OFFICER)
    page = officer.open(f"/can-bo/ho-so/{site.state('result_ready')}/doi-chieu")
    page.get_by_label("Số biên lai").press_sequentially("1234")
    assert page.locator("input[name=verdict]:checked").count() == 0
    assert page.get_by_label("Số biên lai").input_value() == "1234"


DIFFERENCE = "Số nhà trên bản gốc là 72, trên ảnh đã gửi là 27"


def test_an_original_before_the_camera_is_photographed_with_keys_and_reaches_the_leader(window, site):
    officer, dossier = window(OFFICER), site.take("to_void")
    page, keys = officer.open(f"/can-bo/ho-so/{dossier}/doi-chieu"), Keyboard(officer.page)
    keys.to("Mở máy ảnh", "BUTTON")
    page.keyboard.press("Enter")
    page.get_by_text("Hình trực tiếp", exact=True).wait_for()
    page.keyboard.press("c")  # before the verdict: held, but not yet part of the form
    taken = page.locator("[data-mc-anh-moi] li")
    taken.nth(0).wait_for(state="attached")
    assert page.locator("[name=photographs]").is_disabled()
    page.keyboard.press("2")
    page.keyboard.press("c")
    taken.nth(1).wait_for()
    assert page.locator("[name=photographs]").evaluate("(one) => one.files.length") == 2
    assert wrong_with(officer, axe=True) == []
    officer.widen(DESK)
    keys.to("Bỏ ảnh 1", "BUTTON")
    page.keyboard.press("Enter")
    assert taken.count() == 1
    keys.type("Mô tả điểm khác nhau", DIFFERENCE).follow("Ghi kết quả đối chiếu", "BUTTON")
    page.get_by_text("Hình trực tiếp", exact=True).wait_for()  # opened again by itself

    page = window("lanhdao1").open(f"/can-bo/ho-so/{dossier}")
    photograph = page.locator(".mc-anh-goc img")
    assert photograph.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    assert DIFFERENCE in page.locator("main").inner_text()


def test_a_page_turned_at_the_counter_loses_neither_words_nor_photographs(window, site):
    officer = window(OFFICER)
    page = officer.open(f"/can-bo/ho-so/{site.state('result_ready')}/doi-chieu")
    page.keyboard.press("2")
    page.get_by_label("Mô tả điểm khác nhau").fill(DIFFERENCE)
    page.get_by_label("Ảnh bản gốc làm bằng chứng").set_input_files(
        {"name": "goc.jpg", "mimeType": "image/jpeg", "buffer": make.picture("x", (400, 300))}
    )
    pages = page.locator("[data-mc-trang]")
    if pages.count() > 1:
        pages.nth(1).click()
        assert "Trang 2 /" in page.locator(".giua").first.inner_text()
    assert page.get_by_label("Mô tả điểm khác nhau").input_value() == DIFFERENCE
    assert (
        page.locator("[data-mc-anh-moi] img").evaluate("(one) => one.decode().then(() => one.naturalWidth)")
        == 400
    )
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("1")  # it matches after all: the photograph does not leave the browser
    assert page.locator("[name=photographs]").is_disabled()


def test_the_counter_works_without_camera_and_without_javascript(window, site):
    officer, dossier = window(OFFICER, java_script_enabled=False), site.take("to_void")
    page = officer.open(f"/can-bo/ho-so/{dossier}/doi-chieu")
    paper = page.locator(".mc-tep-nho a[aria-current]").get_attribute("href")
    page.locator("input[value=differs]").check()
    page.get_by_label("Mô tả điểm khác nhau").fill(DIFFERENCE)
    page.get_by_label("Ảnh bản gốc làm bằng chứng").set_input_files(
        {"name": "goc.jpg", "mimeType": "image/jpeg", "buffer": make.picture("no script", (400, 300))}
    )
    officer.press("Ghi kết quả đối chiếu")
    page = officer.open(paper)
    assert page.locator(".mc-anh-goc img").count() == 1
    assert "Không khớp" in page.locator(".mc-tep-nho").inner_text()


def test_keys_can_be_switched_off_and_on_again(window, site):
    officer = window(OFFICER)
    page = officer.open(f"/can-bo/ho-so/{site.state('result_ready')}/doi-chieu")
    page.get_by_role("button", name="Tắt phím tắt").click()
    page.keyboard.press("1")
    assert page.locator("input[name=verdict]:checked").count() == 0
    page.reload()
    page.get_by_role("button", name="Bật phím tắt").click()
    page.keyboard.press("3")
    assert page.locator("input[name=verdict]:checked").get_attribute("value") == "unreadable"


def test_a_pile_is_chosen_and_forwarded_with_keys(window, site):
    officer, dossier = window(OFFICER), site.take("to_forward")
    page = officer.open("/hop-thu?nhom=received")
    row = page.locator("tbody tr", has=page.locator(f"a[href$='/ho-so/{dossier}']").first)
    for _ in range(page.locator("tbody tr").count()):
        page.keyboard.press("j")
        if row.evaluate("(one) => one.contains(document.activeElement)"):
            break
    page.keyboard.press("x")
    assert "Đã chọn 1 hồ sơ" in page.locator(".mc-hang-loat").inner_text()
    officer.press("Chuyển thẩm định")
    assert state(officer, dossier) == "Đang thẩm định"


def test_the_way_back_to_the_inbox_is_the_list_as_it_was_left(window, site):
    officer = window(OFFICER)
    page = officer.open("/hop-thu?nhom=counter&tim=hang&tu=2026-11-01")
    officer.follow(page.locator("tbody .mc-ma").first)
    officer.follow(page.locator("a[data-mc-ve-hop-thu]"))
    assert officer.path == "/hop-thu?nhom=counter&tim=hang&tu=2026-11-01"
    assert page.get_by_label("Gửi từ ngày").input_value() == "2026-11-01"


def test_a_result_is_voided_only_after_a_page_that_names_the_consequence(window, site):
    officer, dossier = window(OFFICER), site.take("to_void")
    page, keys = officer.open(f"/can-bo/ho-so/{dossier}/doi-chieu"), Keyboard(officer.page)
    void = page.get_by_role("button", name="Hủy kết quả và báo cơ quan chức năng")
    assert void.get_attribute("aria-disabled") == "true"
    compare_all(page, keys, "2")
    page.get_by_label("Lý do, gửi cho người nộp và cơ quan chức năng").fill("Bản gốc mang tên người khác")
    officer.follow(void)
    assert "Không thể khôi phục" in page.locator("main").inner_text()
    assert "Bản gốc mang tên người khác" in page.locator("main").inner_text()
    officer.follow(page.get_by_role("link", name="Không, quay lại"))
    assert state(officer, dossier) == "Chờ trả kết quả"

    page = officer.open(f"/can-bo/ho-so/{dossier}/doi-chieu")
    page.get_by_label("Lý do, gửi cho người nộp và cơ quan chức năng").fill("Bản gốc mang tên người khác")
    officer.follow(void)
    officer.press("Hủy kết quả và báo cơ quan chức năng")
    assert state(officer, dossier) == "Đã hủy kết quả"
