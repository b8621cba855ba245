"""
The worst remaining errors of a set, side by side with their reasons, for a person to read.

    python -m benchmarks.quality.worst [--left-out] [--weights FILE] [--most 20] SET
    python -m benchmarks.quality.worst --folder FOLDER --mark-seen SET   # of another project

A set whose errors nobody has read stays shut: --mark-seen says in seen.json that it is read
from now on, so that its figures no longer count as never seen. False joins come by
probability, missed pairs by how many a work lost, one of each in turn. `--left-out` uses
weights fitted without the set, else those shipped or of FILE. Prints what the sets hold:
its output is for reading and not for keeping.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from benchmarks.quality import seen
from benchmarks.quality.found.known import FOUND
from benchmarks.quality.kept import KeptRun
from benchmarks.quality.levels import CACHE
from benchmarks.quality.made_sets import training
from benchmarks.quality.seeds import fitted
from benchmarks.quality.sets import SETS, DevelopmentSet, kept_run
from detector.decision.decision import Decider
from detector.decision.verdicts import Decision
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Scope, ScoredRun, evaluate
from detector.evaluation.truth import Pair, Truth, read_truth
from detector.questions.explaining import explain
from detector.works.work_rules import WorkRules
from indexer.records import Record

MOST = 20
LONGEST = 300  # characters of a field that are printed
_FIELDS = ("title", "authors", "date", "year", "container", "publisher", "volume", "issue",
           "pages", "article_number", "doi", "identifiers", "issn", "isbn", "urls", "type",
           "stage", "abstract")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: a pair that stands for all pairs lost or joined with it."""

    false: bool  # joined wrongly; else missed
    pair: Pair
    pairs: int  # that this one stands for
    how: str  # joined automatically, by a chain, ...


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the set and print its errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--left-out", action="store_true")
    parser.add_argument("--weights", default="", metavar="FILE")
    parser.add_argument("--policy", action="store_true", help="collapse what the labels do")
    parser.add_argument("--unique", action="store_true", help="its sources have no duplicates")
    parser.add_argument("--folder", type=Path, help="where a set of another project was taken")
    parser.add_argument("--mark-seen", action="store_true", help="read a set never seen")
    parser.add_argument("name", metavar="SET")
    chosen = parser.parse_args(arguments)
    dataset = _named(chosen.name, chosen.folder)
    _open(dataset.name, chosen.mark_seen)
    unseen = chosen.left_out
    weights = _left_out(dataset, chosen.cache) if unseen else Weights.load(chosen.weights)
    rules = WorkRules(
        collapse=dataset.collapse if chosen.policy else frozenset(),
        unique_sources=dataset.unique_sources if chosen.unique else frozenset(),
    )
    with tempfile.TemporaryDirectory() as folder, kept_run(dataset, folder) as kept:
        for text in told(kept, dataset, weights, rules, chosen.most):
            print(text)


def _named(name: str, folder: Path | None) -> DevelopmentSet:
    known = {dataset.name: dataset for dataset in SETS}
    if folder is None and name not in known:
        sys.exit(f"no set is called {name}; known are {', '.join(known)}, others by --folder")
    return DevelopmentSet(name, place=folder) if folder else known[name]


def _open(name: str, marks: bool) -> None:
    """Let nobody read a set that is kept aside, and nobody read another unnoticed."""
    if any(found.name == name and found.kept_aside for found in FOUND):
        sys.exit(f"{name} is kept aside (benchmarks/quality/found/known.py): nobody reads it")
    if not seen.is_seen(name) and not marks:
        sys.exit(f"no error of {name} was ever read; with --mark-seen its figures lose that name")
    if warning := seen.mark(name, "its worst errors were read"):
        print(warning, file=sys.stderr)


def told(
    kept: KeptRun, dataset: DevelopmentSet, weights: Weights, rules: WorkRules, most: int
) -> Iterator[str]:
    """The score of the set and its worst errors as text."""
    truth = read_truth(dataset.truth)
    run = kept.under(weights, rules)
    evaluation = evaluate(run, truth, Scope(cross_source=dataset.cross_source))
    best, automatic = evaluation.best, evaluation.automatic
    yield (
        f"{dataset.name}: F1 {best.f1:.4f}; {best.false} false ({automatic.false} automatic), "
        f"{best.missed} missed ({automatic.missed} automatic); merge at {weights.merge_at:.3f}, "
        f"review from {weights.review_at:.3f}"
    )
    faults = worst(run, truth, evaluation.false_pairs, evaluation.missed_pairs)
    told_of = _Telling(kept, weights, rules, truth)
    for number, fault in enumerate(faults[:most], 1):
        yield f"\n=== {number} {told_of.heading(fault)}"
        yield from told_of.lines(fault)


def worst(
    run: ScoredRun, truth: Truth, false: Iterable[Pair], missed: Iterable[Pair]
) -> list[Fault]:
    """All errors, one for each work that they spoil: false by probability, missed by pairs."""
    work_of = {name: at for at, work in enumerate(run.best) for name in work}
    sure = {name: at for at, work in enumerate(run.automatic) for name in work}
    said = run.probability

    def grouped(pairs: Iterable[Pair], spoilt: Mapping[Pair, object]) -> list[list[Pair]]:
        groups: dict[object, list[Pair]] = {}
        for pair in pairs:
            groups.setdefault(spoilt[pair], []).append(pair)
        return [sorted(group, key=lambda p: (-said.get(p, -1.0), p)) for group in groups.values()]

    false, missed, true_work = list(false), list(missed), truth.works()
    joined = grouped(false, {
        pair: (work_of[pair[0]], *sorted(true_work.get(name, name) for name in pair))
        for pair in false
    })  # fmt: skip
    lost = grouped(missed, {
        pair: true_work[pair[0]]
        for pair in missed
    })  # fmt: skip
    joined.sort(key=lambda group: (-said.get(group[0], -1.0), group[0]))
    lost.sort(key=lambda group: (-len(group), said.get(group[0], -1.0), group[0]))
    ours = [
        Fault(True, group[0], len(group),
              "automatically" if sure.get(group[0][0], -1) == sure.get(group[0][1], -2)
              else "if pairs to review are joined")
        for group in joined
    ]  # fmt: skip
    theirs = [Fault(False, group[0], len(group), "") for group in lost]
    both = chain.from_iterable(zip_longest(ours, theirs))
    return [fault for fault in both if fault is not None]


@dataclass(slots=True)
class _Telling:
    """Puts errors into words over one run."""

    kept: KeptRun
    weights: Weights
    rules: WorkRules
    truth: Truth

    def heading(self, fault: Fault) -> str:
        """What went wrong."""
        label = self.truth.pairs.get(fault.pair)
        said = f", labelled {label.name} {label.how}" if label else ""
        others = f", stands for {fault.pairs} pairs" if fault.pairs > 1 else ""
        kind = f"FALSE, joined {fault.how}" if fault.false else "MISSED"
        return f"{kind}{others}{said}"

    def lines(self, fault: Fault) -> Iterator[str]:
        """The two records, the verdict and what it stands on."""
        detector = self.kept.detector
        ids = {name: record for record, name in self.kept.names.items()}
        left, right = sorted(ids[name] for name in fault.pair)
        records = detector.engine.get([left, right])
        yield from beside(records[left], records[right])
        fields = detector.fields.of((left, right))
        decider = Decider(self.kept.epoch, self.weights, self.rules.unique_sources)
        explanation = explain(decider, (fields[left], fields[right]))
        yield from _verdict(explanation.decision)
        keys = ", ".join(explanation.decision.found_by) or "no key"
        yield f"  found by {keys}{'' if explanation.compared else ' (not compared)'}"


def beside(left: Record, right: Record) -> Iterator[str]:
    """Two records, field by field, as they were harvested."""
    yield f"  {'record':14} {left.record_id}"
    yield f"  {'':14} {right.record_id}"
    ours, theirs = left.to_dict(), right.to_dict()
    ours["authors"] = "; ".join(author.display for author in left.authors)
    theirs["authors"] = "; ".join(author.display for author in right.authors)
    for name in _FIELDS:
        first, second = (_short(side.get(name, "")) for side in (ours, theirs))
        if first or second:
            yield f"  {name:14} {first or '-'}"
            yield f"  {'':14} {'(the same)' if second == first else second or '-'}"


def _short(value: object) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _verdict(decision: Decision) -> Iterator[str]:
    guards = f"; guards: {', '.join(decision.guards)}" if decision.guards else ""
    yield f"  -> {decision.saying}, probability {decision.probability:.4f}{guards}"
    weighed = sorted(decision.weights.items(), key=lambda row: -abs(row[1]))
    yield "     " + ", ".join(
        f"{name} {decision.levels.get(name, '')} {bits:+.1f}".replace("  ", " ")
        for name, bits in weighed
        if abs(bits) >= 0.1
    )


def _left_out(dataset: DevelopmentSet, cache: Path) -> Weights:
    return fitted(training(cache), [dataset.name]).unseen[dataset.name]


if __name__ == "__main__":
    main()
