"""Following a dossier: with an account, with its code and four digits, or with the secret link of the QR."""

from pathlib import PurePath
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.utils import send_file
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from app.actor import require_actor
from app.domain.errors import Conflict, NotFound
from app.domain.roles import Actor
from app.domain.states import State
from app.domain.transitions import WAITING_FOR_CITIZEN
from app.models.dossier import Dossier, StoredFile
from app.services import (
    access,
    appraisal,
    attachments,
    compose,
    counter,
    dossiers,
    facts,
    lookup,
    messages,
    opening,
    progress,
    supplements,
)
from app.web.base import PageView
