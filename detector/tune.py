"""
Tuning: fit the match weights to labelled pairs, and calibrate them.

    levels and labels of several sets  ->  penalised logistic regression  ->  Weights

The model is additive: a weight a level, never rising along the order that a
comparison names, drawn back to the weights set by hand (weights.start.toml). Sets
count alike, whatever their size. An affine map of the log odds then fits the natural
mix of candidates and is folded into prior and weights. Judged by leaving whole sets
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

from detector.comparisons import COMPARISONS
from detector.comparisons.base import Levels
from detector.weights import MOST_LEVELS, Bits, Weights, table_of

START: Final = "weights.start.toml"
# A pair that is nearly certain under the weights adds nothing; those of a set of this many
# labelled pairs count in full, smaller sets less.
FULL_SET: Final = 300
_LN2: Final = float(np.log(2.0))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The labelled candidates of one collection, as levels."""

    name: str
    levels: Levels  # [n_pairs, n_comparisons]
    label: NDArray[np.bool_]  # one work, by DESIGN section 6
    share: float = 1.0  # how far the set's labels follow our policy
    natural: bool = False  # every candidate is labelled: the mix a run meets


@dataclass(frozen=True, slots=True)
class Settings:
    """How the weights are fitted."""

    penalty: float = 0.02  # per squared bit of distance from the weights set by hand
    merge_precision: float = 0.998
    review_loss: float = 0.002  # share of the true pairs that may lie below `review_at`


def start_weights() -> tuple[Bits, float]:
    """The weights and the prior set by hand, from which every fit starts."""
    plain = tomllib.loads(resources.files("detector").joinpath(START).read_text("utf-8"))
    prior = float(plain.pop("prior"))
    return table_of(plain, START), prior


def fit(sets: Sequence[LabelledSet], settings: Settings | None = None) -> Weights:
    """Weights fitted to sets that count alike; not calibrated yet."""
    settings = settings or Settings()
    table, prior = start_weights()
    chains = Chains.of_comparisons()
    wanted = np.append(table.ravel(), prior)
    cells, true, false = _counted(sets)

    def loss(x: Floats) -> tuple[float, Floats]:
        values = chains.weights(x)
        odds = values[cells].sum(axis=1) + values[-1]
        said = 1.0 / (1.0 + np.exp2(-np.clip(odds, -500, 500)))
        slope = said * (true + false) - true
        lost = np.logaddexp2(0, -odds) * true + np.logaddexp2(0, odds) * false
        away = np.append((values - wanted)[:-1], 0.0)
        down = np.bincount(cells.ravel(), np.repeat(slope, cells.shape[1]), len(values))
        down[-1] = slope.sum()
        total = lost.sum() * _LN2 + settings.penalty * (away**2).sum()
        return float(total), chains.slopes(down * _LN2 + 2 * settings.penalty * away)

    found = minimize(loss, chains.parameters(wanted), jac=True, method="L-BFGS-B",
                     bounds=chains.bounds(), options={"maxiter": 500, "maxfun": 700})  # fmt: skip
    values = chains.weights(found.x)
    names = tuple(one.name for one in sets)
    return Weights(values[:-1].reshape(table.shape), float(values[-1]), 0.99, 0.05, names)


def calibrate(weights: Weights, sets: Sequence[tuple[Bits, LabelledSet]]) -> Weights:
    """
    Weights whose probabilities fit the natural mix: odds become a + b x, folded in.

    Args:
        weights: as fitted.
        sets: naturally mixed sets with their log2 odds, best from a fit without the set.
    """
    odds = np.concatenate([bits for bits, _ in sets])
    label = np.concatenate([one.label for _, one in sets]).astype(np.float64)

    def loss(x: Floats) -> tuple[float, Floats]:
        moved = x[0] + x[1] * odds
        slope = (1.0 / (1.0 + np.exp2(-np.clip(moved, -500, 500))) - label) * _LN2
        lost = np.logaddexp2(0, -moved) * label + np.logaddexp2(0, moved) * (1 - label)
        return float(lost.sum() * _LN2), np.array([slope.sum(), (slope * odds).sum()])

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B",
                     bounds=[(None, None), (0.05, None)])  # fmt: skip
    shift, stretch = (float(value) for value in found.x)
    return replace(weights, table=weights.table * stretch, prior=shift + stretch * weights.prior)


def merge_threshold(probability: Floats, label: NDArray[np.bool_], precision: float) -> float:
    """The least probability from which the pairs on it and above are true this often."""
    order = np.argsort(-probability, kind="stable")
    said, true = probability[order], label[order]
    precise = np.cumsum(true) / np.arange(1, len(true) + 1) >= precision
    last_of_tie = np.append(said[1:] != said[:-1], True)
    good = np.flatnonzero(precise & last_of_tie)
    return float(said[good[-1]]) if len(good) else 1.0


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
    found: NDArray[np.int64] = levels.astype(np.int64) + np.arange(len(COMPARISONS)) * MOST_LEVELS
    return found


def _counted(sets: Sequence[LabelledSet]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Distinct rows of levels with the weight of their true and false pairs, sets alike."""
    rows = np.concatenate([one.levels for one in sets])
    true, false = (np.concatenate(sides) for sides in zip(*map(_sides, sets), strict=True))
    distinct, at = np.unique(rows, axis=0, return_inverse=True)
    at = at.ravel()
    counted = (np.bincount(at, side).astype(np.float64) for side in (true, false))
    return cells_of(distinct), next(counted), next(counted)


def _sides(one: LabelledSet) -> tuple[Floats, Floats]:
    """Weights of a set's true and false pairs: both sides alike, FULL_SET in all."""
    worth = one.share * min(FULL_SET, len(one.label)) / 2
    label = one.label.astype(np.float64)
    return label * worth / max(label.sum(), 1), (1 - label) * worth / max((1 - label).sum(), 1)


@dataclass(frozen=True, slots=True)
class Chains:
    """
    How weights hang on free parameters that are never negative.

    Along an order of agreement each level weighs as much as the next plus its parameter,
    the last its parameter; along one of conflict each as much as the one before less its
    parameter. So an agreement never weighs against a pair, nor a conflict for it.
    """

    orders: tuple[tuple[NDArray[np.int64], int], ...]  # weights from weakest on, sign
    free: NDArray[np.int64]  # weights in no order, and the prior

    @classmethod
    def of_comparisons(cls) -> Chains:
        """The orders that the comparisons name."""
        orders: list[tuple[NDArray[np.int64], int]] = []
        named = set()
        for row, comparison in enumerate(COMPARISONS):
            number = {level.name: column for column, level in enumerate(comparison.levels)}
            for sign, group in ((1, comparison.agree), (-1, comparison.conflict)):
                for order in group:
                    cells = [row * MOST_LEVELS + number[name] for name in order][::-sign]
                    orders.append((np.array(cells), sign))
                    named |= set(cells)
        size = len(COMPARISONS) * MOST_LEVELS + 1
        free = [at for at in range(size) if at not in named and at % MOST_LEVELS]
        return cls(tuple(orders), np.array([*free, size - 1]))

    def weights(self, parameters: Floats) -> Floats:
        """The weights that these parameters mean; missing levels weigh 0."""
        out = np.zeros_like(parameters)
        out[self.free] = parameters[self.free]
        for order, sign in self.orders:
            out[order] = sign * np.cumsum(parameters[order])
        return out

    def parameters(self, weights: Floats) -> Floats:
        """Parameters for these weights, or for near ones that keep the orders."""
        out = weights.copy()
        for order, sign in self.orders:
            rising = np.maximum.accumulate(np.maximum(sign * weights[order], 0.0))
            out[order] = np.diff(rising, prepend=0.0)
        return out

    def slopes(self, of_weights: Floats) -> Floats:
        """Slopes by parameter, from slopes by weight."""
        out = np.zeros_like(of_weights)
        out[self.free] = of_weights[self.free]
        for order, sign in self.orders:
            out[order] = sign * np.cumsum(of_weights[order][::-1])[::-1]
        return out

    def bounds(self) -> list[tuple[float | None, float | None]]:
        """The bounds of the parameters: no step the wrong way."""
        size = len(COMPARISONS) * MOST_LEVELS + 1
        out: list[tuple[float | None, float | None]] = [(None, None)] * size
        for order, _ in self.orders:
            for at in order.tolist():
                out[at] = (0.0, None)
        return out
