"""
How good is one configuration on every development set, by weights that never saw it?

    python -m benchmarks.quality                every part, into docs/evaluation-appendix.md
    python -m benchmarks.quality SET …          these sets by seed 0, printed only
    python -m benchmarks.quality --write [SET …]   fit to all sets first, write weights.json

Where PEERS_PYTHON names an interpreter that has them, the peers that peers.json has
nothing of are run too (benchmarks.quality.peer_runs renews what is there), and trees
beside the table.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.measuring import measured
from benchmarks.quality import (
    ablation,
    drawing,
    evidence,
    page,
    relations,
    results,
    rewritten,
    trees,
)
from benchmarks.quality.expectation import WEIGHTS, as_text, counted
from benchmarks.quality.figures import (
    SETS_HEAD,
    Cost,
    Figures,
    candidates_rows,
    figures_of,
    rates,
    seeds_rows,
    sets_row,
    table,
)
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import made_sets, training
from benchmarks.quality.opened import Opened, opened, rows_of
from benchmarks.quality.peer_runs import PYTHON, peer_rows, run_missing
from benchmarks.quality.seeds import SEEDS, Fitted, drawn, fitted
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.decision.weights import Weights, probability_of
from detector.evaluation.calibration import Calibration, calibration_of
from detector.evaluation.reliability import NOTE
from detector.fitting.fit import FitSettings, LabelledSet, rounded

Rows = dict[str, list[Figures]]  # name of a row -> its figures, a seed each


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of kept levels")
    parser.add_argument("--write", action="store_true", help="write detector's weights.json")
    parser.add_argument("--shipped", action="store_true", help="measure the shipped weights")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--no-ablation", action="store_true", help="leave that part as it is")
    parser.add_argument("names", nargs="*", metavar="SET")
    chosen = parser.parse_args(arguments)
    if chosen.write:
        write_weights(training(chosen.cache))
    if chosen.names or chosen.shipped:
        show(
            [dataset for dataset in SETS if not chosen.names or dataset.name in chosen.names],
            chosen,
        )
    elif not chosen.write:
        measure(chosen.seeds, not chosen.no_ablation)


def write_weights(sets: Sequence[LabelledSet]) -> None:
    """Ship weights fitted to all of these, and the labelled pairs that mistakes are expected by."""
    weights = fitted(sets, ()).everything
    notes = {"penalty": FitSettings().penalty, NOTE: counted(sets, weights).noted()}
    WEIGHTS.write_text(as_text(rounded(weights, notes).to_dict()), "utf-8")


def show(sets: Sequence[DevelopmentSet], chosen: argparse.Namespace) -> None:
    """Print the rows of these sets, one seed."""
    asked = [dataset.name for dataset in sets]
    fits = None if chosen.shipped else fitted(training(chosen.cache), asked)
    print("\n".join(table(SETS_HEAD, [])), flush=True)
    for dataset in sets:
        with opened([dataset]) as held:
            weights = fits.unseen[dataset.name] if fits else Weights.load()
            for figures in scored(held[dataset.name], weights):
                print(f"| {' | '.join(sets_row([figures], None))} |", flush=True)


def scored(held: Opened, weights: Weights) -> list[Figures]:
    """All rows of one set under one table of weights."""
    return [
        figures
        for name, rules in rows_of(held.dataset)
        for figures in figures_of(name, held.scored(weights, rules))
    ]


def measure(seeds: int, ablate: bool) -> None:
    """Every part, each written as soon as it is known."""
    began = time.perf_counter()
    costs = {dataset.name: cost_of(dataset) for dataset in SETS}
    said("costs", began)
    other = _ablation_beside() if ablate else None
    made = made_sets()
    with opened(SETS) as held:
        said("compared", began)
        fits = [
            fitted([*(drawn(one.labels, one.groups, seed) for one in held.values()),
                    *(drawn(pairs, np.arange(len(pairs.label)), seed) for pairs in made)], held)
            for seed in range(seeds)
        ]  # fmt: skip
        said("fitted", began)
        _write_trees({name: opened_set.labels for name, opened_set in held.items()}, fits[0])
        rows = _all_rows(held, fits, began)
        shipped = [
            row for opened_set in held.values() for row in scored(opened_set, Weights.load())
        ]
        said("shipped weights", began)
        _write_sets(rows, fits, costs, shipped)
        _write_calibration({name: opened_set.labels for name, opened_set in held.items()}, fits[0])
        _write_candidates(rows)
        _write_relations(held, fits[0])
    if python := os.environ.get(PYTHON):
        run_missing(python)
    page.write("peers", peer_rows({name: seeds[0] for name, seeds in rows.items()}))
    results.write()
    rewritten.main()
    said("rewritten", began)
    if other and other.wait():
        sys.exit("the ablation failed; its part of the page is as it was")
    said("all", began)


def said(part: str, began: float) -> None:
    """Tell how far the run is."""
    print(f"{time.perf_counter() - began:6.0f} s  {part}", file=sys.stderr, flush=True)


def cost_of(dataset: DevelopmentSet) -> Cost:
    """Wall, CPU and memory of the command over one set, by a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        command = [sys.executable, "-m", "samework.cli", "dedupe", dataset.records, "--out", out]
        return Cost(*measured(command)[:3])


def _ablation_beside() -> subprocess.Popen[bytes]:
    """The ablation, on the second core."""
    return subprocess.Popen([sys.executable, "-m", ablation.__name__])


def _all_rows(held: Mapping[str, Opened], fits: Sequence[Fitted], began: float) -> Rows:
    rows: Rows = {}
    for name, opened_set in held.items():
        for fit in fits:
            for figures in scored(opened_set, fit.unseen[name]):
                rows.setdefault(figures.name, []).append(figures)
        said(name, began)
    return rows


def _write_sets(
    rows: Rows, fits: Sequence[Fitted], costs: Mapping[str, Cost], shipped: Sequence[Figures]
) -> None:
    page.write("sets", table(SETS_HEAD, (sets_row(s, costs.get(n)) for n, s in rows.items())))
    count = range(len(fits))
    head = ["set", *(f"seed {seed}" for seed in count), "false automatic merges"]
    thresholds = [
        ["merge at", *(f"{fit.everything.merge_at:.3f}" for fit in fits), ""],
        ["review from", *(f"{fit.everything.review_at:.3f}" for fit in fits), ""],
    ]
    page.write("seeds", table(head, [*seeds_rows(rows), *thresholds]))
    page.write("shipped", table(
        ("set", "F1 best", "automatic P / R", "false automatic"),
        ([row.name, f"{row.best.f1:.4f}",
          rates(row.automatic), str(row.automatic.false)]
         for row in shipped),
    ))  # fmt: skip


def _write_calibration(sets: Mapping[str, LabelledSet], fit: Fitted) -> None:
    """Pooled over naturally mixed sets, and over the harvest-shaped ones beside them."""

    def pooled(some: Sequence[LabelledSet]) -> Calibration:
        odds = [fit.unseen[dataset.name].log_odds(dataset.levels) for dataset in some]
        label = np.concatenate([dataset.label for dataset in some])
        return calibration_of(probability_of(np.concatenate(odds)), label)

    pools = {
        "naturally mixed": [dataset for dataset in sets.values() if dataset.natural],
        "harvest-shaped": [dataset for dataset in sets.values() if dataset.harvested],
    }
    calibrations = {name: pooled(some) for name, some in pools.items()}
    (page.DOCS / "reliability.svg").write_text(
        drawing.reliability(list(calibrations.items())), "utf-8"
    )
    lines = table(
        ("pooled", "sets", "pairs with p > 0.02", "expected calibration error (95 %)"),
        ([name, ", ".join(dataset.name for dataset in pools[name]), f"{pool.pairs:,}",
          f"{pool.error:.4f} ({pool.low:.4f} to {pool.high:.4f})"]
         for name, pool in calibrations.items()),
    )  # fmt: skip
    picture = "![Reliability: what is said against what is true](reliability.svg)"
    page.write("calibration", [*lines, "", picture])
    page.write("evidence", evidence.measured(list(sets.values()), fit.unseen))


def _write_candidates(rows: Rows) -> None:
    head, *body = candidates_rows(rows)
    by_set = {row[0]: rows[row[0]][0].candidates or {} for row in body}
    (page.DOCS / "candidates.svg").write_text(drawing.sources(by_set), "utf-8")
    picture = "![What each source of candidates brings and costs](candidates.svg)"
    page.write("candidates", [*table(head, body), "", picture])


def _write_relations(held: Mapping[str, Opened], fit: Fitted) -> None:
    """Of the sets whose labels are pairs: a cluster names no versions."""
    said = {
        name: relations.told(opened_set, fit.unseen[name])
        for name, opened_set in held.items()
        if opened_set.truth.pairs
    }
    page.write("relations", [*relations.label_rows(said), "", *relations.version_rows(said)])


def _write_trees(sets: Mapping[str, LabelledSet], fit: Fitted) -> None:
    python = os.environ.get(PYTHON)
    if not python:
        print(f"trees left as they are: {PYTHON} names no interpreter", file=sys.stderr)
        return
    page.write("trees", trees.compared(python, list(sets.values()), fit.unseen))


if __name__ == "__main__":
    main()
