"""Typed tables. Importing this package registers every table in the metadata."""

from app.models import (
    base,
    catalogue,
    dossier,
    exports,
    fees,
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
    "exports",
    "fees",
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
