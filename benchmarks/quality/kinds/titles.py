"""
Kinds that a title makes: marks and numbers in it, stock titles, twin papers, what cuts it short.

    Base, draw  ->  pairs of records, and whether each describes one work

Numbers behind a title are a footnote's in one half and a part's in the other; what else
the two records say decides, as it does for a reader.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from benchmarks.quality.kinds.base import (
    PLACES,
    Base,
    Made,
    copy_of,
    initialled,
    placed,
    thinned,
    without,
)
from benchmarks.quality.plain_records import Plain

STOCK: Final = (
    *("Editorial", "Editorial introduction", "From the editor", "Introduction", "Preface"),
    *("Letter to the editor", "In this issue", "News and notes", "President's message"),
    *("Book reviews", "Guest editorial", "Notes from the field", "Reply", "Obituary", "Foreword"),
)
QUALIFIERS: Final = (
    *(("ideal", "viscous"), ("two-dimensional", "three-dimensional"), ("short", "full")),
    *(("in vitro", "in vivo"), ("third-order", "fourth-order"), ("acute", "chronic")),
    *(("linear", "nonlinear"), ("male", "female"), ("early", "late"), ("static", "dynamic")),
    *(("children", "adults"), ("rural", "urban"), ("local", "global"), ("discrete", "continuous")),
)
COLUMNS: Final = (
    *("Book review column", "Letter from the chair", "From the editors", "Chair's message"),
    *("Editor's notes", "Research problems", "Surveys", "Interview column", "Open questions"),
)
MARKS: Final = (" 1", " *", "*", " 1,2", " †", " [1]", " ¹", " [12]")


def footnote_marks(base: Base, draw: random.Random) -> Iterator[Made]:
    """A mark behind one title ("… CONTRACTS 1"); against it, two parts of a series."""
    row = thinned(base.take(placed), draw)
    yield {**row, "title": row["title"] + draw.choice(MARKS)}, copy_of(row, draw), True
    first = base.take(placed)
    second = moved(first)
    if draw.random() < 0.5:
        first, second = (without(row, *PLACES, "doi", "abstract") for row in (first, second))
    yield (
        {**first, "title": f"{first['title']} 1"},
        {**copy_of(second, draw), "title": f"{first['title']} 2"},
        False,
    )


def numbers_in_titles(base: Base, draw: random.Random) -> Iterator[Made]:
    """Years, line numbers and a number said twice; against them, a yearly series."""
    row = thinned(base.take(lambda row: bool(row.get("year"))), draw)
    title, year = row["title"], row["year"]
    said = ((title, f"{title} ({year})"), (f"{draw.randrange(1, 90)} {title}", title),
            (f"(1) {title}, Band 1", f"{title}, Band 1"))  # fmt: skip
    left, right = draw.choice(said)
    yield {**row, "title": left}, {**copy_of(row, draw), "title": right}, True
    row = base.take(lambda row: row.get("year", "").isdigit())
    after = str(int(row["year"]) + 1)
    yield (
        {**without(row, "pages"), "title": f"{row['title']}, {row['year']}"},
        {**copy_of(without(moved(row), "pages"), draw), "title": f"{row['title']}, {after}",
         "year": after},
        False,
    )  # fmt: skip


def stock_titles(base: Base, draw: random.Random) -> Iterator[Made]:
    """A short title by one author, issue by issue; against it, one of them from two feeds."""
    row = base.take(placed)
    first, second = (f"10.5555/{draw.randrange(10**8)}" for _ in "ab")
    row = {**without(row, "abstract"), "title": draw.choice(STOCK), "authors": row["authors"][:1],
           "issue": str(draw.randrange(1, 4)), "doi": first}  # fmt: skip
    later = {**moved(row), "issue": str(int(row["issue"]) + 1), "doi": second}
    if draw.random() < 0.5:  # as a search engine's answer has them: one volume, no pages
        row, later = without(row, "pages"), {**without(later, "pages"), "volume": row["volume"]}
    if draw.random() < 0.3:
        later.pop("doi")
    yield row, copy_of(row, draw), True
    yield row, later, False


def columns_of_one_editor(base: Base, draw: random.Random) -> Iterator[Made]:
    """One column of an editor from two feeds; against it, that editor's columns of other issues."""
    row = base.take(lambda row: placed(row) and row.get("year", "").isdigit())
    row = {**without(row, "abstract"), "title": draw.choice(COLUMNS), "authors": row["authors"][:1],
           "issue": "2", "doi": f"10.5555/{draw.randrange(10**8)}"}  # fmt: skip
    slip = draw.choice(("volume", "issue", "doi", "year"))
    other_feed = {**row, "authors": [initialled(row["authors"][0])]}
    if slip == "year":  # online in one year, printed in the next
        other_feed["year"] = str(int(row["year"]) + 1)
    else:
        del other_feed[slip]
    yield row, other_feed, True
    # The next issue of that year, or the same one a year later; most say less.
    page = _number(row["pages"].split("-")[0]) + 90
    following = {**row, "issue": "3", "pages": f"{page}-{page + 3}",
                 "doi": f"10.5555/{draw.randrange(10**8)}"}  # fmt: skip
    later = {**moved(row), "issue": "2", "year": str(int(row["year"]) + 1),
             "doi": f"10.5555/{draw.randrange(10**8)}"}  # fmt: skip
    left_out = draw.choice(
        ((), ("doi",), ("doi", "pages"), ("volume", "issue", "pages"), (*PLACES[:3], "doi"))
    )
    yield row, without(draw.choice((following, later)), *left_out), False


def twin_papers(base: Base, draw: random.Random) -> Iterator[Made]:
    """One stem and two qualifiers, nothing else to tell by; against it, one of them twice."""
    bare = ("doi", "volume", "issue", "pages", "abstract")
    ours, theirs = draw.choice(QUALIFIERS)
    row = without(base.take(lambda row: not _says(row, ours, theirs)), *bare)
    words = row["title"].split()
    at = draw.randrange(1, len(words))
    titles = [" ".join((*words[:at], one, *words[at:])) for one in (ours, theirs)]
    first = {**row, "title": titles[0]}
    yield first, {**copy_of(row, draw), "title": titles[1]}, False
    row = without(base.take(), *bare)
    title = f"{row['title']}: the {draw.choice(QUALIFIERS)[0]} case"
    yield {**row, "title": title}, {**copy_of(row, draw), "title": title.upper()}, True


def _says(row: Plain, *words: str) -> bool:
    return any(word in row["title"].lower() for word in words)


def reference_strings(base: Base, draw: random.Random) -> Iterator[Made]:
    """A title cut, run together or full of other fields; against it, another by that author."""
    row = base.take(lambda row: bool(row.get("year")))
    reference = {"title": draw.choice(WAYS)(row, draw), "authors": [_reference_name(row, draw)],
                 "year": row["year"]}  # fmt: skip
    yield row, reference, True
    other = base.take(lambda other: bool(other.get("year")))
    start = " ".join(row["title"].split()[:2])
    rest = " ".join(other["title"].split()[1:])
    another = {"title": f"{start} {rest}", "authors": reference["authors"], "year": row["year"]}
    yield row, another, False


def _reference_name(row: Plain, draw: random.Random) -> str:
    last, _, initials = initialled(row["authors"][0]).rpartition(" ")
    return draw.choice((f"{initials.lower()} {last.lower()}", f"{last} {initials}", last))


WAYS: Final = (
    lambda row, draw: row["title"][: max(40, len(row["title"]) // 2)].rsplit(" ", 1)[0],
    lambda row, draw: _run_together(row["title"], draw),
    lambda row, draw: f"{initialled(row['authors'][0])}. {row['title']}",
    lambda row, draw: f"{row['title']}. {row.get('container', 'Technical report')}, {row['year']}",
    lambda row, draw: (
        f"{row['title']} arXiv:{draw.randrange(1000, 2400)}.{draw.randrange(10**4):04}v1"
    ),
)


def _run_together(title: str, draw: random.Random) -> str:
    words = title.split()
    at = draw.randrange(len(words) - 1)
    return " ".join((*words[:at], words[at] + words[at + 1], *words[at + 2 :]))


def destroyed_titles(base: Base, draw: random.Random) -> Iterator[Made]:
    """No title, or one of question marks, at one place; against it, another place."""
    row = base.take(placed)
    title = draw.choice(("", "?" * 12, "[Not Available]", "Untitled"))
    yield row, {**copy_of(row, draw), "title": title, "doi": ""}, True
    row = base.take(placed)
    yield row, {**copy_of(moved(row), draw), "title": title, "doi": ""}, False


def moved(row: Plain) -> Plain:
    """The same author in another volume and on other pages, without an identifier."""
    page = _number(row.get("pages", "").split("-")[0]) + 137
    return {**without(row, "doi", "abstract", "issue"),
            "volume": str(_number(row.get("volume", "")) + 1),
            "pages": f"{page}-{page + 9}"}  # fmt: skip


def _number(text: str) -> int:
    return int("".join(letter for letter in text if letter in "0123456789")[:5] or "11")
