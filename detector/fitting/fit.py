"""
Tuning: fit the match weights to labelled pairs, and calibrate them.

    levels and labels of several sets  ->  penalised logistic regression  ->  Weights

The model is additive: a weight a level, never rising along the order that a
comparison names, drawn back to the weights set by hand (weights.start.toml). Sets
count alike, whatever their size. An affine map of the log odds then fits the natural
mix of candidates and is folded into prior and weights. Tested by leaving whole sets
out. The only module that needs the extra `tune` (scipy); a run never imports it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from detector.comparisons import COLUMN, COMPARISONS
from detector.comparisons.base import MISSING, Levels
from detector.decision.guards import guards_of, keep_apart
from detector.decision.weights import MOST_LEVELS, Bits, Weights, probability_of, table_of
from detector.fitting.monotone import Orders

START: Final = "weights.start.toml"
# A pair that is nearly certain under the weights adds nothing; those of a set of this many
# labelled pairs count in full, smaller sets less.
FULL_SET: Final = 3000
# Two of twelve sets give numbers of Embase or Scopus. Fitted as they stand, these explain what
# pages and abstracts must tell elsewhere (false automatic merges of sr_srsr rose from 14 to 38,
# recall on glutton_refs fell from 0.95 to 0.91). So every pair counts half without them.
WITHHELD: Final = "identifier"
_LN2: Final = float(np.log(2.0))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The labelled candidates of one collection, as levels."""

    name: str
    levels: Levels  # [n_pairs, n_comparisons]
    label: NDArray[np.bool_]  # one work, by the policy of docs/verdicts.md
    share: float = 1.0  # how far the set's labels follow our policy
    natural: bool = False  # every candidate is labelled: the mix a run meets
    harvested: bool = False  # thin records of many feeds: where merging is hardest
    origin: str = ""  # the set whose very pairs these are, written anew
    made_of: NDArray[np.str_] | None = None  # of a made set: whose records each pair is of

    def rows(self, kept: NDArray[Any]) -> LabelledSet:
        """These pairs of the set, by a mask or by their numbers."""
        made_of = None if self.made_of is None else self.made_of[kept]
        return replace(self, levels=self.levels[kept], label=self.label[kept], made_of=made_of)

    def without(self, tested: LabelledSet) -> LabelledSet:
        """What may be fitted to when the other is tested: no pair of it, none of its records."""
        names = {tested.name, tested.origin} - {""}
        if not names.isdisjoint((self.name, self.origin)):
            return self.rows(np.zeros(len(self.label), bool))
        if self.made_of is None:
            return self
        bases, at = np.unique(self.made_of, return_inverse=True)
        untold = np.array([names.isdisjoint(base.split()) for base in bases], bool)
        return self.rows(untold[at])


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How the weights are fitted."""

    penalty: float = 0.6  # per squared bit of distance from the weights set by hand
    merge_precision: float = 0.998
    least_merge: float = 0.8  # a merge is never automatic below, however few the false ones
    review_loss: float = 0.005  # share of the true pairs that may lie below `review_at`
    most_review: float = 0.5  # what is as likely one work as not is shown to a person
    start: Weights | None = None  # what the fit is drawn to; None: the weights set by hand


def start_weights() -> tuple[Bits, float]:
    """The weights and the prior set by hand, from which every fit starts."""
    plain = tomllib.loads(resources.files("detector.fitting").joinpath(START).read_text("utf-8"))
    prior = float(plain.pop("prior"))
    return table_of(plain, START), prior


def unbarred(sets: Sequence[LabelledSet]) -> list[LabelledSet]:
    """The sets without the pairs that a guard keeps apart: weights decide the others only."""
    free = []
    for pairs in sets:
        decided = ~keep_apart(_guards(pairs.levels))
        free.append(pairs.rows(decided))
    return free


def fit(sets: Sequence[LabelledSet], settings: FitSettings | None = None) -> Weights:
    """Fit weights to the sets, each counting alike; they are not calibrated yet."""
    settings = settings or FitSettings()
    start = settings.start
    table, prior = (start.table, start.prior) if start else start_weights()
    orders = Orders.of_comparisons()
    wanted = np.append(table.ravel(), prior)
    rows, true, false = _counted(sets)
    cells = _ones(rows, len(wanted))
    down_cells = cells.T.tocsr()

    def loss(x: Floats) -> tuple[float, Floats]:
        values = orders.weights(x)
        odds = cells @ values
        said = 1.0 / (1.0 + np.exp2(-np.clip(odds, -500, 500)))
        slope = said * (true + false) - true
        lost = np.logaddexp2(0, -odds) * true + np.logaddexp2(0, odds) * false
        away = np.append((values - wanted)[:-1], 0.0)
        down = down_cells @ slope
        total = lost.sum() * _LN2 + settings.penalty * (away**2).sum()
        return float(total), orders.slopes(down * _LN2 + 2 * settings.penalty * away)

    fitted = minimize(loss, orders.parameters(wanted), jac=True, method="L-BFGS-B",
                     bounds=orders.bounds(), options={"maxiter": 500, "maxfun": 700})  # fmt: skip
    values = orders.weights(fitted.x)
    names = tuple(pairs.name for pairs in sets)
    return Weights(values[:-1].reshape(table.shape), float(values[-1]), 0.99, 0.05, names)


def calibrate(weights: Weights, sets: Sequence[tuple[Bits, LabelledSet]]) -> Weights:
    """
    Weights whose probabilities fit the natural mix: odds become a + b x, folded in.

    Args:
        weights: as fitted.
        sets: naturally mixed sets with their log2 odds, best from a fit without the set.
    """
    odds = np.concatenate([bits for bits, _ in sets])
    label = np.concatenate([pairs.label for _, pairs in sets]).astype(np.float64)

    def loss(x: Floats) -> tuple[float, Floats]:
        moved = x[0] + x[1] * odds
        slope = (1.0 / (1.0 + np.exp2(-np.clip(moved, -500, 500))) - label) * _LN2
        lost = np.logaddexp2(0, -moved) * label + np.logaddexp2(0, moved) * (1 - label)
        return float(lost.sum() * _LN2), np.array([slope.sum(), (slope * odds).sum()])

    fitted = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B",
                     bounds=[(None, None), (0.05, None)])  # fmt: skip
    shift, stretch = (float(value) for value in fitted.x)
    return replace(weights, table=weights.table * stretch, prior=shift + stretch * weights.prior)


def folds_of(
    sets: Sequence[LabelledSet], settings: FitSettings | None = None
) -> dict[str, Weights]:
    """For each set that calibrates or says where to merge weights of the others, as fitted."""
    sets = unbarred(sets)
    return {
        pairs.name: fit(others_of(pairs, sets), settings)
        for pairs in sets
        if pairs.natural or pairs.harvested
    }


def others_of(tested: LabelledSet, sets: Sequence[LabelledSet]) -> list[LabelledSet]:
    """The sets that count, without what tells of the tested one."""
    left = [pairs.without(tested) for pairs in sets if pairs.share]
    return [pairs for pairs in left if len(pairs.label)]


def left_out(sets: Sequence[LabelledSet], folds: Mapping[str, Weights]) -> dict[str, Weights]:
    """For each set weights that never saw it, calibrated on the other natural sets."""
    sets = unbarred(sets)
    odds = [(folds[pairs.name].log_odds(pairs.levels), pairs) for pairs in sets if pairs.natural]
    return {
        name: calibrate(fold, [row for row in odds if row[1].name != name])
        for name, fold in folds.items()
    }


def nested(
    sets: Sequence[LabelledSet], tested: LabelledSet, settings: FitSettings | None = None
) -> Weights:
    """Weights, calibration and thresholds as all of it would be done had the set never been."""
    others = others_of(tested, unbarred(sets))
    return fit_all(others, folds_of(others, settings), settings)


def fit_all(
    sets: Sequence[LabelledSet], folds: Mapping[str, Weights], settings: FitSettings | None = None
) -> Weights:
    """
    Weights fitted to all sets; calibrated, and their thresholds chosen, on left-out odds.

    An automatic merge must be as precise as asked on the sets that look like harvests
    and on the naturally mixed ones alike, whichever asks for more.
    """
    settings, sets = settings or FitSettings(), unbarred(sets)
    trained = [pairs for pairs in sets if pairs.share]
    natural = [pairs for pairs in sets if pairs.natural]
    odds = [(folds[pairs.name].log_odds(pairs.levels), pairs) for pairs in natural]
    weights = calibrate(fit(trained, settings), odds)
    unseen = left_out(sets, folds)
    harvested = [pairs for pairs in sets if pairs.harvested]
    groups = (natural, harvested)
    merge_at = max(_merge_at(group, unseen, settings) for group in groups if group)
    return replace(
        weights, merge_at=merge_at, review_at=_review_at([*natural, *harvested], unseen, settings)
    )


def _guards(levels: Levels) -> NDArray[np.uint32]:
    return guards_of({name: levels[:, at] for name, at in COLUMN.items()})


def merge_threshold(probability: Floats, label: NDArray[np.bool_], precision: float) -> float:
    """The least probability such that the pairs at or above it are this precise."""
    order = np.argsort(-probability, kind="stable")
    said, true = probability[order], label[order]
    precise = np.cumsum(true) / np.arange(1, len(true) + 1) >= precision
    last_of_tie = np.append(said[1:] != said[:-1], True)
    good = np.flatnonzero(precise & last_of_tie)
    return float(said[good[-1]]) if len(good) else 1.0


def _merge_at(
    group: Sequence[LabelledSet], unseen: Mapping[str, Weights], settings: FitSettings
) -> float:
    """The threshold of a group of sets, over the pairs that no guard bars."""
    said, true = [], []
    for pairs in group:
        free = _guards(pairs.levels) == 0
        said.append(probability_of(unseen[pairs.name].log_odds(pairs.levels[free])))
        true.append(pairs.label[free])
    threshold = merge_threshold(
        np.concatenate(said), np.concatenate(true), settings.merge_precision
    )
    return max(threshold, settings.least_merge)


def _review_at(
    sets: Sequence[LabelledSet], unseen: Mapping[str, Weights], settings: FitSettings
) -> float:
    """The probability below which few true pairs lie, the sets counted alike; never over a half."""
    said = [
        probability_of(unseen[pairs.name].log_odds(pairs.levels[pairs.label])) for pairs in sets
    ]
    worth = np.concatenate([np.full(len(some), 1 / max(len(some), 1)) for some in said])
    order = np.argsort(np.concatenate(said))
    below = np.cumsum(worth[order]) / worth.sum()
    least = float(np.concatenate(said)[order][np.searchsorted(below, settings.review_loss)])
    return min(least, settings.most_review)


def rounded(weights: Weights, notes: Mapping[str, Any]) -> Weights:
    """The weights as they are written: to the thousandth of a bit, dated."""
    return replace(
        weights,
        table=np.round(weights.table, 3),
        prior=round(weights.prior, 3),
        fitted=date.today().isoformat(),
        notes=dict(notes),
    )


def cells_of(levels: Levels) -> NDArray[np.int64]:
    """For each pair and comparison the number of its weight in the flat table."""
    cells: NDArray[np.int64] = levels.astype(np.int64) + np.arange(len(COMPARISONS)) * MOST_LEVELS
    return cells


def _ones(rows: Levels, width: int) -> csr_array:
    """The rows of levels as 0/1 rows over the flat table: times the weights, they are log odds."""
    cells = np.column_stack((cells_of(rows), np.full(len(rows), width - 1)))
    starts = np.arange(len(rows) + 1) * cells.shape[1]
    return csr_array((np.ones(cells.size), cells.ravel(), starts), (len(rows), width))


def _counted(sets: Sequence[LabelledSet]) -> tuple[Levels, Floats, Floats]:
    """The distinct rows of levels, each with the summed weight of its true and its false pairs."""
    given = np.concatenate([pairs.levels for pairs in sets])
    withheld = given.copy()
    withheld[:, COLUMN[WITHHELD]] = MISSING
    rows = np.concatenate((given, withheld))
    sides = zip(*map(_sides, sets), strict=True)
    true, false = (np.tile(np.concatenate(side) / 2, 2) for side in sides)
    whole = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()  # far quicker than by columns
    _, first, at = np.unique(whole, return_index=True, return_inverse=True)
    counted = (np.bincount(at, side).astype(np.float64) for side in (true, false))
    return rows[first], next(counted), next(counted)


def _sides(pairs: LabelledSet) -> tuple[Floats, Floats]:
    """Weights of a set's true and false pairs: both sides alike, FULL_SET in all."""
    worth = pairs.share * min(FULL_SET, len(pairs.label)) / 2
    label = pairs.label.astype(np.float64)
    return label * worth / max(label.sum(), 1), (1 - label) * worth / max((1 - label).sum(), 1)
