"""
The whole model on one screen: what is compared, how much each outcome weighs, what bars.

    COMPARISONS, weights.json, GUARDS  ->  lines of text

    log2 odds of one work = prior + one weight a comparison; probability from these;
    then the guards that fire say how far the verdict may go

`python -m detector.decision.model` prints it for the weights shipped, or for those of a file
given; docs/verdicts.md tells the same with each comparison's claim (`verdict_page.py`).
Decides nothing (`decision.py` does).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from detector.comparisons import COMPARISONS
from detector.decision.guards import BARRED, GUARDS, Bar
from detector.decision.weights import Weights

WIDTH: Final = 100
_NAME: Final = 24  # the longest name of a guard, and two blanks
_TIE: Final = "\N{NO-BREAK SPACE}"  # a level stays in one line with its weight
BARS: Final = {Bar.REVIEW: "a person decides", Bar.APART: "kept apart, or related"}


def outcomes_of(weights: Weights, row: int) -> Iterator[tuple[str, float]]:
    """The levels of the comparison of that row, each with its weight in bits; missing left out."""
    for column, level in enumerate(COMPARISONS[row].levels):
        if column:
            yield level.name, float(weights.table[row, column])


def model(weights: Weights) -> Iterator[str]:
    """The lines of the screen."""
    yield f"prior {weights.prior:+.2f} bits; a comparison that cannot be made weighs 0"
    for row, comparison in enumerate(COMPARISONS):
        levels = ", ".join(f"{name}{_TIE}{bits:+.2f}" for name, bits in outcomes_of(weights, row))
        yield from _row(comparison.name, levels)
    yield f"joined from {weights.merge_at:.3f}, shown to a person from {weights.review_at:.3f},"
    yield f"{BARRED} is left where a guard keeps apart:"
    for guard in GUARDS:
        yield from _row(guard.name, f"{guard.phrase}: {BARS[guard.bar]}")


def _row(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(wrap(text, WIDTH - _NAME - 2)):
        yield f"  {'' if number else name:<{_NAME}}{line}".replace(_TIE, " ")


if __name__ == "__main__":
    print("\n".join(model(Weights.load(*sys.argv[1:2]))))
