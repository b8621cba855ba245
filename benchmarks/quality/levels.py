"""
The candidates of a development set as levels and labels, made by the pipeline itself.

    records, truth  ->  pipeline, unchanged  ->  LabelledSet

Kept in a folder between runs, since comparing 53,001 records takes longer than fitting.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.sets import DevelopmentSet
from detector.comparisons import NAMES, Levels
from detector.decision.decision import Decisions
from detector.decision.tune import LabelledSet
from detector.decision.weights import Weights
from detector.dedupe import deduplicate
from detector.evaluation.truth import read_truth
from detector.pipeline import Detector
from indexer.backends.opening import open_engine
from indexer.feeds.formats import read_files


def labelled(one: DevelopmentSet, cache: Path) -> LabelledSet:
    """The labelled candidates of a set; made anew when its file in the cache is gone."""
    kept = cache / f"{one.name}.npz"
    if not kept.exists():
        levels, label = _compared(one)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, levels=levels, label=label)
    with np.load(kept) as arrays:
        return LabelledSet(
            one.name, arrays["levels"], arrays["label"], one.share, one.natural, one.harvested
        )


def _compared(one: DevelopmentSet) -> tuple[Levels, NDArray[np.bool_]]:
    truth = read_truth(one.truth)
    seen: list[tuple[str, str, bytes]] = []

    def observe(found_by: Sequence[int], decisions: Decisions) -> None:
        for (left, right), row in zip(decisions.pairs, decisions.levels, strict=True):
            if not one.cross_source or left.source != right.source:
                seen.append((left.record_id, right.record_id, row.tobytes()))

    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(folder)
        try:
            detector = Detector(engine, Weights.load(), keep=False, observe=observe)
            names = deduplicate(read_files([one.records]), detector).names()
        finally:
            engine.close()
    closed = one.cross_source  # every pair that is not named is different
    rows = [(truth.same(names[left], names[right]), row) for left, right, row in seen]
    rows = [(label, row) for label, row in rows if closed or label is not None]
    levels = np.frombuffer(b"".join(row for _, row in rows), np.int8).reshape(-1, len(NAMES))
    return levels, np.array([bool(label) for label, _ in rows])
