"""
Does it matter that the penalty was chosen with all sets in sight? Chosen without each, it says.

    python -m benchmarks.quality.nested_penalty [--write]

For each set left out the penalty is the one by which the others, each left out in turn once
more, cost the fewest bits a pair, all of them counting alike. Beside it the fixed penalty;
pair by pair, of the pairs that no guard bars, as the thresholds of each fit have it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import training
from benchmarks.quality.sets import SETS
from detector.comparisons import COLUMN
from detector.decision.guards import guards_of
from detector.decision.weights import Weights, probability_of
from detector.evaluation.evaluate import Score
from detector.fitting.fit import (
    FitSettings,
    LabelledSet,
    fit_all,
    folds_of,
    left_out,
    others_of,
    unbarred,
)

PENALTIES: Final = (0.15, 0.3, 0.6, 1.2, 2.4)
HEAD: Final = ("set left out", "penalty chosen without it", "false, recall by it",
               "false, recall by the fixed one")  # fmt: skip


def main() -> None:
    """Choose and fit without each set, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of kept levels")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    lines = table(HEAD, rows(training(chosen.cache)))
    print("\n".join(lines))
    if chosen.write:
        page.write("penalty", lines)


def rows(sets: Sequence[LabelledSet]) -> Iterator[list[str]]:
    """A row a labelled set."""
    named, free = {dataset.name for dataset in SETS}, unbarred(sets)
    for tested in sets:
        if tested.name in named:
            others = others_of(tested, free)
            fits = {penalty: fit_of(others, FitSettings(penalty)) for penalty in PENALTIES}
            best = min(fits, key=lambda penalty: fits[penalty][0])
            ours, fixed = (fits[penalty][1] for penalty in (best, FitSettings().penalty))
            yield [tested.name, f"{best:g}", _told(tested, ours), _told(tested, fixed)]


def fit_of(sets: Sequence[LabelledSet], settings: FitSettings) -> tuple[float, Weights]:
    """What these sets cost when each is left out, in bits a pair, and the weights of all."""
    folds = folds_of(sets, settings)
    unseen = left_out(sets, folds)
    cost = [bits(pairs, unseen[pairs.name]) for pairs in sets if pairs.name in unseen]
    return float(np.mean(cost)), fit_all(sets, folds, settings)


def bits(pairs: LabelledSet, weights: Weights) -> float:
    """What the labels cost by these weights: 0 is perfect, 1 a coin."""
    odds = weights.log_odds(pairs.levels)
    return float(np.where(pairs.label, np.logaddexp2(0, -odds), np.logaddexp2(0, odds)).mean())


def _told(tested: LabelledSet, weights: Weights) -> str:
    guards = guards_of({name: tested.levels[:, at] for name, at in COLUMN.items()})
    joined = probability_of(weights.log_odds(tested.levels)) >= weights.merge_at
    joined &= guards == 0
    true = int((joined & tested.label).sum())
    score = Score(true, int((joined & ~tested.label).sum()), int(tested.label.sum()) - true)
    return f"{score.false}, {score.recall:.4f}"


if __name__ == "__main__":
    main()
