"""
Damage: is a database file whole, down to what SQLite itself cannot know?

    path  ->  what is wrong, a phrase each

SQLite checks its pages and not their contents: a record has a hash, keys are whole
numbers of 8 bytes, documents that begin as JSON are JSON. Does not: mend (`repair.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson

from indexer.backends.embedded.faults import connected
from indexer.errors import BackendDamaged
from indexer.records import Record, content_hash_of

KEY_BYTES: Final = 8


def damage_of(path: Path, *, contents: bool = False) -> list[str]:
    """
    What is wrong with a file that is there; with `contents`, of what is stored in it too.

    Reads all of the file once.

    Raises:
        BackendError: the file cannot be read for another reason than damage.
    """
    try:
        with closing(connected(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            wrong = [] if found == "ok" else [_plain(str(found))]
            return wrong or (list(_contents(connection)) if contents else [])
    except BackendDamaged as damaged:
        return [damaged.found]


def whole_record(text: bytes, stored_hash: str) -> Record | None:
    """The record that a row holds, if it is the one that was stored."""
    try:
        plain = orjson.loads(text)
        if content_hash_of(plain) != stored_hash:
            return None
        return Record.from_dict(plain)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def whole_document(body: bytes) -> bool:
    """Whether a document that begins as JSON is JSON."""
    if body[:1] not in (b"{", b"["):
        return True
    try:
        orjson.loads(body)
    except ValueError:
        return False
    return True


def _contents(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("SELECT json, hash FROM record")
    if lost := sum(whole_record(text, stored) is None for text, stored in rows):
        yield f"{lost:,} records are not as they were stored"
    rows = connection.execute("SELECT body FROM document")
    if lost := sum(not whole_document(body) for (body,) in rows):
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


def _plain(said: str) -> str:
    """The first of what SQLite says, without the stars around it."""
    lines = [line for line in said.splitlines() if line and not line.startswith("***")]
    return (lines or [said])[0][:120]
