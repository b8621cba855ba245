"""
Deciding: from proposed pairs to decisions, in this process or shared among several.

    proposed pairs, Fields  ->  those worth comparing  ->  decisions, the distinct ones left out

`DecidingStep` is the same for a worker process. It opens the index for itself to make the fields
of records, and reads those that were made before where they lie. Forms no works and stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from detector.candidates import pairs_worth_comparing
from detector.comparisons.paired_rows import PairedRows
from detector.decision.decided import DecisionColumns
from detector.decision.decision import Decider, Decisions
from detector.decision.weights import Weights
from detector.detecting.field_cache import FieldCache
from detector.detecting.field_file import FieldSpans
from detector.packed_sets import Rows
from indexer.fields import Fields, fields_of_batch
from indexer.fields.packing import packed, unpacked
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import Pairs
from indexer.running.timings import timed
from indexer.running.workers import Workers

Proposed = tuple[str, str, int]  # two record ids, and the mask of what found them
Observer = Callable[[Sequence[int], Decisions], None]  # found_by masks, and what is said
CHUNK = 2_000  # records whose fields a worker makes at once
LEAST_SHARE = 1_000  # pairs; fewer are not worth the way
MOST_SHARE = 5_000  # pairs; a worker holds the fields of so many at a time


@dataclass(slots=True)
class DecidedPairs:
    """What became of proposed pairs."""

    decisions: DecisionColumns = field(default_factory=DecisionColumns.none)  # all but distinct
    proposed: int = 0  # pairs that a key proposed
    compared: int = 0  # of these, worth comparing
    apart: DecisionColumns = field(default_factory=DecisionColumns.none)  # distinct, from LIKELY on

    @classmethod
    def join(cls, parts: Sequence[DecidedPairs]) -> DecidedPairs:
        """All of these together; they number their records alike."""
        return cls(
            DecisionColumns.join([part.decisions for part in parts]),
            sum(part.proposed for part in parts),
            sum(part.compared for part in parts),
            DecisionColumns.join([part.apart for part in parts]),
        )

    def of_ids(self, numbered: Callable[[DecisionColumns], DecisionColumns]) -> DecidedPairs:
        """The same, with records numbered another way."""
        return replace(self, decisions=numbered(self.decisions), apart=numbered(self.apart))


def proposed_by(pairs: Pairs) -> list[Proposed]:
    """The pairs by the ids of their records."""
    ids = pairs.ids
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), pairs.found_by.tolist(), strict=True)
    return [(ids[left], ids[right], bits) for left, right, bits in rows]


def decide_pairs(
    decider: Decider,
    fields: Mapping[str, Fields],
    pairs: Pairs,
    observe: Observer | None = None,
) -> DecidedPairs:
    """Compare the pairs that are worth it, and decide them."""
    with timed("comparing", len(pairs)):
        rows, compared = _worth_comparing(fields, pairs)
    with timed("deciding", len(compared)):
        decisions = decider.decide(compared)
    found_by = pairs.found_by[rows]
    if observe:
        observe(found_by.tolist(), decisions)
    ends = (pairs.ids, pairs.left[rows], pairs.right[rows], found_by)
    decided, apart = decisions.columns(*ends), decisions.columns(*ends, distinct=True)
    return DecidedPairs(decided, len(pairs), len(compared), apart)


def _worth_comparing(fields: Mapping[str, Fields], pairs: Pairs) -> tuple[Rows, PairedRows]:
    """The rows of the pairs that are compared, and these pairs."""
    # a record deleted since it was proposed waits on a list of its own
    held = [row for row in rows_of(pairs) if pairs.ids[row] in fields]
    records = [fields[pairs.ids[row]] for row in held]
    places = np.full(len(pairs.ids), -1)
    places[held] = np.arange(len(held))
    left, right = places[pairs.left], places[pairs.right]
    rows = np.flatnonzero((left >= 0) & (right >= 0))
    worth = pairs_worth_comparing(records, left[rows], right[rows], pairs.found_by[rows])
    rows = rows[worth]
    return rows, PairedRows(records, left[rows], right[rows])


def rows_of(pairs: Pairs) -> list[int]:
    """The rows of the records of these pairs, each once."""
    rows: list[int] = np.unique(np.concatenate((pairs.left, pairs.right))).tolist()
    return rows


@dataclass(frozen=True, slots=True)
class Share:
    """Pairs for one worker, and where the fields of their records stand."""

    fields: FieldSpans
    rows: NDArray[np.int64]  # of these records, among all
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    found_by: NDArray[np.uint16]


def shares_of(pairs: Pairs, fields: FieldCache, workers: int) -> Iterator[Share]:
    """
    The pairs in consecutive shares, of one size.

    Pairs of records that hang together stand together, so that few records are in two shares.
    """
    rounds = max(1, -(-len(pairs) // (MOST_SHARE * workers)))
    size = max(LEAST_SHARE, -(-len(pairs) // (rounds * workers)))
    for at in range(0, len(pairs), size):
        left, right = pairs.left[at : at + size], pairs.right[at : at + size]
        rows, places = np.unique(np.concatenate((left, right)), return_inverse=True)
        ids = tuple(pairs.ids[row] for row in rows.tolist())
        yield Share(
            fields.spans(ids),
            rows,
            places[: len(left)],
            places[len(left) :],
            pairs.found_by[at : at + size],
        )


class DecidingStep:
    """
    What a worker process does for a detector.

    A worker holds its copy, with the decider that it made, until it is given another step.
    """

    def __init__(
        self,
        location: str,
        epoch: Epoch,
        weights: Weights,
        unique_sources: frozenset[str],
        fields: int,
    ) -> None:
        """`fields`: the descriptor of the file that spans of fields are of."""
        self.epoch = epoch
        self.descriptors: tuple[int, ...] = (fields,)
        self._location = location
        self._decides_by = (weights, unique_sources)
        self._engine: Engine | None = None
        self._decider: Decider | None = None

    @overload
    def __call__(self, share: Share) -> DecidedPairs: ...
    @overload
    def __call__(self, share: Sequence[str]) -> dict[str, bytes]: ...
    def __call__(self, share: Share | Sequence[str]) -> DecidedPairs | dict[str, bytes]:
        """Decide a share of pairs; or make the packed fields of these record ids."""
        return self._decided(share) if isinstance(share, Share) else self._packed_fields(share)

    def _packed_fields(self, record_ids: Sequence[str]) -> dict[str, bytes]:
        if self._engine is None:
            self._engine = open_engine(self._location, create=False)
        records = self._engine.get(record_ids)
        made = map(packed, fields_of_batch(list(records.values())))
        return dict(zip(records, made, strict=True))

    def _decided(self, share: Share) -> DecidedPairs:
        if self._decider is None:
            self._decider = Decider(self.epoch, *self._decides_by)
        with timed("columns"):
            bodies = share.fields.bodies(*self.descriptors)
            fields = {record_id: unpacked(body) for record_id, body in bodies.items()}
        pairs = Pairs(share.fields.ids, share.left, share.right, share.found_by)
        decided = decide_pairs(self._decider, fields, pairs)
        self._decider.comparer.forget(fields)  # or 20,000 records stay, the next share has others
        # Who asked knows the ids: sent back with the rows they would be most of the answer.
        return decided.of_ids(lambda columns: columns.numbered((), share.rows))


def ids_in(pairs: Pairs) -> list[str]:
    """The records of these pairs, in the order of the ids."""
    return [pairs.ids[row] for row in rows_of(pairs)]


def decide_shared(
    step: DecidingStep, workers: Workers, fields: FieldCache, pairs: Pairs
) -> Iterator[DecidedPairs]:
    """Let the workers decide a share of the pairs each; the answers in the order of the pairs."""

    def made(record_ids: Sequence[str]) -> Iterator[dict[str, bytes]]:
        chunks = [record_ids[at : at + CHUNK] for at in range(0, len(record_ids), CHUNK)]
        return workers.each(step, chunks)

    fields.fill(ids_in(pairs), made)
    for decided in workers.each(step, shares_of(pairs, fields, workers.count)):
        yield decided.of_ids(lambda columns: replace(columns, ids=pairs.ids))
