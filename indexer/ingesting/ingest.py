"""
Ingest: rows of files or pages into an index, a batch at a time.

    Occurrence | Rejected  ->  records under their keys, dead letters, counts

Each batch is one step that can be repeated: put is idempotent, dead letters have ids
made of where they stood, and the ids of what changed stand in a queue in the collection
(`PENDING`) until they are compared. Does not: read files, or compare records; a caller
that wants that gives `arrived`, which is called after each batch.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from secrets import token_hex
from time import time_ns
from typing import Any, Final, TypeVar

import orjson

from indexer.fields import Fields
from indexer.index.contract import Engine
from indexer.index.counts import Outcomes, PutCounts
from indexer.index.ordering import Form, form_of
from indexer.ingesting.dead_letters import NOT_STORED, file_rejected, refused
from indexer.ingesting.making import Made, made_of, packed_of
from indexer.ingesting.record_shares import parts_of
from indexer.ingesting.runs import OpenRun
from indexer.keys import Keys, keys_of
from indexer.records import Occurrence, Rejected
from indexer.running.crash_points import reached
from indexer.running.timings import each_timed, timed
from indexer.running.workers import Workers

BATCH: Final = 8_000  # records: some 40 MB of them
# Of one list in the queue. SQLite copies the whole of a long document to compare its name with
# that of a neighbour: lists of a batch made each document written beside them 15 µs dearer.
LISTED: Final = 250  # records
PENDING: Final = "pending"  # the queue: ids of records that were put and not compared yet

Row = Occurrence | Rejected
T = TypeVar("T")
Arrived = Callable[[Sequence[str]], object]  # given the ids of records that changed
# The id of a record and its fields, packed where a worker made them; None: make them anew.
Stored = tuple[str, Fields | bytes | None]
# Given what a batch changed, the lists in the queue that this waits on, and the batch's keys.
MadeOf = Callable[[Iterable[Stored], Iterable[str], Keys], object]


@dataclass
class IngestCounts(Outcomes):
    """What became of the rows read; `closes` says whether they all are accounted for."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    deleted: int = 0
    rejected: int = 0

    @property
    def closes(self) -> bool:
        """read = new + updated + unchanged + older + deleted + rejected."""
        return self.read == self.outcomes

    def add(self, put: PutCounts, rejected: int) -> None:
        """Count one batch, and rows that were rejected before it was put."""
        self.count(put)
        self.read += put.outcomes + rejected
        self.rejected += rejected


@dataclass(slots=True)
class Ingestion:
    """One run that puts rows into an engine."""

    engine: Engine
    arrived: Arrived | None = None  # called with the ids that changed, after each batch
    seen: Callable[[Sequence[Occurrence]], object] | None = None  # told of each batch's rows
    made: MadeOf | None = None  # told of what each batch changed, once it is stored
    refused: Callable[[Sequence[Rejected]], object] | None = None  # told of what was not usable
    batch: int = BATCH  # rows a step
    workers: Workers = field(default_factory=Workers)  # that make fields and keys
    noted_in: OpenRun | None = None  # notes what is put, so that it can be undone
    _lists: list[str] = field(init=False, default_factory=list)  # in the queue, of the last put
    _untold: list[tuple[list[Stored], list[str], Keys]] = field(init=False, default_factory=list)

    def run(self, rows: Iterable[Row], counts: IngestCounts | None = None) -> IngestCounts:
        """Store all rows; `counts`, if given, is kept up to date batch by batch."""
        counts = counts or IngestCounts()
        for batch, made in self._made(rows):
            self._store(batch, made, counts)
        return counts

    def _store(self, batch: Sequence[Row], made: Made, counts: IngestCounts) -> None:
        fields, keys, faults, forms = made
        read = [row for row in batch if isinstance(row, Occurrence)]
        rejected = [row for row in batch if isinstance(row, Rejected)]
        rejected += [refused(read[at], reason) for at, reason in faults.items()]
        occurrences = [row for at, row in enumerate(read) if at not in faults]
        with timed("storing", len(occurrences)), self.engine.atomically():
            put = self._put(occurrences, keys, forms)
            occurrences, fields = _held(occurrences, put), _held(fields, put)
            self._file(rejected)
            reached("within-put")
        reached("after-put")
        counts.add(put, len(rejected))
        if self.seen:
            self.seen(occurrences)
        self._tell(occurrences, fields, put, keys)
        self.finish(put.changed_ids)

    def store(self, rows: Sequence[Occurrence], fields: Sequence[Fields]) -> PutCounts:
        """
        Put records, and queue those that changed to be compared, in one step.

        Those that the engine cannot store become dead letters with the place of their row.
        """
        keys = keys_of(fields)
        put = self._put(rows, keys)
        self._tell(_held(rows, put), _held(fields, put), put, keys)
        return put

    def _tell(
        self, rows: Sequence[Occurrence], made: Sequence[Fields | bytes], put: PutCounts, keys: Keys
    ) -> None:
        if self.made:
            self._untold.append((list(_stored(rows, made, put)), self._lists, keys))

    def _put(self, rows: Sequence[Occurrence], keys: Keys, forms: Sequence[Form] = ()) -> PutCounts:
        self._lists = []
        if not rows:
            return PutCounts()
        # All are queued before they are put, then only those that changed: where an engine
        # has no transactions, a kill in between leaves too many in the queue, never too few.
        records = [row.record for row in rows]
        given = dict.fromkeys(record.record_id for record in records)
        run = self.noted_in.run if self.noted_in else ""
        with self.engine.atomically():
            noted = queue_entries(list(given), run)
            self.engine.write(PENDING, noted)
            if self.noted_in:
                forms = forms or [form_of(record) for record in records]
                self.noted_in.note_put(self.engine, records, forms)
            put = self.engine.put(records, keys, forms)
            changed = dict.fromkeys(put.changed_ids)
            if len(changed) < len(given):
                every, noted = noted, queue_entries(list(changed), run)
                self.engine.write(PENDING, noted)
                self.engine.remove(PENDING, every)
            self._lists = list(noted)
            if put.refusals:
                told = ((rows[refusal.at], refusal.reason) for refusal in put.refusals)
                self._file([refused(row, NOT_STORED.format(reason)) for row, reason in told])
        return put

    def _file(self, rejected: Sequence[Rejected]) -> None:
        if not rejected:
            return
        file_rejected(self.engine, rejected)
        if self.refused:
            self.refused(rejected)

    def _made(self, rows: Iterable[Row]) -> Iterator[tuple[list[Row], Made]]:
        """Batches of rows with what is made of their records."""
        ahead: deque[list[Row]] = deque()  # batches that workers are at

        alone = self.workers.count == 1

        def shares() -> Iterator[list[Any]]:
            for batch in each_timed("reading", batches(rows, self.batch), len):
                reached("after-fetch")
                ahead.append(batch)
                records = [row.record for row in batch if isinstance(row, Occurrence)]
                yield records if alone else parts_of(records)

        for made in self.workers.each(made_of if alone else packed_of, shares()):
            yield ahead.popleft(), made

    def finish(self, changed_ids: Sequence[str]) -> None:
        """Tell what was made of what was stored, make it visible, and tell what changed."""
        untold, self._untold = self._untold, []
        for stored in untold:
            if self.made:
                self.made(*stored)
        if self.arrived is None:
            return
        with timed("storing"):
            self.engine.make_visible(more_comes=True)
        reached("after-visible")
        self.arrived(changed_ids)


def _stored(
    rows: Sequence[Occurrence], fields: Sequence[Fields | bytes], put: PutCounts
) -> Iterator[Stored]:
    """
    The records that a put changed, with the fields that are theirs from now on.

    Of several rows of one record only the index knows which one it holds now.
    """
    changed = set(put.changed_ids)
    times = Counter(row.record.record_id for row in rows)
    for row, made in zip(rows, fields, strict=True):
        record_id = row.record.record_id
        if record_id in changed:
            holds = times[record_id] == 1 and not row.record.deleted
            yield record_id, made if holds else None


def _held(values: Sequence[T], put: PutCounts) -> list[T]:
    """Those of the values, one a record put, whose records were not refused."""
    refused = {refusal.at for refusal in put.refusals}
    return [value for at, value in enumerate(values) if at not in refused]


def queue_entries(record_ids: Sequence[str], *why: str) -> dict[str, bytes]:
    """
    Documents for the queue PENDING, some record ids in each, ordered by time.

    No two have one name: who has compared the records of an entry and takes it out must
    not take out what arrived of the same records meanwhile. The name ends with `why`: the run
    that put the records, behind it the run that this one undoes, or what else queued them.
    """
    parts = (record_ids[at : at + LISTED] for at in range(0, len(record_ids), LISTED))
    return {
        "-".join((f"{time_ns():020d}", token_hex(4), *filter(None, why))): orjson.dumps(list(ids))
        for ids in parts
    }


def queued_by(entry: str) -> tuple[str, ...]:
    """What an entry of the queue was made with as `why`; that of earlier releases has none."""
    return tuple(entry.split("-")[2:])


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Consecutive lists of at most `size` rows."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
