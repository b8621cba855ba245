"""
Relations: how two records of one work, or of two tied works, stand to each other.

    profiles and levels of a pair  ->  ("version", "preprint"), ("related", "thesis"), ...

Asked only after `decision.py` knows whether the work is the same: nothing here says
that it is. Evidence of version is what the records state (versions of identifiers,
stages, forms, relations asserted by the feed); without any, one work is a duplicate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from detector.comparisons import Profile
from detector.comparisons.dois import COMMENT
from detector.decision.forms import ARTICLE, PREPRINT, form_of
from indexer.fields import Fields
from indexer.fields.kinds import KINDS as WORK_KINDS
from indexer.fields.text.folding import fold
from indexer.fields.titles.notice_rules import NOTICES
from indexer.records import Identifier

# Relation types of Crossref, DataCite and arXiv, folded to lower-case letters.
SAME_WORK_RELATIONS: Final = {
    "ispreprintof": "preprint", "haspreprint": "preprint",
    "isversionof": "revision", "hasversion": "revision",
    "isnewversionof": "revision", "ispreviousversionof": "revision",
    "ismanuscriptof": "manuscript", "hasmanuscript": "manuscript",
    "isvariantformof": "form", "isoriginalformof": "form",
    "istranslationof": "translation", "hastranslation": "translation",
    "updateof": "revision", "updatein": "revision",  # PubMed's, of a systematic review
}  # fmt: skip
RELATED_RELATIONS: Final = {
    "ispartof": "part", "haspart": "part",
    "isreviewof": "review", "hasreview": "review", "reviews": "review", "isreviewedby": "review",
    "iscommenton": "comment", "hascomment": "comment",
    "isreplyto": "reply", "hasreply": "reply",
    "issupplementto": "supplement", "issupplementedby": "supplement",
    "correction": "correction", "erratum": "erratum", "retraction": "retraction",
    "iscorrectionof": "correction", "hascorrection": "correction",
    "iserratumof": "erratum", "haserratum": "erratum",
    "erratumfor": "erratum", "erratumin": "erratum",
    "isretractionof": "retraction", "hasretraction": "retraction",
    "retractionof": "retraction", "retractionin": "retraction",
    "partialretractionof": "retraction", "partialretractionin": "retraction",
    "isconcernof": "concern", "hasconcern": "concern",
    "expressionofconcernfor": "concern", "expressionofconcernin": "concern",
    "isaddendumof": "addendum", "hasaddendum": "addendum",
    "commenton": "comment", "commentin": "comment",
    "isderivedfrom": "derived", "issourceof": "derived",
    "documents": "dataset", "isdocumentedby": "dataset",
}  # fmt: skip

# Every kind of related works that is told: a policy may join some of them (`--collapse`).
KINDS: Final = tuple(sorted(
    {*RELATED_RELATIONS.values(), *NOTICES, *WORK_KINDS, "part", "publication"}
    - {PREPRINT, ARTICLE, ""}
))  # fmt: skip


def asserted(left: Profile, right: Profile) -> tuple[bool, str] | None:
    """What a feed itself says of the two: (same work, kind), or None when it says nothing."""
    for ours, theirs in ((left, right), (right, left)):
        if not ours.fields.relations:
            continue
        known = {f"{i.scheme}:{i.value}" for i in theirs.fields.identifiers}
        known |= {i.value for i in theirs.fields.identifiers} | {theirs.fields.record_id}
        for relation in ours.fields.relations:
            if relation.target.lower() in known or relation.target in known:
                kind = "".join(c for c in relation.kind.lower() if c.isalpha())
                if kind in SAME_WORK_RELATIONS:
                    return True, SAME_WORK_RELATIONS[kind]
                if kind in RELATED_RELATIONS:
                    return False, RELATED_RELATIONS[kind]
    return None


def version_kind(left: Profile, right: Profile, levels: Mapping[str, str]) -> str:
    """What makes two records of one work two versions; "" when nothing does."""
    if stated := asserted(left, right):
        same_work, kind = stated
        return kind if same_work else ""
    if _stated_versions_differ(left, right):
        return "revision"
    ours, theirs = form_of(left.fields), form_of(right.fields)
    if ours and theirs and ours != theirs:
        return PREPRINT if PREPRINT in (ours, theirs) else "manuscript"
    if left.fields.stage and right.fields.stage and left.fields.stage != right.fields.stage:
        return "manuscript"
    if _retitled(levels) and ARTICLE not in (ours, theirs):
        return "revision"
    later = ours == theirs == ARTICLE and levels.get("year") in YEARS_APART and _moved(levels)
    kind = "deposit" if levels.get("doi") in ("differ", "differ_house", "archive") else ""
    if later or levels.get("doi") == "kin":
        kind = "edition"
    languages = {left.fields.language, right.fields.language} - {""}
    # a repository's word on the language of a text under its own title is often a default
    reworded = kind == "edition" or (kind and levels.get("title") not in CLOSE_TITLES)
    return "translation" if reworded and len(languages) > 1 else kind


SWAPPED_WORDS: Final = ("swap", "other", "more", "many_more")  # as levels begin
OTHER_TITLES: Final = frozenset({"over_85", "over_80", "over_70", "over_60", "less"})


def _retitled(levels: Mapping[str, str]) -> bool:
    """One posted paper under two titles: its text was posted again."""
    one_paper = levels.get("arxiv") == "same" or levels.get("doi") in ("same", "same_few")
    swapped = levels.get("title_words", "").startswith(SWAPPED_WORDS)
    return one_paper and swapped and levels.get("title") in OTHER_TITLES


YEARS_APART: Final = frozenset({"two", "three", "five", "ten", "more"})


def _moved(levels: Mapping[str, str]) -> bool:
    return levels.get("page") == "differ" or levels.get("volume") == "differ"


def _stated_versions_differ(left: Profile, right: Profile) -> bool:
    """One identifier, two versions stated: arXiv v1 and v3, a Cochrane review's updates."""
    ours, theirs = _versions(left.fields.identifiers), _versions(right.fields.identifiers)
    return any(not ours[key] & theirs[key] for key in ours.keys() & theirs.keys())


def _versions(identifiers: tuple[Identifier, ...]) -> dict[tuple[str, str], set[str]]:
    versions: dict[tuple[str, str], set[str]] = {}
    for identifier in identifiers:
        if identifier.version:
            stated = versions.setdefault((identifier.scheme, identifier.value), set())
            stated.add(identifier.version)
    return versions


def told_kind(left: Profile, right: Profile) -> str:
    """What one record itself says that it is to the other: evidence that outweighs likeness."""
    if _part_by_doi(left.fields, right.fields):
        return "chapter"
    if _comment_by_doi(left.fields, right.fields) or _comment_by_doi(right.fields, left.fields):
        return "comment"
    if _abstract_and_paper(left.fields, right.fields):
        return "conference"
    return _about_the_other(left, right) or _about_the_other(right, left)


MEETING_KINDS: Final = ("conference", "proceedings")


def related_kind(left: Profile, right: Profile, levels: Mapping[str, str]) -> str:
    """What ties two works that are not the same; "" when nothing does."""
    if (stated := asserted(left, right)) and not stated[0]:
        return stated[1]
    if kind := told_kind(left, right):
        return kind
    close = _subjects_agree(left, right, levels)
    if _reviews_the_book(left.fields, right.fields) or _reviews_the_book(right.fields, left.fields):
        return "review"
    if levels.get("notice") in ("one_side", "differ") and close:
        return left.fields.title.notice or right.fields.title.notice
    authors = levels.get("authors", "")
    if authors.startswith("none") or levels.get("first_author") == "absent":
        return ""
    if levels.get("part") in ("differ", "one_side") and close and _one_series(levels):
        return "part"
    if levels.get("kind") and close:
        kinds = {left.fields.kind, right.fields.kind} - {"article", "preprint"}
        return min(kinds, default="")
    if authors and close and levels.get("container") == "other_kind":
        return "conference"
    if authors and close and _two_places(levels):
        meetings = [side.fields.kind in MEETING_KINDS for side in (left, right)]
        return "conference" if meetings[0] != meetings[1] else "publication"
    return ""


# What a publisher puts behind the DOI of a book for each of its chapters.
_CHAPTER_SUFFIX: Final = re.compile(r"[_.-](?:ch?|chapter)?-?0*\d{1,4}")
BOOK_DOI: Final = re.compile(r"10\.\d{4,}/[^/]*(?:97[89][\d-]{10,14}|\d{9}[\dx])")


def _part_by_doi(left: Fields, right: Fields) -> bool:
    """One DOI is that of a book, the other the same with the number of a chapter."""
    ours, theirs = left.by_scheme.get("doi", ()), right.by_scheme.get("doi", ())
    return any(
        BOOK_DOI.match(whole) and _CHAPTER_SUFFIX.fullmatch(part.removeprefix(whole))
        for a in ours
        for b in theirs
        for whole, part in ((a, b), (b, a))
        if part.startswith(whole)
    )


def _comment_by_doi(comment: Fields, preprint: Fields) -> bool:
    """The DOI of one is that of the other with the number of a comment under it."""
    about = map(COMMENT.fullmatch, comment.by_scheme.get("doi", ()))
    return any(told[1] in preprint.by_scheme.get("doi", ()) for told in about if told)


_QUOTED: Final = re.compile(r"[‘'\"“«„](.{12,})[’'\"”»“]\W*$")
LEAST_WORDS: Final = 3  # a book's title of less is that of many articles too


def _about_the_other(notice: Profile, other: Profile) -> str:
    """What the first record is, where its title tells of the second: a comment, a review."""
    ours, theirs = notice.fields.title, other.fields.title
    if len(theirs.words) < LEAST_WORDS or not ours.key.endswith(f" {theirs.key}"):
        return ""
    if (quoted := _QUOTED.search(ours.text)) and fold(quoted[1]) == theirs.key:
        return "comment"
    before = ours.key.removesuffix(theirs.key).split()
    if other.persons and not notice.families.keys() & other.families.keys():
        return "review" if _names_first(before, other) and ":" in ours.text else ""
    return ""


def _abstract_and_paper(left: Fields, right: Fields) -> bool:
    """One title carries the mark of a meeting's abstract, and each was published by itself."""
    if (left.title.mark == "abstract") == (right.title.mark == "abstract"):
        return False
    ours, theirs = (side.by_scheme.get("doi", frozenset()) for side in (left, right))
    published = form_of(left) == form_of(right) == ARTICLE
    return left.title.key == right.title.key and published and bool(ours and not ours & theirs)


def _names_first(before: list[str], other: Profile) -> bool:
    """Before the shared title stands nothing but an author of the other record."""
    return len(before) < 5 and other.persons[0].family in " ".join(before)


def _reviews_the_book(article: Fields, book: Fields) -> bool:
    """A title of a book that an article by somebody else carries, not before the book."""
    if article.title.key != book.title.key or len(book.title.words) < LEAST_WORDS:
        return False
    if not article.authors.names or not book.authors.names:
        return False
    families = [{name.family for name in side.authors.names} for side in (article, book)]
    dois = [" ".join(side.by_scheme.get("doi", ())) for side in (article, book)]
    is_book = "isbn" in book.by_scheme or book.kind == "book"
    an_article = bool(dois[0]) and "isbn" not in article.by_scheme and not BOOK_DOI.match(dois[0])
    later = bool(article.years and book.years) and min(article.years) >= min(book.years)
    return is_book and an_article and later and not families[0] & families[1]


def _one_series(levels: Mapping[str, str]) -> bool:
    """Parts have an author or a container in common; chapters of two books may share a title."""
    return bool(levels.get("authors")) or levels.get("container") in ("same", "short")


def _two_places(levels: Mapping[str, str]) -> bool:
    """An abstract and its article, or a text printed in two journals."""
    apart = [levels.get(name) == "differ" for name in ("volume", "page", "container")]
    apart.append(levels.get("doi") in ("differ", "differ_house"))
    apart.append(levels.get("year") in YEARS_APART)
    return sum(apart) > 1


CLOSE_TITLES: Final = frozenset({
    "exact", "spacing", "alternate", "subtitle", "wrapped", "begun", "contained",
    "contained_short", "over_97", "over_94", "over_90",
})  # fmt: skip


def _subjects_agree(left: Profile, right: Profile, levels: Mapping[str, str]) -> bool:
    if levels.get("title") in CLOSE_TITLES:
        return True
    ours, theirs = left.fields.title, right.fields.title
    return bool(ours.subject) and (
        ours.subject == theirs.subject
        or ours.subject in (theirs.key, theirs.main)
        or theirs.subject in (ours.key, ours.main)
    )
