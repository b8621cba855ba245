"""
Work ids: an opaque name for each work that outlives its growth.

    groups of records, what they were called before  ->  ids, redirects

An id is a hash of the work's founding record and never random: the same records give
the same ids on every machine. Of works that merge the older id stays and the others
redirect; of a work that is split the larger part keeps the id.

Does not: store ids, redirects or events (`detector/store` does, and passes in `Known`).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

ID_BYTES: Final = 8  # 64 bits: 3e-6 odds of one collision among 10 million works

LATEST: Final = sys.maxsize  # the arrival of a record that is not known to have arrived


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of earlier works; all empty for a one-shot run."""

    work_of: Mapping[str, str] = field(default_factory=dict)  # record id -> its work's id
    age: Mapping[str, int] = field(default_factory=dict)  # record id -> order of arrival
    given: Container[str] = frozenset()  # ids that were given, also those that redirect by now
    # Record id -> its work's id today, where `work_of` is that of an earlier day: an undo's.
    today: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of the groups, in their order, and what became of ids that are gone."""

    ids: tuple[str, ...]
    redirects: Mapping[str, str]  # an id that a merge took -> the id that stayed


def work_id_of(record_id: str, turn: int = 0) -> str:
    """The id of a work founded by this record; `turn` counts up where the id is taken."""
    return written(work_number_of(f"{record_id}\x1f{turn}" if turn else record_id))


def work_number_of(founder: str) -> int:
    """The number that the id of a work is made of."""
    digest = blake2b(founder.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES, person=b"work")
    return int.from_bytes(digest.digest())


def written(number: int) -> str:
    """The id that is made of a number; ids ascend as their numbers do."""
    return f"w{number:0{2 * ID_BYTES}x}"


def ids_of(groups: Sequence[Sequence[str]], known: Known | None = None) -> Ids:
    """An id for each group of record ids; no two groups get the same."""
    known = known or Known()
    founders = [_founder(group, known.age) for group in groups]
    if not known.work_of and known.given == frozenset():
        return Ids(tuple(work_id_of(founder) for founder in founders), {})
    holders = _holders(groups, founders, known)
    staying: dict[int, str] = {}  # group -> the id that it goes on having
    redirects: dict[str, str] = {}
    elders = _elders(known)
    for work_id in sorted(holders, key=elders.__getitem__):
        holder = holders[work_id]
        if holder in staying:
            redirects[work_id] = staying[holder]
        else:
            staying[holder] = work_id
    if known.today:
        _stay_as_today(groups, staying, redirects, known.today)
    held = frozenset(known.work_of.values()).union(known.today.values())
    ids = [
        staying.get(at) or _new_id(founder, held, known.given)
        for at, founder in enumerate(founders)
    ]
    return Ids(tuple(ids), redirects)


def _stay_as_today(
    groups: Sequence[Sequence[str]],
    staying: dict[int, str],
    redirects: Mapping[str, str],
    today: Mapping[str, str],
) -> None:
    """Groups that no earlier id belongs to go on under that of today, where it is free."""
    taken = {*staying.values(), *redirects}
    for at, group in enumerate(groups):
        if at not in staying:
            names = Counter(today[one] for one in group if one in today).most_common()
            free = [(-count, work_id) for work_id, count in names if work_id not in taken]
            if free:
                staying[at] = min(free)[1]
                taken.add(staying[at])


def _founder(group: Sequence[str], age: Mapping[str, int]) -> str:
    """The record that arrived first; records of unknown arrival come last, by id."""
    return min(group, key=lambda one: (age.get(one, LATEST), one)) if age else min(group)


def _holders(
    groups: Sequence[Sequence[str]], founders: Sequence[str], known: Known
) -> dict[str, int]:
    """For each known id the group with most of its records; ties go to the elder founder."""
    parts: dict[str, Counter[int]] = {}
    for at, group in enumerate(groups):
        for record_id in group:
            if record_id in known.work_of:
                parts.setdefault(known.work_of[record_id], Counter())[at] += 1

    def rank(at: int, count: int) -> tuple[int, int, str]:
        return (-count, known.age.get(founders[at], LATEST), founders[at])

    return {
        work_id: min(counts, key=lambda at: rank(at, counts[at]))
        for work_id, counts in parts.items()
    }


def _elders(known: Known) -> Mapping[str, tuple[int, str]]:
    """
    The record of each known work that arrived first, and when.

    Of records of one delivery that of the least id is taken for the first, as for founders: by
    the ids of works, two that are merged and parted again and again would change names each time.
    """
    elders: dict[str, tuple[int, str]] = {}
    for record_id, work_id in known.work_of.items():
        elder = (known.age.get(record_id, LATEST), record_id)
        elders[work_id] = min(elder, elders.get(work_id, elder))
    return elders


def _new_id(founder: str, *taken: Container[str]) -> str:
    """An id never given before: the founder of a split work may have founded one already."""
    turn = 0
    while any(work_id_of(founder, turn) in given for given in taken):
        turn += 1
    return work_id_of(founder, turn)
