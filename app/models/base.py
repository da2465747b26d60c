"""The base of every table: naming of constraints, UTC times, enums with a CHECK."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_appbuilder import Model as Model  # noqa: PLC0414 - ours to hand on
from sqlalchemy import BigInteger, DateTime, Enum, Integer, types
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

# Before FAB's own tables are defined: without names the second migration on SQLite fails.
Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
"""Key of a table that grows with the dossiers; SQLite counts only INTEGER up by itself."""


class UtcDateTime(types.TypeDecorator[datetime]):
    """An aware time, stored in UTC. SQLite drops the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: nobody could say which moment they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(enum: type[StrEnum], name: str) -> Enum:
    """A text column whose CHECK is made from the enum, so that table and code cannot drift apart."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda e: [member.value for member in e],
    )


class Base(Model):
    """A table with a surrogate key."""

    __abstract__ = True
    __table_args__: Any = {}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)

    def __repr__(self) -> str:
        """Table and key: a row's content does not belong in a log."""
        return f"<{type(self).__name__} {getattr(self, 'id', None)}>"


JsonDict = dict[str, Any]
