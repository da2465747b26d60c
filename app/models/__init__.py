"""Typed tables. Importing this package registers every table in the metadata."""

from app.models import (
    base,
    catalogue,
    dossier,
    figures,
    handling,
    organisation,
    outbox,
    papers,
    photograph,
    survey,
    triggers,
    violation,
)

__all__ = [
    "base",
    "catalogue",
    "dossier",
    "figures",
    "handling",
    "organisation",
    "outbox",
    "papers",
    "photograph",
    "survey",
    "triggers",
    "violation",
]
