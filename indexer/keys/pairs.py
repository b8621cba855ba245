"""
Pairs: records that may describe the same work, and by which kinds of key they were found.

    join.py, an engine  ->  Pairs  ->  whoever compares them

Does not: say which records pair (`join.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys.keys import TWIN_SOURCE, Kind

TWIN_BIT: Final = 0  # of records equal in every field, beside the bits of the kinds


@dataclass(frozen=True, slots=True)
class Pairs:
    """
    Candidate pairs: `ids[left[i]]` and `ids[right[i]]` were found by `found_by[i]`.

    `found_by` has bit k set for Kind k and TWIN_BIT for records equal in every field.
    """

    ids: Sequence[str]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    found_by: NDArray[np.uint16]
    total: int = 0  # of the whole answer that this is a batch of, 0 where that is not known

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def united(cls, answers: Sequence[Pairs]) -> Pairs:
        """The pairs of several answers, each once, with all that found it in any of them."""
        row: dict[str, int] = {}
        found_by: dict[tuple[int, int], int] = {}
        for answer in answers:
            place = [row.setdefault(record_id, len(row)) for record_id in answer.ids]
            columns = (answer.left.tolist(), answer.right.tolist(), answer.found_by.tolist())
            for left, right, bits in zip(*columns, strict=True):
                pair = (place[left], place[right])
                found_by[pair] = found_by.get(pair, 0) | bits
        ends = np.array(list(found_by), np.int64).reshape(-1, 2)
        return cls(tuple(row), ends[:, 0], ends[:, 1], np.array(list(found_by.values()), np.uint16))

    def parts(self, size: int) -> Iterator[Pairs]:
        """Consecutive pairs, at most `size` at once; the ids are not copied."""
        for start in range(0, len(self), size):
            rows = slice(start, start + size)
            yield Pairs(
                self.ids, self.left[rows], self.right[rows], self.found_by[rows], self.total
            )

    def __iter__(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """(smaller id, greater id, candidate sources) of each pair."""
        for left, right, bits in zip(self.left, self.right, self.found_by, strict=True):
            first, second = sorted((self.ids[left], self.ids[right]))
            yield first, second, sources_of(int(bits))


def sources_of(bits: int) -> tuple[str, ...]:
    """The names of the candidate sources in a `found_by` mask."""
    named = [TWIN_SOURCE] if bits >> TWIN_BIT & 1 else []
    return (*named, *(kind.source for kind in Kind if bits >> kind & 1))
