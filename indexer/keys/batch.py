"""
Batches of blocking keys: those of many records as arrays, and as stored bytes.

    values of all records one after another, and where each record's begin  <->  blobs

Does not: make keys (`keys.py` does) or know what a key means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a batch of records, in the order of `ids`."""

    ids: tuple[str, ...]
    twins: NDArray[np.uint64]  # [n] equal where every compared field is equal
    titles: NDArray[np.uint64]  # [n] hash of the title, 0 for none
    firsts: NDArray[np.uint64]  # [n] hash of the first author's family name, 0 for none
    starts: NDArray[np.int64]  # [n + 1] where each record's keys begin in `values`
    values: NDArray[np.uint64]  # distinct within a record, ascending

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, row: int) -> tuple[int, int]:
        """Where one record's keys begin and end in `values`."""
        return int(self.starts[row]), int(self.starts[row + 1])

    def of(self, row: int) -> NDArray[np.uint64]:
        """The keys of one record, ascending."""
        return self.values[self.starts[row] : self.starts[row + 1]]

    def rows(self) -> NDArray[np.int64]:
        """The record's row beside each of `values`."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))

    def blobs(self) -> list[bytes]:
        """Each record's keys as stored bytes; `from_blobs` reads them back."""
        starts = self.starts + HEAD * np.arange(len(self) + 1)
        everything = np.empty(int(starts[-1]), "<u8")
        body = np.ones(len(everything), bool)
        for offset, heads in enumerate((self.twins, self.titles, self.firsts)):
            everything[starts[:-1] + offset] = heads
            body[starts[:-1] + offset] = False
        everything[body] = self.values
        data, ends = everything.tobytes(), (8 * starts).tolist()
        return [data[start:end] for start, end in pairwise(ends)]

    @classmethod
    def from_blobs(cls, ids: Sequence[str], blobs: Sequence[bytes]) -> Keys:
        """The inverse of `blobs`."""
        sizes = np.fromiter((len(blob) // 8 for blob in blobs), np.int64, len(blobs))
        everything = np.frombuffer(b"".join(blobs), "<u8")
        heads = np.cumsum(sizes) - sizes
        body = np.ones(len(everything), bool)
        for offset in range(HEAD):
            body[heads + offset] = False
        starts = np.concatenate(([0], np.cumsum(sizes - HEAD)))
        twins, titles, firsts = (everything[heads + offset] for offset in range(HEAD))
        return cls(tuple(ids), twins, titles, firsts, starts, everything[body])

    @classmethod
    def from_rows(cls, rows: Sequence[tuple[str, bytes]]) -> Keys:
        """The keys of stored rows, each an id and its blob."""
        return cls.from_blobs([row[0] for row in rows], [row[1] for row in rows])

    @classmethod
    def join(cls, batches: Sequence[Keys]) -> Keys:
        """Several batches as one."""
        if not batches:
            return cls.from_blobs((), ())
        offsets = np.cumsum([0] + [len(batch.values) for batch in batches])
        starts = [b.starts[:-1] + offset for b, offset in zip(batches, offsets, strict=False)]
        return cls(
            tuple(record for batch in batches for record in batch.ids),
            np.concatenate([batch.twins for batch in batches]),
            np.concatenate([batch.titles for batch in batches]),
            np.concatenate([batch.firsts for batch in batches]),
            np.concatenate([*starts, offsets[-1:]]),
            np.concatenate([batch.values for batch in batches]),
        )

    def take(self, rows: NDArray[np.int64]) -> Keys:
        """The keys of these rows, in their order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        values = self.values[positions(self.starts[rows], lengths)]
        ids = tuple(self.ids[row] for row in rows)
        return Keys(ids, self.twins[rows], self.titles[rows], self.firsts[rows], starts, values)

    def only(self, kept: NDArray[np.bool_]) -> Keys:
        """The same records with those of their keys that are kept."""
        counts = np.bincount(self.rows()[kept], minlength=len(self))
        starts = np.concatenate(([0], np.cumsum(counts)))
        return replace(self, starts=starts, values=self.values[kept])


def sorted_by_row(
    rows: NDArray[np.int64], values: NDArray[np.uint64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """
    The distinct values of each of `count` rows, ascending, and where each row's begin.

    Rows of like length are sorted as the lines of one table, which numpy does with vector
    instructions: 2 µs a record of 60 keys where `lexsort` takes 9.
    """
    if count == 1:
        alone = np.unique(values)
        return np.array([0, len(alone)]), alone
    order = np.argsort(rows.astype(np.min_scalar_type(count)), kind="stable")
    rows, values = rows[order], values[order]
    lengths = np.bincount(rows, minlength=count)
    begins = np.cumsum(lengths) - lengths
    narrower, width = 0, 8
    while narrower < lengths.max(initial=0):
        alike = np.flatnonzero((lengths > narrower) & (lengths <= width))
        table = np.full((len(alike), width), np.iinfo(np.uint64).max)
        filled = np.arange(width) < lengths[alike][:, None]
        at = positions(begins[alike], lengths[alike])
        table[filled] = values[at]
        table.sort(axis=1)
        values[at] = table[filled]
        narrower, width = width, 2 * width
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (values[1:] != values[:-1])
    distinct = np.bincount(rows[first], minlength=count)
    return np.concatenate(([0], np.cumsum(distinct))), values[first]


def positions(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    The numbers start, start + 1, ... of each run, one run after another.

    Starts (7, 2) with lengths (3, 2) give 7 8 9 2 3: the loop over runs that numpy has none for.
    """
    before = np.cumsum(lengths) - lengths  # how many numbers stand before each run's own
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


HEAD: Final = 3  # 64-bit words before a record's keys in its blob: twin, title, first author
