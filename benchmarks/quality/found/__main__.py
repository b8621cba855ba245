"""
Labelled sets of other projects, read out of their repositories, never committed to this one.

    git clone https://github.com/CoLRev-Environment/bib-dedupe
    python -m benchmarks.quality.found bib-dedupe FOLDER   # writes FOLDER/NAME/… of what it has
    python -m benchmarks.quality.found FOLDER [--only SET] # scores them by the shipped weights

known.py says where each set is. No weight, level or guard of samework was made with a look
at an error of those marked never, which is why they say what a stranger will see.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.quality import page, seen
from benchmarks.quality.figures import rates, table
from benchmarks.quality.found.checkout import Checkout
from benchmarks.quality.found.known import FOUND, FoundSet
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.decision.weights import Weights
from detector.evaluation.evaluate import evaluate
from detector.evaluation.truth import Truth, read_truth

HEAD: Final = ("set", "where, licence", "records", "labels", "pairs, one work / two", "seen",
               "automatic P / R", "false", "F1 automatic", "F1 best", "ECE",
               "candidate recall")  # fmt: skip


def main() -> None:
    """Take sets out of a checkout, or score those of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path, metavar="CHECKOUT FOLDER | FOLDER")
    parser.add_argument("--only", action="append", default=[], metavar="SET")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    asked = [known for known in FOUND if not chosen.only or known.name in chosen.only]
    if len(chosen.places) == 2:
        checkout, folder = chosen.places
        for known in asked:
            print(f"{known.name}: {taken(known, checkout, folder / known.name)}")
        return
    lines = table(HEAD, [row(known, chosen.places[0]) for known in there(asked, chosen.places[0])])
    print("\n".join(lines))
    if chosen.write:
        page.write("found", beside(page.section(page.PAGE.read_text("utf-8"), "found"), lines))


def beside(before: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The table with these rows anew, and those of sets that were not measured now as they were."""
    old, new = ({line.split("|")[1].strip(): line for line in some[2:]} for some in (before, lines))
    return [*lines[:2], *{**old, **new}.values()]


def there(asked: list[FoundSet], folder: Path) -> Iterator[FoundSet]:
    """The sets that a folder has."""
    for known in asked:
        if (folder / known.name).is_dir():
            yield known
        else:
            print(f"left out: {known.name} is not in {folder}", file=sys.stderr)


def taken(known: FoundSet, checkout: Path, folder: Path) -> str:
    """Write one set of the checkout; what became of it, for people."""
    found = known.take(Checkout(checkout), known.name)
    if found is None:
        return "left out: the checkout lacks its records"
    return f"{found.write(folder):,} records"


def row(known: FoundSet, folder: Path) -> list[str]:
    """The figures of one set, by the shipped weights."""
    dataset = DevelopmentSet(known.name, place=folder)
    with tempfile.TemporaryDirectory() as scratch, kept_run(dataset, scratch) as kept:
        run = kept.under(Weights.load())
    truth = read_truth(dataset.truth)
    evaluation = evaluate(run, truth)
    sure, best, said = evaluation.automatic, evaluation.best, evaluation.calibration
    return [
        known.name,
        f"{known.repository}, {known.licence}",
        f"{len(run.sources):,}",
        known.labels,
        _pairs(truth, sure.true + sure.missed),
        seen.told(known.name),
        rates(sure),
        str(sure.false),
        f"{sure.f1:.4f}",
        f"{best.f1:.4f}",
        f"{said.error:.3f}, {said.pairs:,}",
        f"{evaluation.candidates['all'].recall:.4f}",
    ]


def _pairs(truth: Truth, same: int) -> str:
    """How many labelled pairs are of one work, and of two where pairs are labelled."""
    return f"{same:,} / {len(truth.pairs) - same:,}" if truth.pairs else f"{same:,} / all others"


if __name__ == "__main__":
    main()
