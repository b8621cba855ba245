"""
How each kind fares by weights that never saw it, fitted to the labelled sets and the other kinds.

    python -m benchmarks.quality.kinds.left_out [--write]

The records of a kind come from labelled sets that its weights did see, but not these pairs,
nor any pair of its kind.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.kinds.making import KINDS, made
from benchmarks.quality.kinds.scored import HEAD, rows
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import training
from benchmarks.quality.seeds import fitted
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.evaluation.truth import read_truth


def main() -> None:
    """Fit without each kind in turn, and print or write its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of kept levels")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    lines = table(HEAD, left_out_rows(chosen.cache))
    print("\n".join(lines))
    if chosen.write:
        page.write("kinds left out", lines)


def left_out_rows(cache: Path) -> Iterator[list[str]]:
    """A row a kind, by the weights that never saw it."""
    unseen = fitted(training(cache), KINDS).unseen
    with tempfile.TemporaryDirectory() as place:
        _, labels = made(Path(place))
        dataset, truth = (
            DevelopmentSet(Path(place).name, place=Path(place).parent),
            read_truth(labels),
        )
        with kept_run(dataset, str(Path(place) / "index")) as kept:
            for kind, weights in unseen.items():
                yield from rows(kept.under(weights), truth, weights.merge_at, [kind])


if __name__ == "__main__":
    main()
