"""
Making visible: postings of what was put since the last time, packed or a row each.

    records without postings  ->  rows, for few beside what is there
                              ->  the postings of all records packed anew, for many

A row costs eight times what a packed posting does, and packing is of all records. So the
first postings of an index are packed, those of a few more are rows, and where rows would cost
more than packing all anew, all are packed. An index that grows by small steps is packed anew
when it has grown by a seventh.
Does not: look anything up (`postings.py`, `packed.py`).
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

import numpy as np

from indexer.index.embedded.database import Database
from indexer.index.embedded.packed import Packing
from indexer.keys import Keys
from indexer.keys.keys import PERMUTATIONS
from indexer.keys.signatures import SCHEME, SEED, drawn

POSTINGS_AT_ONCE: Final = 20_000  # records; a million rows sorted before they are inserted
ROW_COSTS: Final = 8  # times a packed posting: 67 µs a record and 8
DRAWN: Final = f"permutations {SCHEME} {SEED}"  # that datasketch drew, for who asks later
FEW: Final = 500  # records that are never worth a look at how many there are


def few_late(database: Database) -> bool:
    """
    Whether so few records have no postings that a batch which asks for candidates reads their keys.

    Rows of 2,000 records each touch a page of their own: made batch by batch they cost 250 µs a
    record, those of 20,000 together 70. Reading late keys costs a batch of 2,000 up to 25 µs each.
    """
    generation = int(database.meta("generation"))
    return _late(database, generation) < POSTINGS_AT_ONCE


def pack_where_it_pays(database: Database, generation: int) -> None:
    """
    Pack the postings of all records, where rows for those without would cost more.

    Keys are read and spooled while others may write; what they put meanwhile has no postings.
    """
    before = _state(database, generation)
    if not _pays(database, generation):
        return
    with database.snapshot() as connection:
        packing = Packing(connection, generation)
    with closing(packing), database.transaction() as connection:
        if _state(database, generation) != before:
            return  # another process made postings meanwhile, or uses other keys by now
        database.begin_packed(generation)
        packing.write(connection)
        connection.execute(f"DELETE FROM posting_{generation}")  # all of packed records
        database.set_meta(f"covered_{generation}", str(packing.last))
        database.set_meta(f"packed_{generation}", str(packing.bits))


def note_permutations(database: Database) -> None:
    """Store what keys are signed by, so that a question need not have it drawn."""
    if not database.meta(DRAWN):
        with database.transaction():
            database.set_meta(DRAWN, drawn(PERMUTATIONS))


def extend_postings(database: Database, generation: int) -> bool:
    """
    Make rows for records of one generation without postings; whether there were any.

    Sorted by key before they are inserted: a table without row numbers is a tree in
    the order of its key, and inserts in that order touch each page once.
    """
    covered = int(database.meta(f"covered_{generation}"))
    rows = database.connection.execute(
        f"SELECT id, blob, seq FROM keys_{generation} WHERE seq > ? ORDER BY seq LIMIT ?",
        (covered, POSTINGS_AT_ONCE),
    ).fetchall()
    if not rows:
        return False
    keys = Keys.from_rows(rows)
    seqs = np.array([row[2] for row in rows], np.int64)[keys.rows()]
    order = np.lexsort((seqs, keys.values))
    database.connection.executemany(
        f"INSERT OR IGNORE INTO posting_{generation} VALUES (?, ?)",
        zip(keys.values[order].tolist(), seqs[order].tolist(), strict=True),
    )
    database.set_meta(f"covered_{generation}", str(rows[-1][2]))
    return True


def _late(database: Database, generation: int) -> int:
    """How many sequence numbers were given since postings were made."""
    (last,) = database.connection.execute(f"SELECT max(seq) FROM keys_{generation}").fetchone()
    return (last or 0) - int(database.meta(f"covered_{generation}"))


def _pays(database: Database, generation: int) -> bool:
    late = _late(database, generation)
    if late < FEW:
        return False
    query = f"SELECT count(*) FROM keys_{generation}"
    (records,) = database.connection.execute(query).fetchone()
    return bool(min(late, records) * (ROW_COSTS - 1) >= records)


def _state(database: Database, generation: int) -> tuple[str, str, str]:
    """What a packing begins from."""
    names = (f"covered_{generation}", f"packed_{generation}", "generation")
    covered, packed, used = map(database.meta, names)
    return covered, packed, used
