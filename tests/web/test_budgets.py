"""What a page may ask of the database: twelve statements for a list, however long it is. Times are in bench/."""

import pytest

from app.domain.roles import Role
from app.extensions import db
from app.models.dossier import Dossier
from app.services import tabs
from tests import factories as make
from tests.web.browsing import enter
from tests.web.desks import queries, statements

MOST = 12
LISTS = (
    "/can-bo/danh-sach",
    "/can-bo/danh-sach?loc-search_text=nguyen",
    "/can-bo/danh-sach?xep=applicant_name&chieu=desc&so_dong=100",
    "/can-bo/danh-sach?loc-state=submitted&trang=2",
)
ROLES = (Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER)


@pytest.fixture
def many(app):
    """Forty dossiers of every kind of a busy morning: each made from one that really went its way."""
    made = [make.submitted(), make.in_appraisal(), make.awaiting_approval(), make.returned()]
    skip = {"id", "reference", "secret", "code", "version"}
    for number in range(40):
        like = made[number % len(made)]
        values = {c.key: getattr(like, c.key) for c in Dossier.__mapper__.column_attrs if c.key not in skip}
        db.session.add(Dossier(**values, reference=f"N-{number:04d}", secret=f"s{number}"))
    db.session.commit()
    return made


def person(role, made):
    return {
        Role.RECEIVING_OFFICER: make.officer(),
        Role.DEPARTMENT_OFFICER: make.specialist(made[1]),
        Role.LEADER: make.leader(),
    }[role]


@pytest.mark.parametrize("role", ROLES)
def test_no_tab_of_an_inbox_and_no_search_in_it_asks_more(login, many, role):
    browser = enter(login, person(role, many))
    for queue in tabs.of(role):
        for more in ("", "&tim=nguyen", "&tim=khong+co+that"):
            address = f"/hop-thu?nhom={queue.key}{more}"
            assert statements(browser, address) <= MOST, address


@pytest.mark.parametrize("role", ROLES)
def test_no_list_of_dossiers_asks_more(login, many, role):
    browser = enter(login, person(role, many))
    for address in LISTS:
        assert statements(browser, address) <= MOST, address


@pytest.mark.parametrize("path", ["procedures", "fees", "units", "dossiers", "attachments"])
def test_no_list_for_machines_asks_more(machine, many, path):
    caller = machine(make.officer())
    for address in (f"/{path}/?limit=100", f"/{path}/?after=3&limit=100"):
        with queries() as seen:
            assert caller.get(address).status_code == 200
        assert len(seen) <= MOST, address


def test_no_list_of_the_administrator_asks_more(login, many):
    browser = enter(login, make.administrator())
    for name in (
        "thu-tuc",
        "thu-tuc?so_dong=100",
        "don-vi",
        "co-quan",
        "phong",
        "tai-khoan",
        "tai-khoan-nguoi-dan",
    ):
        assert statements(browser, f"/quan-tri/{name}") <= MOST, name


def test_the_page_of_a_dossier_asks_at_most_twenty_four(login, many):
    """The issue asks for thirty."""
    for role in ROLES:
        browser = enter(login, person(role, many))
        for made in many:
            if role is Role.DEPARTMENT_OFFICER and made.department_id != many[1].department_id:
                continue
            if role is Role.DEPARTMENT_OFFICER and made.forwarded_at is None:
                continue
            assert statements(browser, f"/can-bo/ho-so/{made.id}") <= 24, (role, made.state)
