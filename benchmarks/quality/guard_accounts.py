"""
What each guard costs and saves: the labelled pairs that it alone holds back.

    python -m benchmarks.quality.guard_accounts [--write] [SET …]

Counted are pairs whose sum of weights, by weights that never saw the set, says one work
(p >= merge_at) and on which this guard fires and no other: without it they would be
joined without a person. A guard earns its place where the pairs of two works among them
outweigh those of one; the bounds are Wilson's (95 %) of the share that is one work.
The made kinds count as sets of their own.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.made_sets import training
from benchmarks.quality.seeds import fitted
from detector.comparisons import COLUMN
from detector.decision.guards import GUARDS, guards_of
from detector.decision.weights import Weights, probability_of
from detector.evaluation.evaluate import Score
from detector.fitting.fit import LabelledSet

HEAD: Final = ("guard", "held alone: one work", "two works", "share of one work (95 %)",
               "most of the pairs of one work in")  # fmt: skip
Counts = dict[str, Counter[tuple[str, bool]]]  # guard -> (set, one work) -> pairs


def main() -> None:
    """Count over the development sets, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    parser.add_argument("names", nargs="*", metavar="SET", help="these sets alone")
    chosen = parser.parse_args()
    sets = training()
    unseen = fitted(sets).unseen
    counts: Counts = {guard.name: Counter() for guard in GUARDS}
    for labelled_set in sets:
        rewritten = labelled_set.origin  # its pairs are counted with the set they are of
        if labelled_set.name in chosen.names or not (chosen.names or rewritten):
            count(labelled_set, unseen[labelled_set.name], counts)
    lines = table(HEAD, rows(counts))
    print("\n".join(lines))
    if chosen.write:
        page.write("guards", lines)


def count(labelled_set: LabelledSet, weights: Weights, counts: Counts) -> None:
    """Add the pairs of one set that one guard alone holds back."""
    levels = labelled_set.levels
    sure = probability_of(weights.log_odds(levels)) >= weights.merge_at
    bits = guards_of({name: levels[:, at] for name, at in COLUMN.items()})
    for number, guard in enumerate(GUARDS):
        alone = sure & (bits == np.uint32(1 << number))
        for same in (True, False):
            found = int((alone & (labelled_set.label == same)).sum())
            counts[guard.name][labelled_set.name, same] += found


def rows(counts: Counts) -> Iterator[list[str]]:
    """A row a guard, the dearest first."""
    for name, by_set in sorted(counts.items(), key=lambda item: -_of(item[1], True)):
        one, two = _of(by_set, True), _of(by_set, False)
        if not one + two:
            yield [name, "0", "0", "", ""]
            continue
        low, high = Score(true=one, false=two, missed=0).interval()
        share = f"{one / (one + two):.3f} ({low:.3f} to {high:.3f})"
        yield [name, f"{one:,}", f"{two:,}", share, _mostly(by_set)]


def _of(by_set: Counter[tuple[str, bool]], same: bool) -> int:
    return sum(pairs for (_, label), pairs in by_set.items() if label == same)


def _mostly(by_set: Counter[tuple[str, bool]]) -> str:
    most: Sequence[tuple[tuple[str, bool], int]] = by_set.most_common()
    told = [f"{name} {pairs:,}" for (name, same), pairs in most if same and pairs]
    return ", ".join(told[:3])


if __name__ == "__main__":
    main()
