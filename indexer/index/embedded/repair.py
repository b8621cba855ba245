"""
Repair: a new database of what a damaged one still holds, put in its place.

    damaged file  ->  records, documents, log of its readable pages  ->  new file, old one kept

Records are taken when they are what was stored (their hash says so), the newest row of
each; keys and postings are made anew from them. The damaged file stays beside under a
name of its own. Does not: decide; what was decided is to be decided again.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from indexer.errors import BackendDamaged, BackendError
from indexer.fields import fields_of_batch
from indexer.index.embedded.damage import begins_as_json, damage_of, whole_document, whole_record
from indexer.index.embedded.database import FILE
from indexer.index.embedded.database_pages import DatabasePages, RowShape, StoredRow
from indexer.index.embedded.engine import EmbeddedEngine
from indexer.index.embedded.faults import connected
from indexer.keys import keys_of
from indexer.records import Record

BATCH: Final = 2_000
BESIDE: Final = ("-wal", "-shm")

RECORD: Final = RowShape(True, "ntttib")
KEYS: Final = RowShape(True, "ntib")
LOG: Final = RowShape(True, "nb")
DOCUMENT: Final = RowShape(False, "ttib")
IDS: Final = RowShape(False, "ti")  # of records, beside their sequence numbers
ALL: Final = frozenset({RECORD, KEYS, LOG, DOCUMENT, IDS})

Told = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was saved of a damaged file, and what is known to be lost."""

    records: int
    documents: int
    events: int
    lost: tuple[str, ...]  # ids of records that cannot be read whole
    kept: Path  # the damaged file


def repair(folder: Path, told: Told = int) -> Repaired:
    """
    Put a new database in the place of a damaged one; `told` hears of records saved.

    Raises:
        BackendBusy: another process writes to it.
        BackendError: nothing of an index can be read in it; it is left as it is.
    """
    path = folder / FILE
    pages = DatabasePages(path)
    beside = folder / f"repair-{os.getpid()}"
    try:
        with _nobody_writes(path):
            saved, lost = _rewritten(pages, beside, told)
        if not any(saved):
            raise BackendError(
                f"nothing of an index can be read in {str(path)!r}, which was left as it is; put "
                "back a copy that `samework backup` made, or move it away and ingest again"
            )
        if wrong := damage_of(beside / FILE, contents=True):
            raise BackendDamaged(str(beside / FILE), "; ".join(wrong))
        return Repaired(*saved, lost, _swapped(path, beside / FILE))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class _nobody_writes:
    """Keep other writers out as far as the damage lets SQLite do so."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._connection = None
        with suppress(BackendDamaged):
            self._connection = connected(self._path)
            self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()


def _rewritten(
    pages: DatabasePages, beside: Path, told: Told
) -> tuple[tuple[int, int, int], tuple[str, ...]]:
    """Fill a new database; how many (records, documents, events), and the ids that are lost."""
    newest, known, of_json = _looked_over(pages)
    saved: set[str] = set()
    documents = events = 0
    with closing(EmbeddedEngine(str(beside))) as engine:
        records = _whole_records(pages, newest)
        while batch := list(islice(records, BATCH)):
            engine.put(batch, keys_of(fields_of_batch(batch)))
            saved.update(record.record_id for record in batch)
            told(len(batch))
        engine.make_visible()
        connection = engine.connection
        with engine.atomically():
            for shape, row in pages.rows(frozenset({DOCUMENT, LOG})):
                values = row.values
                if shape == LOG:
                    entry = (row.number, values[1])
                    done = connection.execute("INSERT OR IGNORE INTO log VALUES (?, ?)", entry)
                    events += done.rowcount
                elif newest.get(values[:2]) == values[2] and whole_document(
                    values[3], json=values[0] in of_json
                ):
                    done = connection.execute(
                        "INSERT OR IGNORE INTO document VALUES (?, ?, ?, ?)", values
                    )
                    documents += done.rowcount
    return (len(saved), documents, events), tuple(sorted(known - saved))


Newest = dict[object, int]


def _looked_over(pages: DatabasePages) -> tuple[Newest, set[str], set[str]]:
    """The newest whole row of each record and document, ids of all records, kinds of JSON."""
    newest: Newest = {}
    known: set[str] = set()
    of_json: Counter[str] = Counter()
    for shape, row in pages.rows(ALL - {LOG}):
        values = row.values
        if shape == IDS:
            known.add(values[0])
        elif shape == KEYS:
            known.add(values[1])
        elif shape == DOCUMENT:
            of_json[values[0]] += 1 if begins_as_json(values[3]) else -1
            newest[values[:2]] = max(values[2], newest.get(values[:2], 0))
        else:
            known.add(values[1])
            if _record_of(row) is not None:
                newest[values[1]] = max(row.number, newest.get(values[1], 0))
    return newest, known, {kind for kind, more in of_json.items() if more > 0}


def _whole_records(pages: DatabasePages, newest: Newest) -> Iterator[Record]:
    done: set[str] = set()
    for _, row in pages.rows(frozenset({RECORD})):
        record = _latest(row, newest)
        if record is not None and record.record_id not in done:
            done.add(record.record_id)
            yield record


def _latest(row: StoredRow, newest: Newest) -> Record | None:
    if newest.get(row.values[1]) != row.number:
        return None
    return _record_of(row)


def _record_of(row: StoredRow) -> Record | None:
    _, record_id, updated, stored_hash, _, text = row.values
    return whole_record(record_id, updated, stored_hash, text)


def _swapped(path: Path, fresh: Path) -> Path:
    """The new file in the place of the damaged one, which is kept; killed midway, one is there."""
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"damaged-{now}.sqlite")
    for end in BESIDE:
        with suppress(FileNotFoundError):
            os.replace(f"{path}{end}", f"{kept}{end}")
    try:
        os.link(path, kept)
    except OSError:  # a disk without links: for a moment there is none
        os.replace(path, kept)
    os.replace(fresh, path)
    return kept
