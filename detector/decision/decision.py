"""
Decisions: from the levels of a pair to a verdict with its probability and reasons.

    levels  ->  log2 odds by table  ->  probability  ->  guards  ->  verdict, kind, reasons

Two records on their own (`explain_pair`) and a million pairs (`Decider.decide`) take
the same path. Forms no works, and knows nothing of how a pair was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.columns import ColumnComparer, batch_of, levels_of
from detector.comparisons import COLUMN, COMPARISONS, Comparer, Levels
from detector.decision.decided import CODE_OF, VERDICTS, DecisionColumns, Rows
from detector.decision.guards import (
    ALL_GUARDS,
    BARRED,
    GUARDS,
    UNIQUE_SOURCE,
    Bar,
    bars_of,
    guards_of,
    keep_apart,
)
from detector.decision.plain_verdicts import KINDS, RELATED_FLOOR, PairEvidence, plain_verdicts
from detector.decision.relations import asserted, related_kind, told_kind, version_kind
from detector.decision.telling import Teller
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import Weights, probability_of
from indexer.fields import Fields
from indexer.keys.epoch import Epoch

Pairs = Sequence[tuple[Fields, Fields]]
# Below, a pair is distinct and nothing more is asked of it. Part II in another volume has 0.00003.
FLOOR: Final = 0.00002
# A distinct pair below is easily told; above it is counted among what may have been missed.
LIKELY: Final = 0.02
_KEPT_APART: Final = frozenset({Verdict.RELATED, Verdict.DISTINCT})
_UNIQUE_BIT: Final = np.uint32(1 << ALL_GUARDS.index(UNIQUE_SOURCE))


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What is said of many pairs, as arrays; `Decider.decision` makes one of them readable."""

    pairs: Pairs
    levels: Levels
    probability: NDArray[np.float64]
    guards: NDArray[np.uint32]  # bits in the order of ALL_GUARDS
    verdicts: tuple[Verdict, ...]
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pairs)

    def columns(
        self,
        ids: Sequence[str],
        left: Rows,
        right: Rows,
        found_by: NDArray[np.uint16],
        distinct: bool = False,
    ) -> DecisionColumns:
        """
        The decisions that are not distinct, without their records.

        Args:
            ids: of records, which the columns number them by.
            left: the place in `ids` of one record of each pair.
            right: that of the other.
            found_by: what found each pair.
            distinct: those that are, from LIKELY on, in their place.
        """
        verdict = np.array([CODE_OF[verdict] for verdict in self.verdicts], np.uint8)
        apart = verdict == CODE_OF[Verdict.DISTINCT]
        rows = np.flatnonzero(apart & (self.probability >= LIKELY) if distinct else ~apart)
        kinds = {"": 0}
        kind = [kinds.setdefault(self.kinds[row], len(kinds)) for row in rows.tolist()]
        left, right = left[rows].astype(np.int32), right[rows].astype(np.int32)
        turned = [ids[b] < ids[a] for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        return DecisionColumns(
            ids,
            np.where(turned, right, left),
            np.where(turned, left, right),
            verdict[rows],
            np.array(kind, np.uint8),
            self.probability[rows],
            found_by[rows],
            self.guards[rows],
            self.levels[rows],
            tuple(kinds),
        )


class Decider:
    """Decides pairs under one epoch, one table of weights and the promises of sources."""

    def __init__(
        self, epoch: Epoch, weights: Weights, unique_sources: frozenset[str] = frozenset()
    ) -> None:
        self.epoch = epoch
        self.comparer: Comparer = ColumnComparer(epoch)
        self.weights = weights
        self.unique_sources = unique_sources

    @property
    def teller(self) -> Teller:
        """What makes these decisions readable."""
        return Teller(self.comparer, self.weights)

    def score(self, pairs: Pairs) -> NDArray[np.float64]:
        """The probability of one work as works take it: 0 where the verdict keeps apart."""
        decided = self.decide(pairs)
        apart = [verdict in _KEPT_APART for verdict in decided.verdicts]
        return np.where(apart, 0.0, decided.probability)

    def decide(self, pairs: Pairs) -> Decisions:
        """Verdict, probability and guards of each pair."""
        batch = batch_of(self.comparer, pairs)
        levels = self.comparer.compare(pairs) if batch is None else levels_of(batch)
        probability = probability_of(self.weights.log_odds(levels))
        guards = np.zeros(len(pairs), np.uint32)
        above = np.flatnonzero(probability >= FLOOR)
        guards[above] = self.barred(levels[above])
        guards[self._promised_distinct(pairs)] |= _UNIQUE_BIT
        barred = keep_apart(guards)
        verdicts, kinds = [Verdict.DISTINCT] * len(pairs), [""] * len(pairs)
        if batch is None:
            rows = above[~self._plainly_distinct(pairs, probability, barred, above)]
        else:
            rows = above[(guards[above] & _UNIQUE_BIT) == 0]
            evidence = PairEvidence(batch, rows, levels[rows], probability[rows], guards[rows])
            told = plain_verdicts(evidence, self.weights)
            for row, verdict, kind in zip(
                rows.tolist(), told.verdicts.tolist(), told.kinds.tolist(), strict=True
            ):
                verdicts[row], kinds[row] = VERDICTS[verdict], KINDS[kind]
            rows = rows[told.asked]
        for row in rows.tolist():
            verdicts[row], kinds[row] = self.verdict_of(
                pairs[row], levels[row], float(probability[row]), int(guards[row])
            )
        probability[barred] = np.minimum(probability[barred], BARRED)
        return Decisions(pairs, levels, probability, guards, tuple(verdicts), tuple(kinds))

    def barred(self, levels: Levels) -> NDArray[np.uint32]:
        """The guards that fire on each row of levels, as bits in the order of ALL_GUARDS."""
        return guards_of({name: levels[:, at] for name, at in COLUMN.items()})

    def decision(self, decisions: Decisions, row: int) -> Decision:
        """One of many decisions, with its weights and reasons."""
        left, right = decisions.pairs[row]
        if right.record_id < left.record_id:
            left, right = right, left
        short = Decision(
            left.record_id,
            right.record_id,
            decisions.verdicts[row],
            decisions.kinds[row],
            float(decisions.probability[row]),
        )
        levels, guards = decisions.levels[row].tolist(), int(decisions.guards[row])
        return self.teller.told(short, (left, right), levels, guards)

    def verdict_of(
        self, pair: tuple[Fields, Fields], levels: Levels, probability: float, guards: int
    ) -> tuple[Verdict, str]:
        """What is said of one pair, and the kind of it, by its levels, probability and guards."""
        left, right = self.comparer.profile(pair[0]), self.comparer.profile(pair[1])
        bar = bars_of(guards)
        if guards & int(_UNIQUE_BIT):
            return Verdict.DISTINCT, ""
        if stated := asserted(left, right):
            return (Verdict.VERSION if stated[0] else Verdict.RELATED), stated[1]
        names = level_names(levels)
        if probability >= self.weights.merge_at and bar is None:
            kind = version_kind(left, right, names)
            return (Verdict.VERSION if kind else Verdict.DUPLICATE), kind
        if probability < RELATED_FLOOR and bar is not Bar.APART:
            return Verdict.DISTINCT, ""
        kind = related_kind(left, right, names)
        unlikely = bar is Bar.APART or probability < self.weights.review_at
        if kind and (unlikely or "kind" in names or told_kind(left, right)):
            return Verdict.RELATED, kind
        if unlikely:
            return Verdict.DISTINCT, ""
        return Verdict.REVIEW, version_kind(left, right, names)

    @staticmethod
    def _plainly_distinct(
        pairs: Pairs, probability: NDArray[np.float64], barred: NDArray[np.bool_], rows: Rows
    ) -> NDArray[np.bool_]:
        """Which of these rows `verdict_of` calls distinct, as no record states a relation."""
        distinct: NDArray[np.bool_] = (probability[rows] < RELATED_FLOOR) & ~barred[rows]
        for at in np.flatnonzero(distinct).tolist():
            left, right = pairs[rows[at]]
            distinct[at] = not (left.relations or right.relations)
        return distinct

    def _promised_distinct(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Pairs within one source that is declared free of duplicates."""
        if not self.unique_sources:
            return np.zeros(len(pairs), bool)
        return np.array(
            [a.source == b.source and a.source in self.unique_sources for a, b in pairs], bool
        )


_LEVEL_NAMES: Final = tuple(
    (comparison.name, tuple(level.name for level in comparison.levels))
    for comparison in COMPARISONS
)


def level_names(levels: Levels) -> dict[str, str]:
    """Comparison -> name of its level, those that are missing left out."""
    named = zip(_LEVEL_NAMES, levels.tolist(), strict=True)
    return {name: names[code] for (name, names), code in named if code}


def explain_pair(left: Fields, right: Fields, epoch: Epoch, weights: Weights) -> Decision:
    """What is said of two records, whether or not any key proposed them."""
    decider = Decider(epoch, weights)
    return decider.decision(decider.decide([(left, right)]), 0)


__all__ = ["FLOOR", "GUARDS", "LIKELY", "Decider", "Decisions", "explain_pair", "level_names"]
