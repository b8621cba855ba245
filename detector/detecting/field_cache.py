"""
Field cache: the fields of stored records, made once and cached while there is room.

    record ids  ->  Fields by id

A record costs some 8 kB here, 3 kB as long as it is packed: the bound is 2.4 GB. Does not: notice
that a record changed; who puts records calls `forget`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from indexer.fields import Fields, fields_of
from indexer.fields.packing import packed, unpacked
from indexer.index.contract import Records

MOST: Final = 300_000  # records
_READ_AT_ONCE: Final = 5_000

Made = Callable[[Sequence[str]], Iterable[Mapping[str, bytes]]]


class FieldCache:
    """Fields by record id over one index."""

    def __init__(self, index: Records, most: int = MOST) -> None:
        self._index = index
        self._most = most
        self._cached: dict[str, Fields | bytes] = {}  # packed until they are asked for

    def seed(self, made: Iterable[tuple[str, Fields | bytes | None]]) -> None:
        """Take fields that were made already, packed or not; None drops those that are here."""
        for record_id, fields in made:
            if fields is None or len(self._cached) >= self._most:
                self._cached.pop(record_id, None)
            else:
                self._cached[record_id] = fields

    def of(self, record_ids: Iterable[str]) -> dict[str, Fields]:
        """The fields of all of these that are stored."""
        wanted = list(record_ids)
        missing = [name for name in wanted if name not in self._cached]
        fresh: dict[str, Fields] = {}
        for start in range(0, len(missing), _READ_AT_ONCE):
            records = self._index.get(missing[start : start + _READ_AT_ONCE])
            fresh.update((name, fields_of(record)) for name, record in records.items())
        held = {name: self._unpacked(name) for name in wanted if name in self._cached}
        self._add(fresh)
        return held | fresh

    def packed(self, record_ids: Iterable[str], made: Made) -> dict[str, bytes]:
        """The same as bytes for other processes; `made` makes those that are not cached."""
        wanted = list(record_ids)
        fresh: dict[str, bytes] = {}
        for more in made(sorted(name for name in wanted if name not in self._cached)):
            fresh.update(more)
        cached = ((name, self._cached[name]) for name in wanted if name in self._cached)
        held = {name: got if isinstance(got, bytes) else packed(got) for name, got in cached}
        self._add(fresh)
        return held | fresh

    def forget(self, record_ids: Sequence[str]) -> None:
        """Drop records that changed."""
        for record_id in record_ids:
            self._cached.pop(record_id, None)

    def clear(self) -> None:
        """Drop all: another process may have changed any."""
        self._cached.clear()

    def _unpacked(self, record_id: str) -> Fields:
        cached = self._cached[record_id]
        if isinstance(cached, bytes):
            cached = self._cached[record_id] = unpacked(cached)
        return cached

    def _add(self, fresh: Mapping[str, Fields | bytes]) -> None:
        if len(self._cached) + len(fresh) > self._most:
            self._cached.clear()  # pairs come in the order of ids: what is old is not asked again
        self.seed(fresh.items())
