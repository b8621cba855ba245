"""
Arriving: what ingest made of records that this process put and has not compared yet.

    fields, keys and lists of a batch that was put  ->  the keys of records to be compared

Of a record that another process put meanwhile only the index knows what it is by now: what is
held of it is dropped by the lists that it waits on. Does not: compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from detector.detecting.field_cache import FieldCache
from indexer.ingesting.ingest import Stored
from indexer.keys import Keys, keys_of

MOST_KEYS: Final = 20_000  # records, some 500 bytes each; of a first collection all would wait


class Arriving:
    """Fields and keys of records that wait to be compared, by the lists that they wait on."""

    def __init__(self, fields: FieldCache) -> None:
        self._fields = fields
        self._lists: set[str] = set()
        self._keys: dict[str, tuple[Keys, int]] = {}  # the batch it is in, and where

    def take(self, stored: Iterable[Stored], lists: Iterable[str], keys: Keys) -> None:
        """Take what was made of the records of a batch that a put changed; see `MadeOf`."""
        stored = list(stored)
        self._fields.seed(stored)
        self._lists.update(lists)
        if len(self._keys) > MOST_KEYS:
            self._keys.clear()
        held = {record_id for record_id, made in stored if made is not None}
        for row, record_id in enumerate(keys.ids):
            if record_id in held:
                self._keys[record_id] = (keys, row)
        for record_id, made in stored:
            if made is None:
                self._keys.pop(record_id, None)

    def taken_in_turn(self, lists: Mapping[str, Sequence[str]]) -> None:
        """These lists are to be compared now: what is held of records others put is dropped."""
        for name in lists.keys() - self._lists:
            self.forget(lists[name])
        self._lists.difference_update(lists)

    def of_others(self, names: Iterable[str]) -> list[str]:
        """Those of these lists that other processes wrote."""
        return [name for name in names if name not in self._lists]

    def all_taken(self, others: Mapping[str, Sequence[str]]) -> None:
        """All lists are to be compared now, these `of_others` too; keys are not asked for then."""
        self.taken_in_turn(others)
        self._lists.clear()
        self._keys.clear()

    def forget(self, record_ids: Iterable[str]) -> None:
        """Drop what is held of records that changed."""
        for record_id in record_ids:
            self._fields.forget([record_id])
            self._keys.pop(record_id, None)

    def clear(self) -> None:
        """Drop all: another process may have changed any."""
        self._fields.clear()
        self._keys.clear()

    def keys(self, record_ids: Iterable[str]) -> Keys:
        """The keys of the stored records among these: those held, the others made of fields."""
        held: dict[int, tuple[Keys, list[int]]] = {}
        others = []
        for record_id in record_ids:
            if made := self._keys.pop(record_id, None):
                held.setdefault(id(made[0]), (made[0], []))[1].append(made[1])
            else:
                others.append(record_id)
        parts = [keys.take(np.array(rows, np.int64)) for keys, rows in held.values()]
        return Keys.join([*parts, keys_of(list(self._fields.of(others).values()))])
