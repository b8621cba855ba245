"""
How each kind fares in one run, a row of the table each.

    ScoredRun, Truth  ->  rows(run, truth, threshold)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import fmean
from typing import Final

from benchmarks.quality.figures import rates
from benchmarks.quality.kinds.making import KINDS
from detector.evaluation.evaluate import ScoredRun, evaluate, joined_by
from detector.evaluation.truth import Truth

HEAD: Final = ("kind", "pairs, one work / two", "automatic P / R", "false", "best F1",
               "held back", "said on average, one work / two")  # fmt: skip


def rows(
    run: ScoredRun, truth: Truth, merge_at: float, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[list[str]]:
    """A row a kind."""
    by_kind, joined = evaluate(run, truth).by_how, joined_by(run.automatic)
    for kind in kinds:
        automatic, best = by_kind[kind]
        pairs = [pair for pair, label in truth.pairs.items() if label.how == kind]
        same = [pair for pair in pairs if truth.pairs[pair].same_work]
        others = [pair for pair in pairs if not truth.pairs[pair].same_work]
        # a guard holds these back although their probability says one work
        held = sum(run.probability.get(pair, 0.0) >= merge_at and not joined(pair) for pair in same)
        said = [fmean(run.probability.get(pair, 0.0) for pair in side) for side in (same, others)]
        yield [kind, f"{len(same)} / {len(others)}", rates(automatic), str(automatic.false),
               f"{best.f1:.4f}", str(held), f"{said[0]:.3f} / {said[1]:.3f}"]  # fmt: skip
