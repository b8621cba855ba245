"""
Telling: a decided pair made readable, with its reasons, weights and levels by name.

    levels and guards of a pair, Fields of both  ->  Decision

What is told follows from the pair and the epoch, so it is made where it is written or
shown and held nowhere. Does not: decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from detector.comparisons import COMPARISONS, Comparer, Comparison, Profile, Tally
from detector.comparisons.base import Values
from detector.decision.decided import DecisionColumns, Rows
from detector.decision.guards import ALL_GUARDS, BARRED, Bar
from detector.decision.verdicts import Decision, decision_of
from detector.decision.weights import Weights
from indexer.fields import Fields

_TELLING: Final = 0.3  # bits from which an outcome is worth a reason
_BARRED_ODDS: Final = math.log2(BARRED / (1 - BARRED))


class Outcome(NamedTuple):
    """What is told of one level of one comparison; made once for all pairs."""

    comparison: str
    level: str
    bits: float
    phrase: str
    values: Callable[[Profile, Profile], Values] | None  # where the phrase shows them


class Teller:
    """
    Makes decisions readable under one table of weights.

    Only the outcomes that weigh enough to be a reason are put into words, and what is the same
    for all pairs is looked up: 46 µs a pair where everything was made for each, 29 now.
    """

    def __init__(self, comparer: Comparer, weights: Weights) -> None:
        self._comparer = comparer
        self._prior = weights.prior
        self._outcomes = _outcomes_of(weights)

    def decisions(
        self, columns: DecisionColumns, rows: Rows, fields: Mapping[str, Fields]
    ) -> Iterator[Decision]:
        """The decisions of these rows; one of a record without fields has no reasons."""
        levels, guards = columns.levels[rows].tolist(), columns.guards[rows].tolist()
        shorts = columns.shorts(rows)
        for short, outcome, fired in zip(shorts, levels, guards, strict=True):
            left, right = fields.get(short.left), fields.get(short.right)
            if left is None or right is None:
                yield short
            else:
                yield self.told(short, (left, right), outcome, fired)

    def told(
        self, short: Decision, pair: tuple[Fields, Fields], levels: Sequence[int], guards: int
    ) -> Decision:
        """The same decision with what it stands on; the record of the smaller id comes first."""
        present, weights, names, phrases = self.weighed(levels, guards)
        telling = self.telling(present)
        left, right = self._comparer.profile(pair[0]), self._comparer.profile(pair[1])
        return decision_of(
            short.left,
            short.right,
            short.verdict,
            short.kind,
            short.probability,
            short.found_by,
            tuple(self.reasons(phrases, telling, left, right)),
            weights,
            names,
            {one.comparison: one.level for one in present},
        )

    def weighed(
        self, levels: Sequence[int], guards: int
    ) -> tuple[Sequence[Outcome], dict[str, float], Sequence[str], Sequence[str]]:
        """The outcomes that a pair has, all weights, and the guards' names and phrases."""
        present = [row[code] for row, code in zip(self._outcomes, levels, strict=True) if code]
        names, phrases, apart = _fired(guards)
        weights = {"prior": self._prior}
        weights.update([(one.comparison, one.bits) for one in present])
        if apart:
            weights["guard"] = min(0.0, _BARRED_ODDS - sum(weights.values()))
        return present, weights, names, phrases

    @staticmethod
    def telling(present: Sequence[Outcome]) -> Sequence[Outcome]:
        """Those of these outcomes that are worth a reason, the strongest first."""
        telling = [one for one in present if not -_TELLING < one.bits < _TELLING]
        telling.sort(key=_strength)
        return telling

    @staticmethod
    def reasons(
        phrases: Iterable[str], telling: Iterable[Outcome], left: Profile, right: Profile
    ) -> list[str]:
        """Each once: phrases of guards, and what outcomes say with what stood on both sides."""
        said = dict.fromkeys(phrases)
        for outcome in telling:
            phrase = outcome.phrase
            if outcome.values is not None:
                ours, theirs = outcome.values(left, right)
                phrase = phrase.format(left=ours, right=theirs)
            said[phrase] = None
        return list(said)


@lru_cache(maxsize=8)
def _outcomes_of(weights: Weights) -> tuple[tuple[Outcome, ...], ...]:
    """What is told of each level, by comparison and the number of the level."""
    return tuple(
        tuple(
            Outcome(comparison.name, level.name, float(weights.table[row, code]), level.phrase,
                     _values_of(comparison, level.name) if "{" in level.phrase else None)
            for code, level in enumerate(comparison.levels)
        )
        for row, comparison in enumerate(COMPARISONS)
    )  # fmt: skip


def _values_of(comparison: Comparison | Tally, level: str) -> Callable[[Profile, Profile], Values]:
    if isinstance(comparison, Tally):
        return _no_values
    return comparison.values_at.get(level, comparison.values)


def _no_values(left: Profile, right: Profile) -> Values:
    return "", ""


def _strength(outcome: Outcome) -> float:
    return -abs(outcome.bits)


@lru_cache(maxsize=4096)
def _fired(bits: int) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Names and phrases of the guards that fired, and whether one keeps apart."""
    fired = [guard for number, guard in enumerate(ALL_GUARDS) if bits >> number & 1]
    names = tuple(guard.name for guard in fired)
    return names, tuple(one.phrase for one in fired), any(g.bar is Bar.APART for g in fired)
