"""
Tuning on one's own judgements: do weights refitted to them do better than those given?

    records, labelled pairs  ->  levels in folds by work  ->  refit  ->  Tuning

The fit is drawn to the given weights, so that few judgements move little, and tested
on folds that it never saw: the true pairs of a work all stand in one fold. Does not:
fit (`fit.py` does), read labels or write files. Needs the extra `tune`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons import NAMES
from detector.comparisons.base import Levels
from detector.decision.decision import Decisions
from detector.decision.weights import Bits, Weights, probability_of
from detector.detecting.pipeline import Detector
from detector.errors import TuningError
from detector.evaluation.calibration import calibration_of
from detector.evaluation.truth import SAME, Pair, Truth
from detector.fitting.fit import FitSettings, LabelledSet, fit_all, folds_of, left_out, rounded
from detector.runs.one_shot import Progress, deduplicate
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Row

FOLDS: Final = 5
FEWEST: Final = 20  # labelled candidates of one work, and of two


@dataclass(frozen=True, slots=True)
class Compared:
    """The candidates of a collection, by the names of the input."""

    pairs: tuple[Pair, ...]
    levels: Levels
    record_ids: dict[str, str]  # by name


@dataclass(frozen=True, slots=True)
class Quality:
    """How well weights tell labelled candidates apart."""

    pairs: int
    precision: float  # of the pairs from `merge_at` on, guards left out
    recall: float
    f1: float
    loss: float  # bits a pair that its probability costs: 0 is perfect, 1 a coin
    error: float  # expected calibration error


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """Weights refitted to all judgements, and how both tables do on folds unseen."""

    weights: Weights
    folds: tuple[tuple[Quality, Quality], ...]  # given, refitted
    given: Quality
    refitted: Quality
    unseen: int  # labelled pairs that no key proposed

    @property
    def better(self) -> bool:
        """The refitted probabilities cost less, on pairs that they never saw."""
        return self.refitted.loss < self.given.loss

    def to_dict(self) -> dict[str, Any]:
        """What is printed, as plain values."""
        return {
            "better": self.better,
            "given": asdict(self.given),
            "refitted": asdict(self.refitted),
            "folds": [[asdict(quality) for quality in both] for both in self.folds],
            "not_candidates": self.unseen,
        }


def compared(rows: Iterable[Row], engine: Engine, progress: Progress | None = None) -> Compared:
    """Every candidate pair of these rows, compared; over an empty engine."""
    seen: list[tuple[str, str, bytes]] = []

    def observe(found_by: Sequence[int], decisions: Decisions) -> None:
        for (left, right), row in zip(decisions.pairs, decisions.levels, strict=True):
            seen.append((left.record_id, right.record_id, row.tobytes()))

    run = deduplicate(rows, Detector(engine, stores=False, observe=observe), progress)
    names = run.names()
    levels = np.frombuffer(b"".join(row for *_, row in seen), np.int8).reshape(-1, len(NAMES))
    pairs = tuple((names[left], names[right]) for left, right, _ in seen)
    return Compared(pairs, levels, {name: record for record, name in names.items()})


def tuned(candidates: Compared, truth: Truth, given: Weights) -> Tuning:
    """
    The given weights refitted to what people said of these pairs, and whether it helped.

    Raises:
        TuningError: too few labelled pairs to fit and to judge by.
    """
    sets = _in_folds(candidates, truth)
    settings = FitSettings(start=given)
    folds = folds_of(sets, settings)
    unseen = left_out(sets, folds)
    weights = _with_thresholds(fit_all(sets, folds, settings), given, sets, settings)
    both = [(given, replace(unseen[fold.name], merge_at=weights.merge_at)) for fold in sets]
    odds = [[table.log_odds(fold.levels) for table in pair]
            for fold, pair in zip(sets, both, strict=True)]  # fmt: skip
    label = np.concatenate([fold.label for fold in sets])
    sides = [np.concatenate([pair[side] for pair in odds]) for side in (0, 1)]
    notes = {"refitted_to": len(label), "from": list(given.fitted_on), "penalty": settings.penalty}
    return Tuning(
        weights=replace(rounded(weights, notes), fitted_on=(*given.fitted_on, "own judgements")),
        folds=tuple(
            (
                _quality(ours, fold.label, given.merge_at),
                _quality(new, fold.label, weights.merge_at),
            )
            for fold, (ours, new) in zip(sets, odds, strict=True)
        ),
        given=_quality(sides[0], label, given.merge_at),
        refitted=_quality(sides[1], label, weights.merge_at),
        unseen=max(0, len(truth.pairs) - len(label)),
    )


def _in_folds(candidates: Compared, truth: Truth) -> list[LabelledSet]:
    """The labelled candidates, in sets by the work of their first record."""
    said = [(at, truth.same(*pair)) for at, pair in enumerate(candidates.pairs)]
    known = [(at, same) for at, same in said if same is not None]
    true = sum(same for _, same in known)
    if min(true, len(known) - true) < FEWEST:
        raise TuningError(true, len(known) - true, FEWEST)
    work_of = Truth(pairs={candidates.pairs[at]: SAME for at, same in known if same}).works()
    fold = np.array([_fold(work_of.get(name := candidates.pairs[at][0], name)) for at, _ in known])
    rows, label = np.array([at for at, _ in known]), np.array([same for _, same in known])
    return [
        LabelledSet(
            f"fold {n + 1}", candidates.levels[rows[fold == n]], label[fold == n], natural=True
        )
        for n in range(FOLDS)
        if (fold == n).any()
    ]


def _fold(work: str) -> int:
    return zlib.crc32(work.encode()) % FOLDS


def _with_thresholds(
    weights: Weights, given: Weights, sets: Sequence[LabelledSet], settings: FitSettings
) -> Weights:
    """The thresholds too, where there are judgements enough to show such a precision."""
    enough = 1 / (1 - settings.merge_precision)
    if sum(int(fold.label.sum()) for fold in sets) >= enough:
        return weights
    return replace(weights, merge_at=given.merge_at, review_at=given.review_at)


def _quality(odds: Bits, label: NDArray[np.bool_], merge_at: float) -> Quality:
    said = probability_of(odds)
    joined = said >= merge_at
    true = int((joined & label).sum())
    precision = true / max(int(joined.sum()), 1)
    recall = true / max(int(label.sum()), 1)
    cost = np.where(label, np.logaddexp2(0, -odds), np.logaddexp2(0, odds))
    return Quality(
        pairs=len(label),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if true else 0.0,
        loss=float(cost.mean()),
        error=calibration_of(said, label).error,
    )
