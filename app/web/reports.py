"""Reports: the list, the sheet on screen, and files."""

from itertools import islice
from typing import Any

from flask import make_response, redirect, render_template, request, send_file
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.domain.sheets import TOTAL, Column, Line, Sheet
from app.models.exports import ExportState, FileFormat
from app.reasons import words
from app.services import exports, registers, report_asked, reports
from app.services.figures import By
from app.services.report_asked import Asked
from app.web import figure_pages, report_forms, typed
from app.web.base import PageView
from app.web.report_forms import ROOT

READERS = (Role.LEADER, Role.RECEIVING_OFFICER)
REGISTERS = "/can-bo/so-theo-doi"
ON_SCREEN = 200
"""Rows of a long report on the page; the rest is in the file."""
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
            wanted = report_forms.asked(name, report.bys, narrows=report.narrows)
            sheet = reports.make(actor, wanted)
        except Refused as refusal:
            return make_response(_page(actor, name, refusal=refusal), status_of(refusal))
        return make_response(_page(actor, name, wanted, sheet))

    @expose("/<name>/xuat", methods=["POST"])
    def export(self, name: str) -> Response:
        """The report as a file: at once, or by the worker when it is long."""
        actor = require_actor(*READERS)
        report = reports.find(actor, name)
        try:
            wanted = report_forms.asked(name, report.bys, narrows=report.narrows)
            sheet = reports.make(actor, wanted)
            file_format = typed.choice(FileFormat, "dang", "format_not_chosen")
            if exports.is_long(wanted, sheet):
                return redirect(f"{ROOT}/ban-xuat/{exports.request(actor, wanted, file_format, sheet).id}")
            file = exports.write_now(actor, wanted, file_format, sheet)
        except Refused as refusal:
            return make_response(_page(actor, name, refusal=refusal), status_of(refusal))
        return sent(file, f"{name}-{wanted.first}-{wanted.last}", file_format)


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
        back = REGISTERS if row.asked["report"] == registers.NAME else f"{ROOT}/{row.asked['report']}"
        return render_template("staff/export.html", row=row, ready=row.state is ExportState.READY, back=back)

    @expose(f"/{ID}/tep")
    def file(self, export_id: int) -> Response:
        """The finished file."""
        row, file = exports.open_file(require_actor(*READERS), export_id)
        return sent(file, exports.file_name(row), row.file_format)


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
        return figure_pages.address(wanted, column.figure, line.key)

    return link


def sent(file: Any, name: str, file_format: FileFormat) -> Response:
    """A file to be kept, and not by a cache."""
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
