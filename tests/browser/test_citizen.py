"""A citizen at a browser: by keyboard only, on a phone, without JavaScript, with the back button and impatience."""

import re
from pathlib import Path

import pytest

from tests import factories as make
from tests.browser.keyboard import Keyboard
from tests.browser.site import PHONE, Visitor
from tests.browser.test_pages import wrong_with

SENT = "Hồ sơ đã được gửi"
IPHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WHO = {  # the mail address stands there already: that of the account
    "Họ và tên, hoặc tên tổ chức": "Nguyễn Thị Minh Hằng",
    "Điện thoại": "0912 345 678",
    "Địa chỉ": "Tổ 3, khu 5, phường Cẩm Bình",
}
TASKS = re.compile(r"/ho-so/\d+/soan$")
UNFINISHED = ".mc-viec li:has-text('Chưa bắt đầu') a"


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A photograph on the citizen's machine."""
    made = tmp_path / "trang-1.jpg"
    made.write_bytes(make.picture("a page", (600, 800)))
    return made


def test_a_citizen_logs_in_composes_and_sends_with_the_keyboard_alone(window, photograph):
    citizen = window()
    page, keys = citizen.open("/dang-nhap"), Keyboard(citizen.page)
    keys.type("Tên đăng nhập", "congdan2").type("Mật khẩu", make.DEMO_PASSWORD).follow("Đăng nhập", "BUTTON")
    citizen.open("/thu-tuc/KS-01")
    keys.choose("Nơi", "Cẩm Bình").follow("Nộp hồ sơ", "BUTTON")
    keys.follow("Người nộp hồ sơ", "A")
    for label, text in WHO.items():
        keys.type(label, text)
    keys.follow("Lưu và về danh sách", "BUTTON")
    assert TASKS.search(citizen.path), page.locator("main").inner_text()
    while page.locator(UNFINISHED).count():
        keys.follow(page.locator(UNFINISHED).first.inner_text(), "A")
        if page.locator("input[type=file]").count():
            keys.pick("Thêm ảnh hoặc tệp", photograph)
        keys.follow("Lưu và về danh sách", "BUTTON")
    keys.follow("Kiểm tra và gửi hồ sơ", "A")
    keys.tick("Tôi xác nhận").follow("Gửi hồ sơ", "BUTTON")
    assert page.locator("h1").inner_text() == SENT
    assert page.locator(".mc-ma-lon").inner_text().strip()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_citizen_composes_and_sends_on_a_phone(window, photograph, java_script):
    citizen = window("congdan1", width=PHONE, java_script_enabled=java_script, **IPHONE)
    page = citizen.open("/thu-tuc/HKD-01")
    citizen.press("Nộp hồ sơ")
    citizen.follow(page.get_by_role("link", name="Người nộp hồ sơ"))
    for label, text in WHO.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    citizen.press("Lưu và về danh sách")
    assert TASKS.search(citizen.path), page.locator("main").inner_text()
    while page.locator(UNFINISHED).count():
        citizen.follow(page.locator(UNFINISHED).first)
        page.get_by_label("Thêm ảnh hoặc tệp").set_input_files(photograph)
        citizen.press("Lưu và về danh sách")
    citizen.follow(page.locator("a.btn-primary", has_text="Kiểm tra và gửi hồ sơ"))
    assert "thứ Tư, 25/11/2026" in page.locator(".mc-hua").inner_text()  # the 24th is a day off
    page.get_by_label("Tôi xác nhận").check()
    citizen.press("Gửi hồ sơ")
    assert page.locator("h1").inner_text() == SENT
    citizen.follow(page.get_by_role("link", name="Theo dõi hồ sơ"))
    assert "Hồ sơ chờ cán bộ tiếp nhận." in page.locator("main").inner_text()


def ready_to_send(window, site, **options) -> Visitor:
    """A citizen on the last page, the declaration made."""
    citizen = window("congdan1", **options)
    page = citizen.open(f"/ho-so/{site.take('to_send')}/kiem-tra")
    page.get_by_label("Tôi xác nhận").check()
    return citizen


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_double_click_on_send_sends_once_and_shows_the_confirmation(window, site, java_script):
    citizen = ready_to_send(window, site, java_script_enabled=java_script)
    posts = []
    citizen.page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    citizen.page.get_by_role("button", name="Gửi hồ sơ").dblclick(no_wait_after=True)
    citizen.page.wait_for_url("**/da-gui")
    assert citizen.page.locator("h1").inner_text() == SENT
    assert len(posts) == 1 or not java_script
    citizen.follow(citizen.page.get_by_role("link", name="Theo dõi hồ sơ"))
    assert citizen.page.locator(".mc-thu > li").count() <= 1  # one letter of receipt, not two


def test_back_after_sending_leads_to_the_sent_dossier_and_not_to_a_second_one(window, site):
    citizen = ready_to_send(window, site)
    page = citizen.page
    citizen.press("Gửi hồ sơ")
    code = page.locator(".mc-ma-lon").inner_text()
    page.go_back()
    page.wait_for_load_state()
    again = page.get_by_role("button", name="Gửi hồ sơ")
    if again.count():
        citizen.follow(again)
    assert code.strip() in page.locator("main").inner_text()
    assert page.locator(".mc-viec").count() == 0


def test_a_declaration_forgotten_is_named_on_top_and_nothing_is_sent(window, site):
    citizen = window("congdan1")
    draft = site.take("to_send")
    page = citizen.open(f"/ho-so/{draft}/kiem-tra")
    citizen.press("Gửi hồ sơ")
    summary = page.locator(".mc-tom-loi")
    assert summary.count() == 1
    assert page.evaluate("document.activeElement.classList.contains('mc-tom-loi')")
    assert page.title().startswith("Lỗi:")
    assert citizen.open(f"/ho-so/{draft}").url.endswith("/soan")


def test_files_go_up_at_once_and_pages_are_put_in_order_by_mouse_and_by_button(window, site, tmp_path):
    citizen, draft = window("congdan1"), site.take("to_send")
    page = citizen.open(f"/ho-so/{draft}/soan/giay-to/{site.facts['documents'][str(draft)]}")
    names = page.locator(".mc-tep-thu-tu a")
    already = names.count()
    files = []
    for name in ("mot.jpg", "hai.jpg", "ba.jpg"):
        files.append(tmp_path / name)
        files[-1].write_bytes(make.picture(name, (600, 800)))
    page.get_by_label("Thêm ảnh hoặc tệp").set_input_files(files)
    page.get_by_text("Đã tải lên xong.").wait_for()
    assert names.all_inner_texts()[already:] == ["mot.jpg", "hai.jpg", "ba.jpg"]
    assert (
        page.locator(".mc-tep-thu-tu img").last.evaluate("(one) => one.decode().then(() => one.naturalWidth)")
        > 0
    )

    rows = page.locator(".mc-tep-thu-tu > li")
    rows.last.scroll_into_view_if_needed()
    held, there = rows.last.bounding_box(), rows.nth(already).bounding_box()
    page.mouse.move(held["x"] + 300, held["y"] + 12)
    page.mouse.down()
    page.mouse.move(held["x"] + 300, held["y"] - 20, steps=5)
    page.mouse.move(there["x"] + 300, there["y"] + 6, steps=8)
    page.mouse.up()
    page.get_by_text(f"Đã chuyển ba.jpg đến vị trí {already + 1}.").wait_for()
    assert names.all_inner_texts()[already:] == ["ba.jpg", "mot.jpg", "hai.jpg"]

    Keyboard(page).to("Xuống ba.jpg", "BUTTON")
    page.keyboard.press("Enter")
    page.get_by_text("Đã lưu thay đổi.").wait_for()
    assert names.all_inner_texts()[already:] == ["mot.jpg", "ba.jpg", "hai.jpg"]
    assert page.evaluate("document.activeElement.innerText").startswith("Xuống"), "the focus stays"
    assert wrong_with(citizen, axe=True) == []
    page.reload()
    assert names.all_inner_texts()[already:] == ["mot.jpg", "ba.jpg", "hai.jpg"]


def test_dropped_files_are_taken_and_one_that_is_none_is_named(window, site):
    citizen, draft = window("congdan1"), site.take("to_send")
    page = citizen.open(f"/ho-so/{draft}/soan/giay-to/{site.facts['documents'][str(draft)]}")
    dropped = page.evaluate_handle("""() => { const held = new DataTransfer();
      held.items.add(new File(["no picture"], "ghi-chu.txt", { type: "text/plain" })); return held; }""")
    page.locator("[data-mc-tha]").dispatch_event("drop", {"dataTransfer": dropped})
    summary = page.locator(".mc-tom-loi")
    summary.wait_for()
    assert "ghi-chu.txt" in summary.inner_text()
    assert page.evaluate("document.activeElement.classList.contains('mc-tom-loi')")


def test_what_is_typed_is_kept_without_pressing_anything(window, site):
    citizen, draft = window("congdan1"), site.take("to_send")
    page = citizen.open(f"/ho-so/{draft}/soan/nguoi-nop")
    page.get_by_label("Địa chỉ", exact=True).fill("Tổ 9, khu 2")
    page.get_by_text("Đã tự lưu lúc").wait_for()
    page.reload()
    assert page.get_by_label("Địa chỉ", exact=True).input_value() == "Tổ 9, khu 2"
