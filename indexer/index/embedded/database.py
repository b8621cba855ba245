"""
The SQLite file of the embedded engine: its tables, connections and transactions.

    folder  ->  Database(write connection, snapshots)

WAL mode: readers in other processes are never blocked and never block. Tables of
keys and postings carry a generation number, so that a re-index fills new ones
beside those in use and swaps by one UPDATE. Does not: know what rows mean.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import orjson

from indexer.errors import BackendBusy, BackendError, BackendIncomplete, BackendUnavailable
from indexer.index.embedded.database_pages import PAGE
from indexer.index.embedded.faults import connected
from indexer.index.embedded.numbers_by_id import NumbersById
from indexer.keys import Keys
from indexer.keys import version as keys_version

FILE: Final = "samework.sqlite"
LAYOUT: Final = "1"
LAYOUT_PACKED: Final = "2"  # with packed postings, which who knows the first only would not ask
# Each connection may hold so much, and SQLite gives none of it back before it is closed. Of
# 400,000 records under random ids each is put in 28 µs of CPU; with twice as much in 26.
CACHE_KIB: Final = 131_072
ASKING_KIB: Final = 32_768  # of a connection that is kept for questions
FILLING_KIB: Final = 16_384  # while rows are appended: a page that is full is not met again
LISTED: Final = "(SELECT value FROM json_each(?))"  # what `listed` makes of many values

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,   -- a new one at each change
    id TEXT NOT NULL,
    updated TEXT NOT NULL,
    hash TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    json BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS lease (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, since REAL NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
"""

_GENERATION: Final = """
CREATE TABLE IF NOT EXISTS keys_{g} (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, twin INTEGER NOT NULL, blob BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS posting_{g} (
    key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)
) WITHOUT ROWID;
"""

_PACKED: Final = """CREATE TABLE packed_{g} (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL, words BLOB NOT NULL
)"""
# Files that were made before these had names have them without.
_INDEX_OF_RECORDS: Final = "CREATE UNIQUE INDEX record_id ON record (id)"
_INDEXES_OF_KEYS: Final = """
CREATE UNIQUE INDEX keys_{g}_id ON keys_{g} (id);
CREATE INDEX keys_{g}_twin ON keys_{g} (twin);
"""
FILLING: Final = "filling"  # the mark of a file whose first load has not ended


class Database:
    """One open database: a connection that writes, and snapshots to read from."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.path = folder / FILE
        if not self.path.exists():
            if not create:
                raise BackendUnavailable(
                    f"there is no index at {str(folder)!r}; expected a folder made by "
                    f"`samework ingest FILE --index {folder}` or `samework dedupe`"
                )
            folder.mkdir(parents=True, exist_ok=True)
        self._depth = 0
        self._idle: deque[sqlite3.Connection] = deque()  # kept for questions
        self.known: NumbersById | None = None  # while it is filled, in place of indexes
        self.connection = self.connect()
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def connect(self) -> sqlite3.Connection:
        """A new connection with this project's settings."""
        connection = connected(self.path)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All writes of the block or none; a block within a block joins it."""
        if self._depth:
            yield self.connection
            return
        self.connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                with suppress(BackendError):  # the fault that ended the block is the one to tell
                    self.connection.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

    @contextmanager
    def snapshot(self, *, kept: bool = False) -> Iterator[sqlite3.Connection]:
        """
        A connection that sees one state of the database for the whole block.

        One that is `kept` waits for the next question, with pages that lead to many others.
        """
        connection = self._idle.pop() if kept and self._idle else self.connect()
        try:
            if kept:
                connection.execute(f"PRAGMA cache_size = -{ASKING_KIB}")
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM meta").fetchone()  # the state is fixed here
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        if kept:
            self._idle.append(connection)
        else:
            connection.close()

    def meta(self, name: str, connection: sqlite3.Connection | None = None) -> str:
        """A named value; "" when it was never set."""
        query = "SELECT value FROM meta WHERE name = ?"
        row = (connection or self.connection).execute(query, (name,)).fetchone()
        return str(row[0]) if row else ""

    def made_with(self, connection: sqlite3.Connection | None = None) -> str:
        """What the keys in use were made with."""
        generation = self.meta("generation", connection)
        return self.meta(f"keys_version_{generation}", connection)

    def set_meta(self, name: str, value: str) -> None:
        """Set a named value within the running transaction."""
        self.connection.execute(
            "INSERT INTO meta VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def generations(self) -> list[int]:
        """The sets of keys and postings there are, ascending."""
        rows = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'keys@_%' ESCAPE '@'"
        )
        return sorted(int(name.split("_")[1]) for (name,) in rows)

    def add_generation(self, generation: int, made_with: str) -> None:
        """Tables for a new set of keys and postings."""
        for statement in (_GENERATION + _INDEXES_OF_KEYS).format(g=generation).split(";"):
            self.connection.execute(statement)
        self.set_meta(f"keys_version_{generation}", made_with)
        self.set_meta(f"covered_{generation}", "0")

    def begin_packed(self, generation: int) -> None:
        """An empty table of packed postings, in the place of one that is there."""
        self.connection.execute(f"DROP TABLE IF EXISTS packed_{generation}")
        self.connection.execute(_PACKED.format(g=generation))
        self.set_meta("layout", LAYOUT_PACKED)

    def drop_generation(self, generation: int) -> None:
        """Remove a set of keys and postings."""
        for table in ("keys", "posting", "packed"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}_{generation}")
        for name in ("keys_version", "covered", "packed"):
            self.connection.execute("DELETE FROM meta WHERE name = ?", (f"{name}_{generation}",))

    @contextmanager
    def filling(self) -> Iterator[None]:
        """
        Fill it within the block, if it is empty and nobody else has it open.

        No journal is written and no index kept meanwhile: each page is written about once, where
        a load by transactions writes it four times. A kill leaves a file with a mark in it, and
        whoever opens that is told.
        """
        if not (self._untouched() and self._unguarded()):
            yield
            return
        self.connection.execute(f"PRAGMA cache_size = -{FILLING_KIB}")
        self.known = NumbersById()
        yield
        self.known = None
        self.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        with self.transaction():
            for statement in (_INDEX_OF_RECORDS + ";" + _INDEXES_OF_KEYS.format(g=1)).split(";"):
                self.connection.execute(statement)
        self._guard()

    def drop_keys(self, generation: int, seq: int, blob: bytes) -> None:
        """Remove one record's keys and postings, but for packed ones: they find nothing now."""
        keys = Keys.from_blobs(("",), (blob,))
        self.connection.execute(f"DELETE FROM keys_{generation} WHERE seq = ?", (seq,))
        self.connection.executemany(
            f"DELETE FROM posting_{generation} WHERE key = ? AND seq = ?",
            ((value, seq) for value in keys.values.tolist()),
        )

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().close()
        self.connection.close()

    def _untouched(self) -> bool:
        """Nothing was ever stored."""
        (records,) = self.connection.execute("SELECT count(*) FROM sqlite_sequence").fetchone()
        (others,) = self.connection.execute("SELECT count(*) FROM document").fetchone()
        return not (records or others or self._depth)

    def _unguarded(self) -> bool:
        """Take away what guards it from a kill, once it says so; whether nobody else reads it."""
        with self.transaction():
            self.set_meta(FILLING, "1")
        try:
            self.connection.execute("PRAGMA journal_mode = OFF")
        except BackendBusy:
            with self.transaction():
                self.connection.execute("DELETE FROM meta WHERE name = ?", (FILLING,))
            return False
        self.connection.execute("PRAGMA synchronous = OFF")
        with self.transaction():
            for name in ("record_id", "keys_1_id", "keys_1_twin"):
                self.connection.execute(f"DROP INDEX {name}")
        return True

    def _guard(self) -> None:
        """Make it safe again, and say so once it is on the disk."""
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        with self.transaction():
            self.connection.execute("DELETE FROM meta WHERE name = ?", (FILLING,))

    def _prepare(self) -> None:
        self.connection.execute(f"PRAGMA page_size = {PAGE}")  # of a new file
        self.connection.execute("PRAGMA journal_mode = WAL")
        if self._has_tables() and self.meta("generation"):
            layout = self.meta("layout")
            if layout not in (LAYOUT, LAYOUT_PACKED):
                raise BackendError(
                    f"{str(self.path)!r} has layout {layout!r}, this release knows {LAYOUT!r} "
                    f"and {LAYOUT_PACKED!r}; "
                    "install the release that wrote it, or ingest into another folder"
                )
            if self.meta(FILLING):
                raise BackendIncomplete(
                    f"{str(self.path)!r} was being filled by a run that was ended before it was "
                    "whole; nothing in it can be used: remove its folder and run that again"
                )
            return
        with self.transaction():
            for statement in (_TABLES + _INDEX_OF_RECORDS).split(";"):
                self.connection.execute(statement)
            self.add_generation(1, keys_version())
            self.set_meta("layout", LAYOUT)
            self.set_meta("generation", "1")

    def _has_tables(self) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
        return self.connection.execute(query).fetchone() is not None


def listed(values: Iterable[str | int]) -> bytes:
    """Values of a query that has LISTED in it; any number of them is one parameter."""
    return orjson.dumps(list(values))
