"""
When each guard fires: functions of levels alone, one a guard.

    columns of levels  ->  where the bar falls

The first line of a docstring is the claim that docs/verdicts.md shows. What a guard is called
and how far it bars stands in the table of `detector.decision.guards`.
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
    no_author_agrees,
    own_identifier_agrees,
    page_agrees,
    several_authors_agree,
    titles_unlike,
    told_beside_title,
    volume_agrees,
)


def _place_agrees(columns: Columns) -> Mask:
    return page_agrees(columns) & (volume_agrees(columns) | among(columns, "container", "same"))


def part_differs(columns: Columns) -> Mask:
    """The titles name different parts and no identifier or place says otherwise."""
    return among(columns, "part", "differ") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns)
    )


def part_on_one_side(columns: Columns) -> Mask:
    """One title names a part, the other none, and no identifier, place or abstract agrees."""
    return among(columns, "part", "one_side") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def numbers_differ(columns: Columns) -> Mask:
    """
    The titles carry different numbers and neither an identifier nor the place agrees.

    Two abstracts of a meeting stand on one page.
    """
    elsewhere = among(columns, "numbers", "differ") & ~_place_agrees(columns)
    talks = among(columns, "numbers", "programme")
    # A copy that leaves the number out is that of one of the two, and has its title.
    talks |= among(columns, "numbers", "talk") & titles_unlike(columns)
    return (elsewhere | talks) & ~own_identifier_agrees(columns)


def number_on_one_side(columns: Columns) -> Mask:
    """A number that is no mark, year or repetition is in one title only; nothing else agrees."""
    return among(columns, "numbers", "one_side", "talk") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def notice_on_one_side(columns: Columns) -> Mask:
    """
    One title is that of a notice about a work, the other of none or of another kind.

    Some feeds give a notice the pages of its work; its DOI is another all the same.
    """
    one_place = _place_agrees(columns) & authors_agree(columns)
    excused = one_place & ~among(columns, "doi", "differ", "differ_house")
    return among(columns, "notice", "one_side", "differ") & ~excused


def container_identifier(columns: Columns) -> Mask:
    """The shared identifier stands over many titles, and these two titles differ."""
    shared = among(columns, "doi", "same_many") | among(columns, "isbn", "same", "same_many")
    unlike = among(columns, "title", "over_85", "over_80", "over_70", "over_60", "less")
    return shared & unlike & ~_place_agrees(columns) & ~among(columns, "arxiv", "same")


def generic_title(columns: Columns) -> Mask:
    """Many first authors are known under the title, and nothing beside it agrees."""
    carried = among(columns, "title_carriers", "three", "to_6", "to_12", "many")
    # Who writes a column or the editorials of a journal writes many of one title.
    column = among(columns, "title_carriers", "many") & ~several_authors_agree(columns)
    return carried & ~(
        (authors_agree(columns) & ~column)
        | identifier_agrees(columns)
        | page_agrees(columns)
        | abstract_agrees(columns)
    )


def no_common_author(columns: Columns) -> Mask:
    """No author agrees, and neither do place, identifier or abstract."""
    return no_author_agrees(columns) & ~(
        identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def arxiv_differs(columns: Columns) -> Mask:
    """The arXiv ids differ."""
    return among(columns, "arxiv", "differ")


def dois_of_one_house(columns: Columns) -> Mask:
    """
    Two DOIs of one registrant; no page or address agrees, nor a rare title with all about it.

    One of the two is mistyped, or the house registered its work twice. Not where no author is in
    both: the answers to one question of "Notes and Queries" stand on a page under one heading.
    """
    registered_twice = _rare_title(columns) & several_authors_agree(columns)
    registered_twice &= among(columns, "volume", "same") | among(columns, "abstract", "same")
    paged_anew = among(columns, "issue", "differ") & among(columns, "page", "first", "shared")
    placed = _place_agrees(columns) & ~paged_anew
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


def _rare_title(columns: Columns) -> Mask:
    """Both carry one title of words that are rare together, known of two first authors at most."""
    same = among(columns, "title", "exact", "spacing")
    rare = among(columns, "title_rarity", "over_5", "to_5", "to_4")
    return same & rare & among(columns, "title_carriers", "one", "two")


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


def thin_evidence(columns: Columns) -> Mask:
    """Nothing but the title, year and container agrees; the title is not rare, nor long."""
    unsupported = among(columns, "support", "none", "weak", "contested")
    same = among(columns, "title", "exact", "spacing")
    one_day = same & among(columns, "day", "same") & among(columns, "title_carriers", "one")
    own_words = ~among(columns, "title_rarity", "to_1")
    unopposed = (columns["conflicts"] == 0) & (columns["authors"] == 0)
    alone = _rare_title(columns) | _long_title(columns) | (one_day & own_words)
    excused: Mask = alone & unopposed
    return unsupported & ~excused


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
    told |= identifier_agrees(columns) | abstract_agrees(columns)
    return alike & in_one_journal & other & ~told


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
    return unlike & ~(excused | (_place_agrees(columns) & authors_agree(columns)))


def title_untold(columns: Columns) -> Mask:
    """
    No titles that can be compared, and no full place, identifier or abstract agrees.

    One in Chinese letters, one in Latin: a group writes several articles for a volume.
    """
    place = among(columns, "page", "both", "number", "first", "whole")
    agrees = place | identifier_agrees(columns) | abstract_agrees(columns)
    return np.asarray((columns["title"] == 0) & ~agrees)


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


def trials_differ(columns: Columns) -> Mask:
    """Each names one trial of a registry, they are two, and no identifier of the work agrees."""
    return among(columns, "trial", "differ") & ~own_identifier_agrees(columns)
