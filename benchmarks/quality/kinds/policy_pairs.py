"""
Pairs that a policy is about, made by rule: two records that some count as one work.

    Base, draw  ->  the first record, the one tied to it by the policy

Each maker is that of the policy of its name in `detector/works/joining/policies.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks.quality.kinds.base import Base, copy_of, placed, without
from benchmarks.quality.plain_records import Plain

Maker = Callable[[Base, random.Random], tuple[Plain, Plain]]


def _article(base: Base, draw: random.Random) -> Plain:
    row = base.take(placed)
    return {**row, "type": "article", "doi": f"10.1016/j.made.{draw.randrange(10**6):06d}",
            "year": str(draw.randrange(2005, 2022))}  # fmt: skip


def _later(row: Plain, years: int) -> str:
    return str(int(row["year"]) + years)


def preprints(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """An article, and the same title posted the year before."""
    row = _article(base, draw)
    posted = without(copy_of(row, draw), "volume", "issue", "pages", "container", "type")
    return row, {**posted, "title": row["title"], "type": "preprint", "year": _later(row, -1),
                 "doi": f"10.1101/{draw.randrange(10**6):06d}"}  # fmt: skip


def manuscripts(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """An article, and its accepted manuscript under the article's DOI."""
    row = _article(base, draw)
    accepted = without(copy_of(row, draw), "volume", "issue", "pages")
    return row, {**accepted, "doi": row["doi"], "stage": "acceptedVersion"}


def updates(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """A Cochrane review and its update."""
    number = f"CD{draw.randrange(10**6):06d}"
    review = {**without(_article(base, draw), "volume", "issue"), "pages": number,
              "container": "Cochrane Database of Systematic Reviews",
              "doi": f"10.1002/14651858.{number}.pub2"}  # fmt: skip
    update = {**copy_of(review, draw), "doi": f"10.1002/14651858.{number}.pub3",
              "year": _later(review, 3)}  # fmt: skip
    return review, update


def editions(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """A paper in proceedings and in the journal issue made of them, by ACM's two DOIs."""
    row, number = _article(base, draw), draw.randrange(10**6, 10**7)
    issue = {**copy_of(row, draw), "doi": f"10.1145/{draw.randrange(10**6, 10**7)}.{number}"}
    return {**row, "doi": f"10.1145/{draw.randrange(10**6, 10**7)}.{number}"}, issue


def translations(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """The German and the international edition's record of one article."""
    row, number = _article(base, draw), draw.randrange(10**8, 10**9)
    row = without(row, "volume", "pages", "issue")
    german = {**copy_of(row, draw), "language": "de", "container": "Angewandte Chemie",
              "doi": f"10.1002/ange.{number}"}  # fmt: skip
    return {**row, "language": "en", "doi": f"10.1002/anie.{number}",
            "container": "Angewandte Chemie International Edition"}, german  # fmt: skip


def deposits(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """An article, and the published text under a repository's DOI."""
    row = _article(base, draw)
    return row, {**copy_of(row, draw), "doi": f"10.5281/zenodo.{draw.randrange(10**5, 10**6)}"}


def conferences(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """A journal article, and the conference paper of the year before."""
    row = _article(base, draw)
    first, number = draw.randrange(20, 400), draw.randrange(4, 30)
    paper = {**without(copy_of(row, draw), "volume", "issue", "doi"), "type": "conference",
             "title": row["title"], "year": _later(row, -1), "pages": f"{first}-{first + 6}",
             "container": f"Proceedings of the {number}th Made Conference"}  # fmt: skip
    return row, paper


def publications(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """One text printed in two journals."""
    row, other = _article(base, draw), _article(base, draw)
    again = {name: other[name] for name in ("container", "volume", "pages", "doi")}
    return row, {**without(copy_of(row, draw), "issue", "doi"), **again, "title": row["title"]}


def theses(base: Base, draw: random.Random) -> tuple[Plain, Plain]:
    """A paper, and the thesis of its first author under its title."""
    row = _article(base, draw)
    return row, {"title": row["title"], "authors": row["authors"][:1], "type": "thesis",
                 "year": _later(row, -1), "publisher": "Example University"}  # fmt: skip


MAKERS: Final[Mapping[str, Maker]] = {
    "preprint": preprints,
    "manuscript": manuscripts,
    "update": updates,
    "edition": editions,
    "translation": translations,
    "deposit": deposits,
    "conference": conferences,
    "publication": publications,
    "thesis": theses,
}
