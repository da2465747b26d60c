"""A leader at a browser."""

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
