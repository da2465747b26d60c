"""Typed tables. Importing this package registers every table in the metadata."""

from app.models import (
    base,
    catalogue,
    dossier,
    exports,
    figures,
    handling,
    organisation,
    outbox,
    survey,
    triggers,
    violation,
)

__all__ = [
    "base",
    "catalogue",
    "dossier",
    "exports",
    "figures",
    "handling",
    "organisation",
    "outbox",
    "survey",
    "triggers",
    "violation",
]
