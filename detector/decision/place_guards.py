"""
Guards of places: when identifiers, places or kinds say that these are two works.

    columns of levels  ->  where the bar falls

Functions of levels alone, one a guard, as in `title_guards`.
"""

from __future__ import annotations

import numpy as np

from detector.comparisons.agreeing import (
    Columns,
    Mask,
    among,
    no_author_agrees,
    own_identifier_agrees,
    page_agrees,
    place_agrees,
    rare_title,
    several_authors_agree,
)


def container_identifier(columns: Columns) -> Mask:
    """The shared identifier stands over many titles, and these two titles differ."""
    shared = among(columns, "doi", "same_many") | among(columns, "isbn", "same", "same_many")
    unlike = among(columns, "title", "over_85", "over_80", "over_70", "over_60", "less")
    return shared & unlike & ~place_agrees(columns) & ~among(columns, "arxiv", "same")


def arxiv_differs(columns: Columns) -> Mask:
    """The arXiv ids differ."""
    return among(columns, "arxiv", "differ")


def dois_of_one_house(columns: Columns) -> Mask:
    """
    Two DOIs of one registrant; no page or address agrees, nor a rare title with all about it.

    One of the two is mistyped, or the house registered its work twice. Not where no author is in
    both: the answers to one question of "Notes and Queries" stand on a page under one heading.
    """
    registered_twice = rare_title(columns) & several_authors_agree(columns)
    registered_twice &= among(columns, "volume", "same") | among(columns, "abstract", "same")
    paged_anew = among(columns, "issue", "differ") & among(columns, "page", "first", "shared")
    placed = place_agrees(columns) & ~paged_anew
    excused = placed | among(columns, "url", "same") | registered_twice
    return among(columns, "doi", "differ_house") & ~(excused & ~no_author_agrees(columns))


def place_differs(columns: Columns) -> Mask:
    """Two of volume, page and container conflict, and no identifier of the work agrees."""
    apart = (
        among(columns, "volume", "differ").astype(np.int8)
        + among(columns, "page", "differ")
        + among(columns, "container", "differ", "other_kind")
    )
    return (apart > 1) & ~own_identifier_agrees(columns)


def doi_contradicted(columns: Columns) -> Mask:
    """One DOI, but two volumes and two pages, or two titles on pages next to each other."""
    elsewhere = among(columns, "volume", "differ") & among(columns, "page", "differ")
    # The abstracts of a meeting under the DOI of its supplement, one line of each title apart.
    beside = among(columns, "page", "near") & among(
        columns, "title_words", "swap_10", "swap_20", "swap_35", "swap_50", "other"
    )
    others = among(columns, "arxiv", "same") | among(columns, "pubmed", "same")
    return among(columns, "doi", "same", "same_few") & (elsewhere | beside) & ~others


def conference_and_journal(columns: Columns) -> Mask:
    """One stands in proceedings, the other in a journal; neither identifier nor page agrees."""
    other = among(columns, "container", "other_kind")
    return other & ~(own_identifier_agrees(columns) | page_agrees(columns))


def meetings_of_two_years(columns: Columns) -> Mask:
    """The names of the two meetings bear different years, and so do the records."""
    years = among(columns, "year", "one", "two", "three", "five", "ten", "more")
    return among(columns, "container", "editions") & years & ~own_identifier_agrees(columns)


def kinds_apart(columns: Columns) -> Mask:
    """The records are of kinds that one work cannot be, such as thesis and article."""
    return among(columns, "kind", "apart", "book") & ~own_identifier_agrees(columns)


def trials_differ(columns: Columns) -> Mask:
    """Each names one trial of a registry, they are two, and no identifier of the work agrees."""
    return among(columns, "trial", "differ") & ~own_identifier_agrees(columns)
