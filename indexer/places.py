"""
Places: where in its container a work stands, as comparable strings.

    volume, issue, pages, article number  ->  Places

Does not: compare two places (`detector.comparisons` does), or swap volume and issue
back: a record that has them the wrong way round is the comparison's business.
A new shape of pages is one line in tests/cases/places.csv.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.text import fold


@dataclass(frozen=True, slots=True)
class Places:
    """A place in a container; every part is "" when the record does not say."""

    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    article_number: str = ""  # an electronic page: "e12724", "cd010478"
    total_pages: str = ""  # of "215 p": a length, no place


def places_of(volume: str, issue: str, pages: str, article_number: str = "") -> Places:
    """The place of a work, from its four fields as harvested."""
    first, _, last = pages.lower().partition("-")
    return Places(
        fold(volume), fold(issue), first.strip(), last.strip("- "), article_number
    )
