"""Reports on screen: who may read them, each figure leads to its dossiers, files, and odd input."""

import io
import re

import openpyxl
import pytest

from app.extensions import db
from app.models.exports import ReportExport
from app.models.handling import Journal
from app.services import reports
from app.web.report_forms import BYS
from tests import factories as make
from tests.web.browsing import enter, post

CODES = re.compile(r'href="/can-bo/ho-so/(\d+)"')
LINKS = re.compile(r'<a href="(/so-lieu\?[^"]+)">([\d.]+)</a>')


def drilled(browser, address):
    """How many dossiers a link leads to, over all its pages."""
    found = set()
    while address:
        page = browser.get(address.replace("&amp;", "&"))
        assert page.status_code == 200, address
        found |= set(CODES.findall(page.text))
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        address = following.group(1) if following else None
    return len(found)


@pytest.fixture
def busy(app):
    """A month with a bit of everything, also in a ward."""
    make.submitted()
    make.in_appraisal()
    make.information_requested()
    make.returned()
    make.voided()
    make.received(make.BIRTH, "Cẩm Bình")


def test_each_number_is_the_length_of_the_list_it_leads_to(busy, login):
    browser = enter(login, make.leader())
    grouped = {name: report for name, report in reports.REPORTS.items() if report.bys}
    for name, report in grouped.items():
        for by in {BYS[by][0] for by in report.bys[:2]}:
            page = browser.get(f"/bao-cao/{name}?theo={by}").text
            links = dict(LINKS.findall(page))
            assert len(links) >= 2, name
            for address, number in links.items():
                assert drilled(browser, address) == int(number.replace(".", "")), address
            assert "chưa khớp" not in page


def test_the_citys_leader_reads_all_units_and_opens_only_the_own_ones(busy, login):
    browser = enter(login, make.leader())
    page = browser.get("/bao-cao/ii-06a?cua=0&theo=don-vi").text
    assert "Cẩm Bình" in page
    ward = make.agency("Cẩm Bình").id
    assert f"nhom={ward}" not in page
    assert f"nhom={make.agency().id}" in page
    for address in (
        f"cua=0&so-lieu=received&nhom={ward}",
        f"cua={ward}&so-lieu=received",
        "cua=0&so-lieu=received",
    ):
        assert browser.get(f"/so-lieu?bao-cao=ii-06a&theo=don-vi&{address}").status_code == 403
    assert browser.get("/bao-cao/ii-06a?cua=999999").status_code == 404
    assert browser.get("/bao-cao/ii-06a?linh-vuc=999999").status_code == 404
    assert browser.get("/so-lieu?so-lieu=done&bao-cao=ii-06a&thu-tuc=999999").status_code == 404
    assert browser.get("/bao-cao/ho-so-tre-han?cua=0").status_code == 403


def test_a_wards_leader_reads_only_the_ward(busy, login):
    browser = enter(login, make.leader("Cẩm Bình"))
    page = browser.get("/bao-cao/ii-06a?theo=don-vi").text
    assert len(LINKS.findall(page)) > 0
    assert browser.get("/bao-cao/ii-06a?cua=0").status_code == 403
    assert browser.get(f"/bao-cao/ii-06a?cua={make.agency().id}").status_code == 403
    foreign = browser.get("/so-lieu?bao-cao=ii-06a&theo=linh-vuc&so-lieu=total").text
    assert len(CODES.findall(foreign)) == 1


def test_others_read_no_report(busy, login, client):
    assert client.get("/bao-cao").status_code == 302
    for someone in (make.citizen(), make.administrator(), make.person(make.Role.DEPARTMENT_OFFICER)):
        browser = enter(login, someone)
        for path in (
            "/bao-cao",
            "/bao-cao/ii-06a",
            "/so-lieu?bao-cao=phi-le-phi&so-lieu=paid",
            "/bao-cao/ban-xuat",
        ):
            assert browser.get(path).status_code == 403, path
        assert post(browser, "/bao-cao/phi-le-phi/xuat", dang="csv").status_code == 403
    assert db.session.query(ReportExport).count() == 0


def test_a_receiving_officer_reads_what_the_counter_needs(busy, login):
    browser = enter(login, make.officer())
    index = browser.get("/bao-cao").text
    for name in reports.REPORTS:
        allowed = name in {"tiep-nhan-8-gio", "ho-so-tre-han", "phi-le-phi", "doi-chieu-phi"}
        assert browser.get(f"/bao-cao/{name}").status_code == (200 if allowed else 403)
        assert (f'href="/bao-cao/{name}"' in index) is allowed


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("tu=2026-12-02&den=2026-12-01", "den", "Chọn ngày cuối bằng hoặc sau ngày đầu của kỳ."),
        ("tu=hom-qua", "tu", "Ghi ngày theo mẫu 24/11/2026."),
        ("tu=1900-01-01", "tu", "Chọn ngày từ năm 2000 đến năm 2199."),
        ("theo=mau-sac", "theo", "Chọn một mục có trong danh sách."),
    ],
)
def test_odd_input_is_said_beside_its_field_and_stays(app, login, query, field, words):
    answer = enter(login, make.leader()).get(f"/bao-cao/ii-06a?{query}&phong=1")
    assert answer.status_code == 422
    assert f'<a href="#{field}">{words}</a>' in answer.text
    assert 'value="1" selected' in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bao-cao/khong-co", 404),
        ("/bao-cao/ii-06a?phong=abc", 422),  # not the figures of every department
        ("/bao-cao/ii-06a?linh-vuc=-1", 422),
        ("/so-lieu?so-lieu=done&cua=x", 422),
        ("/so-lieu?bao-cao=ii-06a", 404),
        ("/so-lieu?bao-cao=ii-06a&so-lieu=at_counter", 404),
        ("/so-lieu?bao-cao=ii-06a&so-lieu=total&nhom=abc", 404),
        ("/so-lieu?bao-cao=phi-le-phi&so-lieu=paid&theo=ngay&nhom=2026-13-01", 422),
        ("/so-lieu?bao-cao=ii-06a&so-lieu=total&sau=99999999999999999999", 200),
        ("/bao-cao/ban-xuat/99", 404),
        ("/bao-cao/ban-xuat/99/tep", 404),
    ],
)
def test_odd_addresses_are_answered_plainly(app, login, path, status):
    assert enter(login, make.leader()).get(path).status_code == status


def test_short_files_come_at_once_and_are_noted(busy, login):
    browser = enter(login, make.leader())
    answer = post(browser, "/bao-cao/ii-06a/xuat", dang="xlsx", theo="linh-vuc")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    assert rows[0][0] == "Tình hình, kết quả giải quyết thủ tục hành chính"
    total = next(row[1:] for row in rows if row[1] == "Tổng số")
    assert total[1] == total[2] + total[3] + total[4] == total[5] + total[9] == 4
    file = post(browser, "/bao-cao/ii-06a/xuat", dang="csv")
    assert file.content_type == "text/csv; charset=utf-8"
    text = file.data.decode("utf-8-sig")
    assert "Tiếp nhận: Kỳ trước chuyển sang" in text
    pdf = post(browser, "/bao-cao/tong-hop/xuat", dang="pdf").data
    assert pdf.startswith(b"%PDF")
    notes = db.session.query(Journal).filter_by(key="report_exported").all()
    assert [(n.details["report"], n.details["format"]) for n in notes] == [
        ("ii-06a", "xlsx"), ("ii-06a", "csv"), ("tong-hop", "pdf"),
    ]  # fmt: skip
    assert post(browser, "/bao-cao/ii-06a/xuat", dang="exe").status_code == 422
