"""
Does additivity cost anything? Gradient-boosted trees beside the table of weights.

    labelled sets, left-out weights  ->  lines of Markdown

Both see the same levels, the same weights of pairs and the same left-out folds, and both
are calibrated by an affine map on the other naturally mixed sets. Pair by pair and
without guards; stumps are additive as our table is, but unordered. The trees are fitted
by trees_fit.py, in the peers' environment.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.figures import table
from detector.comparisons import NAMES
from detector.decision.weights import MOST_LEVELS, Bits, Weights, probability_of
from detector.evaluation.calibration import calibration_of
from detector.fitting.fit import FULL_SET, LabelledSet, calibrate

SCRIPT: Final = Path(__file__).with_name("trees_fit.py")
MODELS: Final = ("stumps", "trees")


def compared(python: str, sets: Sequence[LabelledSet], unseen: Mapping[str, Weights]) -> list[str]:
    """A row a left-out set: F1, bits a pair, calibration error of each model."""
    ours = {dataset.name: unseen[dataset.name].log_odds(dataset.levels) for dataset in sets}
    models = {"additive table": ours}
    for model, odds in _fitted(python, sets).items():
        models[model] = {dataset.name: _calibrated(dataset, sets, odds) for dataset in sets}
    head = ["set left out", *(f"{name}: F1, bits a pair, ECE" for name in models)]
    rows = [[dataset.name, *(_cell(odds[dataset.name], dataset.label) for odds in models.values())]
            for dataset in sets]  # fmt: skip
    means = [
        [_figures(odds[dataset.name], dataset.label) for dataset in sets]
        for odds in models.values()
    ]
    middle = [", ".join(f"{np.median(column):.4f}" for column in zip(*rows_, strict=True))
              for rows_ in means]  # fmt: skip
    return table(head, [*rows, ["median", *middle]])


def _fitted(python: str, sets: Sequence[LabelledSet]) -> dict[str, dict[str, Bits]]:
    """For each model the log2 odds of every set by a fit without it, not calibrated yet."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder) / "sets.npz", Path(folder) / "odds.npz"
        arrays: dict[str, Any] = {}
        for number, dataset in enumerate(sets):
            arrays[f"levels{number}"], arrays[f"label{number}"] = dataset.levels, dataset.label
        shares = np.array([dataset.share for dataset in sets])
        np.savez(given, shares=shares, full=np.array(FULL_SET), **arrays)
        command = [python, str(SCRIPT), str(given), str(got), *MODELS]
        # Threads that wait for each other beside other work take longer than one.
        subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
        with np.load(got) as odds:
            return {
                model: {
                    dataset.name: odds[f"{model}{number}"] for number, dataset in enumerate(sets)
                }
                for model in MODELS
            }


def _calibrated(
    dataset: LabelledSet, sets: Sequence[LabelledSet], odds: Mapping[str, Bits]
) -> Bits:
    # A table of ones and a prior of nought come back as the stretch and the shift.
    plain = Weights(np.ones((len(NAMES), MOST_LEVELS)), 0.0, 0.99, 0.05)
    others = [
        (odds[other.name], other) for other in sets if other.natural and other.name != dataset.name
    ]
    calibration = calibrate(plain, others)
    moved: Bits = calibration.prior + calibration.table[0, 0] * odds[dataset.name]
    return moved


def _figures(odds: Bits, label: NDArray[np.bool_]) -> tuple[float, float, float]:
    said = probability_of(odds)
    joined = said >= 0.5
    true = int((joined & label).sum())
    f1 = 2 * true / max(int(joined.sum()) + int(label.sum()), 1)
    bits = np.where(label, np.logaddexp2(0, -odds), np.logaddexp2(0, odds)).mean()
    return f1, float(bits), calibration_of(said, label).error


def _cell(odds: Bits, label: NDArray[np.bool_]) -> str:
    f1, bits, error = _figures(odds, label)
    return f"{f1:.4f}, {bits:.4f}, {error:.3f}"
