"""Every page there is, from the app's own map: a new page is visited without being named here."""

import re
from collections.abc import Iterator

from tests.browser.site import Site

NOT_PAGES = re.compile(
    r"Api\.|OpenApi|FilePages|PhotographFiles|ResultFiles|ScanFiles|PaperFiles"  # data and files
    r"|LocaleView|UtilView"  # lead elsewhere
    r"|failing|ComposePages\.promise"  # asked for by their own test; a part of a page
    r"|ExportPages\.(show|file)"  # of a file: tests/web/test_reports
    r"|\.(ajax_lookup|export|lookup)$"
)
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
WITHOUT_FORMS = ("create_view", "edit_view")
"""The console is for reading: its forms answer 404, which tests/console asserts."""

FEW_ROWS = "?so_dong=5"
"""A list shows its first rows only: all are alike, and axe looks at each."""

HOUSE = (
    "/dieu-hanh",
    "/ngay-lam-viec",
    "/hai-long",
    "/quan-tri",
    "/console",
    "/can-bo",
    "/hop-thu",
    "/vi-pham",
    "/bao-cao",
    "/ho-so",
    "/tai-khoan",
    "/doi-mat-khau",
)
OWN = ("/tai-khoan", "/doi-mat-khau")
WORK = ("/can-bo", "/hop-thu", "/vi-pham", *OWN)
ROLES = {
    "visitor": (),
    "citizen": ("/ho-so", *OWN),
    "receiving_officer": (*WORK, "/ngay-lam-viec", "/bao-cao"),
    "department_officer": (*WORK, "/ngay-lam-viec"),
    "leader": (*WORK, "/dieu-hanh", "/bao-cao", "/hai-long"),
    "administrator": ("/quan-tri", "/console", "/swagger", *OWN),
}
"""The addresses inside the house that a role works with; public pages are for everybody."""

DRAFT_PAGES = {
    f"ComposePages.{name}" for name in ("applicant", "check", "discard", "document", "place", "tasks")
}


def accounts(site: Site) -> dict[str, str]:
    """The account with which each role visits; a department officer must be of the right department."""
    return {
        "visitor": "",
        "citizen": "congdan1",
        "receiving_officer": "tiepnhan",
        "department_officer": site.facts["specialist"],
        "leader": "lanhdao1",
        "administrator": "quantri",
    }


def of_role(site: Site, role: str) -> list[str]:
    """The pages that are meant for the role: those of its work, and the public ones."""
    inside = [path for path in every(site) if path.startswith(HOUSE)]
    outside = [path for path in every(site) if not path.startswith(HOUSE)]
    return outside + [path for path in inside if path.startswith(ROLES[role])]


def every(site: Site) -> list[str]:
    """The addresses of all pages, with keys of rows that exist."""
    return [
        path for rule, endpoint, names in site.facts["rules"] for path in _paths(site, rule, endpoint, names)
    ]


def _paths(site: Site, rule: str, endpoint: str, names: list[str]) -> Iterator[str]:
    if NOT_PAGES.search(endpoint) or endpoint.endswith(WITHOUT_FORMS):
        return
    if endpoint.endswith(".details_view"):
        table = endpoint.removeprefix("console_").removesuffix(".details_view")
        if key := site.facts["rows"].get(table):
            yield f"{rule}?id={key}"
        return
    if endpoint == "FigurePages.index":
        yield f"{rule}?so-lieu=received&tu=2026-11-01&den=2026-11-23"
        return
    for dossier in _dossiers(site, endpoint) if "dossier_id" in names else [None]:
        values = {name: _value(site, endpoint, name, dossier) for name in names}
        yield ARGUMENT.sub("{\\1}", rule).format(**values) + (FEW_ROWS if endpoint.endswith(".list") else "")


def _dossiers(site: Site, endpoint: str) -> list[int]:
    states = site.facts["states"]
    if endpoint in DRAFT_PAGES:
        return [*site.facts["spare"]["to_send"][:1], *states["draft"]]  # the journeys may have sent them all
    needed = {
        "AnsweringPages.answer": ("supplement_requested", "information_requested"),
        "AppraisalPages.approval": ("awaiting_approval",),
        "ComposePages.sent": ("submitted",),
        "CounterPages.desk": ("result_ready",),
        "TrackingPages.withdraw": ("received",),
    }
    return [
        key for state in needed.get(endpoint, [s for s in states if s != "draft"]) for key in states[state]
    ]


def _value(site: Site, endpoint: str, name: str, dossier: int | None) -> str:
    if name == "dossier_id":
        return str(dossier)
    if endpoint == "SurveyPages.index":
        return str(site.facts["survey"])
    if name == "pk":
        return str(site.facts["rows"][endpoint.partition(".")[0]])
    return {
        "agency_id": str(site.facts["agency"]),
        "case_id": str(site.facts["case"]),
        "code": "HKD-01",
        "document_id": str(site.facts["documents"].get(str(dossier))),
        "item_id": str(site.facts["news"]),
        "name": "doi-chieu-phi",
        "secret": site.facts["secret"],
        "token": "no-longer-good",
        "version": "v1",
        "year": "2026",
    }[name]
