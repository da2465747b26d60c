"""The content hash: the same city of the same seed has the same one, whatever database it is kept in.

Every dossier gives the SHA-256 of its rows: a list of tables in the order of ``ledger.DOSSIERS``, a table a list
of rows by key, a row a tuple of its values in the order of the table's columns (int, text or None), written in
version 2 of Python's marshal format. Every citizen likewise (``ledger.CITIZENS``), and every answer to the survey by
itself (``ledger.ANSWERS``). The fingerprint is the sum of
all, modulo 2**256, in hexadecimal: the order in which dossiers were told does not matter, a single other value
does. Keys are part of it, so the databases must have been set up alike.
"""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from seed.simulation.ledger import ANSWERS, CITIZENS, DOSSIERS, Kept, Row, plain

MODULUS = 2**256


def of_rows(tables: Iterable[Sequence[Row]]) -> int:
    """The number of one dossier or citizen: its rows, table by table in order, each table's by key."""
    # Version 2 knows no references to what was written before, so equal values give equal bytes.
    told = marshal.dumps([sorted(rows) for rows in tables], 2)
    return int.from_bytes(sha256(told).digest(), "big")


def summed(numbers: Iterable[int]) -> int:
    """Of several dossiers or citizens."""
    return sum(numbers) % MODULUS


def words(number: int) -> str:
    """As it is printed."""
    return f"{number:064x}"


def stored(connection: Connection, bases: Mapping[str, int]) -> int:
    """The number of everything simulated that the database holds, read back row by row."""
    parts = (_stored(connection, CITIZENS, bases), _stored(connection, DOSSIERS, bases), _answers(connection))
    return summed(parts)


def _answers(connection: Connection) -> int:
    """All that there are: nothing tells a simulated answer from a real one."""
    [kept] = ANSWERS.values()
    rows = connection.execute(select(*(kept.table.c[name] for name in kept.columns)))
    return summed(of_rows([[_plain(row)]]) for row in rows)


def _stored(connection: Connection, tables: Mapping[str, Kept], bases: Mapping[str, int]) -> int:
    """Several tables read side by side, owner by owner; memory holds one owner's rows."""
    streams = {name: _by_owner(connection, kept, bases[name]) for name, kept in tables.items()}
    waiting = {name: next(stream, None) for name, stream in streams.items()}
    total = 0
    while left := [found for found in waiting.values() if found is not None]:
        owner, parts = min(number for number, _ in left), []
        for name, stream in streams.items():
            found = waiting[name]
            mine = found is not None and found[0] == owner
            parts.append(found[1] if mine and found else [])
            if mine:
                waiting[name] = next(stream, None)
        total += of_rows(parts)
    return total


def _by_owner(connection: Connection, kept: Kept, base: int) -> Iterator[tuple[int, list[Row]]]:
    columns = [kept.table.c[name] for name in kept.columns]
    query = select(*columns).where(kept.table.c.id > base).order_by(kept.table.c.id)
    rows = connection.execution_options(stream_results=True, yield_per=2000).execute(query)
    for owner, some in groupby(rows, lambda row: (row[0] - base - 1) // kept.stride):
        yield owner, [_plain(row) for row in some]


def _plain(row: Iterable[Any]) -> Row:
    return tuple(map(plain, row))
