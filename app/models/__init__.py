"""Typed tables. Importing this package registers every table in the metadata."""

from app.models import base, catalogue, dossier, handling, organisation, outbox, papers, triggers, violation

__all__ = [
    "base",
    "catalogue",
    "dossier",
    "handling",
    "organisation",
    "outbox",
    "papers",
    "triggers",
    "violation",
]
