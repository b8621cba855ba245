"""
The embedded engine's `Collection`: documents, the log and leases in the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from indexer.errors import WriteConflict
from indexer.index.contract import Document
from indexer.index.embedded.database import LISTED, Database, listed
from indexer.index.embedded.leases import lease

BATCH: Final = 2_000


class EmbeddedCollection:
    """Opaque documents by kind and id, an append-only log, and leases."""

    _database: Database

    def read(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """The documents there are among these ids."""
        rows = self._database.connection.execute(
            f"SELECT id, body, version FROM document WHERE kind = ? AND id IN {LISTED}",
            (kind, listed(ids)),
        )
        return {row[0]: Document(row[1], row[2]) for row in rows}

    def write(
        self,
        kind: str,
        bodies: Mapping[str, bytes],
        expected: Mapping[str, int] | None = None,
    ) -> None:
        """Store documents; see `Collection.write`."""
        with self._database.transaction() as connection:
            if expected:
                stored = self.read(kind, list(expected))
                for name, version in expected.items():
                    current = stored[name].version if name in stored else 0
                    if current != version:
                        raise WriteConflict.of(kind, name, current, version)
            connection.executemany(
                "INSERT INTO document VALUES (?, ?, 1, ?) ON CONFLICT (kind, id) "
                "DO UPDATE SET version = version + 1, body = excluded.body",
                ((kind, name, body) for name, body in bodies.items()),
            )

    def remove(self, kind: str, ids: Iterable[str]) -> int:
        """Take documents out; how many there were."""
        with self._database.transaction() as connection:
            return connection.execute(
                f"DELETE FROM document WHERE kind = ? AND id IN {LISTED}",
                (kind, listed(ids)),
            ).rowcount

    def documents(self, kind: str, after: str = "") -> Iterator[tuple[str, Document]]:
        """All documents of a kind, ascending by id; a page at a time, each as it then is."""
        while True:
            rows = self._database.connection.execute(
                "SELECT id, body, version FROM document WHERE kind = ? AND id > ? "
                "ORDER BY id LIMIT ?",
                (kind, after, BATCH),
            ).fetchall()
            for name, body, version in rows:
                yield name, Document(body, version)
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def count(self, kind: str) -> int:
        """How many documents of a kind there are."""
        row = self._database.connection.execute(
            "SELECT count(*) FROM document WHERE kind = ?", (kind,)
        ).fetchone()
        return int(row[0])

    def append(self, entries: Sequence[bytes]) -> int:
        """Append to the log; the number of the last entry."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO log (body) VALUES (?)", ((entry,) for entry in entries)
            )
            (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
            return int(last)

    def log(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The log's entries behind a number, in order."""
        while True:
            rows = self._database.connection.execute(
                "SELECT number, body FROM log WHERE number > ? ORDER BY number LIMIT ?",
                (after, BATCH),
            ).fetchall()
            yield from rows
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def entries(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The log's entries of these numbers."""
        rows = self._database.connection.execute(
            f"SELECT number, body FROM log WHERE number IN {LISTED} ORDER BY number",
            (listed(numbers),),
        )
        return dict(rows.fetchall())

    def lease(self, name: str, seconds: float) -> AbstractContextManager[None]:
        """Hold a name for the block; see `Collection.lease`."""
        return lease(self._database, name, seconds)

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """All writes of the block in one transaction."""
        with self._database.transaction():
            yield
