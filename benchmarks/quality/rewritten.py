"""
Do the verdicts hold when feeds write otherwise? Half the records of a set, rewritten.

    python -m benchmarks.quality.rewritten   # a table, written into docs/evaluation-appendix.md

Each way rewrites one thing in half of the records, drawn once: how names are written, what
befalls a title, which field is missing. The weights are the shipped ones and have seen the
sets as they are: what counts is the difference to the first row. Names are taken apart by
our own reading of them before they are written anew.
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.quality import page
from benchmarks.quality.figures import rates, table
from benchmarks.quality.kept import KeptRun
from benchmarks.quality.plain_records import Plain, family, names_of
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Evaluation, Scope, evaluate
from detector.evaluation.truth import read_truth
from indexer.feeds.formats import read_files
from indexer.fields.people.names import Name
from indexer.index.opening import open_engine

Way = Callable[[Plain, random.Random], Plain]
NAMES: Final = ("sr_stroke", "sr_cytology_screening", "sr_diabetes", "dblp_acm")
SEED: Final = 3
_CUT: Final = 60  # characters after which a search engine breaks a title off


def main() -> None:
    """Score every way over every set and write the table."""
    head = ["half of the records …"]
    rows = [[name] for name in WAYS]
    for dataset in (dataset for dataset in SETS if dataset.name in NAMES):
        head.append(f"{dataset.name}: F1 best, automatic P / R")
        for row, way in zip(rows, WAYS.values(), strict=True):
            evaluation = scored(dataset, way)
            best, sure = evaluation.best, evaluation.automatic
            row.append(f"{best.f1:.4f}, {rates(sure)}")
            print(dataset.name, row[0], row[-1], flush=True)
    page.write("rewritten", table(head, rows))


def scored(dataset: DevelopmentSet, way: Way) -> Evaluation:
    """A set of which every second record or so is written this way."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(plain) + "\n" for plain in rewritten(dataset.records, way))
        engine = open_engine(str(Path(folder) / "index"))
        try:
            run = KeptRun.of(read_files([str(path)]), engine).under(Weights.load())
        finally:
            engine.close()
    return evaluate(run, read_truth(dataset.truth), Scope(cross_source=dataset.cross_source))


def rewritten(records: str, way: Way) -> Iterator[Plain]:
    """The records of a file, half of them written another way; the same half each time."""
    draw = random.Random(SEED)
    with gzip.open(records, "rt", encoding="utf-8") as lines:
        for line in lines:
            plain = json.loads(line)
            yield way(plain, draw) if draw.random() < 0.5 else plain


def _names(write: Callable[[tuple[Name, ...]], list[str]]) -> Way:
    return lambda plain, draw: {**plain, "authors": write(names_of(plain))}


def _title(write: Callable[[str, random.Random], str]) -> Way:
    return lambda plain, draw: {**plain, "title": write(plain.get("title") or "", draw)}


def _without(field: str) -> Way:
    return lambda plain, draw: {name: value for name, value in plain.items() if name != field}


def _initials(name: Name) -> str:
    return "".join(given[0].upper() for given in name.given)


def _medline(name: Name) -> str:
    return f"{family(name)} {_initials(name)}".strip()


def _misspelt(title: str, draw: random.Random) -> str:
    letters = list(title)
    for _ in range(2):
        at = draw.randrange(len(letters)) if len(letters) > 10 else 0
        if letters and letters[at].isalpha():
            letters[at] = draw.choice("aeiounrst")
    return "".join(letters)


def _cut_off(title: str, _: random.Random) -> str:
    return f"{title[:_CUT].rsplit(' ', 1)[0]} …" if len(title) > _CUT + 10 else title


WAYS: Final[Mapping[str, Way]] = {
    "as they are": lambda plain, draw: plain,
    'names as "Olson MA"': _names(lambda names: [_medline(name) for name in names]),
    'names as "MA Olson"': _names(
        lambda names: [f"{_initials(name)} {family(name)}".strip() for name in names]
    ),
    "names in capitals": _names(lambda names: [_medline(name).upper() for name in names]),
    "names in one string, by commas": _names(
        lambda names: [", ".join(map(_medline, names))] if names else []
    ),
    'names as "Olson, M. A. and …"': _names(
        lambda names: [" and ".join(f"{family(n)}, {'. '.join(_initials(n))}." for n in names)]
        if names
        else []
    ),
    'the first name and "et al."': _names(
        lambda names: [*map(_medline, names[:1]), *(["et al."] if len(names) > 1 else [])]
    ),
    "two typing errors in the title": _title(_misspelt),
    "the title in capitals": _title(lambda title, _: title.upper()),
    'the title cut off with "…"': _title(_cut_off),
    **{f"without {field}": _without(field)
       for field in ("year", "volume", "pages", "container", "authors", "abstract")},
}  # fmt: skip


if __name__ == "__main__":
    main()
