"""
Guards of titles: when two titles, or the want of them, say that these are two works.

    columns of levels  ->  where the bar falls

Functions of levels alone, one a guard. The first line of a docstring is the claim that
docs/verdicts.md shows; what a guard is called and how far it bars stands in the table of
`detector.decision.guards`.
"""

from __future__ import annotations

import numpy as np

from detector.comparisons.agreeing import (
    Columns,
    Mask,
    abstract_agrees,
    among,
    authors_agree,
    identifier_agrees,
    identifier_or_abstract_agrees,
    no_author_agrees,
    own_identifier_agrees,
    place_agrees,
    titles_unlike,
    told_beside_title,
)


def _untold(columns: Columns) -> Mask:
    """No identifier of the work alone, place or abstract says that a title lacks what it has."""
    return ~(own_identifier_agrees(columns) | place_agrees(columns) | abstract_agrees(columns))


def part_differs(columns: Columns) -> Mask:
    """The titles name different parts and no identifier or place says otherwise."""
    return among(columns, "part", "differ") & ~(
        own_identifier_agrees(columns) | place_agrees(columns)
    )


def part_on_one_side(columns: Columns) -> Mask:
    """One title names a part, the other none, and no identifier, place or abstract agrees."""
    return among(columns, "part", "one_side") & _untold(columns)


def numbers_differ(columns: Columns) -> Mask:
    """
    The titles carry different numbers and neither an identifier nor the place agrees.

    Two abstracts of a meeting stand on one page.
    """
    elsewhere = among(columns, "numbers", "differ") & ~place_agrees(columns)
    talks = among(columns, "numbers", "programme")
    # A copy that leaves the number out is that of one of the two, and has its title.
    talks |= among(columns, "numbers", "talk") & titles_unlike(columns)
    return (elsewhere | talks) & ~own_identifier_agrees(columns)


def number_on_one_side(columns: Columns) -> Mask:
    """A number that is no mark, year or repetition is in one title only; nothing else agrees."""
    return among(columns, "numbers", "one_side", "talk") & _untold(columns)


def notice_on_one_side(columns: Columns) -> Mask:
    """
    One title is that of a notice about a work, the other of none or of another kind.

    Some feeds give a notice the pages of its work; its DOI is another all the same.
    """
    one_place = place_agrees(columns) & authors_agree(columns)
    excused = one_place & ~among(columns, "doi", "differ", "differ_house")
    return among(columns, "notice", "one_side", "differ") & ~excused


def twin_titles(columns: Columns) -> Mask:
    """
    Each title has a word of its own, and no identifier, page or abstract agrees.

    "… of an ideal fluid" and "… of a viscous fluid", by the same authors in the same year.
    """
    twins = among(columns, "title_words", "swap_10", "swap_20")
    return twins & ~told_beside_title(columns)


def words_before(columns: Columns) -> Mask:
    """
    One title ends the other, and no identifier, page or abstract agrees.

    "Mining association rules" and "Fast algorithms for mining association rules", by the same
    authors. A title that begins the other may have been cut off, and names or a venue before it
    are no words of its own (level `wrapped`).
    """
    longer = among(columns, "title_words", "few_more", "more", "many_more")
    return among(columns, "title", "contained") & longer & ~told_beside_title(columns)


def title_unlike(columns: Columns) -> Mask:
    """The titles differ, and neither identifiers nor place and authors say that they are one's."""
    unlike = among(columns, "title_words", "swap_35", "swap_50", "other")
    # A chapter carries its book's DOI: one DOI alone does not make one work of two titles.
    excused = own_identifier_agrees(columns) & (
        among(columns, "arxiv", "same")
        | among(columns, "pubmed", "same")
        | abstract_agrees(columns)
        | among(columns, "title_words", "swap_35")
    )
    return unlike & ~(excused | (place_agrees(columns) & authors_agree(columns)))


def title_untold(columns: Columns) -> Mask:
    """
    No titles that can be compared, and no full place, identifier or abstract agrees.

    One in Chinese letters, one in Latin: a group writes several articles for a volume.
    """
    place = among(columns, "page", "both", "number", "first", "whole")
    untold = ~(place | identifier_or_abstract_agrees(columns))
    return np.asarray((columns["title"] == 0) & untold)


def content_unlike(columns: Columns) -> Mask:
    """The titles differ, and the abstracts have nothing or, on two pages, little in common."""
    apart = among(columns, "abstract", "less")
    nearly = among(columns, "abstract", "over_5") & ~own_identifier_agrees(columns)
    # A supplement's DOI stands over all abstracts of a meeting, and some share an author.
    two_pages = among(columns, "page", "near", "slip", "differ")
    little = among(columns, "abstract", "over_5", "over_15") & two_pages
    return titles_unlike(columns) & (apart | nearly | little)


def strangers_alike(columns: Columns) -> Mask:
    """Neither the titles nor any author agrees, and no identifier of the work does."""
    return titles_unlike(columns) & no_author_agrees(columns) & ~own_identifier_agrees(columns)


def neighbours(columns: Columns) -> Mask:
    """The titles differ, and the volume is another or the page the next; no identifier agrees."""
    beside = among(columns, "volume", "differ") | among(columns, "page", "near", "slip")
    return titles_unlike(columns) & beside & ~identifier_agrees(columns)
