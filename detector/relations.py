"""
Relations: how two records of one work, or of two tied works, stand to each other.

    profiles and levels of a pair  ->  ("version", "preprint"), ("related", "thesis"), ...

Asked only after `decision.py` knows whether the work is the same: nothing here says
that it is. Evidence of version is what the records state (versions of identifiers,
stages, kinds, relations asserted by the feed); without any, one work is a duplicate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from detector.comparisons import Profile
from detector.comparisons.identifiers import ARCHIVES
from indexer.records import Identifier

# Relation types of Crossref, DataCite and arXiv, folded to lower-case letters.
SAME_WORK_RELATIONS: Final = {
    "ispreprintof": "preprint", "haspreprint": "preprint",
    "isversionof": "revision", "hasversion": "revision",
    "isnewversionof": "revision", "ispreviousversionof": "revision",
    "ismanuscriptof": "manuscript", "hasmanuscript": "manuscript",
    "isvariantformof": "form", "isoriginalformof": "form",
    "istranslationof": "translation", "hastranslation": "translation",
}  # fmt: skip
RELATED_RELATIONS: Final = {
    "ispartof": "part", "haspart": "part",
    "isreviewof": "review", "hasreview": "review", "reviews": "review", "isreviewedby": "review",
    "iscommenton": "comment", "hascomment": "comment",
    "isreplyto": "reply", "hasreply": "reply",
    "issupplementto": "supplement", "issupplementedby": "supplement",
    "correction": "correction", "erratum": "erratum", "retraction": "retraction",
    "isderivedfrom": "derived", "issourceof": "derived",
    "documents": "dataset", "isdocumentedby": "dataset",
}  # fmt: skip


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
    if found := asserted(left, right):
        return found[1] if found[0] else ""
    if _stated_versions_differ(left, right):
        return "revision"
    ours, theirs = form_of(left), form_of(right)
    if {ours, theirs} == {"preprint", "article"}:
        return "preprint"
    if left.fields.stage and right.fields.stage and left.fields.stage != right.fields.stage:
        return "manuscript"
    if levels.get("doi") in ("differ", "differ_house", "archive"):
        return "deposit"
    if ours == theirs == "article" and levels.get("year") in _YEARS_APART and _moved(levels):
        return "edition"
    return ""


_YEARS_APART: Final = frozenset({"two", "three", "five", "ten", "more"})


def _moved(levels: Mapping[str, str]) -> bool:
    return levels.get("page") == "differ" or levels.get("volume") == "differ"


def _stated_versions_differ(left: Profile, right: Profile) -> bool:
    """One identifier, two versions stated: arXiv v1 and v3, a Cochrane review's updates."""
    ours, theirs = _versions(left.fields.identifiers), _versions(right.fields.identifiers)
    return any(not ours[key] & theirs[key] for key in ours.keys() & theirs.keys())


def _versions(identifiers: tuple[Identifier, ...]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in identifiers:
        if one.version:
            found.setdefault((one.scheme, one.value), set()).add(one.version)
    return found


def form_of(profile: Profile) -> str:
    """ "preprint", "article" or "" for what cannot be told from one record."""
    fields = profile.fields
    houses = {doi.split("/", 1)[0] for doi in fields.by_scheme.get("doi", ())}
    published = bool(houses - ARCHIVES) or bool(fields.places.volume or fields.places.first_page)
    if fields.container.kind in ("journal", "proceedings"):
        published = True
    if fields.kind == "preprint" or fields.stage in ("draft", "submitted"):
        return "preprint"
    if published:
        return "article"
    if houses or fields.container.kind == "repository" or "arxiv" in fields.by_scheme:
        return "preprint"
    return ""


def related_kind(left: Profile, right: Profile, levels: Mapping[str, str]) -> str:
    """What ties two works that are not the same; "" when nothing does."""
    if (found := asserted(left, right)) and not found[0]:
        return found[1]
    close = _subjects_agree(left, right, levels)
    if levels.get("notice") in ("one_side", "differ") and close:
        return left.fields.title.notice or right.fields.title.notice
    authors = levels.get("authors", "")
    if authors.startswith("none") or levels.get("first_author") == "absent":
        return ""
    if levels.get("part") in ("differ", "one_side") and close:
        return "part"
    if levels.get("kind") and close:
        kinds = {left.fields.kind, right.fields.kind} - {"article", "preprint"}
        return min(kinds, default="")
    if authors and close and levels.get("container") == "other_kind":
        return "conference"
    if authors and close and _two_places(levels):
        return "publication"
    return ""


def _two_places(levels: Mapping[str, str]) -> bool:
    """An abstract and its article, or a text printed in two journals."""
    apart = [levels.get(name) == "differ" for name in ("volume", "page", "container")]
    return sum(apart) > 1


_CLOSE_TITLES: Final = frozenset({
    "exact", "spacing", "alternate", "subtitle", "contained", "contained_short", "over_97",
    "over_94", "over_90",
})  # fmt: skip


def _subjects_agree(left: Profile, right: Profile, levels: Mapping[str, str]) -> bool:
    if levels.get("title") in _CLOSE_TITLES:
        return True
    ours, theirs = left.fields.title, right.fields.title
    return bool(ours.subject) and (
        ours.subject == theirs.subject
        or ours.subject in (theirs.key, theirs.main)
        or theirs.subject in (ours.key, ours.main)
    )
