"""
Ranks: which word is meant, by frequencies measured on real records.

    Ranks.of("title words").drawn(bits)  ->  the rank of a word for each draw

Real words have no end: of every collection some share stands once, and a larger one has
more of them. Beyond what was measured ranks go on by the slope that it ends with, so the
number of distinct words grows with the records as it does in real ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.records.draws import Numbers, mixed

MEASURED: Final = Path(__file__).with_name("ranks.json")
CELLS_BITS: Final = 20  # of the table of quantiles: a million cells, 4 MB
SLOPE: Final = 1.2  # beyond the table; 1.2 lets distinct words grow as records ** 0.8
FARTHEST: Final = 2.0**40


@cache
def measured() -> dict[str, Any]:
    """The numbers of ranks.json."""
    table: dict[str, Any] = json.loads(MEASURED.read_text("utf-8"))
    return table


def quantiles(name: str) -> NDArray[np.int64]:
    """How long a record's title, abstract or byline is: the values in order, equally likely."""
    return np.array(measured()[f"{name} of a record"], np.int64)


@dataclass(frozen=True, slots=True)
class Ranks:
    """The ranks of one kind of word: a cell is as likely as another, and has a rank."""

    cells: NDArray[np.int32]
    known: int  # ranks from this one on come of the slope
    beyond: float  # the share of uses that they have
    letters: NDArray[np.float64]  # of the word of each known rank

    @classmethod
    @cache
    def of(cls, name: str) -> Ranks:
        """The ranks of a name in ranks.json."""
        table = measured()[name]
        beyond = table["once"] / table["uses"]
        known = table["distinct"] - table["once"]
        ranks = np.arange(1, known + 1)
        at = np.log(table["ranks"])
        uses = np.exp(np.interp(np.log(ranks), at, np.log(table["counts"])))
        share = np.cumsum(uses) / uses.sum()
        middle = (np.arange(1 << CELLS_BITS) + 0.5) / (1 << CELLS_BITS)
        cells = np.searchsorted(share, middle).astype(np.int32)
        return cls(cells, known, beyond, np.interp(np.log(ranks), at, table["letters"]))

    def drawn(self, bits: Numbers) -> NDArray[np.int64]:
        """A rank, from 0, for each draw."""
        ranks: NDArray[np.int64] = self.cells[bits >> np.uint64(64 - CELLS_BITS)].astype(np.int64)
        chance = (bits & np.uint64(0xFFFFFFFF)).astype(np.float64) * 2.0**-32
        far = np.flatnonzero(chance < self.beyond)
        again = (mixed(bits[far]) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        ranks[far] = np.minimum(self.known * (1 - again) ** -SLOPE, FARTHEST).astype(np.int64)
        return ranks
