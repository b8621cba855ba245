"""
Gradient-boosted trees over levels, a fit without each set in turn.

    python trees_fit.py sets.npz odds.npz MODEL …  ->  log2 odds of each set by its own fold

Run by an interpreter that has scikit-learn (requirements-peers.in); imports nothing of
this project.
"""

from __future__ import annotations

import sys

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

LEAVES = {"stumps": 2, "trees": 15}


def sides(label: np.ndarray, share: float, full: int) -> np.ndarray:
    """Weights of a set's pairs: true and false alike, `full` pairs' worth in all."""
    worth = share * min(full, len(label)) / 2
    true, false = max(label.sum(), 1), max((~label).sum(), 1)
    weights: np.ndarray = np.where(label, worth / true, worth / false)
    return weights


def main(given: str, got: str, *models: str) -> None:
    """Fit every fold of every model."""
    with np.load(given) as arrays:
        shares, full = arrays["shares"], int(arrays["full"])
        levels = [arrays[f"levels{n}"] for n in range(len(shares))]
        label = [arrays[f"label{n}"] for n in range(len(shares))]
    weight = [sides(labels, share, full) for labels, share in zip(label, shares, strict=True)]
    out = {}
    for model in models:
        for left in range(len(shares)):
            some = [n for n in range(len(shares)) if n != left and shares[n]]
            fitted = HistGradientBoostingClassifier(
                learning_rate=0.1, max_iter=200, max_leaf_nodes=LEAVES[model],
                min_samples_leaf=20, l2_regularization=1.0, early_stopping=False,
                categorical_features=list(range(levels[0].shape[1])), random_state=0,
            )  # fmt: skip
            fitted.fit(
                np.concatenate([levels[n] for n in some]),
                np.concatenate([label[n] for n in some]),
                np.concatenate([weight[n] for n in some]),
            )
            out[f"{model}{left}"] = fitted.decision_function(levels[left]) / np.log(2)
    np.savez(got, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
