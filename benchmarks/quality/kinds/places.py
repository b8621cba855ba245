"""
Kinds that a place makes: retitled or translated there, mistyped, several things on one page.

    Base, draw  ->  pairs of records, and whether each describes one work
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from benchmarks.quality.kinds.base import Base, Made, copy_of, placed, without
from benchmarks.quality.kinds.titles import moved
from benchmarks.quality.plain_records import Plain
from indexer.fields import fields_of
from indexer.fields.containers.places import Places
from indexer.records import Record

SYLLABLES: Final = ("ka", "le", "mi", "no", "ru", "sta", "ver", "zen", "dor", "phi", "qua", "hel")
LETTERS: Final = {
    "cyrillic": "абвгдежзиклмнопрстуфхцчшюя",
    "han": [chr(code) for code in range(0x4E00, 0x9000, 7)],
}
Pair = tuple[Plain, Plain]
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def retitled(base: Base, draw: random.Random) -> Iterator[Made]:
    """Authors, volume and pages agree, the title is another; against it, two works at a place."""
    row = base.take(lambda row: len(row["authors"]) > 1 and _fills(row))
    title = draw.choice((foreign(row["title"]), _reworded(row["title"], base.take()["title"])))
    yield row, {**without(copy_of(row, draw), "doi", "abstract"), "title": title}, True
    row, other = base.take(placed), base.take(placed)
    yield *draw.choice(AT_ONE_PLACE)(row, other, draw), False


def translated(base: Base, draw: random.Random) -> Iterator[Made]:
    """A title in another language or script at one place; against it, its authors' next work."""
    script = draw.choice(("latin", "cyrillic", "han"))
    row = base.take(lambda row: len(row["authors"]) > 1 and _fills(row))
    copy = without(copy_of(row, draw), "doi", "abstract")
    yield row, {**copy, "title": foreign(row["title"], script)}, True
    row, other = (without(base.take(placed), "doi", "abstract", "issue") for _ in "ab")
    title = foreign(other["title"], script)
    row, later = draw.choice((_next_work, _without_pages, _own_paging))(row, other, draw)
    yield row, {**copy_of(later, draw), "title": title}, False


def _fills(row: Plain) -> bool:
    """Three pages or more: on a sheet stand two letters of one group as well as one retitled."""
    places = fields_of(Record("made:1", pages=row["pages"])).places if placed(row) else Places()
    first, last = (page.lstrip("aes") for page in (places.first_page, places.last_page))
    return first.isdigit() and last.isdigit() and 1 < int(first) < int(last) - 1


def foreign(title: str, script: str = "latin") -> str:
    """A title of the same number of words in no language: each word always becomes the same."""
    words = []
    for word in title.split():
        if not word.isalpha():  # figures and abbreviations stay as they are
            words.append(word)
            continue
        draw = random.Random(word.lower())
        letters = SYLLABLES if script == "latin" else LETTERS[script]
        words.append("".join(draw.choice(letters) for _ in range(max(1, len(word) // 3))))
    return ("" if script == "han" else " ").join(words).capitalize()


def _reworded(title: str, other: str) -> str:
    """Half of a title's words, in another order, among words of another."""
    words, more = title.split(), [word for word in other.split() if word.isalpha()]
    numbers = [word for word in words[: len(words) // 2] if not word.isalpha()]
    return " ".join((*more[: len(more) // 2], *numbers, *words[len(words) // 2 :])).capitalize()


def _neighbour(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """The next article of the issue."""
    return row, without(_beside(row, other, _next(row["pages"])), "doi", "abstract", "issue")


def _next_work(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """The next article, by the same authors: a series."""
    return _by_same(row, other, row["pages"], _next(row["pages"]))


def _on_a_page(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """Two abstracts of one group on a page of a supplement."""
    page = f"{draw.choice('SA')}{draw.randrange(20, 900)}"
    return _by_same(row, other, *[f"{page}-{page}" if draw.random() < 0.5 else page] * 2)


def _letters(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """Two letters or reviews by the same authors that share a sheet."""
    page = draw.randrange(20, 900)
    pages = f"{page}-{page + 1}"
    return _by_same(row, other, pages, draw.choice((pages, str(page))))


def _without_pages(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """Two articles of one volume by the same authors, one of them without pages."""
    return _by_same(row, other, "", draw.choice(("", row["pages"])))


def _own_paging(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """Two articles of one volume by the same authors, each paged from 1."""
    last = draw.randrange(6, 14)
    return _by_same(row, other, f"1-{last}", f"1-{draw.choice((last, last, last + 2))}")


def _of_a_section(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """Two abstracts of one group, each under the pages of its whole section."""
    page, letter = draw.randrange(20, 900), draw.choice(("S", "A", ""))
    pages = f"{letter}{page}-{letter}{page + draw.randrange(60, 300)}"
    return _by_same(row, other, pages, pages)


def _erratum(row: Plain, other: Plain, draw: random.Random) -> Pair:
    """An article and its erratum, under the pages of the article."""
    return row, {**copy_of(without(row, "doi", "abstract"), draw), "title": "Erratum"}


AT_ONE_PLACE: Final = (_neighbour, _next_work, _on_a_page, _letters, _without_pages,
                       _own_paging, _of_a_section, _erratum)  # fmt: skip


def _beside(row: Plain, other: Plain, pages: str) -> Plain:
    """Another work in the same volume."""
    return {**other, "container": row["container"], "volume": row["volume"],
            "year": row.get("year", ""), "pages": pages}  # fmt: skip


def _by_same(row: Plain, other: Plain, pages: str, others: str) -> Pair:
    """Two works in one volume by the same authors, on these pages."""
    bare = ("doi", "abstract", "issue")
    later = {**_beside(row, without(other, *bare), others), "authors": row["authors"]}
    return {**without(row, *bare), "pages": pages}, later


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
    copied = {**copy_of(row, draw), "title": row["title"]}  # one that leaves the number out
    yield draw.choice((ours, copied)), theirs, False
    yield ours, copied, True


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
