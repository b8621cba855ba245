"""
Placing: volume, issue and pages of a merged record, which are those of one printing.

    records of a work, the fullest first  ->  where it was printed

Does not: say which record is the fullest (`members.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from detector.works.members import Member

Origin = dict[str, str | list[str]]

PLACES: Final = ("volume", "issue", "pages", "article_number")
_DASHES: Final = re.compile(r"\s*(?:-{1,3}|[\u2010-\u2015])\s*")


def add_place(members: Sequence[Member], merged: dict[str, Any], origin: Origin) -> None:
    """
    Add volume, issue and pages of the first record, completed from others of its version.

    Members are sorted by how much they say of their place. A record of another volume adds
    nothing: issue 2 of one journal with the pages of another is a place that does not exist.
    """
    home = members[0]
    volume = home.fields.places.volume
    for member in members:
        theirs = member.fields.places.volume
        if member.group != home.group or (volume and theirs and volume != theirs):
            continue
        for name, value in place_of(member):
            if value and name not in merged:
                merged[name] = value
                origin[name] = member.record_id


def place_of(member: Member) -> Iterable[tuple[str, str]]:
    """What a record says of each of PLACES."""
    record, places = member.record, member.fields.places
    last = places.last_page
    pages = f"{places.first_page}-{last}" if last else places.first_page
    return (
        ("volume", as_written(record.volume, places.volume)),
        ("issue", as_written(record.issue, places.issue)),
        ("pages", as_written(record.pages, pages)),
        ("article_number", as_written(record.article_number, places.article_number)),
    )


def placed_at(name: str, member: Member) -> str:
    """What a record says of one of PLACES."""
    return dict(place_of(member))[name]


def as_written(raw: str, normalised: str) -> str:
    """The harvested spelling where it differs from the normalised one by capitals and dashes."""
    if raw == normalised:
        return raw
    raw = _DASHES.sub("-", raw)
    return raw if raw.lower() == normalised else normalised
