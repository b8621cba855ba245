"""
Field cache: the fields of stored records, made once, however many there are.

    record ids  ->  Fields by id

The last that were asked for stay in memory, some 6 kB each; the others are packed into a file
(`field_file.py`) when they leave it, 1.5 kB each, and read from there: 15 µs a record, where
they are made in 300. A run over fewer records than MOST packs none. Does not: notice that a
record changed; who puts records calls `forget`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from detector.detecting.field_file import FieldFile, FieldSpans
from indexer.fields import Fields, fields_of_batch
from indexer.fields.packing import packed, unpacked, version_of
from indexer.index.contract import Engine
from indexer.running.timings import timed

MOST: Final = 20_000  # records in memory
_READ_AT_ONCE: Final = 5_000

Made = Callable[[Sequence[str]], Iterable[Mapping[str, bytes]]]


class FieldCache:
    """Fields by record id over one index."""

    def __init__(self, index: Engine, most: int = MOST) -> None:
        self._index = index
        self._most = most
        self._near: dict[str, Fields] = {}  # those asked for last stand last
        self._file: FieldFile | None = None  # begun when it is needed

    def seed(self, made: Iterable[tuple[str, Fields | bytes | None]]) -> None:
        """Take fields that were made already, packed or not; None drops those that are here."""
        for record_id, fields in made:
            self.forget([record_id])
            if isinstance(fields, bytes):
                self._far.add(record_id, fields)
            elif fields is not None:
                self._near[record_id] = fields
        self._make_room()

    def of(self, record_ids: Iterable[str]) -> dict[str, Fields]:
        """The fields of all of these that are stored."""
        found: dict[str, Fields] = {}
        missing = []
        for name in record_ids:
            fields = self._near.pop(name, None) or self._unpacked(name)
            if fields is None:
                missing.append(name)
            else:
                found[name] = self._near[name] = fields
        for start in range(0, len(missing), _READ_AT_ONCE):
            asked = missing[start : start + _READ_AT_ONCE]
            with timed("fields", len(asked)):
                records = self._index.get(asked)
                fresh = dict(zip(records, fields_of_batch(list(records.values())), strict=True))
            self._near |= fresh
            found |= fresh
            self._make_room()
        self._make_room()
        return found

    def once(self, record_ids: Sequence[str]) -> dict[str, Fields]:
        """The same of records that are not asked for again soon: none is taken into memory."""
        found = {name: self._near.get(name) or self._unpacked(name) for name in record_ids}
        missing = [name for name, fields in found.items() if fields is None]
        made = self.of(missing) if missing else {}
        return {name: fields for name, fields in found.items() if fields is not None} | made

    def versions(self, record_ids: Sequence[str]) -> dict[str, Fields]:
        """`once` of what tells which version each record is of: 8 µs each in place of 15."""
        found: dict[str, Fields] = {}
        missing: list[str] = []
        for name in record_ids:
            if (near := self._near.get(name)) is not None:
                found[name] = near
            elif self._file and (body := self._file.get(name)):
                found[name] = version_of(body)
            else:
                missing.append(name)
        return found | self.of(missing) if missing else found

    def fill(self, record_ids: Iterable[str], made: Made) -> None:
        """Have those that are not here made by others, who give them packed."""
        missing = [n for n in record_ids if n not in self._near and n not in self._far]
        for bodies in made(sorted(missing)) if missing else ():
            self.seed(bodies.items())

    def spans(self, record_ids: Sequence[str]) -> FieldSpans:
        """Where those of these that are here stand in the file, for other processes to read."""
        if self._near:
            for name in record_ids:
                if name not in self._far and (near := self._near.get(name)) is not None:
                    self._far.add(name, packed(near))
        return self._far.spans(record_ids)

    @property
    def descriptor(self) -> int:
        """The number that this file is open under."""
        return self._far.descriptor

    def forget(self, record_ids: Iterable[str]) -> None:
        """Drop records that changed."""
        for record_id in record_ids:
            self._near.pop(record_id, None)
            if self._file:
                self._file.forget([record_id])

    def clear(self) -> None:
        """Drop all: another process may have changed any."""
        self._near.clear()
        if self._file:
            self._file.clear()

    @property
    def _far(self) -> FieldFile:
        """Where those are that memory has no room for."""
        if self._file is None:
            self._file = FieldFile(self._index.location)
        return self._file

    def _unpacked(self, record_id: str) -> Fields | None:
        body = self._file.get(record_id) if self._file else None
        return unpacked(body) if body else None

    def _make_room(self) -> None:
        """Pack those that were not asked for since longest."""
        for name in list(islice(self._near, max(0, len(self._near) - self._most))):
            fields = self._near.pop(name)
            if name not in self._far:
                self._far.add(name, packed(fields))
