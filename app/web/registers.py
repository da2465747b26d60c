"""The register of dossiers: choose a year, take it as PDF or as a spreadsheet."""

import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from flask import render_template
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.roles import Actor
from app.services import registers
from app.web.base import PageView
from app.web.papers import as_pdf

YEAR = "<int(min=1000,max=9999):year>"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 2**16
"""Bytes sent at a time."""


class RegisterPages(PageView):
    """``/can-bo/so-theo-doi``."""

    route_base = "/can-bo/so-theo-doi"

    @expose("")
    def index(self) -> str:
        """The volumes of the officer's agency."""
        actor = require_actor(*registers.KEEPERS)
        return render_template("staff/registers.html", volumes=registers.years(actor))

    @expose(f"/{YEAR}/pdf")
    def printed(self, year: int) -> Response:
        """A volume on paper."""
        return as_pdf(f"so-theo-doi-{year}.pdf", _written(registers.printed, year))

    @expose(f"/{YEAR}/xlsx")
    def spreadsheet(self, year: int) -> Response:
        """A volume as a spreadsheet."""
        response = Response(_written(registers.spreadsheet, year), content_type=SPREADSHEET)
        response.headers["Content-Disposition"] = f"attachment; filename=so-theo-doi-{year}.xlsx"
        return response


def _written(write: Callable[[Actor, int, BinaryIO], None], year: int) -> Iterator[bytes]:
    """The volume piece by piece, from a file that is gone once it was sent."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by the pieces
    try:
        write(require_actor(*registers.KEEPERS), year, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _pieces(file)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(RegisterPages)
