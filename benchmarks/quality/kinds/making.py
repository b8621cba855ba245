"""
The kinds, and the making of their pairs.

    folder  ->  made(folder)  ->  records.jsonl.gz, labels.tsv
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.quality.kinds import places, relations, titles
from benchmarks.quality.kinds.base import Base, Made
from benchmarks.quality.plain_records import Plain

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
