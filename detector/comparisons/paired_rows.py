"""
Paired rows: many pairs of records, each record once.

    records, rows of the left ones, rows of the right ones  ->  a sequence of pairs of Fields

A record stands in several pairs: what follows from it alone is found once a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from detector.packed_sets import Rows
from indexer.fields import Fields


@dataclass(frozen=True, slots=True, eq=False)
class PairedRows(Sequence[tuple[Fields, Fields]]):
    """Pair i is (records[left[i]], records[right[i]])."""

    records: Sequence[Fields]
    left: Rows
    right: Rows

    @classmethod
    def of(cls, pairs: Sequence[tuple[Fields, Fields]]) -> PairedRows:
        """These pairs, the same Fields in one row."""
        rows: dict[int, int] = {}
        sides = [[rows.setdefault(id(pair[side]), len(rows)) for pair in pairs] for side in (0, 1)]
        held = {id(fields): fields for pair in pairs for fields in pair}
        left, right = (np.array(side, np.intp) for side in sides)
        return cls([held[name] for name in rows], left, right)

    def __len__(self) -> int:
        return len(self.left)

    @overload
    def __getitem__(self, at: int) -> tuple[Fields, Fields]: ...
    @overload
    def __getitem__(self, at: slice) -> PairedRows: ...
    def __getitem__(self, at: int | slice) -> tuple[Fields, Fields] | PairedRows:
        """One pair, or several as paired rows."""
        if isinstance(at, slice):
            return PairedRows(self.records, self.left[at], self.right[at])
        return self.records[self.left[at]], self.records[self.right[at]]

    def __iter__(self) -> Iterator[tuple[Fields, Fields]]:
        records = self.records
        for left, right in zip(self.left.tolist(), self.right.tolist(), strict=True):
            yield records[left], records[right]
