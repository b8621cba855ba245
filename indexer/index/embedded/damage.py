"""
Damage: is a database file whole, down to what SQLite itself cannot know?

    path  ->  what is wrong, a phrase each

SQLite checks its pages and not their contents: a record has a hash, keys are whole
numbers of 8 bytes, documents of a kind that is JSON are JSON. Does not: mend (`repair.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson

from indexer.errors import BackendDamaged
from indexer.index.embedded.faults import connected
from indexer.records import Record, content_hash_of

KEY_BYTES: Final = 8
_OF_JSON: Final = (
    "SELECT kind FROM document GROUP BY kind "
    "HAVING 2 * sum(substr(body, 1, 1) IN (x'7b', x'5b')) > count(*)"
)


def damage_of(path: Path, *, contents: bool = False) -> list[str]:
    """
    What is wrong with a file that is there; with `contents`, of what is stored in it too.

    Reads all of the file once.

    Raises:
        BackendError: the file cannot be read for another reason than damage.
    """
    try:
        with closing(connected(path)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            wrong = [] if answer == "ok" else [_plain(str(answer))]
            return wrong or (list(_contents(connection)) if contents else [])
    except BackendDamaged as damaged:
        return [damaged.found]
    except sqlite3.Error as error:  # these questions are right wherever the file is
        return [str(error)]


def whole_record(record_id: str, updated: str, stored_hash: str, text: bytes) -> Record | None:
    """The record that a row holds, if it is the one that was stored."""
    try:
        plain = orjson.loads(text)
        if content_hash_of(plain) != stored_hash:
            return None
        record = Record.from_dict(plain)
        stored = (record.record_id, record.updated) == (record_id, updated)
        return record if stored else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def begins_as_json(body: bytes) -> bool:
    """Whether a document may be JSON; where most of a kind do, all of it have to be."""
    return body[:1] in (b"{", b"[")


def whole_document(body: bytes, *, json: bool) -> bool:
    """Whether a document is JSON, where it has to be."""
    if not (json or begins_as_json(body)):
        return True
    try:
        orjson.loads(body)
    except ValueError:
        return False
    return True


def _contents(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("SELECT id, updated, hash, json FROM record")
    if lost := sum(whole_record(*row) is None for row in rows):
        yield f"{lost:,} records are not as they were stored"
    of_json = {kind for (kind,) in connection.execute(_OF_JSON)}
    rows = connection.execute("SELECT kind, body FROM document")
    if lost := sum(not whole_document(body, json=kind in of_json) for kind, body in rows):
        yield f"{lost:,} documents are not as they were stored"
    (generation,) = connection.execute(
        "SELECT value FROM meta WHERE name = 'generation'"
    ).fetchone() or ("",)
    if not generation.isdigit():
        yield "it does not say which keys are in use"
        return
    (lost,) = connection.execute(
        f"SELECT count(*) FROM record LEFT JOIN keys_{generation} AS keys USING (seq) "
        f"WHERE NOT deleted AND (blob IS NULL OR length(blob) % {KEY_BYTES})"
    ).fetchone()
    if lost:
        yield f"{lost:,} records have no whole keys"
    yield from _of_packed(connection, f"packed_{generation}")


def _of_packed(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    query = f"SELECT count(*) FROM {table} WHERE length(words) IS NOT {KEY_BYTES} * count"
    if there and (lost := connection.execute(query).fetchone()[0]):
        yield f"{lost:,} rows of postings are not as they were stored"


def _plain(said: str) -> str:
    """The first of what SQLite says, without the stars around it."""
    lines = [line for line in said.splitlines() if line and not line.startswith("***")]
    return (lines or [said])[0][:120]
