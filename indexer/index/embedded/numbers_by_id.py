"""
Numbers by id: which sequence numbers may be of an id, while a database is filled without indexes.

    ids in the order of their numbers  ->  sorted runs of hashes  ->  numbers that may be theirs

Does not: know whether a number still is of that id (the rows do).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class NumbersById:
    """
    Which sequence numbers may be of an id, in 16 bytes an id: an index for while none is kept.

    Hashes of ids lie in sorted runs, each more than half as long as the one before is, so that
    a million are some eight runs and each is merged as often. Ids of one hash all answer.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def add(self, ids: Sequence[str], first: int) -> None:
        """Note ids, numbered from `first` in their order."""
        if not ids:
            return
        hashes, numbers = _hashes(ids), np.arange(first, first + len(ids))
        while self._runs and len(self._runs[-1][0]) < 2 * len(hashes):
            others = self._runs.pop()
            hashes = np.concatenate((others[0], hashes))
            numbers = np.concatenate((others[1], numbers))
        order = np.argsort(hashes, kind="stable")
        self._runs.append((hashes[order], numbers[order]))

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """The numbers that these ids may have, and few others."""
        asked = np.unique(_hashes(ids))
        found: list[int] = []
        for hashes, numbers in self._runs:
            first = np.searchsorted(hashes, asked)
            near = np.flatnonzero(hashes[np.minimum(first, len(hashes) - 1)] == asked)
            for start, value in zip(first[near].tolist(), asked[near].tolist(), strict=True):
                end = np.searchsorted(hashes, value, side="right")
                found += numbers[start:end].tolist()
        return found


def _hashes(ids: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, ids), np.int64, len(ids))
