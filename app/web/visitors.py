"""Shared by the pages of citizens and visitors: who asks, and how a refusal gets back into its form."""

import secrets
from collections.abc import Callable
from typing import Any, NoReturn

import segno
from flask import abort, current_app, g, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.actor import current_actor
from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, Refused, Unavailable
from app.domain.roles import Actor, Role
from app.domain.texts import tidy
from app.models.dossier import Dossier
from app.reasons import words
from app.services import access, attachments, compose, ownership
from app.web.typed import key

UNPROCESSABLE = 422
LONGEST_ONCE = 80
KEY = "int(max=9223372036854775807)"
"""A key in an address: larger numbers are no row's and would only upset the database."""


def plain(text: str | None) -> str:
    """The text as it is stored; nothing when nothing was typed."""
    return tidy(text or "")


def chosen(value: Any) -> int | None:
    """What a select or radio stands for: the key of a row, None for no choice or nonsense."""
    return None if value is None else key(str(value))


def citizen() -> Actor:
    """The citizen who asks. Visitors are sent to log in; for anybody else these pages do not exist."""
    actor = current_actor()
    if actor is None:
        raise NotAllowed("login_required")
    if actor.role is not Role.CITIZEN:
        raise NotFound("no_such_dossier")
    return actor


def draft(dossier_id: int) -> Dossier:
    """The citizen's draft; when it was sent meanwhile (back button), on to the page of the sent dossier."""
    try:
        dossier = compose.draft_for(citizen(), dossier_id)
    except Conflict:
        leave(f"/ho-so/{dossier_id}")
    g.papers = ownership.papers(dossier)  # held, so that each page finds the scans without asking again
    return dossier


def leave(path: str) -> NoReturn:
    """End the request with a redirection."""
    abort(redirect(path))


class PressForm(FlaskForm):
    """A form that makes a transition: what the person saw, and a key that makes a second press harmless."""

    version = HiddenField()
    idempotency_key = HiddenField()

    @classmethod
    def of(cls, dossier: Dossier) -> "PressForm":
        """The form of a page: as pressed, or fresh for the dossier as it is now."""
        form = cls()
        if not form.is_submitted():
            form.renew(dossier)
        return form

    def renew(self, dossier: Dossier) -> None:
        """Let the form speak of the dossier as it is now."""
        self.version.data = str(dossier.version)
        self.idempotency_key.data = secrets.token_urlsafe(16)

    def seen(self) -> dict[str, Any]:
        """``version`` and ``idempotency_key`` for services.dossiers.apply()."""
        once = plain(self.idempotency_key.data)[:LONGEST_ONCE]
        return {"version": key(self.version.data), "idempotency_key": once or None}


def accepted(form: FlaskForm, verb: Callable[[], object]) -> bool:
    """Whether the posted form was taken: its fields are well-formed and the verb refused nothing.

    A refusal is written at the field that it names, or on top; what was typed stays. A verb that takes a part
    writes what it refused into the form itself.
    """
    if not form.is_submitted() or not form.validate():
        return False
    try:
        verb()
    except (Refused, Conflict) as error:
        blame(form, error)
    return not form.errors


def blame(form: FlaskForm, error: DomainError) -> None:
    """Write the sentence of a refusal at its field, or on top of the form."""
    sentence = words(error)
    if error.field and error.field in form:
        form[error.field].errors = [*form[error.field].errors, sentence]
    else:
        form.form_errors.append(sentence)


def shown(template: str, form: FlaskForm | None = None, **context: Any) -> Response:
    """A page with a form; 422 when the posted form was refused."""
    status = UNPROCESSABLE if form is not None and form.errors and request.method == "POST" else 200
    body = render_template(template, form=form, **context)
    return Response(body, status, content_type="text/html; charset=utf-8")


def uploads(field: str) -> list[FileStorage]:
    """The files that were sent in a field; an empty file input sends one without a name."""
    return [file for file in request.files.getlist(field) if file.filename]


def add_scans(actor: Actor, document_id: int, files: list[FileStorage]) -> list[str]:
    """Add files to a document one by one; the sentences of those refused, each with its name."""
    refused = []
    for file in files:
        try:
            attachments.add(actor, document_id, file.filename or "", file.read())
        except (Refused, Unavailable) as error:
            refused.append(f"{file.filename}: {words(error)}")
    return refused


def sort_scans(actor: Actor, document_ids: set[int], act: str) -> None:
    """Do what a button says: "up:12", "down:12", "remove:12", or a page dragged to the third place: "to:12:3".

    NotFound for scans of other documents.
    """
    verb, _, rest = act.partition(":")
    number, _, there = rest.partition(":")
    attachment_id = key(number) or 0
    if access.attachment_for(actor, attachment_id).document_id not in document_ids:
        raise NotFound("no_such_attachment")
    if verb == "remove":
        attachments.remove(actor, attachment_id)
    elif verb in {"up", "down"}:
        attachments.move(actor, attachment_id, up=verb == "up")
    elif verb == "to" and (place := key(there)):
        attachments.place(actor, attachment_id, place)


def limits() -> dict[str, int]:
    """The limits of one file, said before anybody picks one."""
    found = attachments.limits()
    return {"megabytes": found.max_bytes // 2**20, "pages": found.max_pages}


def secret_link(dossier: Dossier) -> str:
    """The address behind the QR: whoever has it can follow the dossier."""
    return f"{current_app.config['BASE_URL']}/tra-cuu/{dossier.secret}"


def qr(link: str) -> str:
    """The link as a picture to scan, for an img element."""
    return segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#1f1d1a")


def visitor() -> str:
    """The address that tries are counted for."""
    return request.remote_addr or ""
