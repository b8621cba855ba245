"""
Kinds that a relation makes: works that speak of each other, and versions of one.

    Base, draw  ->  pairs of records, and whether each describes one work

A preprint under discussion and its article are one work, a comment on it is another
(docs/glossary.md); so are a book and its review, a letter and the authors' reply.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from benchmarks.quality.kinds.base import Base, Made, copy_of, placed, without
from benchmarks.quality.kinds.titles import moved

JOURNALS: Final = {
    "gmd": "Geoscientific Model Development",
    "acp": "Atmospheric Chemistry and Physics",
    "bg": "Biogeosciences",
    "tc": "The Cryosphere",
    "hess": "Hydrology and Earth System Sciences",
    "esd": "Earth System Dynamics",
    "essd": "Earth System Science Data",
    "cp": "Climate of the Past",
}


def letters_and_replies(base: Base, draw: random.Random) -> Iterator[Made]:
    """A letter and the authors' reply on one page; against it, the letter from two feeds."""
    row, other = without(base.take(placed), "doi", "abstract"), base.take()
    said = draw.choice(("{} - Reply", "{}: authors' reply", "Reply to: {}", "{}. In reply"))
    reply = {**row, "title": said.format(row["title"]), "authors": other["authors"]}
    yield row, reply, False
    yield row, copy_of(row, draw), True


def abstracts_at_two_meetings(base: Base, draw: random.Random) -> Iterator[Made]:
    """One abstract given at two meetings; against it, one of them from two feeds."""
    row = without(base.take(lambda row: placed(row) and bool(row.get("abstract"))), "doi")
    other = base.take(placed)
    again = {**row, "container": other["container"], "volume": other["volume"],
             "pages": other["pages"], "year": other.get("year", "")}  # fmt: skip
    yield row, again, False
    yield row, copy_of(row, draw), True


def books_and_reviews(base: Base, draw: random.Random) -> Iterator[Made]:
    """A book and a review of it; against it, the book from two feeds."""
    row, journal = base.take(lambda row: bool(row.get("year"))), base.take(placed)
    book = {"title": row["title"], "authors": row["authors"][:2], "year": row["year"],
            "type": "book", "publisher": "Example University Press"}  # fmt: skip
    said = draw.choice(("{}", "Review of {}", "{} (review)", "{} by {}", "Book review: {}"))
    review = {**without(journal, "doi", "abstract"), "authors": journal["authors"][:1],
              "title": said.format(row["title"], row["authors"][0]), "type": "review"}  # fmt: skip
    yield book, review, False
    yield book, {**copy_of(book, draw), "title": row["title"].split(":")[0]}, True


def discussed_preprints(base: Base, draw: random.Random) -> Iterator[Made]:
    """A preprint under discussion and its article; against it, a referee's comment."""
    row, other = without(base.take(placed), "doi"), base.take()
    journal, year, number = (
        draw.choice(list(JOURNALS)),
        draw.randrange(2010, 2024),
        draw.randrange(900),
    )
    posted = draw.choice((f"{journal}d-{year - 2000}-{number}-{year}", f"{journal}-{year}-{number}",
                          f"egusphere-{year}-{number}"))  # fmt: skip
    preprint = {**without(row, "volume", "issue", "pages", "container"), "year": str(year),
                "doi": f"10.5194/{posted}"}  # fmt: skip
    article = {**copy_of(row, draw), "doi": f"10.5194/{journal}-{year - 2000}-{number}-{year}",
               "container": JOURNALS[journal], "volume": str(year - 2000),
               "year": str(year + draw.randrange(2))}  # fmt: skip
    comment = {**preprint, "doi": f"10.5194/{posted}-rc1", "authors": other["authors"][:1],
               "title": f"Comment on {posted}: {row['title']}", "abstract": ""}  # fmt: skip
    yield preprint, article, True
    yield preprint, comment, False


def later_reports(base: Base, draw: random.Random) -> Iterator[Made]:
    """A follow-up by the same authors under the same title; against it, one from two feeds."""
    row = base.take(lambda row: placed(row) and row.get("year", "").isdigit())
    years = draw.choice(("one", "two", "five", "ten"))
    later = {**moved(row), "title": f"{row['title']}: {years}-year follow-up",
             "year": str(int(row["year"]) + 2)}  # fmt: skip
    yield row, later, False
    yield later, copy_of(later, draw), True
