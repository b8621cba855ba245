"""
Made records of realistic frequencies, with their truth; any of them by its number alone.

    Population(1_000_000, seed=1).write("made.jsonl")    ->  JSON Lines
    Population(1_000_000, seed=1).write_truth("truth.tsv")  ->  id<TAB>work

A quarter of the records describe a work that another describes already: works have one to
six records. Record k is a function of the seed, k and k's work, so a population of ten
million needs no memory, and any part of it can be made by itself. Words, surnames and
journals are as frequent as measured (`ranks.json`); nothing is copied from a real record.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from benchmarks.records.descriptions import Describer
from benchmarks.records.draws import Draws, Numbers
from benchmarks.records.works import works_of

# Works of so many records in each thousand records: 250 describe what another describes.
WORKS_OF: Final = {1: 572, 2: 122, 3: 44, 4: 9, 5: 2, 6: 1}
BLOCK: Final = sum(records * works for records, works in WORKS_OF.items())
BLOCK_WORKS: Final = sum(WORKS_OF.values())
AT_ONCE: Final = 2_000
ID_BITS: Final = 40
ID_FACTOR: Final = 0x5DEECE66D  # odd, so no two numbers get one id; near numbers, far ids
GOLDEN_RATIO: Final = 0.6180339887
FIRST_EDITION: Final = 1 << 45  # beyond all numbers of records, works and families
GZIP_LEVEL: Final = 3


def _pattern() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """For each place in a block its work and which record of that work it is."""
    sizes = np.repeat(list(WORKS_OF), list(WORKS_OF.values()))
    sizes = sizes[np.argsort(Draws(0).bits(np.arange(len(sizes), dtype=np.uint64), "sizes"))]
    starts = np.cumsum(sizes) - sizes
    works = np.repeat(np.arange(len(sizes)), sizes)
    return works.astype(np.uint64), (np.arange(BLOCK) - starts[works]).astype(np.uint64)


_WORKS, _MEMBERS = _pattern()


@dataclass(frozen=True, slots=True)
class Population:
    """So many records of one seed, in an order that sets the records of a work far apart."""

    records: int
    seed: int = 1

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """The records at these places of the order, as objects."""
        for numbers in self._batches(start, stop):
            yield from self.described(numbers)

    def described(self, numbers: Numbers, edition: int = 0) -> Iterator[dict[str, Any]]:
        """The records of these numbers; in a later edition their feeds describe the works anew."""
        describer = Describer(Draws(self.seed))
        works = works_of(describer.draws, work_of(numbers))
        members = _MEMBERS[numbers % np.uint64(BLOCK)]
        drawn = numbers + np.uint64(edition) * np.uint64(FIRST_EDITION)
        ids = self.ids(numbers)
        for record_id, row in zip(ids, describer.records(works, drawn, members), strict=True):
            row["id"] = record_id
            yield row

    def at(self, places: Sequence[int]) -> Numbers:
        """The numbers of the records at these places of the order."""
        numbers: Numbers = (
            np.array(places, np.uint64) * np.uint64(self._stride()) % np.uint64(self.records)
        )
        return numbers

    def truth(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[str, str]]:
        """The id of each record and the name of its work."""
        for numbers in self._batches(start, stop):
            works = work_of(numbers).tolist()
            yield from zip(self.ids(numbers), [f"w{work}" for work in works], strict=True)

    def ids(self, numbers: Numbers) -> list[str]:
        """The ids of records of these numbers: no neighbour in number is one in order of ids."""
        scattered = (numbers * np.uint64(ID_FACTOR) + np.uint64(self.seed)) % np.uint64(
            1 << ID_BITS
        )
        return [f"m{number:010x}" for number in scattered.tolist()]

    def numbers(self, ids: Sequence[str]) -> Numbers:
        """The inverse of `ids`."""
        scattered = np.array([int(name[1:], 16) for name in ids], np.uint64)
        factor = np.uint64(pow(ID_FACTOR, -1, 1 << ID_BITS))
        numbers: Numbers = (scattered - np.uint64(self.seed)) * factor % np.uint64(1 << ID_BITS)
        return numbers

    def write(self, path: str | Path, start: int = 0, stop: int | None = None) -> None:
        """Write the records as JSON Lines, compressed if the name ends in .gz."""
        with _opened(Path(path)) as file:
            for row in self.rows(start, stop):
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def write_truth(self, path: str | Path) -> None:
        """Write a line a record: its id and its work."""
        with _opened(Path(path)) as file:
            for record_id, work in self.truth():
                file.write(f"{record_id}\t{work}\n".encode())

    def _batches(self, start: int, stop: int | None) -> Iterator[Numbers]:
        """The numbers of the records at these places, some at a time."""
        stop = self.records if stop is None else min(stop, self.records)
        for at in range(start, stop, AT_ONCE):
            yield self.at(range(at, min(at + AT_ONCE, stop)))

    def _stride(self) -> int:
        """How far two neighbours in the order are apart in number; it meets every number."""
        stride = int(self.records * GOLDEN_RATIO) or 1
        while gcd(stride, self.records) != 1:
            stride += 1
        return stride


def work_of(numbers: Numbers) -> Numbers:
    """The work that each record describes."""
    block = np.uint64(BLOCK)
    works: Numbers = numbers // block * np.uint64(BLOCK_WORKS) + _WORKS[numbers % block]
    return works


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return gzip.open(path, "wb", GZIP_LEVEL)  # type: ignore[return-value]
    return path.open("wb")
