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


def with_twins(keys: Keys, stored: Keys, epoch: Epoch) -> Pairs:
    """
    The candidates of these records among stored ones, twins treated by their rule.

    Args:
        keys: the records asked about, stored or not.
        stored: the keys of records that share a key with one of these, and of their twins. A
            record's twins have its keys, so whatever found one of them has found all.
        epoch: what the rule depends on.

    Of records equal in every compared field the one of least id stands for the
    others: a stored record that another stands for is a candidate of that one only.
    """
    groups = _groups_of(stored)
    led = {record_id for group in groups.values() for record_id in group[1:]}
    leads = [row for row, record_id in enumerate(stored.ids) if record_id not in led]
    leading = stored.take(np.array(leads, np.int64)) if led else stored
    rows = _RowsById(keys.ids)
    found_by: dict[tuple[int, int], int] = {}  # row, row -> the kinds of key, as bits
    for row, group in _equal_to(keys, stored, groups).items():
        for other in group if keys.ids[row] == group[0] else group[:1]:
            if other != keys.ids[row]:
                found_by[rows.pair(row, other)] = 1 << TWIN_BIT
    met = (column.tolist() for column in cross_join(keys, leading, epoch))
    for left, right, bits in zip(*met, strict=True):
        if keys.ids[left] not in led:
            pair = rows.pair(left, leading.ids[right])
            found_by[pair] = found_by.get(pair, 0) | bits
    return Pairs(
        tuple(rows.ids),
        np.fromiter((left for left, _ in found_by), np.int64, len(found_by)),
        np.fromiter((right for _, right in found_by), np.int64, len(found_by)),
        np.fromiter(found_by.values(), np.uint16, len(found_by)),
    )


def _groups_of(stored: Keys) -> dict[int, list[str]]:
    """Those of the stored records that are equal to another, by their twin value; ids ascend."""
    order = np.argsort(stored.twins, kind="stable")
    twins = stored.twins[order]
    alike = np.zeros(len(twins), bool)
    alike[1:] = twins[1:] == twins[:-1]
    alike[:-1] |= alike[1:]
    groups: dict[int, list[str]] = {}
    for twin, row in zip(twins[alike].tolist(), order[alike].tolist(), strict=True):
        groups.setdefault(twin, []).append(stored.ids[row])
    return {twin: sorted(ids) for twin, ids in groups.items()}


def _equal_to(
    keys: Keys, stored: Keys, groups: Mapping[int, Sequence[str]]
) -> dict[int, Sequence[str]]:
    """For each row of `keys` the stored records equal in every compared field, if there are any."""
    rows = np.flatnonzero(np.isin(stored.twins, keys.twins)).tolist()
    equal: dict[int, Sequence[str]] = {int(stored.twins[row]): [stored.ids[row]] for row in rows}
    equal.update(groups)
    asked = enumerate(keys.twins.tolist())
    return {row: equal[twin] for row, twin in asked if twin in equal}


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
