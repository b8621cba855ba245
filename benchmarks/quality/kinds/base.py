"""
The records that kinds are made of, and the same record as another feed would write it.

    development sets  ->  Base.take(...): one record a work, each given once
    record, draw      ->  copy_of(record, draw)

Records of one work stand for it once, so that two bases are two works. What is taken for
one kind is taken: no pair of different kinds is alike.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.quality.plain_records import Plain, family, names_of
from benchmarks.quality.sets import SETS
from detector.evaluation.truth import read_truth

Made = tuple[Plain, Plain, bool]  # two records, and whether they describe one work
FROM: Final = ("sr_srsr", "sr_neuroimaging", "sr_cytology_screening", "sr_stroke", "dblp_acm")
MOST: Final = 6_000  # bases of one set: of the largest a part is enough
LEAST_WORDS: Final = 5
PLACES: Final = ("volume", "issue", "pages", "container")


class Base:
    """Records of distinct works, drawn without replacement."""

    def __init__(self, draw: random.Random) -> None:
        titled = {
            row["title"].lower(): (row, name) for name in FROM for row in _works_of(name, draw)
        }
        self.rows = list(titled.values())  # two works of one title stand for one too
        self.taken: set[str] = set()  # sets that records were taken of since it was emptied
        draw.shuffle(self.rows)

    def take(self, suits: Callable[[Plain], bool] = bool) -> Plain:
        """
        Return the next record that suits.

        Raises:
            LookupError: none is left.
        """
        for at in range(len(self.rows) - 1, -1, -1):
            if suits(self.rows[at][0]):
                row, name = self.rows.pop(at)
                self.taken.add(name)
                return row
        raise LookupError("no record that suits is left; take fewer pairs a kind")


def _works_of(name: str, draw: random.Random) -> Iterator[Plain]:
    """Records of a set with a title and authors, none of a work that has others."""
    dataset = next(dataset for dataset in SETS if dataset.name == name)
    truth = read_truth(dataset.truth)
    several = {record for pair in truth.pairs if truth.pairs[pair].same_work for record in pair}
    works = truth.clusters
    sizes: dict[str, int] = {}
    for work in works.values():
        sizes[work] = sizes.get(work, 0) + 1
    with gzip.open(dataset.records, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    alone = [row for row in rows if row["id"] not in several
             and sizes.get(works.get(row["id"], ""), 1) == 1]  # fmt: skip
    suited = [tidy for row in alone if _usual(row) and (tidy := _tidy(row))["authors"]]
    yield from draw.sample(suited, min(MOST, len(suited)))


def _usual(row: Plain) -> bool:
    title = row.get("title") or ""
    return len(title.split()) >= LEAST_WORDS and title.isascii() and bool(row.get("authors"))


def _tidy(row: Plain) -> Plain:
    """The fields that kinds write anew: names taken apart, titles without capitals."""
    title = row["title"].strip().rstrip(".")
    if title.isupper():
        title = title.capitalize()
    kept = ("year", "container", "volume", "issue", "pages", "doi", "abstract")
    written = [f"{family(name)}, {' '.join(map(str.capitalize, name.given))}".rstrip(", ")
               for name in names_of(row)]  # fmt: skip
    return {"title": title, "authors": written, **{k: row[k] for k in kept if row.get(k)}}


def copy_of(row: Plain, draw: random.Random) -> Plain:
    """The same record from another feed: names by initials, and what one feed leaves out."""
    made = {**row, "authors": [initialled(name) for name in row["authors"]]}
    for field in ("abstract", "doi", "issue"):
        if draw.random() < 0.5:
            made.pop(field, None)
    if draw.random() < 0.3:
        made["title"] = row["title"].lower().capitalize()
    return made


def initialled(name: str) -> str:
    """`Olson, Mary Anne` as `Olson MA`."""
    last, _, given = name.partition(", ")
    return f"{last} {''.join(word[0] for word in given.split())}".strip()


def placed(row: Plain) -> bool:
    """Whether a record says volume and pages."""
    return bool(row.get("volume") and "-" in row.get("pages", "") and row.get("container"))


def thinned(row: Plain, draw: random.Random) -> Plain:
    """The record as a thin feed has it, half of the time: no places, no identifier."""
    return without(row, *PLACES, "doi", "abstract") if draw.random() < 0.5 else row


def without(row: Plain, *fields: str) -> Plain:
    """A record that leaves these out."""
    return {name: value for name, value in row.items() if name not in fields}
