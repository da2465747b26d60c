"""Scans and results as files: only through these checked routes, with the type found in their bytes."""

import io
from pathlib import PurePath
from typing import Any

from flask import request, send_file
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain import scans
from app.models.dossier import StoredFile
from app.services import appraisal, attachments
from app.web.base import PageView
from app.web.visitors import KEY, citizen

SHOWN_BY_BROWSERS = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""The rest (HEIC, TIFF) is downloaded."""

LOCKED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
"""A stranger's file: nothing in it runs, loads or submits, whatever a reader makes of it."""


THUMBNAIL = 144
"""Pixels of the longer side: twice what the page shows, for fine screens."""


class FilePages(PageView):
    """Files of dossiers."""

    route_base = "/ho-so"

    @expose(f"/tep/<{KEY}:attachment_id>")
    def scan(self, attachment_id: int) -> Response:
        """Give a scan to whoever may see its dossier; an officer's look is journalled by the service."""
        attachment, data = attachments.read(require_actor(), attachment_id)
        return _file(attachment.file, data, attachment.original_name)

    @expose(f"/tep/<{KEY}:attachment_id>/nho")
    def thumbnail(self, attachment_id: int) -> Response:
        """The first page of a scan of the citizen's own, small."""
        attachment, data = attachments.read(citizen(), attachment_id)
        picture = scans.render_page(data, attachment.file.media_type, 0, max_side=THUMBNAIL)
        return _locked(Response(picture, content_type=scans.RENDERED_TYPE))

    @expose(f"/<{KEY}:dossier_id>/ket-qua")
    def result(self, dossier_id: int) -> Response:
        """Give the citizen the result, once it was handed over."""
        file, data = appraisal.read_result(citizen(), dossier_id)
        return _file(file, data, f"ket-qua-{dossier_id}")


def _file(file: StoredFile, data: bytes, name: str) -> Response:
    response = send_file(
        io.BytesIO(data),
        mimetype=file.media_type,
        as_attachment="tai" in request.args or file.media_type not in SHOWN_BY_BROWSERS,
        download_name=f"{PurePath(name).stem}.{file.extension}",
    )
    return _locked(response)


def _locked(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = LOCKED
    response.headers["Cache-Control"] = "no-store"
    return response


def register(appbuilder: Any) -> None:
    """Add the routes."""
    appbuilder.add_view_no_menu(FilePages)
