"""
Does a probability mean what it says, whatever it stands on? Reliability by kind of evidence.

    python -m benchmarks.quality.evidence [--write]

A pair's kind is which fields both records have: an identifier, a place (volume or pages),
authors, an abstract. Probabilities are left out, of the pairs that no guard keeps apart and
that are said to be true with more than 0.02. `worst set` names the set of 100 such pairs or
more on which the error of that kind is largest.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import training
from benchmarks.quality.seeds import fitted
from detector.comparisons import COLUMN
from detector.comparisons.base import MISSING, Levels
from detector.comparisons.identifiers import IDENTIFIERS
from detector.decision.weights import Weights, probability_of
from detector.evaluation.calibration import Calibration, calibrations_of
from detector.fitting.fit import LabelledSet, unbarred

FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "identifier": ["doi", *(comparison.name for comparison in IDENTIFIERS)],
    "place": ["volume", "page"],
    "authors": ["authors"],
    "abstract": ["abstract"],
}
ENOUGH: Final = 100  # pairs of a set
HEAD: Final = ("both records have", "pairs", "said", "true", "said too high by",
               "calibration error (95 %)", "worst set")  # fmt: skip


def main() -> None:
    """Fit without each set, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of kept levels")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    sets = training(chosen.cache)
    names = [pairs.name for pairs in sets if pairs.natural or pairs.harvested]
    lines = measured(sets, fitted(sets, names).unseen)
    print("\n".join(lines))
    if chosen.write:
        page.write("evidence", lines)


def measured(sets: Sequence[LabelledSet], unseen: Mapping[str, Weights]) -> list[str]:
    """The table, of the sets that have the mix that a run meets or the shape of a harvest."""
    return table(HEAD, rows([pairs for pairs in unbarred(sets) if pairs.natural or pairs.harvested],
                            unseen))  # fmt: skip


def evidence_of(levels: Levels) -> NDArray[np.str_]:
    """For each pair the fields that both records have."""
    said = {name: (levels[:, [COLUMN[one] for one in some]] != MISSING).any(axis=1)
            for name, some in FIELDS.items()}  # fmt: skip
    names = np.full(len(levels), "", "U64")
    for name, there in said.items():
        joined = np.where(names == "", name, np.char.add(np.char.add(names, ", "), name))
        names = np.where(there, joined, names)
    return np.where(names == "", "only titles and years", names)


def rows(sets: Sequence[LabelledSet], unseen: Mapping[str, Weights]) -> Iterator[list[str]]:
    """A row a kind of evidence, the most frequent first, and one for all."""
    said = [probability_of(unseen[pairs.name].log_odds(pairs.levels)) for pairs in sets]
    kinds = [evidence_of(pairs.levels) for pairs in sets]
    label = np.concatenate([pairs.label for pairs in sets])
    every = np.concatenate(said)
    by_set = {pairs.name: calibrations_of(odds, pairs.label, kind)
              for pairs, odds, kind in zip(sets, said, kinds, strict=True)}  # fmt: skip
    pooled = calibrations_of(every, label, np.concatenate(kinds))
    for kind, calibration in sorted(pooled.items(), key=lambda item: -item[1].pairs):
        if calibration.pairs:
            yield _row(kind, calibration, {name: some[kind] for name, some in by_set.items()
                                           if kind in some})  # fmt: skip
    everything = calibrations_of(every, label, np.full(len(every), "anything"))
    yield _row("anything", everything["anything"], {})


def _row(kind: str, pooled: Calibration, by_set: Mapping[str, Calibration]) -> list[str]:
    mean = sum(part.pairs * part.said for part in pooled.bins) / pooled.pairs
    enough = {name: some for name, some in by_set.items() if some.pairs >= ENOUGH}
    worst = max(enough, key=lambda name: enough[name].error, default="")
    return [
        kind,
        f"{pooled.pairs:,}",
        f"{mean:.3f}",
        f"{mean - pooled.lean:.3f}",
        f"{pooled.lean:+.3f}",
        f"{pooled.error:.4f} ({pooled.low:.4f} to {pooled.high:.4f})",
        f"{worst} {enough[worst].error:.3f}, of {enough[worst].pairs:,}" if worst else "",
    ]


if __name__ == "__main__":
    main()
