"""
The embedded engine's `Records` and `Candidates`: key blobs, and postings beside them.

    put            ->  record + keys, one durable transaction
    make_visible   ->  postings for what was put since, packed or sorted in bulk
    candidates     ->  postings, and the blobs of what has none yet, through `join`
    all_pairs      ->  the blobs streamed through `join`; no posting is read

So a reader answers for records that no writer has made visible yet without a
lock, and a run over whole files never pays for postings it does not ask.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import count
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.errors import BackendOutOfDate
from indexer.index.contract import Totals
from indexer.index.counts import PutCounts
from indexer.index.embedded.database import LISTED, Database, listed
from indexer.index.embedded.postings import StoredPostings, sharing
from indexer.index.embedded.ranked import carrying, likeliest
from indexer.index.embedded.visible import (
    extend_postings,
    few_late,
    note_permutations,
    pack_where_it_pays,
)
from indexer.index.ordering import (
    Form,
    PutOutcome,
    Version,
    counts_of,
    form_of,
    outcome_of,
    with_twins,
)
from indexer.keys import Keys
from indexer.keys import version as keys_version
from indexer.keys.epoch import Epoch
from indexer.keys.gathered import GatheredKeys, Stream
from indexer.keys.learning import learn, touched_by
from indexer.keys.pairs import Pairs
from indexer.keys.ranking import ranked
from indexer.keys.self_join import self_join
from indexer.records import Record

BATCH: Final = 10_000


class EmbeddedIndex:
    """The records of one database, searchable by their keys."""

    _database: Database
    # All keys as `learn` read them, and of which state: whoever learns asks for all pairs next,
    # and reading them again took a fifth of the time of both.
    _learnt_from: tuple[tuple[int, int], GatheredKeys] | None = None

    def put(self, records: Sequence[Record], keys: Keys, forms: Sequence[Form] = ()) -> PutCounts:
        """Store records under their keys; see `Records.put`."""
        forms = forms or [form_of(record) for record in records]
        ids = [record.record_id for record in records]
        outcomes: list[PutOutcome] = []
        with self._database.transaction() as connection:
            generation = self._checked_generation(connection)
            numbers, stored = self._stored(connection, ids)
            kept: dict[str, int] = {}  # places of the versions that are stored
            for at, (record_id, (fresh, _)) in enumerate(zip(ids, forms, strict=True)):
                outcome = outcome_of(stored.get(record_id), fresh)
                outcomes.append(outcome)
                if outcome.replaces:
                    stored[record_id] = fresh
                    kept[record_id] = at
            for record_id in numbers.keys() & kept.keys():
                self._drop(connection, generation, numbers[record_id])
            rows = [(record_id, forms[at]) for record_id, at in kept.items()]
            self._insert(connection, generation, rows, keys, list(kept.values()))
        return counts_of(ids, outcomes)

    def delete(self, record_ids: Iterable[str]) -> int:
        """Take records out; how many there were."""
        with self._database.transaction() as connection:
            generation = self._checked_generation(connection)
            numbers, _ = self._stored(connection, list(record_ids))
            for seq in numbers.values():
                self._drop(connection, generation, seq)
            return len(numbers)

    def get(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """The stored records among these ids."""
        plain = self.plain(record_ids)
        return {record_id: Record.from_dict(values) for record_id, values in plain.items()}

    def plain(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The same as plain values."""
        rows = self._database.connection.execute(
            f"SELECT id, json FROM record WHERE NOT deleted AND id IN {LISTED}",
            (listed(record_ids),),
        ).fetchall()
        return {record_id: orjson.loads(json) for record_id, json in rows}

    def stored(self, record_ids: Sequence[str]) -> dict[str, Form]:
        """Version and JSON of the records stored among these, tombstones too."""
        rows = self._database.connection.execute(
            f"SELECT id, updated, hash, deleted, json FROM record WHERE id IN {LISTED}",
            (listed(record_ids),),
        )
        return {row[0]: ((row[1], row[2], bool(row[3])), row[4]) for row in rows}

    def ids(self) -> Iterator[str]:
        """The ids of all records, ascending."""
        with self._database.snapshot() as connection:
            generation = int(self._database.meta("generation", connection))
            # Those that are not deleted have keys, whose index holds ids and nothing else.
            rows = connection.execute(f"SELECT id FROM keys_{generation} ORDER BY id")
            for (record_id,) in rows:
                yield record_id

    def scan(self, after: str = "") -> Iterator[Record]:
        """All records, ascending by id."""
        with self._database.snapshot() as connection:
            rows = connection.execute(
                "SELECT json FROM record WHERE id > ? AND NOT deleted ORDER BY id", (after,)
            )
            for (json,) in rows:
                yield Record.from_json(json)

    def make_visible(self, *, more_comes: bool = False) -> None:
        """Make postings of all records put since; where more comes, of many at once."""
        if more_comes and few_late(self._database):
            return
        note_permutations(self._database)
        pack_where_it_pays(self._database, self._checked_generation(self._database.connection))
        while True:
            with self._database.transaction() as connection:
                if not extend_postings(self._database, self._checked_generation(connection)):
                    return

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """The stored records that may describe the same works as these."""
        with self._database.snapshot(kept=True) as connection:
            generation = self._checked_generation(connection)
            return self._candidates(connection, generation, keys, epoch)

    def candidates_in(self, generation: int, keys: Keys, epoch: Epoch) -> Pairs:
        """Candidates by the keys of one generation, in use or not."""
        with self._database.snapshot(kept=True) as connection:
            return self._candidates(connection, generation, keys, epoch)

    def _candidates(
        self, connection: sqlite3.Connection, generation: int, keys: Keys, epoch: Epoch
    ) -> Pairs:
        postings = self._postings(connection, generation)
        return with_twins(keys, sharing(postings, keys, epoch), epoch)

    def _postings(self, connection: sqlite3.Connection, generation: int) -> StoredPostings:
        names = (f"covered_{generation}", f"packed_{generation}")
        covered, bits = (int(self._database.meta(name, connection) or 0) for name in names)
        return StoredPostings(connection, generation, covered, bits)

    def all_pairs(self, epoch: Epoch) -> Iterator[Pairs]:
        """Each pair that `candidates` of every stored record would give, once."""
        held, self._learnt_from = self._learnt_from, None
        if held is None or held[0] != self._state():
            yield from self_join(self._gathered(), epoch)
        else:
            yield from self_join(held[1], epoch)

    def learn(self, number: int) -> Epoch:
        """The epoch of the collection as it is now."""
        state = self._state()
        gathered = self._gathered()
        if not self._database.connection.in_transaction:
            self._learnt_from = state, gathered
        return learn(gathered, number)

    def _gathered(self) -> GatheredKeys:
        with self._database.snapshot() as connection:
            return GatheredKeys.of(self._stream(connection))

    def _state(self) -> tuple[int, int]:
        """Another number after each change, by whatever process."""
        connection = self._database.connection
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        return int(version), connection.total_changes

    def touched_by(self, hashes: NDArray[np.uint64]) -> list[str]:
        """The ids of all records that carry one of these hashes."""
        self._learnt_from = None
        with self._database.snapshot() as connection:
            return touched_by(self._stream(connection), hashes)

    def ranked(self, words: Sequence[int], epoch: Epoch, limit: int) -> list[tuple[str, float]]:
        """At most `limit` records by BM25 of their titles, not yet visible ones too."""
        asked = np.array(words, np.uint64)
        with self._database.snapshot(kept=True) as connection:
            generation = self._checked_generation(connection)
            postings = self._postings(connection, generation)
            late = carrying(postings, asked, epoch)
            stored = likeliest(postings, asked, epoch, limit)
        return ranked(asked, Keys.join([stored, late]), epoch, limit)

    def filling(self) -> AbstractContextManager[None]:
        """Fill an empty index; see `Records.filling`."""
        return self._database.filling()

    def totals(self) -> Totals:
        """How much the index holds."""
        connection = self._database.connection
        (records,) = connection.execute("SELECT count(*) FROM record WHERE NOT deleted").fetchone()
        size = sum(p.stat().st_size for p in self._database.path.parent.glob("samework.sqlite*"))
        return Totals(int(records), size, self._database.made_with())

    def _insert(
        self,
        connection: sqlite3.Connection,
        generation: int,
        rows: Sequence[tuple[str, Form]],
        keys: Keys,
        places: Iterable[int],
    ) -> None:
        """Store records under new sequence numbers, those not deleted with their keys."""
        last = connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'record'"
        ).fetchone()
        first = 1 + (int(last[0]) if last else 0)
        connection.executemany(
            "INSERT INTO record (seq, id, updated, hash, deleted, json) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (seq, record_id, *version, json)
                for seq, (record_id, (version, json)) in enumerate(rows, first)
            ],
        )
        if self._database.known is not None:
            self._database.known.add([record_id for record_id, _ in rows], first)
        blobs, twins = keys.blobs(), keys.twins.tolist()
        connection.executemany(
            f"INSERT INTO keys_{generation} (seq, id, blob, twin) VALUES (?, ?, ?, ?)",
            [
                (seq, record_id, blobs[at], twins[at])
                for seq, (record_id, (version, _)), at in zip(count(first), rows, places)
                if not version[2]
            ],
        )

    def _stored(
        self, connection: sqlite3.Connection, record_ids: Sequence[str]
    ) -> tuple[dict[str, int], dict[str, Version]]:
        """The sequence numbers and the versions of those of these records that are stored."""
        known = self._database.known
        by, asked = ("id", record_ids) if known is None else ("seq", known.numbers(record_ids))
        rows = connection.execute(
            f"SELECT seq, id, updated, hash, deleted FROM record WHERE {by} IN {LISTED}",
            (listed(asked),),
        ).fetchall()
        if known is not None:
            wanted = set(record_ids)
            rows = [row for row in rows if row[1] in wanted]
        numbers = {record_id: seq for seq, record_id, *_ in rows}
        return numbers, {row[1]: (row[2], row[3], bool(row[4])) for row in rows}

    def _drop(self, connection: sqlite3.Connection, generation: int, seq: int) -> None:
        """Drop a record with its keys and postings."""
        query = f"SELECT blob FROM keys_{generation} WHERE seq = ?"
        for (blob,) in connection.execute(query, (seq,)).fetchall():
            self._database.drop_keys(generation, seq, blob)
        connection.execute("DELETE FROM record WHERE seq = ?", (seq,))

    def _stream(self, connection: sqlite3.Connection) -> Stream:
        generation = self._checked_generation(connection)

        def batches() -> Iterator[Keys]:
            rows = connection.execute(f"SELECT id, blob FROM keys_{generation} ORDER BY id")
            while batch := rows.fetchmany(BATCH):
                yield Keys.from_rows(batch)

        return batches

    def _checked_generation(self, connection: sqlite3.Connection) -> int:
        made_with = self._database.made_with(connection)
        if made_with != keys_version():
            raise BackendOutOfDate(str(self._database.path.parent), made_with, keys_version())
        return int(self._database.meta("generation", connection))
