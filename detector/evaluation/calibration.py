"""
Calibration: does a probability mean what it says?

    probabilities, labels  ->  bins of equal mass, expected calibration error, interval
    and a group a pair     ->  the same for each group

Changes no weights (`detector/fitting/fit.py` does).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.decision.decision import LIKELY

FLOOR: Final = LIKELY  # pairs below are easy and would drown the others
BINS: Final = 15
_DRAWS: Final = 200
_FEWEST: Final = 20  # a bin of fewer pairs says nothing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of pairs: how many, their mean probability, and the share that is true."""

    pairs: int
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error over the pairs above FLOOR, with a bootstrap interval."""

    pairs: int
    error: float
    low: float
    high: float
    bins: tuple[Bin, ...]

    @property
    def lean(self) -> float:
        """How much more is said than is true, on average."""
        return sum(part.pairs * (part.said - part.true) for part in self.bins) / max(self.pairs, 1)


def calibration_of(probability: Floats, label: NDArray[np.bool_], seed: int = 0) -> Calibration:
    """The calibration of labelled pairs; bins of equal mass, 95 % bootstrap interval."""
    counted = probability > FLOOR
    said, true = probability[counted], label[counted].astype(np.float64)
    if not len(said):
        return Calibration(0, 0.0, 0.0, 0.0, ())
    bins = bins_of(said, true)
    draws = np.random.default_rng(seed).integers(0, len(said), (_DRAWS, len(said)))
    errors = [error_of(bins_of(said[draw], true[draw])) for draw in draws]
    low, high = np.quantile(errors, [0.025, 0.975])
    return Calibration(len(said), error_of(bins), float(low), float(high), bins)


def calibrations_of(
    probability: Floats, label: NDArray[np.bool_], group: NDArray[np.str_]
) -> dict[str, Calibration]:
    """The calibration of each group of pairs: one curve may fit all of them and none alone."""
    return {
        str(name): calibration_of(probability[group == name], label[group == name])
        for name in np.unique(group)
    }


def wilson(true: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % bounds of the share that is true; all is possible where nothing is counted."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, true / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - reach) / (1 + z * z / count), (middle + reach) / (1 + z * z / count)


def bins_of(said: Floats, true: Floats) -> tuple[Bin, ...]:
    """Pairs in order of probability, cut into bins of equal mass."""
    order = np.argsort(said, kind="stable")
    count = max(1, min(BINS, len(said) // _FEWEST))
    return tuple(
        Bin(len(rows), float(said[rows].mean()), float(true[rows].mean()))
        for rows in np.array_split(order, count)
    )


def error_of(bins: tuple[Bin, ...]) -> float:
    """The mean distance between probability and true share, weighted by pairs."""
    pairs = sum(part.pairs for part in bins)
    return sum(part.pairs * abs(part.said - part.true) for part in bins) / max(pairs, 1)
