"""Reports: the list, the sheet on screen, the dossiers behind a figure, and files."""

from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request, send_file
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.domain.sheets import TOTAL, Column, Line, Sheet
from app.models.exports import ExportState, FileFormat
from app.reasons import words
from app.services import exports, report_asked, report_fees, report_lists, reports
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.report_asked import Asked
from app.web import report_forms, typed
from app.web.base import PageView
from app.web.report_forms import ROOT

READERS = (Role.LEADER, Role.RECEIVING_OFFICER)
ON_SCREEN = 200
"""Rows of a long report on the page; the rest is in the file."""
PER_PAGE = 50
MOST_PAGES = 200
ID = "<int(max=9223372036854775807):export_id>"


class ReportPages(PageView):
    """``/bao-cao``."""

    route_base = ROOT

    @expose("")
    def index(self) -> str:
        """The reports of this role."""
        return render_template("staff/reports.html", reports=reports.offered(require_actor(*READERS)))

    @expose("/<name>")
    def show(self, name: str) -> Response:
        """One report on screen; a period or group that nobody can mean is said beside its field."""
        actor = require_actor(*READERS)
        report = reports.find(actor, name)
        try:
            wanted = report_forms.asked(name, report)
            sheet = reports.make(actor, wanted)
        except Refused as refusal:
            return make_response(_page(actor, name, refusal=refusal), status_of(refusal))
        return make_response(_page(actor, name, wanted, sheet))

    @expose("/<name>/ho-so")
    def dossiers(self, name: str) -> str:
        """The dossiers behind one figure of a report."""
        actor = require_actor(*READERS)
        wanted = report_forms.asked(name, reports.find(actor, name))
        column, query = _behind(actor, wanted)
        number = min(typed.key(request.args.get("trang")) or 1, MOST_PAGES)
        size = report_lists.size_of(query)
        return render_template(
            "staff/report_dossiers.html",
            report=reports.REPORTS[name],
            facts=wanted.facts(actor),
            column=column,
            size=size,
            dossiers=report_lists.page(query, number, PER_PAGE),
            back=report_forms.address(wanted),
            pages=_around(number, size),
        )

    @expose("/<name>/xuat", methods=["POST"])
    def export(self, name: str) -> Response:
        """The report as a file: at once, or by the worker when it is long."""
        actor = require_actor(*READERS)
        report = reports.find(actor, name)
        try:
            wanted = report_forms.asked(name, report)
            sheet = reports.make(actor, wanted)
            file_format = typed.choice(FileFormat, "dang", "format_not_chosen")
            if exports.is_long(wanted, sheet):
                return redirect(f"{ROOT}/ban-xuat/{exports.request(actor, wanted, file_format, sheet).id}")
            file = exports.write_now(actor, wanted, file_format, sheet)
        except Refused as refusal:
            return make_response(_page(actor, name, refusal=refusal), status_of(refusal))
        return _sent(file, f"{name}-{wanted.first}-{wanted.last}", file_format)


class ExportPages(PageView):
    """``/bao-cao/ban-xuat``: files that the worker makes, each for its owner."""

    route_base = f"{ROOT}/ban-xuat"

    @expose("")
    def index(self) -> str:
        """The person's files."""
        return render_template("staff/exports.html", rows=exports.of(require_actor(*READERS)))

    @expose(f"/{ID}")
    def show(self, export_id: int) -> str:
        """How far one file is; reloading the page tells more."""
        row = exports.find(require_actor(*READERS), export_id)
        return render_template("staff/export.html", row=row, ready=row.state is ExportState.READY)

    @expose(f"/{ID}/tep")
    def file(self, export_id: int) -> Response:
        """The finished file."""
        row, file = exports.open_file(require_actor(*READERS), export_id)
        return _sent(file, f"{row.asked['report']}-{row.asked['first']}-{row.asked['last']}", row.file_format)


def _page(
    actor: Actor, name: str, wanted: Asked | None = None, sheet: Sheet | None = None, refusal: Any = None
) -> str:
    """The page of a report: its form, and the sheet or the refusal."""
    report = reports.REPORTS[name]
    lines = list(islice(iter(sheet.lines), ON_SCREEN)) if sheet else []
    return render_template(
        "staff/report.html",
        name=name,
        report=report,
        sheet=sheet,
        lines=lines,
        hidden=sheet.size - len(lines) if sheet else 0,
        link=_linker(actor, wanted) if wanted else None,
        typed=report_forms.said(wanted) if wanted else report_forms.kept(request.values),
        choices=report_asked.choices(actor),
        bys=[report_forms.BYS[by] for by in report.bys],
        shortcuts=report_forms.shortcuts(),
        address=report_forms.address,
        wanted=wanted,
        refusal=words(refusal) if refusal else "",
        field={"first": "tu", "last": "den"}.get(refusal.field, refusal.field) if refusal else "",
        formats=list(FileFormat),
    )


def _linker(actor: Actor, wanted: Asked) -> Any:
    """What gives a cell its link, for figures whose dossiers this person may see."""
    scope = wanted.scope(actor)

    def link(column: Column, line: Line) -> str | None:
        total = line.key == TOTAL
        within = scope
        if wanted.by == By.UNIT and not total:
            within = scope.narrow(By.UNIT, line.key)  # of all units, the own one can be opened
        if not column.figure or not within.may_be_opened_by(actor):
            return None
        group = {} if total else {"nhom": report_forms.group_said(line.key)}
        return report_forms.address(wanted, **{"so-lieu": column.figure}, **group)

    return link


def _behind(actor: Actor, wanted: Asked) -> tuple[str, Any]:
    """The figure that was pressed, and the query of its dossiers."""
    figure, group = request.args.get("so-lieu", ""), request.args.get("nhom")
    columns = {c.figure: c for c in reports.columns_of(wanted.report) if c.figure}
    if figure not in columns:
        raise Refused("choose_from_list", field="so-lieu")
    column = columns[figure]
    label = f"{column.over}: {column.label}" if column.over else column.label
    scope, by = wanted.scope(actor), wanted.by if group is not None else ""
    key = report_forms.group_of(wanted.by, group or "")
    if figure not in FIGURES:
        return label, report_fees.paid(actor, scope, wanted.period(), by, key)
    narrowed = scope.narrow(By(by), key) if by else scope
    return label, report_lists.dossiers_of(actor, wanted, figure, narrowed)


def _around(number: int, size: int) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after."""
    args = request.args.to_dict()

    def page(other: int) -> str:
        return f"{request.path}?{urlencode(args | {'trang': str(other)})}"

    return page(number - 1) if number > 1 else None, page(number + 1) if number * PER_PAGE < size else None


def _sent(file: Any, name: str, file_format: FileFormat) -> Response:
    response = send_file(
        file,
        mimetype=file_format.media_type,
        as_attachment=True,
        download_name=f"{name}.{file_format.value}",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(ReportPages)
    appbuilder.add_view_no_menu(ExportPages)
