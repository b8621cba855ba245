"""
Field cache: the fields of stored records, made once and kept while there is room.

    record ids  ->  Fields by id

A record costs about 5 KB here, so the bound below is some 1.5 GB. Does not: notice
that a record changed; who puts records calls `forget`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from indexer.backends.base import Index
from indexer.fields import Fields, fields_of

MOST: Final = 300_000  # records
_READ_AT_ONCE: Final = 5_000


class FieldCache:
    """Fields by record id over one index."""

    def __init__(self, index: Index, most: int = MOST) -> None:
        self._index = index
        self._most = most
        self._kept: dict[str, Fields] = {}

    def seed(self, fields: Iterable[Fields]) -> None:
        """Keep fields that were made already."""
        for one in fields:
            if len(self._kept) >= self._most:
                return
            self._kept[one.record_id] = one

    def of(self, record_ids: Iterable[str]) -> dict[str, Fields]:
        """The fields of all of these that are stored."""
        wanted = list(record_ids)
        missing = [one for one in wanted if one not in self._kept]
        fresh: dict[str, Fields] = {}
        for start in range(0, len(missing), _READ_AT_ONCE):
            records = self._index.get(missing[start : start + _READ_AT_ONCE])
            fresh.update((name, fields_of(record)) for name, record in records.items())
        found = {one: self._kept[one] for one in wanted if one in self._kept}
        if len(self._kept) + len(fresh) > self._most:
            self._kept.clear()  # pairs come in the order of ids: what is old is not asked again
        self.seed(fresh.values())
        return found | fresh

    def forget(self, record_ids: Sequence[str]) -> None:
        """Drop records that changed."""
        for one in record_ids:
            self._kept.pop(one, None)

    def clear(self) -> None:
        """Drop all: another process may have changed any."""
        self._kept.clear()
