"""
How good is one configuration on every development set, by weights that never saw it?

    python -m benchmarks.quality [--cache DIR] [--write] [SET ...]

Fits the weights leaving out each set in turn, runs the whole pipeline on that set with
them, and prints a table; `--write` fits to all sets and writes detector/weights.json.
Peers are measured by their own scripts.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.levels import CACHE, labelled
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.decision.tune import LabelledSet, Settings, fit_all, folds_of, left_out, rounded
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Evaluation, Scope, evaluate
from detector.evaluation.evaluation_run import run_over
from detector.evaluation.truth import read_truth
from detector.works.work_rules import WorkRules
from indexer.backends.opening import open_engine
from indexer.feeds.formats import read_files

WEIGHTS = Path(__file__).resolve().parents[2] / "detector" / "decision" / "weights.json"
HEAD = ("| set | F1 best (P / R) | automatic P / R | false | B-cubed | found, a record "
        "| ECE | to review, true | CPU s, MB |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--shipped", action="store_true", help="measure detector/weights.json")
    parser.add_argument("names", nargs="*", metavar="SET")
    chosen = parser.parse_args(arguments)
    sets = [labelled(one, chosen.cache) for one in SETS]
    unseen = fitted(sets, chosen.write)
    print(HEAD)
    for one in SETS:
        if not chosen.names or one.name in chosen.names:
            weights = Weights.load() if chosen.shipped else unseen[one.name]
            print(row(one.name, *measured(one, weights, WorkRules())), flush=True)
            if one.unique_sources:
                rules = WorkRules(unique_sources=one.unique_sources)
                name = f"{one.name}, sources unique"
                print(row(name, *measured(one, weights, rules)), flush=True)
            if one.collapse:
                rules = WorkRules(collapse=one.collapse)
                name = f"{one.name}, its own policy"
                print(row(name, *measured(one, weights, rules)), flush=True)


def fitted(sets: Sequence[LabelledSet], write: bool) -> dict[str, Weights]:
    """The left-out weights of each set, with the thresholds of those fitted to all."""
    settings = Settings()
    folds = folds_of(sets, settings)
    everything = fit_all(sets, folds, settings)
    if write:
        plain = rounded(everything, {"penalty": settings.penalty}).to_dict()
        WEIGHTS.write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    return {
        name: replace(one, merge_at=everything.merge_at, review_at=everything.review_at)
        for name, one in left_out(sets, folds).items()
    }


def measured(
    one: DevelopmentSet, weights: Weights, rules: WorkRules
) -> tuple[Evaluation, float, float]:
    """The evaluation of one run, its CPU seconds and the peak memory so far in MB."""
    before = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(folder)
        try:
            run = run_over(read_files([one.records]), engine, weights, rules)
        finally:
            engine.close()
    spent = time.process_time() - before
    found = evaluate(run, read_truth(one.truth), Scope(cross_source=one.cross_source))
    return found, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(name: str, found: Evaluation, spent: float, memory: float) -> str:
    """One line of the table, and one more for each way in which labels were made."""
    every = found.candidates["all"]
    b_cubed = ""
    if found.b_cubed:
        precision, recall = found.b_cubed
        b_cubed = f"{2 * precision * recall / (precision + recall):.4f}"
    lines = [
        f"| {name} | {found.best.f1:.4f} ({found.best.precision:.4f} / {found.best.recall:.4f}) "
        f"| {found.automatic.precision:.4f} / {found.automatic.recall:.4f} "
        f"| {found.automatic.false} | {b_cubed} | {every.recall:.4f}, {every.pairs_a_record:.2f} "
        f"| {found.calibration.error:.3f} of {found.calibration.pairs} "
        f"| {found.review.pairs}, {found.review.true} of {found.review.labelled} "
        f"| {spent:.0f}, {memory:.0f} |"
    ]
    for how, (automatic, best) in found.by_how.items():
        lines.append(
            f"| {name}, only `{how}` | {best.f1:.4f} ({best.precision:.4f} / {best.recall:.4f}) "
            f"| {automatic.precision:.4f} / {automatic.recall:.4f} | {automatic.false} | | | | | |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
