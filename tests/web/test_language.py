"""Vietnamese is the source, English is complete: every word of ours has its translation and finds its way to the page."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from textwrap import shorten

import flask_appbuilder
import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask_babel import force_locale, gettext

from app.domain import language
from app.domain.errors import Refused
from app.domain.roles import Role
from app.domain.states import State
from app.domain.working_time import in_words
from app.extensions import db
from app.models.base import Model
from app.models.organisation import AdministrativeUnit
from app.reasons import words
from app.services import mail_texts
from app.web.extraction import VIETNAMESE
from app.web.formats import che_ten
from tests import factories as f
from tests.web.browsing import enter

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{?[^{}]*\}\}?")
QUIET = ("/lang/", "/static", "/api/", "/swagger", "/dang-xuat", "/health")
SPOKEN = ("alt", "aria-label", "content", "placeholder", "title", "value")
"""Attributes that are read out or shown; ``value`` only on buttons."""


def catalogue(locale: str) -> Catalog:
    with (ROOT / "app" / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def compiled(locale: str) -> Catalog:
    with (ROOT / "app" / "translations" / locale / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return read_mo(file)


def ours() -> set:
    """Every message of ours as it stands in the code now."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None, "_many": ((1, "c"), 2)}
    )
    return {(message, context) for _file, _line, message, _comments, context in found}


def of_fab() -> set:
    """What Flask-AppBuilder says."""
    keywords = {"_": None, "__": None, "gettext": None, "lazy_gettext": None, "_many": ((1, "c"), 2)}
    folder = Path(flask_appbuilder.__file__).parent
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    return {row[2] for row in extract_from_dir(folder, methods, keywords=keywords) if isinstance(row[2], str)}


def by_id(found: Catalog) -> dict:
    rows = [message for message in found if message.id]
    return {(m.id if isinstance(m.id, str) else m.id[0], _text(m.context)): strings(m) for m in rows}


def _text(context: str | bytes | None) -> str | None:
    return context.decode() if isinstance(context, bytes) else context  # as a compiled catalogue is read


def strings(message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


@pytest.mark.no_database
def test_every_word_of_ours_has_its_english():
    english = catalogue("en")
    missing = [
        message
        for message, context in ours()
        if (found := english.get(message if isinstance(message, str) else message[0], context)) is None
        or not all(strings(found))
        or found.fuzzy
    ]
    assert not missing, f"run `make translations`, then write the English of: {missing}"


@pytest.mark.no_database
@pytest.mark.parametrize("locale", ["en", "vi"])
def test_the_compiled_catalogue_is_the_written_one(locale):
    assert by_id(compiled(locale)) == by_id(catalogue(locale))


@pytest.mark.no_database
@pytest.mark.parametrize("locale", ["en", "vi"])
def test_nothing_is_fuzzy_and_every_placeholder_is_kept(locale):
    for message in catalogue(locale):
        if not message.id:
            continue
        asked = message.id if isinstance(message.id, str) else message.id[0]
        assert not message.fuzzy, asked
        for said in strings(message):
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(asked)), asked


@pytest.mark.no_database
def test_the_english_is_english():
    names = {"Cẩm", "Bình", "Phả", "Quảng", "Tết", "đồng", "(đồng)"}
    for message in catalogue("en"):
        for said in strings(message) if message.id else ():
            left = [word for word in re.split(r"[\s,.]+", said) if word not in names]
            assert not VIETNAMESE.search(" ".join(left)), said


@pytest.mark.no_database
def test_flask_appbuilder_speaks_vietnamese():
    vietnamese, english = catalogue("vi"), catalogue("en")
    found = of_fab()
    assert len(found) > 100
    missing = [one for one in found if not (vietnamese.get(one) and vietnamese.get(one).string)]
    assert not missing
    assert not [one for one in found if english.get(one)]


def test_words_below_the_doors_are_said_in_the_language_of_whoever_asks(app):
    late = timedelta(minutes=-35)
    with app.test_request_context(), force_locale("en"):
        assert State.IN_APPRAISAL.label == "In appraisal"
        assert in_words(timedelta(hours=2, minutes=10)) == "2 hours 10 minutes left"
        assert in_words(timedelta(hours=9), paused=True) == "Paused, 1 day 1 hour left"
        assert in_words(late) == "35 minutes late"
        assert words(Refused("fee_not_paid", left=100000)) == "100.000 đồng not yet collected or exempted."
        with language.as_written():
            assert State.IN_APPRAISAL.label == "Đang thẩm định"
    with app.test_request_context():
        assert in_words(late) == "Quá 35 phút"
        assert gettext("Gửi hồ sơ") == "Gửi hồ sơ"


def test_a_mail_is_vietnamese_though_the_officer_reads_english(app):
    dossier = f.result_ready()
    with app.test_request_context(), force_locale("en"):
        assert mail_texts.dossier_context(dossier)["state"] == "Chờ trả kết quả"


class Spoken(HTMLParser):
    """The words of a page, without what it declares to be Vietnamese."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "style"} or given.get("lang") == "vi":
            self._silent += 1
        button = tag == "input" and given.get("type") in {"submit", "button"}
        if not self._silent:
            self.found += [given[n] or "" for n in SPOKEN if n in given and (n != "value" or button)]

    def handle_endtag(self, tag):
        if self._silent and tag in {"script", "style", "a"}:
            self._silent -= 1

    def handle_data(self, data):
        if not self._silent:
            self.found.append(data)


def plain(text: object) -> str:
    return " ".join(str(text).split()).casefold()


def shortened(text: str) -> str:
    """As lists show the beginning of a long text."""
    return shorten(text, 80, placeholder="…")


def data() -> list[str]:
    """Everything that people wrote, longest first; words that are ours too are no excuse."""
    said = {plain(one if isinstance(one, str) else one[0]) for one, _context in ours()}
    found = {plain(name) for name in ("Một cửa", "Cẩm Phả", "Quảng Ninh", "Cẩm Bình", "đồng", "Tết")}
    for table in Model.metadata.sorted_tables:
        columns = [c for c in table.columns if isinstance(c.type, (sa.String, sa.Text))]
        for row in db.session.execute(sa.select(*columns)) if columns else ():
            for value in filter(None, map(str, row)):
                found |= {
                    plain(part)
                    for part in (
                        value,
                        che_ten(value),
                        shortened(value),
                        *value.split("\n"),
                        *value.split("; "),
                    )
                }
    found |= {plain(unit) for unit in db.session.scalars(sa.select(AdministrativeUnit))}
    return sorted((one for one in found - said if VIETNAMESE.search(one)), key=len, reverse=True)


def left_over(page: str, known: list[str]) -> list[str]:
    """What of a page is Vietnamese and was not written by people."""
    wrong = []
    for text in map(plain, Spoken(page).found):
        rest = text
        if VIETNAMESE.search(rest):
            for one in filter(rest.__contains__, known):
                rest = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "", rest)
        if VIETNAMESE.search(rest):
            wrong.append(text[:160])
    return wrong


def paths(app, dossiers) -> list[str]:
    """Every page of the site, those of a dossier for each of these."""
    addresses = app.url_map.bind("localhost")
    found = {f"/hop-thu?nhom={key}" for key in ("intake", "appraisal", "elsewhere", "closed")}
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.rule.startswith(QUIET) and "static" not in rule.rule:
            for dossier in dossiers if "dossier_id" in rule.arguments else dossiers[:1]:
                given = {name: value(dossier) for name, value in GIVEN.items() if name in rule.arguments}
                found.add(addresses.build(rule.endpoint, given))
    return sorted(found)


GIVEN = {
    "dossier_id": lambda dossier: dossier.id,
    "document_id": lambda dossier: dossier.documents[0].id,
    "attachment_id": lambda dossier: dossier.documents[0].attachments[0].id,
    "agency_id": lambda dossier: dossier.agency_id,
    "code": lambda dossier: dossier.procedure.code,
    "secret": lambda dossier: dossier.secret,
    "export_type": lambda _dossier: "csv",
    "token": lambda _dossier: "x",
    "number": lambda _dossier: 1,
    "item_id": lambda _dossier: 1,
    "case_id": lambda _dossier: 1,
    "year": lambda _dossier: 2026,
    "photograph_id": lambda _dossier: 1,
    "pk": lambda _dossier: 1,
    "name": lambda _dossier: "procedure",
}


ROLES = ["visitor", *(role.value for role in Role if role is not Role.SYSTEM)]


def who(role: str, login, client, dossier):
    people = {
        "citizen": f.citizen,
        "receiving_officer": f.officer,
        "department_officer": lambda: f.specialist(dossier),
        "leader": f.leader,
        "administrator": f.administrator,
    }
    return client if role == "visitor" else enter(login, people[role]())


@pytest.mark.parametrize("role", ROLES)
def test_no_vietnamese_is_left_on_an_english_page(app, client, login, role):
    dossiers = [f.in_appraisal(), f.complete_draft(), f.supplement_requested(), f.submitted()]
    dossiers += [f.awaiting_approval(), f.result_ready(), f.returned(), f.voided()]
    browser = who(role, login, client, dossiers[0])
    assert browser.get("/lang/en").status_code == 302
    known, wrong, seen = data(), {}, 0
    for path in paths(app, dossiers):
        answer = browser.get(path)
        if answer.content_type.startswith("text/html") and answer.status_code < 500:
            seen += answer.status_code == 200
            if left := left_over(answer.text, known):
                wrong[path] = left
            assert answer.status_code != 200 or '<html lang="vi"' not in answer.text, path
    assert seen > 5
    assert role != "visitor" or ">Procedures</a>" in browser.get("/").text  # a noun that names a list
    assert not wrong, "\n".join(f"{path}: {left}" for path, left in wrong.items())
