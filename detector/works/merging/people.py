"""
People: the authors and editors of a merged record, each once.

    Member  ->  ["Erika Langham", {"family": …, "given": …}, …]

Exports of some databases list a byline twice, the second time with other spellings
("Russell, Alex … Russell, Alex M T"), catalogues name the author again among the added
entries, and an editor may stand among the authors of one record only. Does not: choose
between records (`field_quality.py` ranks, `canonical.py` takes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from detector.works.members import Member
from indexer.fields.people.names import Name, names_of
from indexer.fields.text.folding import repair
from indexer.records import Author

Person = str | dict[str, str]
_FULL: Final = 2  # letters of a given name that is no initial


def authors_of(member: Member, editors: Sequence[Name] = ()) -> list[Person]:
    """The byline of a record as it is shown, without people who edited the work."""
    given, names = member.record.authors, member.fields.authors.names
    if not (editors or _in_parts(given)):  # as most are
        return [name.text for name in undoubled(names)]
    shown = _people(given, names)
    byline = [(name, person) for name, person in shown if not _among(name, editors)]
    return [person for _, person in _each_once(byline or shown)]


def editors_of(member: Member) -> list[Person]:
    """The editors that a record names."""
    editors = member.record.editors
    if not editors:
        return []
    return [person for _, person in _each_once(_people(editors, names_of(editors).names))]


def editors_alone(members: Sequence[Member]) -> list[Name]:
    """The editors named by those records that name other people as authors."""
    alone: list[Name] = []
    for member in members:
        if member.record.editors and member.fields.authors.names:
            byline = member.fields.authors.names
            editors = names_of(member.record.editors).names
            alone += (editor for editor in editors if not _among(editor, byline))
    return alone


def undoubled(names: Sequence[Name]) -> list[Name]:
    """The names of a byline, each person once."""
    if len({name.family for name in names}) == len(names):
        return list(names)
    return [name for name, _ in _each_once([(name, name.text) for name in names])]


def _in_parts(given: Sequence[Author]) -> bool:
    """Some of the names were given as family and given name."""
    for author in given:  # noqa: SIM110 - a third of the time of any()
        if author.family:
            return True
    return False


def _people(given: Sequence[Author], names: Sequence[Name]) -> list[tuple[Name, Person]]:
    if _in_parts(given):
        if len(given) == len(names):
            return [(name, _parts(author)) for name, author in zip(names, given, strict=True)]
        apart = ((names_of((author,)).names, author) for author in given)
        return [(name[0], _parts(author)) for name, author in apart if name]
    return [(name, name.text) for name in names]


def _parts(author: Author) -> Person:
    if not author.family:
        return repair(author.display)
    parts = {"family": repair(author.family), "given": repair(author.given), "orcid": author.orcid}
    return {name: part for name, part in parts.items() if part}


def _each_once(people: Sequence[tuple[Name, Person]]) -> list[tuple[Name, Person]]:
    """
    Drop the names at the end of a list that repeat earlier ones; keep the fuller spelling.

    Only at the end: a long byline may hold two people of one name anywhere, but a byline
    that is listed twice ends with names that were there before.
    """
    end = len(people)
    families = [name.family for name, _ in people]
    if len(set(families)) == end:
        return list(people)
    while families.index(families[end - 1]) < end - 1 and any(
        _again(people[end - 1][0], before) for before, _ in people[: end - 1]
    ):
        end -= 1
    if end == len(people) or not _begins_again(people, end):
        return list(people)
    once = list(people[:end])
    for name, person in people[end:]:
        at = next(n for n, (before, _) in enumerate(once) if _again(name, before))
        if len(" ".join(name.given)) > len(" ".join(once[at][0].given)):
            once[at] = (name, person)
    return once


def _begins_again(people: Sequence[tuple[Name, Person]], end: int) -> bool:
    """Whether a second list begins at `end`: of full names, or as long as the first."""
    tail = [name for name, _ in people[end:]]
    return len(tail) >= end or all(
        name.group or any(len(part) >= _FULL for part in name.given) for name in tail
    )


def _again(name: Name, before: Name) -> bool:
    """The same person: one given name is the beginning of the other."""
    if name.family != before.family or name.group != before.group or name.suffix != before.suffix:
        return False
    shared = min(len(name.given), len(before.given))
    return (shared > 0 or name.group) and name.given[:shared] == before.given[:shared]


def _among(name: Name, others: Sequence[Name]) -> bool:
    return any(
        name.family == other.family and name.given[:1] == other.given[:1] for other in others
    )
