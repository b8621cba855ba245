"""
Record names: what outputs call each record, without a text or an entry for most of them.

    record and given id of each row  ->  RecordNames: record id -> name

A name is the id that the input gave, where no other record has it: most often what stands
behind the source in the record's own id, so that it need not be held. Of a million records a
dict took 160 MB, and making it 400.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np


class RecordNames(Mapping[str, str]):
    """
    The name of each record of a run, to be asked of its records only.

    Two files may both number their rows from 1: their records are then called
    "file:id", which is what a record id is when no source was named.
    """

    def __init__(self, record_ids: Sequence[str], given_ids: Iterable[str]) -> None:
        """Take for each row the record that it became, and the id that it gave."""
        self._record_ids = record_ids
        self._itself: set[str] = set()  # called by their record ids
        self._otherwise: dict[str, str] = {}  # called by no ending of these
        for record_id, given_id in zip(record_ids, given_ids, strict=True):
            self._give(record_id, given_id)
        self._several = self._carried_by_several()

    def __getitem__(self, record_id: str) -> str:
        name = self._given(record_id)
        return record_id if name in self._several else name

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self._record_ids))

    def __len__(self) -> int:
        return len(set(self._record_ids))

    def _give(self, record_id: str, given_id: str) -> None:
        """Note what the last row of a record calls it."""
        if self._itself:
            self._itself.discard(record_id)
        if self._otherwise:
            self._otherwise.pop(record_id, None)
        if not given_id or given_id == record_id:
            self._itself.add(record_id)
        elif given_id != record_id.partition(":")[2]:
            self._otherwise[record_id] = given_id

    def _given(self, record_id: str) -> str:
        if record_id in self._itself:
            return record_id
        return self._otherwise.get(record_id) or record_id.partition(":")[2]

    def _carried_by_several(self) -> set[str]:
        """The names that more than one record has, found among those of equal hashes."""
        hashes = array("q", (hash(self._given(record_id)) for record_id in self._record_ids))
        values, counts = np.unique(np.asarray(hashes), return_counts=True)
        again = set(values[counts > 1].tolist())
        first: dict[str, str] = {}
        several = set()
        for record_id, value in zip(self._record_ids, hashes, strict=True) if again else ():
            if value in again:
                name = self._given(record_id)
                if first.setdefault(name, record_id) != record_id:
                    several.add(name)
        return several
