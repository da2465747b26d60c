"""Tests about the code itself: what the house promises, kept by every file and every route."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from app.domain import transitions
from app.domain.roles import Role
from app.services import roles
from tests import factories as make

APP = Path("app")
OURS = [*sorted(APP.rglob("*.py")), *sorted(Path("seed").rglob("*.py")), Path("config.py"), Path("run.py")]
PUBLIC = {
    "/", "/thu-tuc", "/thu-tuc/<code>", "/tra-cuu", "/tra-cuu/<secret>", "/tin-tuc", "/tin-tuc/<item_id>", "/hoi-dap",
    "/dang-nhap", "/dang-ky", "/quen-mat-khau", "/gui-lai-xac-nhan", "/xac-nhan/<token>", "/kich-hoat/<token>",
    "/dat-lai-mat-khau/<token>", "/doi-thu-dien-tu/<token>", "/lang/<locale>", "/back", "/khao-sat/<token>",
    "/thoi-gian-giai-quyet",
}  # fmt: skip
"""What anybody may open. A new route is either here or asks who is there."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in OURS:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def plain(rule: str) -> str:
    """The rule without converters: /ho-so/<int(max=9):id> becomes /ho-so/<id>."""
    return re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule)


def lines_of(function: ast.FunctionDef) -> int:
    """Lines of code; a docstring, which the REST door writes as a description for machines, is none."""
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    text = (first.end_lineno or 0) - first.lineno + 1 if is_text else 0
    return (function.end_lineno or 0) - function.lineno + 1 - text


def routes(app) -> list:
    return [r for r in app.url_map.iter_rules() if "static" not in r.endpoint]


def address(rule: str) -> str:
    return re.sub(r"<[^<>]+>", "1", rule)


class TestCode:
    def test_imports_go_down_only(self):
        assert lint_imports() == 0

    @pytest.mark.parametrize("path", OURS, ids=str)
    def test_a_file_is_one_noun(self, path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300

    def test_a_function_is_one_verb(self):
        long = [
            f"{path}:{node.name}"
            for path, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and lines_of(node) > 40
        ]
        assert long == []

    def test_only_the_transaction_commits(self):
        committing = {
            str(path)
            for path, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "commit"
        }
        assert committing == {"app/services/transaction.py"}

    def test_only_the_clock_reads_the_time(self):
        readers = {
            str(path)
            for path, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"now", "utcnow", "today"}
            and isinstance(node.value, ast.Name)
            and node.value.id in {"datetime", "date"}
        }
        assert readers == {"app/domain/clock.py"}

    def test_a_dossier_is_fetched_for_a_person_only_by_access(self):
        fetching = {
            str(path)
            for path in (APP / "web").rglob("*.py")
            if re.search(r"select\(Dossier\)|get\(Dossier|query\(Dossier", path.read_text(encoding="utf-8"))
        }
        assert fetching == set()

    def test_doors_of_frameworks_are_entered_through_the_hardened_bases_only(self):
        stock = {
            "ModelView",
            "ModelRestApi",
            "BaseApi",
            "BaseView",
            "MasterDetailView",
            "AdminIndexView",
            "RestCRUDView",
        }
        bases = {"app/web/base.py", "app/web/pages.py", "app/api/base.py", "app/console/base.py"}
        outside = {
            f"{path}:{node.name}"
            for path, tree in trees()
            if str(path) not in bases
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and {getattr(b, "id", getattr(b, "attr", "")) for b in node.bases} & stock
        }
        assert outside == set()

    def test_nothing_points_to_another_host(self):
        hosts = [
            f"{path}: {found}"
            for folder in ("app/templates", "app/static")
            for path in Path(folder).rglob("*.*")
            if path.suffix in {".html", ".js", ".css", ".txt"}
            for found in re.findall(
                r"(?:src|href|url|@import)[\s=(\"']+(https?://[^\s\"')]+)", path.read_text("utf-8")
            )
        ]
        assert hosts == []

    def test_no_template_has_inline_script_or_style(self):
        inline = [
            f"{path}: {found}"
            for path in (APP / "templates").rglob("*.html")
            for found in re.findall(
                r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=\"|\son\w+=\"", path.read_text("utf-8")
            )
        ]
        assert inline == []


class TestMigrations:
    FILES = sorted(Path("migrations/versions").glob("*.py"))

    def test_are_numbered_in_a_row(self):
        assert [p.name[:4] for p in self.FILES] == [f"{n:04d}" for n in range(1, len(self.FILES) + 1)]

    def test_say_their_number_and_the_one_before(self):
        for number, path in enumerate(self.FILES, start=1):
            text = path.read_text(encoding="utf-8")
            assert f'revision = "{number:04d}"' in text
            assert f'down_revision = "{number - 1:04d}"' in text or number == 1


class TestRoutes:
    def test_every_route_that_is_not_public_asks_who_is_there(self, app, client):
        let_in = []
        for rule in routes(app):
            if "GET" not in (rule.methods or ()) or plain(rule.rule) in PUBLIC:
                continue
            answer = client.get(address(plain(rule.rule)))
            if answer.status_code not in {301, 302, 401, 403, 404, 405, 308}:
                let_in.append(f"{rule.rule} {answer.status_code}")
            if answer.status_code in {301, 302} and "/dang-nhap" not in answer.location:
                let_in.append(f"{rule.rule} -> {answer.location}")
        assert let_in == []

    def test_every_form_refuses_a_post_without_a_token(self, app, login):
        browser = login(make.username(make.administrator()))
        taken = []
        for rule in routes(app):
            if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
                answer = browser.post(address(plain(rule.rule)), data={"x": "1"})
                if answer.status_code not in {400, 404, 405}:
                    taken.append(f"{rule.rule} {answer.status_code}")
        assert taken == []

    def test_rest_changes_things_by_token_only(self, app, login):
        browser = login(make.username(make.officer()))
        for rule in routes(app):
            if rule.rule.startswith("/api/") and "POST" in (rule.methods or ()) and "/login" not in rule.rule:
                assert browser.post(address(plain(rule.rule)), json={}).status_code == 401, rule.rule

    def test_addresses_are_written_in_kebab_case(self, app):
        odd = [r.rule for r in routes(app) if re.search(r"[A-Z_]", re.sub(r"<[^<>]+>", "", r.rule))]
        assert odd == ["/api/<version>/_openapi"]


PEOPLE = {
    "visitor": None,
    "citizen": Role.CITIZEN,
    "officer": Role.RECEIVING_OFFICER,
    "specialist": Role.DEPARTMENT_OFFICER,
    "leader": Role.LEADER,
    "administrator": Role.ADMINISTRATOR,
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_without_arguments_opens_or_says_why_and_is_well_formed(app, client, login, who):
    role = PEOPLE[who]
    browser = login(make.username(make.person(role))) if role else client
    for rule in routes(app):
        if (
            "GET" not in (rule.methods or ())
            or "<" in rule.rule
            or rule.rule.startswith(("/api/", "/console/"))
        ):
            continue
        answer = browser.get(rule.rule)
        assert answer.status_code in {200, 302, 403, 404}, rule.rule
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert len(re.findall(r"<h1[ >]", answer.text)) == 1, rule.rule
            assert '<html lang="' in answer.text, rule.rule
            assert re.search(r"<title>[^<]*\S[^<]*</title>", answer.text), rule.rule
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text), rule.rule


class TestTable:
    def test_every_mail_of_the_table_has_a_text_in_both_languages(self):
        for template in {m.template for t in transitions.ALL for m in t.mail}:
            for locale in ("vi", "en"):
                assert (APP / "templates/mail" / locale / f"{template}.txt").exists(), f"{locale}/{template}"

    def test_the_readme_shows_the_table_as_it_is(self):
        readme = Path("README.md").read_text(encoding="utf-8")
        shown = re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE)
        assert shown == [t.key for t in transitions.ALL]

    def test_every_grant_names_a_view_and_a_permission_that_exist(self, app):
        offered = {
            (permission, view.class_permission_name)
            for view in app.appbuilder.baseviews
            for permission in view.base_permissions or ()
        }
        offered |= {(t.key, roles.DOSSIERS) for t in transitions.ALL}
        granted = {
            (name, view)
            for grants in roles.GRANTS.values()
            for view, names in grants.items()
            for name in names
        }
        assert granted - offered == set()

    def test_the_fab_roles_say_what_the_table_says(self, app):
        for role in roles.GRANTS:
            have = {(p.permission.name, p.view_menu.name) for p in roles.role_row(role).permissions}
            assert have == roles.wanted(role)
