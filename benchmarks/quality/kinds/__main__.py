"""
Pairs of each kind that generalises badly, made by rule of records at hand, and how they fare.

    python -m benchmarks.quality.kinds [--weights FILE] [--folder FOLDER] [--errors 3] [--explain]

Every kind has its own answers, half of them one work and half two, in one collection over
which samework runs once. The weights are the shipped ones, which saw the records that the
kinds were made of, but not as they are here. `--folder` keeps records and labels, to be
looked at or evaluated; nothing of them is committed. `--explain` says of the first pair of one
work of each kind what samework says, and why.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.quality import page, seen
from benchmarks.quality.figures import table
from benchmarks.quality.kept import KeptRun
from benchmarks.quality.kinds.making import KINDS, made
from benchmarks.quality.kinds.scored import HEAD, rows
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.decision.decision import Decider
from detector.decision.weights import Weights
from detector.evaluation.evaluate import ScoredRun, joined_by
from detector.evaluation.truth import Truth, read_truth
from detector.questions.explaining import explain

REASONS: Final = 3  # of a pair that is explained


def main() -> None:
    """Make the kinds, run over them and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", default="", help="a file of match weights")
    parser.add_argument("--folder", type=Path, help="keep records and labels here")
    parser.add_argument("--errors", type=int, default=0, help="pairs of each kind to print")
    parser.add_argument("--explain", action="store_true", help="a pair of each kind")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(exist_ok=True)
        records, labels = made(folder)
        weights = Weights.load(chosen.weights)
        dataset = DevelopmentSet(folder.name, place=folder.parent)
        with kept_run(dataset, str(Path(scratch) / "index")) as kept:
            run, truth = kept.under(weights), read_truth(labels)
            told = list(explained(kept, truth, weights)) if chosen.explain else []
        lines = table(HEAD, rows(run, truth, weights.merge_at))
        print("\n".join([*lines, *told]))
        for name in KINDS if chosen.errors else ():
            if warning := seen.mark(name, "its errors were read"):
                print(warning, file=sys.stderr)
            print("\n".join(errors(run, truth, name, records, chosen.errors)))
    if chosen.write:
        page.write("kinds", lines)


def explained(kept: KeptRun, truth: Truth, weights: Weights) -> Iterator[str]:
    """The first pair of one work of each kind, what is said of it and the strongest reasons."""
    decider = Decider(kept.epoch, weights)
    record_id_of = {name: record_id for record_id, name in kept.names.items()}
    for kind in KINDS:
        pair = next(
            pair for pair, label in truth.pairs.items() if label.how == kind and label.same_work
        )
        ids = sorted(record_id_of[name] for name in pair)
        fields = kept.detector.fields.of(ids)
        decision = explain(decider, (fields[ids[0]], fields[ids[1]])).decision
        yield f"\n{kind}: {decision.saying}, probability {decision.probability:.4f}"
        yield from (f"    {fields[record_id].title.text or '(no title)'}" for record_id in ids)
        yield from (f"  - {reason}" for reason in decision.reasons[:REASONS])


def errors(run: ScoredRun, truth: Truth, kind: str, records: Path, most: int) -> Iterator[str]:
    """Pairs of a kind that are joined or left apart wrongly, with their probability."""
    with gzip.open(records, "rt", encoding="utf-8") as lines:
        by_name = {row["id"]: row for row in map(json.loads, lines)}
    joined = joined_by(run.automatic)
    wrong = [(pair, label) for pair, label in truth.pairs.items()
             if label.how == kind and label.same_work != joined(pair)]  # fmt: skip
    for pair, label in wrong[:most]:
        said = f"p {run.probability.get(pair, 0.0):.3f} {run.verdicts.get(pair, 'no candidate')}"
        yield f"\n{kind}: {label.name}, {said}"
        for name in pair:
            row = {k: str(v)[:90] for k, v in by_name[name].items() if k != "abstract"}
            yield f"  {json.dumps(row, ensure_ascii=False)}"


if __name__ == "__main__":
    main()
