"""
Where comparisons came out alike: questions that tallies and guards ask of columns of levels.

    {comparison: levels of all pairs}  ->  mask of the pairs for which it holds

Each answers for all pairs at once and weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons.base import Level, Levels, codes
from detector.comparisons.table import FIELD_COMPARISONS

Columns = Mapping[str, Levels]
Mask = NDArray[np.bool_]

_CODES: Final = {comparison.name: codes(comparison.levels) for comparison in FIELD_COMPARISONS}

# Up to here a look-up for all levels is cheaper than a test a level, and 220 of these were a
# tenth of a question; of thousands of pairs the tests take a twentieth of it.
FEW_PAIRS: Final = 64


def tell_levels_of(counted: Iterable[tuple[str, tuple[Level, ...]]]) -> None:
    """Let `among` know the levels of what is counted from these columns, too."""
    _CODES.update({name: codes(table) for name, table in counted})


def among(columns: Columns, name: str, *names: str) -> Mask:
    """Where a comparison came out at one of these levels."""
    table, column = _CODES[name], columns[name]
    if len(column) <= FEW_PAIRS:
        return _told_apart(name, *names).take(column)
    met: Mask = column == table[names[0]]
    for level in names[1:]:
        met |= column == table[level]
    return met


@cache
def _told_apart(name: str, *names: str) -> Mask:
    """For each level of a comparison whether it is one of these."""
    asked = np.zeros(max(_CODES[name].values()) + 1, bool)
    asked[[_CODES[name][level] for level in names]] = True
    return asked


def volume_agrees(columns: Columns) -> Mask:
    """The volume is the same, be it under the wrong name."""
    return among(columns, "volume", "same", "swapped")


def page_agrees(columns: Columns) -> Mask:
    """The first page or article number is the same."""
    return among(columns, "page", "both", "number", "first", "whole", "shared")


def identifier_agrees(columns: Columns) -> Mask:
    """An identifier of the work itself is the same."""
    return (
        among(columns, "doi", "same", "same_few")
        | among(columns, "arxiv", "same")
        | among(columns, "pubmed", "same")
        | among(columns, "identifier", "same")
        | among(columns, "url", "same")
    )


def place_agrees(columns: Columns) -> Mask:
    """The page is the same, and with it the volume or the container."""
    return page_agrees(columns) & (volume_agrees(columns) | among(columns, "container", "same"))


def container_conflicts(columns: Columns) -> Mask:
    """The container is another."""
    return among(columns, "container", "some", "differ", "other_kind")


def own_identifier_agrees(columns: Columns) -> Mask:
    """An identifier that stands over one title only is the same."""
    return (
        among(columns, "doi", "same")
        | among(columns, "arxiv", "same")
        | among(columns, "pubmed", "same")
        | among(columns, "identifier", "same")
    )


def abstract_agrees(columns: Columns) -> Mask:
    """Most of the abstract is the same."""
    return among(columns, "abstract", "same", "over_70")


def identifier_or_abstract_agrees(columns: Columns) -> Mask:
    """The work's identifier or its own words are the same, wherever it was printed."""
    return identifier_agrees(columns) | abstract_agrees(columns)


def no_author_agrees(columns: Columns) -> Mask:
    """Both name authors, and nobody stands in both bylines."""
    return among(columns, "authors", "none", "none_short")


def told_beside_title(columns: Columns) -> Mask:
    """An identifier, the page or the abstract is the same: more than the title says so."""
    return identifier_or_abstract_agrees(columns) | page_agrees(columns)


def several_authors_agree(columns: Columns) -> Mask:
    """More than one author stands in both bylines."""
    return among(columns, "authors", "all_many", "all_three", "all_two", "most", "half")


def authors_agree(columns: Columns) -> Mask:
    """At least half of the shorter byline stands in the other."""
    one_author = among(columns, "authors", "one_full", "one_initial", "one_surname")
    return one_author | several_authors_agree(columns)


def titles_close(columns: Columns) -> Mask:
    """The titles are the same, or nearly, or one stands inside the other."""
    return among(columns, "title", "exact", "spacing", "alternate", "subtitle", "wrapped",
                 "begun", "contained", "contained_short", "over_97", "over_94",
                 "over_90")  # fmt: skip


def titles_unlike(columns: Columns) -> Mask:
    """Both have a title, and the two differ."""
    return ~titles_close(columns) & (columns["title"] > 0)


def rare_title(columns: Columns) -> Mask:
    """Both carry one title of words that are rare together, known of two first authors at most."""
    same = among(columns, "title", "exact", "spacing")
    rare = among(columns, "title_rarity", "over_5", "to_5", "to_4")
    return same & rare & among(columns, "title_carriers", "one", "two")


def place_supports(columns: Columns) -> Mask:
    """The page is the same, or with the year the volume, or the very title on arXiv."""
    posted = among(columns, "arxiv", "named") & among(columns, "title", "exact", "spacing")
    return page_agrees(columns) | (
        (volume_agrees(columns) | posted) & among(columns, "year", "same")
    )
