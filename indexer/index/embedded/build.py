"""
A new set of keys and postings beside the one in use, swapped in by one UPDATE.

    records by sequence  ->  keys_{g+1}, posting_{g+1}  ->  generation = g + 1

Every `add` is a transaction that also moves the build's watermark, the highest
sequence number it has seen: a killed build goes on from there. The generation that
a swap replaces stays until the next build, for `roll_back`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from indexer.errors import BackendError
from indexer.index.contract import Keyed
from indexer.index.embedded.database import LISTED, Database, listed
from indexer.index.embedded.index import EmbeddedIndex
from indexer.index.embedded.visible import extend_postings
from indexer.keys import Keys
from indexer.keys import version as keys_version
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import Pairs
from indexer.records import Record

CATCH_UP: int = 2_000


class EmbeddedBuild:
    """The unfinished generation of one database."""

    def __init__(self, database: Database, index: EmbeddedIndex, generation: int) -> None:
        self._database = database
        self._index = index
        self._generation = generation

    @classmethod
    def unfinished(cls, database: Database, index: EmbeddedIndex) -> EmbeddedBuild | None:
        """The unfinished generation if this release began it."""
        building = database.meta("building")
        if building and database.meta(f"keys_version_{building}") == keys_version():
            return cls(database, index, int(building))
        return None

    @classmethod
    def begin(cls, database: Database, index: EmbeddedIndex) -> EmbeddedBuild:
        """Go on with the unfinished generation if this release began it, else begin one."""
        with database.transaction():
            if unfinished := cls.unfinished(database, index):
                return unfinished
            current = int(database.meta("generation"))
            for old in database.generations():
                if old != current:
                    database.drop_generation(old)
            database.add_generation(current + 1, keys_version())
            database.set_meta("building", str(current + 1))
            database.set_meta("built", "0")
            database.set_meta("before", "")
        return cls(database, index, current + 1)

    def missing(self, limit: int) -> list[Record]:
        """Records put since the build's watermark, in the order of their sequence."""
        rows = self._database.connection.execute(
            "SELECT json FROM record WHERE seq > ? AND NOT deleted ORDER BY seq LIMIT ?",
            (int(self._database.meta("built")), limit),
        )
        return [Record.from_json(json) for (json,) in rows]

    def add(self, records: Sequence[Record], keys: Keys) -> None:
        """Put new keys of records into the build and move its watermark."""
        blobs = dict(
            zip(keys.ids, zip(keys.blobs(), keys.twins.tolist(), strict=True), strict=True)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"SELECT seq, id FROM record WHERE id IN {LISTED}", (listed(keys.ids),)
            ).fetchall()
            for seq, record_id in sorted(rows):
                blob, twin = blobs[record_id]
                connection.execute(
                    f"INSERT OR REPLACE INTO keys_{self._generation} VALUES (?, ?, ?, ?)",
                    (seq, record_id, twin, blob),
                )
                self._database.set_meta("built", str(seq))
            extend_postings(self._database, self._generation)

    def counts(self) -> tuple[int, int]:
        """(records of the index in use, records in the build)."""
        connection = self._database.connection
        (stored,) = connection.execute("SELECT count(*) FROM record WHERE NOT deleted").fetchone()
        (built,) = connection.execute(
            f"SELECT count(*) FROM keys_{self._generation} "
            "WHERE seq IN (SELECT seq FROM record WHERE NOT deleted)"
        ).fetchone()
        return int(stored), int(built)

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """What the index will answer once the build is in use."""
        return self._index.candidates_in(self._generation, keys, epoch)

    def swap(self, keyed: Keyed) -> None:
        """Catch up and put the build in use, in one transaction."""
        with self._database.transaction() as connection:
            while records := self.missing(CATCH_UP):
                self.add(records, keyed(records))
            while extend_postings(self._database, self._generation):
                pass
            self._drop_deleted(connection)
            stored, built = self.counts()
            if stored != built:
                raise BackendError(
                    f"the new keys of {str(self._database.path.parent)!r} are of {built} records, "
                    f"expected {stored}; nothing was swapped; run `samework reindex` again, "
                    "or `samework doctor` to see what is wrong"
                )
            before = self._database.meta("generation")
            self._database.set_meta("generation", str(self._generation))
            self._database.set_meta("before", before)
            self._database.set_meta("building", "")

    def discard(self) -> None:
        """Forget the build."""
        with self._database.transaction():
            self._database.drop_generation(self._generation)
            self._database.set_meta("building", "")

    def _drop_deleted(self, connection: sqlite3.Connection) -> None:
        """Take out what was deleted or replaced since it was built."""
        gone = connection.execute(
            f"SELECT seq, blob FROM keys_{self._generation} "
            "WHERE seq NOT IN (SELECT seq FROM record WHERE NOT deleted)"
        ).fetchall()
        for seq, blob in gone:
            self._database.drop_keys(self._generation, seq, blob)


def roll_back(database: Database) -> str:
    """Put the generation before the last swap in use again; see `Rebuild.roll_back`."""
    with database.transaction():
        before = database.meta("before")
        if not before:
            raise BackendError(
                f"{str(database.path.parent)!r} has no earlier keys to go back to; "
                "only the last `samework reindex` can be undone, and only once"
            )
        made_with = database.meta(f"keys_version_{before}")
        current = database.meta("generation")
        if made_with == database.meta(f"keys_version_{current}"):
            _carry_over(database, int(current), int(before))
        database.set_meta("generation", before)
        database.set_meta("before", "")
        database.drop_generation(int(current))
    return made_with


def _carry_over(database: Database, current: int, before: int) -> None:
    """Make the earlier generation hold exactly what the current one holds."""
    connection = database.connection
    if packed := database.meta(f"packed_{current}"):
        database.begin_packed(before)
        database.set_meta(f"packed_{before}", packed)
        connection.execute(f"INSERT INTO packed_{before} SELECT * FROM packed_{current}")
    for table in ("keys", "posting"):
        connection.execute(f"DELETE FROM {table}_{before}")
        connection.execute(f"INSERT INTO {table}_{before} SELECT * FROM {table}_{current}")
    database.set_meta(f"covered_{before}", database.meta(f"covered_{current}"))
