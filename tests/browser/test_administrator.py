"""An administrator at a browser: what counts for citizens changes only after its consequence was shown."""

import re

from playwright.sync_api import Page


def test_a_roll_out_date_is_moved_and_citizens_find_it_closed_until_then(window, site):
    administrator, agency = window("quantri"), site.facts["opening_later"]
    page = administrator.open("/quan-tri/trien-khai")
    page.locator(f"[name=ngay_{agency}]").fill("2027-01-04")
    administrator.press("Xem nơi mở, nơi ngừng")
    assert "Ngừng nhận hồ sơ mới ngay khi lưu" in page.locator("#neu-luu").inner_text()
    administrator.press("Lưu 1 ngày")
    assert page.locator(".mc-bao[role=status]").count() == 1

    citizen = window("congdan2")
    shut = citizen.open("/thu-tuc/KS-01")
    shut.get_by_label("Nơi gửi hồ sơ").select_option(str(agency))
    assert "04/01/2027" in shut.locator("#noi-noi").inner_text()
    button = shut.get_by_role("button", name="Nộp hồ sơ")
    assert button.get_attribute("aria-disabled") == "true"
    with shut.expect_navigation():
        button.click(force=True)  # it looks locked; the server says no as well
    assert "04/01/2027" in shut.locator("main").inner_text()
    assert "/soan" not in shut.url


def add_day_off(page: Page, day: str) -> None:
    """Fill in the form of a day off."""
    page.get_by_label("Ngày", exact=True).fill(day)
    page.get_by_label("Loại").select_option(label="Ngày nghỉ")
    page.get_by_label("Tên").fill("Nghỉ do bão")
    page.get_by_label("Căn cứ").fill("Công điện của thành phố")


def test_a_day_off_shows_the_dossiers_it_moves_before_it_is_saved(window):
    administrator = window("quantri")
    page = administrator.open("/quan-tri/ngay-nghi/them")
    add_day_off(page, "2026-11-27")
    administrator.press("Xem hồ sơ đổi hạn")
    preview = page.locator("#neu-luu")
    assert re.search(r"\d+ hồ sơ đang giải quyết đổi hạn", preview.inner_text())
    assert "30/11" in preview.inner_text()
    assert "Nghỉ do bão" not in window("quantri").open("/quan-tri/ngay-nghi").locator("main").inner_text()

    administrator.follow(page.get_by_role("button", name=re.compile("^Lưu")))
    assert "đã đổi hạn" in page.locator(".mc-bao[role=status]").inner_text()
    assert "Nghỉ do bão" in page.locator("main").inner_text()


def names(page: Page) -> list[str]:
    """The documents of the procedure in their order."""
    return page.locator("#giay-to [data-mc-dong] a.chinh").all_inner_texts()


def procedure_page(window, site, **options):
    administrator = window("quantri", **options)
    page = administrator.open(f"/quan-tri/thu-tuc/{site.facts['rows']['ProcedureAdmin']}")
    return administrator, page


def test_documents_are_ordered_by_keys_and_by_dragging_and_stay_so(window, site):
    page = procedure_page(window, site)[1]
    before = names(page)
    handle = page.get_by_role("button", name=f"để chuyển: {before[0]}")
    handle.focus()
    handle.press("ArrowDown")
    page.get_by_text("Đã lưu thứ tự giấy tờ.").wait_for(state="attached")
    assert handle.evaluate("(one) => one === document.activeElement")
    page.reload()
    assert names(page) == [before[1], before[0], *before[2:]]

    grip = page.get_by_role("button", name=f"để chuyển: {before[0]}")
    target = page.locator("#giay-to [data-mc-dong]").first
    start, end = grip.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 8, steps=6)
    with page.expect_response("**/thu-tu") as stored:
        page.mouse.up()
    assert stored.value.status == 204
    page.reload()
    assert names(page) == before


def test_without_scripts_a_document_is_added_moved_changed_and_removed_on_the_page(window, site):
    administrator, page = procedure_page(window, site, java_script_enabled=False)
    before = names(page)
    administrator.follow(page.get_by_role("link", name="Thêm giấy tờ"))
    page.get_by_label("Tên giấy tờ").fill("Ảnh thẻ 4 x 6")
    page.get_by_label("Loại bản").select_option(index=1)
    administrator.press("Lưu")
    assert names(page) == [*before, "Ảnh thẻ 4 x 6"]
    administrator.press("Chuyển lên: Ảnh thẻ 4 x 6")
    assert names(page)[-2] == "Ảnh thẻ 4 x 6"
    administrator.follow(page.get_by_role("link", name="Sửa Ảnh thẻ 4 x 6"))
    page.get_by_label("Số bản").fill("0")
    administrator.press("Lưu")
    assert "Có mục cần sửa" in page.locator(".mc-tom-loi").inner_text()
    page.get_by_label("Số bản").fill("2")
    administrator.press("Lưu")
    administrator.follow(page.get_by_role("link", name="Xóa Ảnh thẻ 4 x 6"))
    administrator.press("Xóa mục này")
    assert names(page) == before


def test_a_procedure_is_looked_up_by_keys_while_typing(window, site):
    administrator = window("quantri")
    page = administrator.open("/quan-tri/giay-to")
    box = page.get_by_role("combobox", name="Thủ tục", exact=True)
    box.focus()
    page.keyboard.type("khai sinh")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    assert box.input_value() == chosen
    administrator.press("Tìm")
    code = chosen.split(" – ")[0]
    assert set(page.locator("td[data-nhan='Mã thủ tục']").all_inner_texts()) == {code}
    assert box.input_value() == chosen  # the filter survives


def test_a_day_is_clicked_on_the_calendar_of_the_year(window, site):
    administrator = window("quantri")
    page = administrator.open("/quan-tri/ngay-nghi/nam/2026")
    administrator.follow(page.locator("a[href$='ngay=2026-12-24']"))
    assert page.get_by_label("Ngày", exact=True).input_value() == "2026-12-24"
