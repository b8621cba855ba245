"""
Seeds: the same fit to other draws of the training data.

    labelled sets, groups, seed  ->  weights left out, one a set

The fit is convex and has no seed of its own. A seed draws, within each training set, as
many works as it has, with repetition: what the labels could as well have been. Seed 0 is
all data as they are. Works are drawn and not pairs, since pairs of one work go together.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.kept import KeptRun
from benchmarks.quality.sets import DevelopmentSet
from detector.decision.weights import Weights
from detector.evaluation.truth import Truth
from detector.fitting.fit import FitSettings, LabelledSet, fit_all, folds_of, nested, unbarred

SEEDS: Final = 5
Groups = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of one seed."""

    everything: Weights  # fitted to all sets
    unseen: Mapping[str, Weights]  # by the set that was left out, thresholds and all


def fitted(sets: Sequence[LabelledSet], tested: Collection[str] | None = None) -> Fitted:
    """
    Weights fitted to all sets, and to all but each; made sets count where they may.

    Args:
        sets: `made_sets.training`, or a draw of it.
        tested: the names of the sets to leave out in turn; None: all of them.
    """
    settings, sets = FitSettings(), unbarred(sets)
    everything = fit_all(sets, folds_of(sets, settings), settings)
    asked = [pairs for pairs in sets if tested is None or pairs.name in tested]
    return Fitted(everything, {pairs.name: nested(sets, pairs, settings) for pairs in asked})


def drawn(dataset: LabelledSet, groups: Groups, seed: int) -> LabelledSet:
    """The set as this seed draws it."""
    if seed == 0:
        return dataset
    names, at = np.unique(groups, return_inverse=True)
    draw = np.random.default_rng([seed, zlib.crc32(dataset.name.encode())])
    times = np.bincount(draw.integers(0, len(names), len(names)), minlength=len(names))
    rows = np.repeat(np.arange(len(at)), times[at])
    return dataset.rows(rows)


def groups_of(run: KeptRun, truth: Truth, dataset: DevelopmentSet) -> Groups:
    """For each labelled candidate the number of the work of its first record."""
    work_of = truth.works()
    numbers: dict[str, int] = {}
    lefts = [left for left, _ in run.labelled_pairs(truth, dataset.cross_source)]
    names = [work_of.get(left, left) for left in lefts]
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
