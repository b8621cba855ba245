"""
Reliability: of labelled pairs that the program said this of, how many are one work?

    labelled sets, weights that never saw each  ->  counts by set, fate and probability

A count tells more than a mean: 0 wrong of 20 and 0 of 20,000 are both "never wrong". The table
stands in the notes of the weights that it is measured for (`weights.json`), so that weights of
somebody else's come with theirs or with none. Does not: say what to expect (`expected.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.decision.decision import LIKELY
from detector.decision.weights import Weights

# Finer where pairs are joined: most of them stand above 0.99, and one in a thousand of a million
# is a thousand.
EDGES: Final = (LIKELY, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.99, 0.998, 0.9995)
NOTE: Final = "reliability"  # its name in the notes of weights

Counts = NDArray[np.int64]  # [sets, EDGES]


class Fate(StrEnum):
    """What became of a pair; the same probability means less where a guard held it back."""

    JOINED = "joined"  # likely, and no guard
    REVIEW = "review"  # likely, and left to a person
    APART = "apart"  # less likely than a person is asked about


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """How many labelled pairs stand where, and how many of them are of one work."""

    sets: tuple[str, ...]
    pairs: Mapping[Fate, Counts]
    true: Mapping[Fate, Counts]

    @classmethod
    def none(cls) -> Reliability:
        """Nothing is known."""
        return cls((), {one: _empty(0) for one in Fate}, {one: _empty(0) for one in Fate})

    @classmethod
    def of(cls, weights: Weights) -> Reliability:
        """What the notes of these weights say; nothing where they say nothing."""
        noted = weights.notes.get(NOTE)
        if not isinstance(noted, Mapping) or tuple(noted.get("from", ())) != EDGES:
            return cls.none()
        by_set: Mapping[str, Mapping[str, Any]] = noted["sets"]
        tables = {
            fate: np.array(
                [rows.get(fate, _NOTHING) for rows in by_set.values()], np.int64
            ).reshape(-1, 2, len(EDGES))
            for fate in Fate
        }
        return cls(
            tuple(by_set),
            {fate: table[:, 0] for fate, table in tables.items()},
            {fate: table[:, 1] for fate, table in tables.items()},
        )

    def noted(self) -> dict[str, Any]:
        """The inverse of `of`: what is written into the notes of weights."""
        return {
            "from": list(EDGES),
            "sets": {
                name: {
                    str(fate): [
                        self.pairs[fate][row].tolist(),
                        self.true[fate][row].tolist(),
                    ]
                    for fate in Fate
                    if self.pairs[fate][row].any()
                }
                for row, name in enumerate(self.sets)
            },
        }

    def totals(self, fate: Fate) -> tuple[Counts, Counts]:
        """The pairs of all sets in each bin, and those of one work."""
        return self.pairs[fate].sum(axis=0), self.true[fate].sum(axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPairs:
    """The labelled pairs of one set as a run would take them; barred by a guard or not."""

    name: str
    probability: NDArray[np.float64]
    label: NDArray[np.bool_]
    free: NDArray[np.bool_]  # no guard holds it back


def measured(sets: Iterable[LabelledPairs], merge_at: float, review_at: float) -> Reliability:
    """The table of labelled sets, each under weights that never saw it."""
    sets = list(sets)
    pairs: dict[Fate, Counts] = {one: _empty(len(sets)) for one in Fate}
    true: dict[Fate, Counts] = {one: _empty(len(sets)) for one in Fate}
    for row, labelled in enumerate(sets):
        joined = (labelled.probability >= merge_at) & labelled.free
        likely = labelled.probability >= review_at
        fate = {
            Fate.JOINED: joined,
            Fate.REVIEW: likely & ~joined,
            Fate.APART: ~likely & ~joined,
        }
        for one, where in fate.items():
            pairs[one][row] = counted(labelled.probability[where])
            true[one][row] = counted(labelled.probability[where & labelled.label])
    return Reliability(tuple(labelled.name for labelled in sets), pairs, true)


def bins_of(probability: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each probability; -1 below the first, which nothing is counted of."""
    return np.searchsorted(np.array(EDGES), probability, side="right") - 1


def counted(probability: NDArray[np.float64]) -> Counts:
    """How many of these probabilities fall into each bin."""
    bins = bins_of(probability)
    counts: Counts = np.bincount(bins[bins >= 0], minlength=len(EDGES)).astype(np.int64)
    return counts


def _empty(rows: int) -> Counts:
    return np.zeros((rows, len(EDGES)), np.int64)


_NOTHING: Final = [[0] * len(EDGES)] * 2
