"""
Pairs of each kind that generalises badly, made by rule of records at hand, and how they fare.

    python -m benchmarks.quality.kinds [--weights FILE] [--folder FOLDER] [--errors 3]

Every kind has its own answers, half of them one work and half two, in one collection over
which samework runs once. The weights are the shipped ones, which saw the records that the
kinds were made of, but not as they are here. `--folder` keeps records and labels, to be
looked at or evaluated; nothing of them is committed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from statistics import fmean
from typing import Final

from benchmarks.quality import page, seen
from benchmarks.quality.figures import table
from benchmarks.quality.kinds import places, relations, titles
from benchmarks.quality.kinds.base import Base, Made, Plain
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Score, ScoredRun, evaluate
from detector.evaluation.truth import Pair, Truth, read_truth

Kind = Callable[[Base, random.Random], Iterator[Made]]
SEED: Final = 15
TURNS: Final = 100  # of each kind: as many pairs of one work, and of two
KINDS: Final[Mapping[str, Kind]] = {
    "footnote marks": titles.footnote_marks,
    "numbers in titles": titles.numbers_in_titles,
    "stock titles": titles.stock_titles,
    "twin papers": titles.twin_papers,
    "reference strings": titles.reference_strings,
    "destroyed titles": titles.destroyed_titles,
    "retitled at a place": places.retitled,
    "mistyped places": places.mistyped_places,
    "abstracts on a page": places.abstracts_on_a_page,
    "preprints of two works": places.preprints_of_two_works,
    "two DOIs of one house": places.dois_of_one_house,
    "letters and replies": relations.letters_and_replies,
    "one abstract, two meetings": relations.abstracts_at_two_meetings,
    "books and reviews": relations.books_and_reviews,
    "discussed preprints": relations.discussed_preprints,
    "later reports": relations.later_reports,
    "translated at a place": places.translated,
    "columns of one editor": titles.columns_of_one_editor,
}
HEAD: Final = ("kind", "pairs, one work / two", "automatic P / R", "false", "best F1",
               "held back", "said on average, one work / two")  # fmt: skip


def main() -> None:
    """Make the kinds, run over them and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", default="", help="a file of match weights")
    parser.add_argument("--folder", type=Path, help="keep records and labels here")
    parser.add_argument("--errors", type=int, default=0, help="pairs of each kind to print")
    parser.add_argument("--write", action="store_true", help="into docs/evaluation-appendix.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(exist_ok=True)
        records, labels = made(folder)
        weights = Weights.load(chosen.weights)
        dataset = DevelopmentSet(folder.name, place=folder.parent)
        with kept_run(dataset, str(Path(scratch) / "index")) as kept:
            run = kept.under(weights)
        truth = read_truth(labels)
        lines = table(HEAD, rows(run, truth, weights.merge_at))
        print("\n".join(lines))
        for name in KINDS if chosen.errors else ():
            if warning := seen.mark(name, "its errors were read"):
                print(warning, file=sys.stderr)
            print("\n".join(errors(run, truth, name, records, chosen.errors)))
    if chosen.write:
        page.write("kinds", lines)


def made(folder: Path, turns: int = TURNS) -> tuple[Path, Path]:
    """Write records and labels of every kind; `how` is the kind, `made_of` whose records."""
    draw = random.Random(SEED)
    base = Base(draw)
    rows: list[Plain] = []
    names: dict[int, str] = {}  # a record that two pairs share stands there once
    labels = []
    for kind, make in KINDS.items():
        for _ in range(turns):
            base.taken.clear()
            turn = list(make(base, draw))
            made_of = " ".join(sorted(base.taken))
            for left, right, same in turn:
                for row in (left, right):
                    if id(row) not in names:
                        names[id(row)] = f"k{len(rows)}"
                        rows.append(row)
                label = "same" if same else "different"
                labels.append(
                    f"{names[id(left)]}\t{names[id(right)]}\t{label}\t{kind}\t{made_of}\n"
                )
    records, truth = folder / "records.jsonl.gz", folder / "labels.tsv"
    with gzip.open(records, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({**row, "id": names[id(row)]}) + "\n" for row in rows)
    truth.write_text("left\tright\tlabel\thow\tmade_of\n" + "".join(labels), "utf-8")
    return records, truth


def rows(
    run: ScoredRun, truth: Truth, merge_at: float, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[list[str]]:
    """A row a kind."""
    by_kind, joined = evaluate(run, truth).by_how, _joined(run)
    for kind in kinds:
        automatic, best = by_kind[kind]
        pairs = [pair for pair, label in truth.pairs.items() if label.how == kind]
        same = [pair for pair in pairs if truth.pairs[pair].same_work]
        others = [pair for pair in pairs if not truth.pairs[pair].same_work]
        # a guard holds these back although their probability says one work
        held = sum(run.probability.get(pair, 0.0) >= merge_at and not joined(pair) for pair in same)
        said = [fmean(run.probability.get(pair, 0.0) for pair in side) for side in (same, others)]
        yield [kind, f"{len(same)} / {len(others)}", _rates(automatic), str(automatic.false),
               f"{best.f1:.4f}", str(held), f"{said[0]:.3f} / {said[1]:.3f}"]  # fmt: skip


def _rates(score: Score) -> str:
    return f"{score.precision:.4f} / {score.recall:.4f}"


def _joined(run: ScoredRun) -> Callable[[Pair], bool]:
    """What tells whether two records are joined without a person."""
    work_of = {name: at for at, names in enumerate(run.automatic) for name in names}
    return lambda pair: pair[0] in work_of and work_of[pair[0]] == work_of.get(pair[1])


def errors(run: ScoredRun, truth: Truth, kind: str, records: Path, most: int) -> Iterator[str]:
    """Pairs of a kind that are joined or left apart wrongly, with their probability."""
    with gzip.open(records, "rt", encoding="utf-8") as lines:
        by_name = {row["id"]: row for row in map(json.loads, lines)}
    joined = _joined(run)
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
