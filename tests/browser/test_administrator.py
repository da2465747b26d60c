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
