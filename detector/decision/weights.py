"""
Weights: the table of match weights a run decides with, read from a file.

    weights.json  ->  Weights(table, prior, thresholds)

A weight is in bits: what a level adds to the log2 odds that two records describe one
work. Calibration is folded in, so prior and weights sum exactly to the odds printed.
Fits nothing (`detector/fitting` does) and decides nothing (`decision.py` does).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from detector.comparisons import COMPARISONS, NAMES
from detector.comparisons.base import Levels
from detector.errors import WeightsError

SHIPPED: Final = "weights.json"
FORMAT: Final = 1
MOST_LEVELS: Final = max(len(comparison.levels) for comparison in COMPARISONS)

Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weight of every level of every comparison, and where verdicts begin."""

    table: Bits  # [n_comparisons, MOST_LEVELS]; column 0, missing, is 0
    prior: float  # log2 odds of a pair of which nothing is known
    merge_at: float  # probability from which a pair is joined without a person
    review_at: float  # probability from which a person should see it
    fitted_on: tuple[str, ...] = ()  # names of the labelled sets
    fitted: str = ""  # ISO date
    notes: Mapping[str, Any] = field(default_factory=dict)  # how: the figures of the fit

    @classmethod
    def load(cls, path: Path | str = "") -> Weights:
        """The weights of a file, or those shipped where none is named."""
        try:
            if not path:
                text = resources.files("detector.decision").joinpath(SHIPPED).read_text("utf-8")
            else:
                text = Path(path).read_text("utf-8")
            plain = json.loads(text)
        except (OSError, ValueError) as error:
            raise WeightsError(str(path or SHIPPED), str(error)) from error
        return cls.from_dict(plain, str(path or SHIPPED))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], name: str = "weights") -> Weights:
        """The weights as a file holds them; comparison and level are told by name."""
        if plain.get("format") != FORMAT:
            raise WeightsError(name, f"format {plain.get('format')!r}, expected {FORMAT}")
        return cls(
            table=table_of(plain["weights"], name),
            prior=float(plain["prior"]),
            merge_at=float(plain["merge_at"]),
            review_at=float(plain["review_at"]),
            fitted_on=tuple(plain.get("fitted_on", ())),
            fitted=str(plain.get("fitted", "")),
            notes=dict(plain.get("notes", {})),
        )

    def to_dict(self) -> dict[str, Any]:
        """The inverse of `from_dict`."""
        return {
            "format": FORMAT,
            "fitted": self.fitted,
            "fitted_on": list(self.fitted_on),
            "merge_at": self.merge_at,
            "review_at": self.review_at,
            "prior": self.prior,
            "weights": rows_of(self.table),
            "notes": dict(self.notes),
        }

    @property
    def digest(self) -> str:
        """A name for what is decided by these weights: the same for equal ones."""
        marks = np.array([self.prior, self.merge_at, self.review_at])
        return xxhash.xxh3_64_hexdigest(self.table.tobytes() + marks.tobytes())

    def bits(self, levels: Levels) -> Bits:
        """The weight of every comparison of every pair, in bits [n_pairs, n_comparisons]."""
        bits: Bits = self.table[np.arange(len(NAMES)), levels]
        return bits

    def log_odds(self, levels: Levels) -> Bits:
        """The log2 odds of every pair: prior and weights summed, column by column."""
        total = np.full(len(levels), self.prior)
        for column in range(len(NAMES)):
            total += self.table[column][levels[:, column]]
        return total


def probability_of(log_odds: Bits) -> Bits:
    """Probability of log2 odds."""
    probability: Bits = 1.0 / (1.0 + np.exp2(-np.clip(log_odds, -60.0, 60.0)))
    return probability


def table_of(rows: Mapping[str, Mapping[str, float]], name: str = "weights") -> Bits:
    """Weights by comparison and level as an array; every name must be known."""
    table = np.zeros((len(COMPARISONS), MOST_LEVELS))
    unknown = sorted(set(rows) - set(NAMES))
    if unknown:
        raise WeightsError(name, f"comparison {unknown[0]!r} is not one of {', '.join(NAMES)}")
    for row, comparison in enumerate(COMPARISONS):
        known = {level.name: column for column, level in enumerate(comparison.levels)}
        for level, bits in rows.get(comparison.name, {}).items():
            if known.get(level, 0) == 0:
                names = ", ".join(list(known)[1:])
                raise WeightsError(name, f"{comparison.name} has no level {level!r}, only {names}")
            table[row, known[level]] = float(bits)
    return table


def rows_of(table: Bits) -> dict[str, dict[str, float]]:
    """The inverse of `table_of`, in the order of COMPARISONS."""
    return {
        comparison.name: {
            level.name: float(table[row, column])
            for column, level in enumerate(comparison.levels)
            if column
        }
        for row, comparison in enumerate(COMPARISONS)
    }
