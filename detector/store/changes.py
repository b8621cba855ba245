"""
Changes: what became of works when they were formed again.

    works before, works after  ->  named works, events, redirects

A work keeps its id as it grows; of merged works the older id stays and the other
redirects. Does not: store anything (`holdings.py` does).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from detector.store.holdings import Change
from detector.works.work_ids import Known, ids_of
from detector.works.works import Work


@dataclass(frozen=True, slots=True)
class Changed:
    """The difference between two states of some works."""

    works: tuple[Work, ...]  # as they are now, under the ids they keep
    gone: tuple[str, ...]  # ids that no work has any more
    redirects: Mapping[str, str]
    events: tuple[Change, ...]


def changes_between(before: Iterable[Work], after: Iterable[Work], known: Known) -> Changed:
    """
    Give the works of `after` their ids, and tell what happened to those of `before`.

    Args:
        before: the stored works of all records concerned.
        after: the works as they were formed now, under provisional ids.
        known: the ids, arrivals and given ids that naming depends on.
    """
    old = {work.work_id: work for work in before}
    formed = tuple(after)
    ids = ids_of([work.records for work in formed], known)
    named = tuple(
        replace(work, work_id=work_id) for work, work_id in zip(formed, ids.ids, strict=True)
    )
    home = {record: work.work_id for work in old.values() for record in work.records}
    now = {work.work_id for work in named}
    alive = {record for work in named for record in work.records}
    events = [event for work in named if (event := _event(work, old, home, alive)) is not None]
    gone = tuple(sorted(old.keys() - now))
    events += [Change("deleted", work_id, ()) for work_id in gone if work_id not in ids.redirects]
    redirects = {old_id: new for old_id, new in ids.redirects.items() if old_id not in now}
    return Changed(named, gone, redirects, tuple(events))


def _event(
    work: Work, old: Mapping[str, Work], home: Mapping[str, str], alive: Collection[str]
) -> Change | None:
    """What happened to one work; None when its records are the same as before."""
    origins = tuple(sorted({home[record] for record in work.records if record in home}))
    others = tuple(work_id for work_id in origins if work_id != work.work_id)
    if work.work_id not in old:
        kind = "split" if origins else "created"
        return Change(kind, work.work_id, work.records, origins)
    lost = set(old[work.work_id].records) - set(work.records)
    if not lost and len(old[work.work_id].records) == len(work.records):
        return None
    if others:
        return Change("merged", work.work_id, work.records, others)
    kind = "joined"
    if lost:
        kind = "reduced" if lost.isdisjoint(alive) else "split"
    return Change(kind, work.work_id, work.records)
