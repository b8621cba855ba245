"""
Policies: what people count as one work beside one text described twice, each by its name.

    "preprint", "no-preprint", "conference", ...  ->  kinds joined, kinds kept apart

A policy is a row of POLICIES: relations that decisions tell, and whether they are joined
where nobody says otherwise. Notices, replies and parts are in no row: they are works of
their own under every policy. Does not: tell a relation (`decision/relations.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from detector.choices import one_of
from detector.decision.relations import KINDS
from indexer.fields.titles.notice_rules import NOTICES

AWAY: Final = "no-"  # before the name of a policy: keep apart what it joins
EVERY_RELATED: Final = "related"


@dataclass(frozen=True, slots=True)
class Policy:
    """One thing that some count as one work and others as two."""

    name: str
    kinds: frozenset[str]  # as decisions tell them
    joins: str  # what becomes one work, in a reader's words
    example: str
    versions: bool = False  # kinds of the verdict `version`, which are joined by default


def _versions(name: str, kinds: Iterable[str], joins: str, example: str) -> Policy:
    return Policy(name, frozenset(kinds), joins, example, versions=True)


def _related(name: str, joins: str, example: str) -> Policy:
    return Policy(name, frozenset({name}), joins, example)


POLICIES: Final = (
    _versions("preprint", ("preprint",), "a preprint or working paper and its article",
              "arXiv:2101.00001 and the journal's article, also under another title"),
    _versions("manuscript", ("manuscript", "form"), "an accepted manuscript and the published text",
              "a repository's accepted manuscript and the version of record"),
    _versions("update", ("revision",), "a text and its revision: v1 and v3, an updated review",
              "a Cochrane review's .pub2 and .pub4; v1 and v2 of a preprint"),
    _versions("edition", ("edition",), "two printings of one text, years apart",
              "an article of 1998 and its reprint of 2004 in another volume"),
    _versions("translation", ("translation",), "a text and its separately printed translation",
              "the German edition's article and the English edition's, with pages of their own"),
    _versions("deposit", ("deposit",), "one text under two DOIs",
              "the publisher's DOI and a repository's"),
    _related("conference", "a conference paper or abstract and the journal article after it",
             "a paper in the proceedings of 2011 and the article of 2012 under its title"),
    _related("publication", "one text or title, published in two places",
             "a guideline printed in two journals"),
    _related("thesis", "a thesis and the paper made of it",
             "a doctoral thesis and the article under its title"),
)  # fmt: skip
VERSIONS: Final = tuple(row for row in POLICIES if row.versions)
VERSION_KINDS: Final = frozenset(kind for row in VERSIONS for kind in row.kinds)
# What says itself that it is about another work, or one part of several.
NEVER: Final = frozenset({*NOTICES, "erratum", "part"})
_OTHER_KINDS: Final = tuple(
    kind for kind in KINDS if kind not in NEVER and kind not in {row.name for row in POLICIES}
)
RELATED_KINDS: Final = frozenset(
    {*_OTHER_KINDS, *(row.name for row in POLICIES if not row.versions)}
)
COLLAPSIBLE: Final = (
    *(row.name for row in POLICIES), *(AWAY + row.name for row in VERSIONS),
    *_OTHER_KINDS, EVERY_RELATED,
)  # fmt: skip


def kinds_chosen(names: Iterable[str], *, versions: bool) -> tuple[frozenset[str], frozenset[str]]:
    """
    The kinds of related works that these names join, and the kinds of versions kept apart.

    Args:
        names: of policies, of kinds of related works, or "related" for all of these.
        versions: whether versions are joined where no name says otherwise.

    Raises:
        UnknownValue: a name is none, or one is both asked for and turned away.
    """
    chosen = {one_of(name, COLLAPSIBLE, "policy of what is one work") for name in names}
    for name in sorted(chosen):
        if AWAY + name in chosen:
            others = [other for other in COLLAPSIBLE if other != AWAY + name]
            one_of(AWAY + name, others, f"policy beside {name!r}")
    # a version of which nothing says what it is goes with the level
    apart = frozenset[str]() if versions else frozenset({""})
    for row in VERSIONS:
        if AWAY + row.name in chosen or (not versions and row.name not in chosen):
            apart |= row.kinds
    every = RELATED_KINDS if EVERY_RELATED in chosen else frozenset[str]()
    return (frozenset(chosen) & RELATED_KINDS) | every, apart
