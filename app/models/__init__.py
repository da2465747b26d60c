"""Typed tables. Importing this package registers every table in the metadata."""

from app.models import (
    base,
    catalogue,
    dossier,
    handling,
    organisation,
    outbox,
    photograph,
    triggers,
    violation,
)

__all__ = [
    "base",
    "catalogue",
    "dossier",
    "handling",
    "organisation",
    "outbox",
    "photograph",
    "triggers",
    "violation",
]
