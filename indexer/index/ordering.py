"""
The order of a record's versions, and the rule for twins: the same on every engine.

    stored version, fresh version  ->  PutOutcome
    keys, candidates by key, twin groups  ->  Pairs

Does not: talk to an engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

import numpy as np
import orjson

from indexer.index.counts import PutCounts
from indexer.keys import Keys
from indexer.keys.epoch import Epoch
from indexer.keys.join import cross_join
from indexer.keys.pairs import TWIN_BIT, Pairs
from indexer.records import Record, content_hash_of

Version = tuple[str, str, bool]  # feed date ("" when undated), content hash, deleted
Form = tuple[Version, bytes]  # a record as every engine stores it: its version, its JSON


def form_of(record: Record) -> Form:
    """What is stored of a record."""
    plain = record.to_dict()
    return (record.updated, content_hash_of(plain), record.deleted), orjson.dumps(plain)


class PutOutcome(Enum):
    """What becomes of a record that is put."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OLDER = "older"
    DELETED = "deleted"

    @property
    def replaces(self) -> bool:
        """Whether the record is stored in place of what was there."""
        return self in _REPLACING


_REPLACING: Final = (PutOutcome.NEW, PutOutcome.UPDATED, PutOutcome.DELETED)


def counts_of(record_ids: Iterable[str], outcomes: Sequence[PutOutcome]) -> PutCounts:
    """What became of records, one outcome each."""
    counts = PutCounts()
    for outcome in PutOutcome:
        setattr(counts, outcome.value, outcomes.count(outcome))
    told = zip(record_ids, outcomes, strict=True)
    counts.changed_ids += [record_id for record_id, outcome in told if outcome.replaces]
    return counts


def outcome_of(stored: Version | None, fresh: Version) -> PutOutcome:
    """
    What a fresh version of a record does to the stored one.

    Versions are ordered by (feed date, content hash) where both have a date, so
    that pages in any order end in the same state; an undated version is taken to
    be newer than what came before it.
    """
    if stored is None:
        return PutOutcome.DELETED if fresh[2] else PutOutcome.NEW
    if stored[0] and fresh[0] and fresh[:2] < stored[:2]:
        return PutOutcome.OLDER
    if fresh[1:] == stored[1:]:
        # An equal content with a later date must be stored, else a version dated in
        # between, arriving late, would win.
        return PutOutcome.UPDATED if fresh[0] > stored[0] else PutOutcome.UNCHANGED
    if fresh[2]:
        return PutOutcome.UNCHANGED if stored[2] and fresh[0] <= stored[0] else PutOutcome.DELETED
    return PutOutcome.NEW if stored[2] else PutOutcome.UPDATED


def with_twins(keys: Keys, stored: Keys, twins: Mapping[int, Sequence[str]], epoch: Epoch) -> Pairs:
    """
    The candidates of these records among stored ones, twins treated by their rule.

    Args:
        keys: the records asked about, stored or not.
        stored: the keys of records that share a key with one of these.
        twins: for each twin value of both the ids of its stored records, ascending.
        epoch: what the rule depends on.

    Of records equal in every compared field the one of least id stands for the
    others: a stored record that another stands for is a candidate of that one only.
    """
    stored = _leads_of(stored, twins)
    rows = _RowsById(keys.ids)
    found_by: dict[tuple[int, int], int] = {}  # row, row -> the kinds of key, as bits
    led_by_another: set[int] = set()
    for row, (record_id, twin) in enumerate(zip(keys.ids, keys.twins.tolist(), strict=True)):
        group = twins.get(twin, ())
        if record_id in group and record_id != group[0]:
            led_by_another.add(row)
        others = group if group and record_id == group[0] else group[:1]
        for other in others:
            if other != record_id:
                found_by[rows.pair(row, other)] = 1 << TWIN_BIT
    for left, right, bits in zip(*cross_join(keys, stored, epoch), strict=True):
        if int(left) not in led_by_another:
            pair = rows.pair(int(left), stored.ids[right])
            found_by[pair] = found_by.get(pair, 0) | int(bits)
    return Pairs(
        tuple(rows.ids),
        np.fromiter((left for left, _ in found_by), np.int64, len(found_by)),
        np.fromiter((right for _, right in found_by), np.int64, len(found_by)),
        np.fromiter(found_by.values(), np.uint16, len(found_by)),
    )


def _leads_of(stored: Keys, twins: Mapping[int, Sequence[str]]) -> Keys:
    """The keys of those records that stand for their twins."""
    leads = {group[0] for group in twins.values()}
    rows = [row for row, record_id in enumerate(stored.ids) if record_id in leads]
    return stored.take(np.array(rows, np.int64))


class _RowsById:
    """Rows of records by their ids: those asked about, then others as they are met."""

    def __init__(self, record_ids: Sequence[str]) -> None:
        self.ids = list(record_ids)
        self._rows = {record_id: row for row, record_id in enumerate(record_ids)}

    def pair(self, row: int, record_id: str) -> tuple[int, int]:
        """The rows of two records, that of the smaller id first."""
        other = self._rows.setdefault(record_id, len(self.ids))
        if other == len(self.ids):
            self.ids.append(record_id)
        return (row, other) if self.ids[row] < record_id else (other, row)
