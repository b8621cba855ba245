"""
Telling: a decided pair made readable, with its reasons, weights and levels by name.

    levels and guards of a pair, Fields of both  ->  Decision

What is told follows from the pair and the epoch, so it is made where it is written or
shown and held nowhere. Does not: decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from detector.comparisons import COMPARISONS, NAMES, Comparer, Comparison
from detector.decision.decided import DecisionColumns, Rows
from detector.decision.guards import ALL_GUARDS, BARRED, Bar
from detector.decision.verdicts import Decision
from detector.decision.weights import Weights
from indexer.fields import Fields

_TELLING: Final = 0.3  # bits from which an outcome is worth a reason
_BARRED_ODDS: Final = math.log2(BARRED / (1 - BARRED))
_LEVEL_NAMES: Final = tuple(tuple(level.name for level in one.levels) for one in COMPARISONS)
_PHRASES: Final = tuple(tuple(level.phrase for level in one.levels) for one in COMPARISONS)
_VALUES: Final = tuple(
    comparison.values if isinstance(comparison, Comparison) else None for comparison in COMPARISONS
)


class Teller:
    """
    Makes decisions readable under one table of weights.

    Only the outcomes that weigh enough to be a reason are put into words: 61 µs a pair where
    all were, 20 now.
    """

    def __init__(self, comparer: Comparer, weights: Weights) -> None:
        self._comparer = comparer
        self._prior = weights.prior
        self._table: list[list[float]] = weights.table.tolist()

    def decisions(
        self, columns: DecisionColumns, rows: Rows, fields: Mapping[str, Fields]
    ) -> Iterator[Decision]:
        """The decisions of these rows; one of a record without fields has no reasons."""
        levels, guards = columns.levels[rows].tolist(), columns.guards[rows].tolist()
        for row, outcome, fired in zip(rows.tolist(), levels, guards, strict=True):
            short = columns.short(row)
            left, right = fields.get(short.left), fields.get(short.right)
            if left is None or right is None:
                yield short
            else:
                yield self.told(short, (left, right), outcome, fired)

    def told(
        self, short: Decision, pair: tuple[Fields, Fields], levels: Sequence[int], guards: int
    ) -> Decision:
        """The same decision with what it stands on; the record of the smaller id comes first."""
        present = [(at, code, self._table[at][code]) for at, code in enumerate(levels) if code]
        names, phrases, apart = _fired(guards)
        weights = {"prior": self._prior}
        for at, _, bits in present:
            weights[NAMES[at]] = bits
        if apart:
            weights["guard"] = min(0.0, _BARRED_ODDS - sum(weights.values()))
        telling = [outcome for outcome in present if abs(outcome[2]) >= _TELLING]
        telling.sort(key=_strength)
        return Decision(
            short.left,
            short.right,
            short.verdict,
            short.kind,
            short.probability,
            short.found_by,
            tuple(dict.fromkeys((*phrases, *self._sentences(pair, telling)))),
            weights,
            names,
            {NAMES[at]: _LEVEL_NAMES[at][code] for at, code, _ in present},
        )

    def _sentences(
        self, pair: tuple[Fields, Fields], telling: Sequence[tuple[int, int, float]]
    ) -> Iterator[str]:
        """What these outcomes say, with what stood on both sides."""
        left, right = self._comparer.profile(pair[0]), self._comparer.profile(pair[1])
        for at, code, _ in telling:
            phrase, values = _PHRASES[at][code], _VALUES[at]
            if "{" not in phrase:
                yield phrase
            else:
                ours, theirs = values(left, right) if values else ("", "")
                yield phrase.format(left=ours, right=theirs)


def _strength(outcome: tuple[int, int, float]) -> float:
    return -abs(outcome[2])


@lru_cache(maxsize=4096)
def _fired(bits: int) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Names and phrases of the guards that fired, and whether one keeps apart."""
    fired = [guard for number, guard in enumerate(ALL_GUARDS) if bits >> number & 1]
    names = tuple(guard.name for guard in fired)
    return names, tuple(one.phrase for one in fired), any(g.bar is Bar.APART for g in fired)
