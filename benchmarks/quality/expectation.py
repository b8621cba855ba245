"""
Are the mistakes that a run expects those that it makes?

    python -m benchmarks.quality.expectation          the table of docs/evaluation-appendix.md
    python -m benchmarks.quality.expectation --note   the labelled counts anew, into weights.json

Each set is run by weights that never saw it, and what is expected rests on the labelled pairs of
the other sets. Of what was joined and left apart only pairs that the labels speak of are counted.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import training
from benchmarks.quality.seeds import fitted
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.comparisons import COLUMN
from detector.decision.guards import BARRED, guards_of, keep_apart
from detector.decision.weights import Weights, probability_of
from detector.detecting.pipeline import Detector
from detector.evaluation.expected import ExpectedMistakes, expected_of
from detector.evaluation.expecting import ties_of
from detector.evaluation.reliability import NOTE, LabelledPairs, Reliability, measured
from detector.evaluation.truth import read_truth
from detector.fitting.fit import LabelledSet, folds_of, left_out
from detector.runs.one_shot import Deduplication, deduplicate
from indexer.feeds.formats import read_files
from indexer.index.opening import open_engine

WEIGHTS: Final = Path(__file__).resolve().parents[2] / "detector" / "decision" / "weights.json"
QUICK: Final = ("cases", "harvest", "sr_stroke", "sr_neuroimaging", "glutton_refs", "dblp_acm",
                "fuzzycat_verify")  # fmt: skip
_NUMBERS: Final = re.compile(r"\[\s*-?\d[^\[\]\"]*\]")


@dataclass(frozen=True, slots=True)
class Told:
    """What was expected of one set, and what its labels count."""

    expected: ExpectedMistakes
    false: int
    missed: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table, or the counts that it rests on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of kept levels")
    parser.add_argument("--note", action="store_true", help="write the counts into weights.json")
    chosen = parser.parse_args(arguments)
    sets = training(chosen.cache)
    if chosen.note:
        plain = json.loads(WEIGHTS.read_text("utf-8"))
        plain["notes"][NOTE] = counted(sets, Weights.load()).noted()
        WEIGHTS.write_text(as_text(plain), "utf-8")
        return
    fits = fitted(sets, QUICK)
    rows = []
    for dataset in SETS:
        if dataset.name in QUICK:
            known = without(Reliability.of(Weights.load()), dataset.name)
            told = told_of(dataset, fits.unseen[dataset.name], known)
            rows.append([dataset.name, *_cells(told)])
            print(" | ".join(rows[-1]), flush=True)
    head = ("set", "joined", "false, expected", "counted", "would still join",
            "missed, expected", "counted")  # fmt: skip
    page.write("expectation", table(head, rows))


def counted(sets: Sequence[LabelledSet], weights: Weights) -> Reliability:
    """
    The labelled pairs of the sets that calibrate or say where to merge, each by left-out weights.

    Args:
        sets: all that weights are fitted to.
        weights: the fitted ones, whose thresholds say what would be joined.
    """
    unseen = left_out(sets, folds_of(sets))
    labelled = []
    for pairs in sets:
        if pairs.name in unseen:
            guards = guards_of({name: pairs.levels[:, at] for name, at in COLUMN.items()})
            said = probability_of(unseen[pairs.name].log_odds(pairs.levels))
            said = np.where(keep_apart(guards), np.minimum(said, BARRED), said)
            labelled.append(LabelledPairs(pairs.name, said, pairs.label, guards == 0))
    return measured(labelled, weights.merge_at, weights.review_at)


def without(known: Reliability, name: str) -> Reliability:
    """What is known but for one set."""
    rows = [row for row, one in enumerate(known.sets) if one != name]
    return Reliability(
        tuple(known.sets[row] for row in rows),
        {fate: counts[rows] for fate, counts in known.pairs.items()},
        {fate: counts[rows] for fate, counts in known.true.items()},
    )


def told_of(dataset: DevelopmentSet, weights: Weights, known: Reliability) -> Told:
    """A run over one set by these weights: what it expects, and what its labels count."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(folder)
        try:
            run = deduplicate(read_files([dataset.records]), Detector(engine, weights))
            labels = _labels(run, dataset)
        finally:
            engine.close()
    spoken = np.flatnonzero(labels >= 0)
    ties, label = ties_of(run).take(spoken), labels[spoken]
    return Told(
        expected_of(ties.taken(), known),
        int((label[ties.joins()] == 0).sum()),
        int((label[ties.open()] == 1).sum()),
    )


def _labels(run: Deduplication, dataset: DevelopmentSet) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Of each tie 1 where it is one work by the labels, 0 where two, -1 where they do not say."""
    truth, ties = read_truth(dataset.truth), ties_of(run)
    ids, names = run.detection.record_ids, run.names()
    said = []
    for left, right in zip(ties.left.tolist(), ties.right.tolist(), strict=True):
        pair = ids[left], ids[right]
        same = truth.same(names[pair[0]], names[pair[1]])
        across = pair[0].split(":")[0] != pair[1].split(":")[0]
        if same is None and dataset.cross_source and across:
            same = False  # such sets name every pair across their sources that is one work
        said.append(-1 if same is None else int(same))
    return np.array(said, np.int8)


def _cells(told: Told) -> list[str]:
    joined, left = told.expected.false_merges, told.expected.missed
    return [
        f"{joined.of:,}",
        f"{joined.expected:.1f} ({joined.low:,} to {joined.high:,})",
        f"{told.false:,}",
        f"{left.of:,}",
        f"{left.expected:.1f} ({left.low:,} to {left.high:,})",
        f"{told.missed:,}",
    ]


def as_text(plain: Any) -> str:
    """Weights as JSON, lists of numbers on one line each."""
    text = json.dumps(plain, indent=1)
    return _NUMBERS.sub(lambda found: json.dumps(json.loads(found[0])), text) + "\n"


if __name__ == "__main__":
    main()
