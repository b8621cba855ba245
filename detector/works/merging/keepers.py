"""
Keepers: which record of a work stays where a list should hold one record a work.

    Work, records, a rule's name  ->  record id

Chooses a whole record as it was harvested; `canonical.py` merges instead. A new rule is
one function and one row of KEEPERS. Every rule ends with the same tie-break (the fullest,
then the smallest id), so that the answer never depends on the order of input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from detector.works.members import Member, members_of
from detector.works.works import Work
from indexer.fields import Fields
from indexer.records import Record

Rank = tuple[Any, ...]  # the lowest is kept
Keeper = Callable[[Member, Sequence[str]], Rank]


def kept_record(
    work: Work,
    records: Mapping[str, Record],
    fields: Mapping[str, Fields],
    rule: str = "most-complete",
    sources: Sequence[str] = (),
) -> str:
    """
    The record of a work that this rule keeps.

    Args:
        work: the work; a work of one record keeps it.
        records: by id, those of the work at least.
        fields: of the same records.
        rule: a key of KEEPERS.
        sources: in the order of trust, for "source-order"; one not named comes last.

    Raises:
        ValueError: no rule has this name.
    """
    return kept_of(members_of(work, records, fields), rule, sources)


def kept_of(members: Iterable[Member], rule: str, sources: Sequence[str]) -> str:
    """The same of the members of a work."""
    if rule not in KEEPERS:
        raise ValueError(f"no rule {rule!r} to keep records by; there are {', '.join(KEEPERS)}")
    keeper = KEEPERS[rule]
    return min(members, key=lambda one: (keeper(one, sources), _tie(one))).record_id


def _tie(member: Member) -> Rank:
    return (-member.filled, -len(member.record.abstract), member.record_id)


def most_complete(member: Member, _: Sequence[str]) -> Rank:
    """The record that fills the most fields."""
    return (-member.filled,)


def published(member: Member, _: Sequence[str]) -> Rank:
    """What was published before what was accepted, and that before a preprint."""
    return (-member.form_rank,)


def source_order(member: Member, sources: Sequence[str]) -> Rank:
    """The record of the source that is trusted most."""
    source = member.record.source
    return (sources.index(source) if source in sources else len(sources),)


def newest(member: Member, _: Sequence[str]) -> Rank:
    """The latest date; records without one come last."""
    year, month, day = member.facts.date
    return (-year, -month, -day)


def oldest(member: Member, _: Sequence[str]) -> Rank:
    """The earliest date; records without one come last, a year after its days."""
    year, month, day = member.facts.date
    return (year or 10_000, month or 13, day or 32)


KEEPERS: Final[Mapping[str, Keeper]] = {
    "most-complete": most_complete,
    "published": published,
    "source-order": source_order,
    "newest": newest,
    "oldest": oldest,
}
