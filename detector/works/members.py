"""
Members: the records of one work, ranked before anything is taken from them.

    Work, records, their fields  ->  Member, Member, ...  ->  canonical.py, keepers.py

One version group is the primary one, what was published before what was posted: facts
that belong to a version (date, container, volume, pages, DOI) come from it, so that a
merged record is never half preprint and half article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from detector.decision.forms import ACCEPTED, ARTICLE, PREPRINT
from detector.works.version_groups import VersionFacts, facts_of
from detector.works.works import Work
from indexer.fields import Fields
from indexer.records import Record, maker_of

# Saying nothing is nearer to the article than saying "preprint": most records are articles.
_FORM_RANK: Final = {PREPRINT: 0, "": 1, ACCEPTED: 2, ARTICLE: 3}
_COUNTED: Final = ("title", "authors", "date", "year", "container", "publisher", "volume", "issue",
                   "pages", "article_number", "abstract", "type", "language", "doi", "identifiers",
                   "issn", "isbn", "urls", "editors", "publisher_place", "keywords")  # fmt: skip
_COUNTED_OF: Final = attrgetter(*_COUNTED)


@dataclass(frozen=True, slots=True)
class Member:
    """One record of a work, with what decides how much it is worth."""

    record: Record
    fields: Fields
    facts: VersionFacts
    group: int = 0  # of the work's version groups
    primary: bool = True  # of the version that the merged record describes
    filled: int = 0  # how many fields it fills

    @property
    def record_id(self) -> str:
        """The id of the record."""
        return self.record.record_id

    @property
    def posted(self) -> bool:
        """It describes a preprint."""
        return self.facts.form == PREPRINT

    @property
    def form_rank(self) -> int:
        """From preprint (0) over unknown and accepted to article (3)."""
        return _FORM_RANK[self.facts.form]

    @property
    def placed(self) -> int:
        """How many of volume, page and issue it gives."""
        places = self.fields.places
        page = places.first_page or places.article_number
        return bool(places.volume) + bool(page) + bool(places.issue)


_MEMBER: Final = maker_of(Member)


def members_of(
    work: Work, records: Mapping[str, Record], fields: Mapping[str, Fields]
) -> list[Member]:
    """The records of a work, the primary version first, in it the fullest, then by id."""
    members = [
        _MEMBER(
            records[name], fields[name], facts_of(fields[name]), at, True, filled(records[name])
        )
        for at, group in enumerate(work.version_groups)
        for name in group
    ]
    if len(members) == 1:
        return members
    if len(work.version_groups) > 1:
        primary = _primary_group(members)
        members = [
            one
            if one.group == primary
            else _MEMBER(one.record, one.fields, one.facts, one.group, False, one.filled)
            for one in members
        ]
    return sorted(
        members, key=lambda one: (not one.primary, -one.placed, -one.filled, one.record_id)
    )


def filled(record: Record) -> int:
    """How many fields a record fills."""
    return sum(map(bool, _COUNTED_OF(record)))


def _primary_group(members: list[Member]) -> int:
    """The group that holds the most published record; ties by place, date, size and order."""
    groups: dict[int, list[Member]] = {}
    for member in members:
        groups.setdefault(member.group, []).append(member)

    def rank(at: int) -> tuple[int, int, tuple[int, int, tuple[int, int, int]], int, int]:
        group = groups[at]
        return (
            max(member.form_rank for member in group),
            max(member.placed for member in group),
            max(member.facts.lateness for member in group),
            len(group),
            -at,
        )

    return max(groups, key=rank)
