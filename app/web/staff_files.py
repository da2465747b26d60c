"""Scans and results for officers, through the services that check and journal; never a file of the store."""

from urllib.parse import quote

from flask import request
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.domain import scans
from app.services import appraisal, attachments, photographs
from app.web import case_pages
from app.web.base import PageView

ID = "<int(max=9223372036854775807):attachment_id>"
PHOTOGRAPH = "<int(max=9223372036854775807):photograph_id>"
PAGE = "<int(min=1,max=10000):number>"
PICTURE, THUMBNAIL = 1600, 160
"""Pixels of the longer side: to be read, and to be told apart only."""
SHOWN_INSIDE = frozenset({scans.PDF, "image/jpeg", "image/png"})
"""What a browser shows by itself; everything else is offered for download."""
SEALED = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
"""A stranger's file: nothing in it runs, loads or submits, whatever a reader makes of it."""


class ScanFiles(PageView):
    """``/can-bo/tep/<id>``: a scan as it was sent, and each of its pages as a picture."""

    route_base = "/can-bo/tep"

    @expose(f"/{ID}")
    def original(self, attachment_id: int) -> Response:
        """The file as it was sent; ``?tai-ve=1`` saves it."""
        attachment, data = attachments.read(case_pages.officer(), attachment_id)
        return as_file(data, attachment.file.media_type, attachment.original_name)

    @expose(f"/{ID}/trang/{PAGE}")
    def page(self, attachment_id: int, number: int) -> Response:
        """One page, from 1, as a picture; ``?nho=1`` a thumbnail."""
        attachment, data = attachments.read(case_pages.officer(), attachment_id, glance=_small())
        return as_picture(data, attachment.file.media_type, number)


class PhotographFiles(PageView):
    """``/can-bo/ban-goc/<id>``: a photograph of an original, kept as evidence."""

    route_base = "/can-bo/ban-goc"

    @expose(f"/{PHOTOGRAPH}")
    def original(self, photograph_id: int) -> Response:
        """The file as it was taken; ``?tai-ve=1`` saves it."""
        photograph, data = photographs.read(case_pages.officer(), photograph_id)
        name = f"ban-goc-{photograph_id}.{photograph.file.extension}"
        return as_file(data, photograph.file.media_type, name)

    @expose(f"/{PHOTOGRAPH}/trang/{PAGE}")
    def page(self, photograph_id: int, number: int) -> Response:
        """One page, from 1, as a picture; ``?nho=1`` a thumbnail."""
        photograph, data = photographs.read(case_pages.officer(), photograph_id, glance=_small())
        return as_picture(data, photograph.file.media_type, number)


class ResultFiles(PageView):
    """``/can-bo/ho-so/<id>/ket-qua``: the draft, or the signed result."""

    route_base = case_pages.ROOT

    @expose(f"/{case_pages.ID}/ket-qua")
    def original(self, dossier_id: int) -> Response:
        """The file; ``?tai-ve=1`` saves it."""
        file, data = appraisal.read_result(case_pages.officer(), dossier_id)
        return as_file(data, file.media_type, f"ket-qua-{dossier_id}.{file.extension}")

    @expose(f"/{case_pages.ID}/ket-qua/trang/{PAGE}")
    def page(self, dossier_id: int, number: int) -> Response:
        """One page, from 1, as a picture."""
        file, data = appraisal.read_result(case_pages.officer(), dossier_id)
        return as_picture(data, file.media_type, number)


def as_file(data: bytes, media_type: str, name: str) -> Response:
    """The bytes as the type found by content, never as a page of ours that could run something."""
    inside = media_type in SHOWN_INSIDE and request.args.get("tai-ve") != "1"
    kind = "inline" if inside else "attachment"
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(scans.safe_name(name))}"
    return _sealed(response)


def as_picture(data: bytes, media_type: str, number: int) -> Response:
    """Page ``number`` as a JPEG, with ``?nho=1`` a thumbnail; NotFound when there is no such page."""
    side = THUMBNAIL if _small() else PICTURE
    picture = scans.render_page(data, media_type, number - 1, max_side=side)
    return _sealed(Response(picture, content_type=scans.RENDERED_TYPE))


def _small() -> bool:
    return request.args.get("nho") == "1"


def _sealed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def register(appbuilder: AppBuilder) -> None:
    """Add them."""
    appbuilder.add_view_no_menu(ScanFiles)
    appbuilder.add_view_no_menu(PhotographFiles)
    appbuilder.add_view_no_menu(ResultFiles)
