"""
Kinds that a place makes: retitled at one place, places mistyped, several things on one page.

    Base, draw  ->  pairs of records, and whether each describes one work
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from benchmarks.quality.kinds.base import Base, Made, copy_of, placed, without
from benchmarks.quality.kinds.titles import moved

SYLLABLES: Final = ("ka", "le", "mi", "no", "ru", "sta", "ver", "zen", "dor", "phi", "qua", "hel")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def retitled(base: Base, draw: random.Random) -> Iterator[Made]:
    """Authors, volume and pages agree, the title is translated; against it, a neighbour."""
    row = base.take(lambda row: placed(row) and len(row["authors"]) > 1)
    yield (
        row,
        {**without(copy_of(row, draw), "doi", "abstract"), "title": foreign(row["title"])},
        True,
    )
    row, other = base.take(placed), base.take(placed)
    neighbour = {**other, "container": row["container"], "volume": row["volume"],
                 "year": row.get("year", ""), "pages": _next(row["pages"])}  # fmt: skip
    yield row, without(neighbour, "doi", "abstract", "issue"), False


def foreign(title: str) -> str:
    """A title of the same number of words in no language: each word always becomes the same."""
    words = []
    for word in title.split():
        draw = random.Random(word.lower())
        words.append("".join(draw.choice(SYLLABLES) for _ in range(max(1, len(word) // 3))))
    return " ".join(words).capitalize()


def _next(pages: str) -> str:
    last = "".join(letter for letter in pages.split("-")[-1] if letter.isdigit()) or "20"
    page = int(last[:6]) + 1
    return f"{page}-{page + 7}"


def mistyped_places(base: Base, draw: random.Random) -> Iterator[Made]:
    """Pages as a day, with a prefix, a volume in the issue; against it, the title elsewhere."""
    row = base.take(placed)
    first, month = row["pages"].split("-")[0], draw.choice(MONTHS)
    wrong = draw.choice(({"pages": f"{draw.randrange(1, 28):02}-{month}"}, {"pages": f"c{first}"},
                         {"volume": "", "issue": row["volume"]}, {"pages": f"p. {first}"},
                         {"pages": row.get("year", "")}))  # fmt: skip
    yield row, {**without(copy_of(row, draw), "doi", "abstract"), **wrong}, True
    row = base.take(lambda row: placed(row) and row.get("year", "").isdigit())
    row = {**without(row, "abstract"), "title": f"Abstracts of the meeting of {row['container']}"}
    later = {**moved(row), "year": str(int(row["year"]) + 1)}
    yield row, copy_of(later, draw), False


def abstracts_on_a_page(base: Base, draw: random.Random) -> Iterator[Made]:
    """Numbered abstracts of one team on one page; against it, one of them from two feeds."""
    row, other = without(base.take(placed), "doi", "abstract"), base.take()
    number = draw.randrange(20, 400)
    session = f"P{draw.randrange(1, 4)}.{draw.randrange(1, 20):02}"
    ours = {**row, "title": f"{session}-{number:03} {row['title']}"}
    theirs = {**row, "title": f"{session}-{number + 1:03} {_blended(row['title'], other['title'])}"}
    yield ours, theirs, False
    yield ours, {**copy_of(row, draw), "title": row["title"]}, True


def _blended(title: str, other: str) -> str:
    """A title that begins as one and goes on as another."""
    words, more = title.split(), other.split()
    return " ".join((*words[: len(words) // 2], *more[len(more) // 2 :]))


def preprints_of_two_works(base: Base, draw: random.Random) -> Iterator[Made]:
    """Two arXiv ids under one title, and a copy of one of them without its id."""
    row, other = (base.take(lambda row: bool(row.get("abstract"))) for _ in range(2))
    bare = ("doi", "volume", "issue", "pages", "container")
    month = draw.randrange(1, 13)
    first, second = (f"{draw.randrange(15, 24)}{month:02}.{draw.randrange(19999):05}" for _ in "ab")
    ours = {**without(row, *bare), "urls": [f"https://arxiv.org/abs/{first}"]}
    theirs = {**ours, "abstract": other["abstract"], "urls": [f"https://arxiv.org/abs/{second}"]}
    copied = {**without(ours, "urls"), "source": "core"}
    yield ours, copied, True
    yield ours, theirs, False


def dois_of_one_house(base: Base, draw: random.Random) -> Iterator[Made]:
    """One article under two DOIs of its publisher; against it, two articles of one title."""
    row = base.take(placed)
    first, second = (f"10.5555/j.{draw.randrange(10**7)}" for _ in "ab")
    yield {**row, "doi": first}, {**copy_of(row, draw), "doi": second}, True
    row = {**without(base.take(placed), "abstract")}
    yield {**row, "doi": f"{first}.x"}, {**moved(row), "doi": f"{second}.y"}, False
