"""The register of dossiers: choose a year, take it as PDF or as a spreadsheet."""

import io

from flask import redirect, render_template
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.errors import Refused
from app.models.exports import FileFormat
from app.services import exports, registers
from app.web import typed
from app.web.base import PageView
from app.web.report_forms import ROOT
from app.web.reports import sent

YEAR = "<int(min=1000,max=9999):year>"


class RegisterPages(PageView):
    """``/can-bo/so-theo-doi``."""

    route_base = "/can-bo/so-theo-doi"

    @expose("")
    def index(self) -> str:
        """The volumes of the officer's agency."""
        actor = require_actor(*registers.KEEPERS)
        return render_template(
            "staff/registers.html", volumes=registers.years(actor), at_once=exports.AT_ONCE
        )

    @expose(f"/{YEAR}", methods=["POST"])
    def take(self, year: int) -> Response:
        """A volume as the file that was asked for: at once, or by the worker when it is large."""
        actor = require_actor(*registers.KEEPERS)
        file_format = typed.choice(FileFormat, "dang", "format_not_chosen")
        if file_format is FileFormat.CSV:
            raise Refused("format_not_chosen", field="dang")
        if registers.volume(actor, year).dossiers > exports.AT_ONCE:
            return redirect(f"{ROOT}/ban-xuat/{exports.request_register(actor, year, file_format).id}")
        file = io.BytesIO()
        registers.take(actor, year, file_format, file)
        file.seek(0)
        return sent(file, f"{registers.NAME}-{year}", file_format)


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(RegisterPages)
