"""
Tallies: how many of the other comparisons agree and conflict.

    levels of the comparisons  ->  agreements, conflicts, support

They are the one interaction of the model: five places that contradict each other
weigh more than five times one, and an equal title with nothing beside it less than
itself. They count outcomes, never fields that are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from detector.comparisons.agreeing import (
    Columns,
    Mask,
    abstract_agrees,
    among,
    authors_agree,
    container_conflicts,
    identifier_agrees,
    own_identifier_agrees,
    page_agrees,
    place_supports,
    several_authors_agree,
    tell_levels_of,
    titles_close,
    titles_unlike,
    volume_agrees,
)
from detector.comparisons.base import Level, Levels, Tally, codes, levels

AGREEMENTS: Final = levels(
    ("four", "volume, page, year and container all agree"),
    ("three", "three of volume, page, year and container agree"),
    ("two", "two of volume, page, year and container agree"),
    ("one", "one of volume, page, year and container agrees"),
)


def count_agreements(columns: Columns) -> Levels:
    """Places that agree under one title count together: volume, page, year, container."""
    out = _coded(agreeing(columns), AGREEMENTS, {1: "one", 2: "two", 3: "three", 4: "four"})
    out[titles_unlike(columns)] = 0
    return out


def agreeing(columns: Columns) -> Levels:
    """How many of volume, page, year and container agree."""
    return (
        volume_agrees(columns).astype(np.int8)
        + page_agrees(columns)
        + among(columns, "year", "same")
        + among(columns, "container", "same", "short")
    )


CONFLICTS: Final = levels(
    ("slip", "one of volume, page, year and container conflicts, but the three others agree"),
    ("outweighed", "one of volume, page, year, container and DOI conflicts, but more agree"),
    ("one", "one of volume, page, year, container and DOI conflicts"),
    ("two", "two of volume, page, year, container and DOI conflict"),
    ("three", "three of volume, page, year, container and DOI conflict"),
    ("four", "four or more of volume, page, year, container and DOI conflict"),
    ("elsewhere", "the container is another, and neither page nor identifier agrees"),
    ("volumes", "the volume is another, and neither page nor identifier agrees"),
    ("moved", "the page is another, and so is the issue or the DOI"),
    ("issues", "the issue is another, and neither page nor identifier agrees"),
)


def count_conflicts(columns: Columns) -> Levels:
    """Places that conflict count together: volume, page, year, container, DOI."""
    conflicting = (
        among(columns, "volume", "differ").astype(np.int8)
        + among(columns, "page", "differ")
        + among(columns, "year", "two", "three", "five", "ten", "more")
        + container_conflicts(columns)
        + among(columns, "doi", "differ", "differ_house")
    )
    out = _coded(np.minimum(conflicting, 4), CONFLICTS,
                 {1: "one", 2: "two", 3: "three", 4: "four"})  # fmt: skip
    # A slip of the pen strikes one of the places, another work has others altogether.
    agreed, number = agreeing(columns), codes(CONFLICTS)
    mended = (agreed > 1) | own_identifier_agrees(columns)
    out[(conflicting == 1) & mended] = number["outweighed"]
    # One volume holds many pages: another page is no slip.
    slipped = (agreed > 2) & ~titles_unlike(columns) & ~among(columns, "page", "differ", "near")
    out[(conflicting == 1) & slipped] = number["slip"]
    unplaced = ~page_agrees(columns) & ~identifier_agrees(columns)
    few = unplaced & (conflicting < 3)
    out[few & among(columns, "issue", "differ")] = number["issues"]
    out[few & among(columns, "volume", "differ")] = number["volumes"]
    other = container_conflicts(columns) | among(columns, "container", "most")
    out[few & other] = number["elsewhere"]
    moved = among(columns, "issue", "differ") | among(columns, "doi", "differ", "differ_house")
    out[few & among(columns, "page", "differ") & moved] = number["moved"]
    return out


SUPPORT: Final = levels(
    ("three", "three of authors, place, identifier and abstract support the title"),
    ("two", "two of authors, place, identifier and abstract support the title"),
    ("one", "one of authors, place, identifier and abstract supports the title"),
    ("weak", "only the year or the container supports the title"),
    ("none", "nothing but the title agrees"),
    ("contested", "nothing but the title agrees, and no author does"),
)


def count_support(columns: Columns) -> Levels:
    """A title that both share is supported by other fields that agree."""
    strong = (
        authors_agree(columns).astype(np.int8)
        + place_supports(columns)
        + identifier_agrees(columns)
        + abstract_agrees(columns)
    )
    weak = among(columns, "year", "same") | among(columns, "container", "same", "short")
    counted = np.where(strong > 0, np.minimum(strong, 3) + 1, weak.astype(np.int8))
    out = _coded(counted.astype(np.int8), SUPPORT,
                 {0: "none", 1: "weak", 2: "one", 3: "two", 4: "three"})  # fmt: skip
    nobody = among(columns, "authors", "none", "none_short")
    out[nobody & (strong == 0)] = codes(SUPPORT)["contested"]
    out[~titles_close(columns)] = 0
    return out


UNLIKE: Final = levels(
    ("placed", "the titles differ, but authors, volume and all of the pages agree"),
    ("two", "the titles differ, but two of page, identifier and abstract agree"),
    ("one", "the titles differ, and one of page, identifier and abstract agrees"),
    ("authors", "the titles differ, and only authors agree"),
    ("none", "the titles differ, and nothing speaks for one work"),
    ("abstract", "the titles differ, and so do the abstracts"),
)


def count_unlike(columns: Columns) -> Levels:
    """Titles that differ are outweighed only by page, identifier or abstract."""
    strong = (
        page_agrees(columns).astype(np.int8) + identifier_agrees(columns) + abstract_agrees(columns)
    )
    # Two abstracts of one meeting share a page and the meeting's DOI.
    strong[among(columns, "abstract", "over_15")] = 0
    counted = np.where(strong > 0, np.minimum(strong, 2) + 1, authors_agree(columns))
    out = _coded(counted.astype(np.int8), UNLIKE, {0: "none", 1: "authors", 2: "one", 3: "two"})
    out[among(columns, "abstract", "less", "over_5")] = codes(UNLIKE)["abstract"]
    out[_retitled(columns)] = codes(UNLIKE)["placed"]
    out[~titles_unlike(columns)] = 0
    return out


def _retitled(columns: Columns) -> Mask:
    """
    Several authors, the volume and three pages or more agree, and nothing else conflicts.

    The title is translated, reworded or destroyed. A letter and its reply share a page or two,
    the abstracts of a meeting have numbers, a notice says what it is.
    """
    placed = among(columns, "page", "whole") & volume_agrees(columns)
    told_apart = (
        container_conflicts(columns)
        | among(columns, "numbers", "differ", "programme", "one_side", "talk")
        | among(columns, "part", "differ", "one_side")
        | among(columns, "notice", "differ", "one_side")
        | among(columns, "issue", "differ")
        | among(columns, "doi", "differ", "differ_house")
        | among(columns, "abstract", "less", "over_5", "over_15")
    )
    return placed & several_authors_agree(columns) & ~told_apart


STRANGERS: Final = levels(
    ("place", "the place agrees, but neither title nor authors do"),
    ("identifier", "the identifier agrees, but neither title nor authors do"),
)


def count_strangers(columns: Columns) -> Levels:
    """A place or identifier that two works share: other titles, other authors."""
    apart = titles_unlike(columns) & (columns["authors"] > 0) & ~authors_agree(columns)
    out = np.zeros(len(columns["title"]), np.int8)
    table = codes(STRANGERS)
    out[apart & page_agrees(columns)] = table["place"]
    out[apart & identifier_agrees(columns)] = table["identifier"]
    return out


def _coded(counts: Levels, table: tuple[Level, ...], names: Mapping[int, str]) -> Levels:
    numbers = codes(table)
    out = np.zeros(len(counts), np.int8)
    for count, name in names.items():
        out[counts == count] = numbers[name]
    return out


_DOWN: Final = ("one", "two", "three", "four")
TALLIES: Final = (
    Tally("agreements", count_agreements, AGREEMENTS, (tuple(reversed(_DOWN)),)),
    Tally(
        "conflicts",
        count_conflicts,
        CONFLICTS,
        (("slip",),),
        (("outweighed", *_DOWN), ("elsewhere",), ("volumes",), ("issues", "moved")),
    ),
    Tally(
        "support",
        count_support,
        SUPPORT,
        (("three", "two", "one"),),
        (("weak", "none", "contested"),),
    ),
    Tally(
        "unlike",
        count_unlike,
        UNLIKE,
        (("placed",),),
        (("two", "one", "authors", "none", "abstract"),),
    ),
    Tally("strangers", count_strangers, STRANGERS, (), (("place",), ("identifier",))),
)
tell_levels_of((tally.name, tally.levels) for tally in TALLIES)
