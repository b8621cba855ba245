"""
Guards of titles alike: when one title on both says too little.

    columns of levels  ->  where the bar falls

Many works carry it, or nothing beside it agrees. Functions of levels alone, one a guard, as
in `title_guards`.
"""

from __future__ import annotations

from detector.comparisons.agreeing import (
    Columns,
    Mask,
    among,
    authors_agree,
    identifier_or_abstract_agrees,
    no_author_agrees,
    page_agrees,
    place_agrees,
    rare_title,
    several_authors_agree,
    told_beside_title,
    volume_agrees,
)


def generic_title(columns: Columns) -> Mask:
    """Many first authors are known under the title, and nothing beside it agrees."""
    carried = among(columns, "title_carriers", "three", "to_6", "to_12", "many")
    # Who writes a column or the editorials of a journal writes many of one title.
    column = among(columns, "title_carriers", "many") & ~several_authors_agree(columns)
    return carried & ~((authors_agree(columns) & ~column) | told_beside_title(columns))


def no_common_author(columns: Columns) -> Mask:
    """No author agrees, and neither do place, identifier or abstract."""
    return no_author_agrees(columns) & ~(
        place_agrees(columns) | identifier_or_abstract_agrees(columns)
    )


def thin_evidence(columns: Columns) -> Mask:
    """Nothing but the title, year and container agrees; the title is not rare, nor long."""
    unsupported = among(columns, "support", "none", "weak", "contested")
    same = among(columns, "title", "exact", "spacing")
    one_day = same & among(columns, "day", "same") & among(columns, "title_carriers", "one")
    own_words = ~among(columns, "title_rarity", "to_1")
    unopposed = (columns["conflicts"] == 0) & (columns["authors"] == 0)
    alone = rare_title(columns) | _long_title(columns) | (one_day & own_words)
    excused: Mask = alone & unopposed
    return unsupported & ~excused


def _long_title(columns: Columns) -> Mask:
    """
    Both carry one title of nine words or more, known of one first author.

    In a collection on one subject the subject's words are worth little, and such a title
    is still that of one work: it needs less rare words than a short one.
    """
    same = among(columns, "title", "exact", "spacing")
    long = among(columns, "title_length", "over_12", "to_12")
    rather_rare = among(columns, "title_rarity", "to_3")
    return same & long & rather_rare & among(columns, "title_carriers", "one")


def issue_untold(columns: Columns) -> Mask:
    """
    A title of three words at most by one author in one journal, and nothing tells which issue.

    "Book review column": an editor writes one every quarter. Page, identifier, abstract, day, or
    volume with issue would tell.
    """
    alike = among(columns, "title", "exact", "spacing")
    alike &= among(columns, "title_length", "one", "to_2", "to_3")
    alike &= among(columns, "container", "same", "short")
    told = volume_agrees(columns) & among(columns, "issue", "same")
    told |= among(columns, "day", "same") | told_beside_title(columns)
    return alike & ~several_authors_agree(columns) & ~told


def other_issue(columns: Columns) -> Mask:
    """
    One title, short or common here, in two volumes or issues of a journal; no identifier agrees.

    An editorial or column of the next issue, which a copy that names no issue would tie to this.
    Where every issue is paged from 1, each has its editorial on page 5.
    """
    short = among(columns, "title_length", "one", "to_2", "to_3", "to_4", "to_5")
    common = among(columns, "title_rarity", "to_1", "to_1_5", "to_2", "to_2_5", "to_3")
    alike = (short | common) & among(columns, "title", "exact", "spacing")
    in_one_journal = among(columns, "container", "same", "short")
    other = among(columns, "issue", "differ") | among(columns, "volume", "differ")
    other &= ~among(columns, "volume", "swapped")
    told = among(columns, "page", "both") & ~among(columns, "title_rarity", "to_1")
    told |= (page_agrees(columns) & ~short) | among(columns, "page", "number")
    told |= identifier_or_abstract_agrees(columns)
    return alike & in_one_journal & other & ~told
