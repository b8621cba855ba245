"""
Spellings of keys that find a record whose title is blank, translated or destroyed.

    Fields  ->  where it was printed, who wrote it when, how its abstract begins

Feeds leave out now the page, now the volume, now the year, so each spelling is two or three
of these and no more. Does not: hash or weigh them (`keys.py`, `join.py`).
"""

from __future__ import annotations

from typing import Final

from indexer.fields import Fields

BYLINE: Final = 3  # surnames in their order; two in one year are often of two works
OPENING: Final = 50  # folded characters of an abstract: more than "the aim of this study was to"


def places_of(fields: Fields) -> list[str]:
    """Volume and page, each with what tells the journal or the year; authors and year."""
    places, years = fields.places, fields.years[:2]
    page = places.first_page or places.article_number
    container = fields.container.words[0][:3] if fields.container.words else ""
    surnames = [name.family for name in fields.authors.names[:BYLINE]]
    spellings = []
    if page and places.volume:
        spellings += [f"{places.volume}|{page}|{year}" for year in years]
        if container:
            spellings.append(f"{places.volume}|{page}|{container}")
    if page and surnames:
        spellings += [f"{surnames[0]}|{page}|{year}" for year in years]
    if places.volume and surnames:  # one feed counts pages, another articles, a third neither
        spellings += [f"{surnames[0]}||{places.volume}|{year}" for year in years]
        if container:
            spellings.append(f"{surnames[0]}||{places.volume}|{container}")
    if len(surnames) == BYLINE:
        byline = ",".join(surnames)
        spellings += [f"{byline}|{year}" for year in years]
    return spellings


def openings_of(fields: Fields) -> list[str]:
    """
    The first author and how the abstract begins: feeds cut abstracts short.

    What is left of half an abstract shares too few shingles with the whole for one bucket.
    """
    if len(fields.abstract) < OPENING or not fields.authors.names:
        return []
    return [f"{fields.authors.names[0].family}|{fields.abstract[:OPENING]}"]
