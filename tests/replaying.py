"""The works that a reader of the events has who knows nothing else, to hold against the stored."""

from __future__ import annotations

from detector.store.events import EventKind, events_of
from detector.store.holdings import Holdings
from indexer.index.contract import Collection

Works = dict[str, frozenset[frozenset[str]]]  # id -> its version groups


def replayed(collection: Collection) -> Works:
    """Every event since the first, applied in order."""
    members: dict[str, set[str]] = {}
    groups: dict[str, list[list[str]]] = {}
    for event in events_of(collection):
        if event["event"] in (EventKind.JUDGED, EventKind.UNDONE, EventKind.CHOSEN):
            continue
        work_id = event["work_id"]
        here = members.setdefault(work_id, set())
        here.difference_update(event["went"])
        here.update(event["came"])
        groups[work_id] = event["groups"]
        if not here:
            del members[work_id]
    return {
        work_id: frozenset(map(frozenset, groups[work_id] or [sorted(records)]))
        for work_id, records in members.items()
    }


def stored(collection: Collection) -> Works:
    """The same of the works that are stored."""
    return {
        work.work_id: frozenset(map(frozenset, work.version_groups))
        for work in Holdings(collection).all_works()
    }
