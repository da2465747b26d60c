"""Finding dossiers by what people type: any part of code, name and procedure, without accents."""

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.exc import OperationalError

from app.domain.search import fold
from app.extensions import db
from app.models import search_index
from app.models.dossier import Dossier

MOST_WORDS = 8
"""More are passed over: a code has six."""
FEW = 1000
"""On SQLite: so many are quicker fetched by key; more are met soon when the list is read in its order."""


def dossiers(typed: str) -> list[ColumnElement[bool]]:
    """Conditions that every typed word is met; none for a text without letters and digits.

    PostgreSQL decides for itself whether it asks its index of trigrams or reads the list in order. SQLite's
    full-text table has to be asked first.
    """
    whole = _of_this_code(typed.strip().upper())
    if whole is not None:
        return [Dossier.id == whole]
    words = fold(typed).split()[:MOST_WORDS]
    found = [Dossier.search_text.contains(word) for word in words]
    long = [word for word in words if len(word) >= search_index.SHORTEST]
    if long and db.session.connection().dialect.name == "sqlite":
        keys = _few_keys(long)
        return found if keys is None else [*found, Dossier.id.in_(keys)]
    return found


def _of_this_code(code: str) -> int | None:
    """Key of the dossier whose code or reference was typed in full: then no other is meant."""
    if "-" not in code:  # as both are written
        return None
    return db.session.scalar(select(Dossier.id).where(or_(Dossier.code == code, Dossier.reference == code)))


def _few_keys(words: list[str]) -> list[int] | None:
    """Keys of the dossiers that have the words; None when they are more than a few, or when there is no index."""
    query = text("SELECT rowid FROM dossier_search WHERE dossier_search MATCH :words LIMIT :most")
    asked = {"words": " ".join(f'"{word}"' for word in words), "most": FEW + 1}
    try:
        keys = list(db.session.scalars(query, asked))
    except OperationalError:  # this SQLite came without FTS5
        return None
    return keys if len(keys) <= FEW else None
