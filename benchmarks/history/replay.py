"""
Replay: the works that somebody has who knows nothing but the events.

    events, from the first  ->  Copied(works, given, twice)

As docs/operations.md tells others to copy works: what came is added, what went is taken away.
Does not: read the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from detector.store.events import EventKind

SAID: Final = (EventKind.JUDGED, EventKind.UNDONE, EventKind.CHOSEN)  # no work changes by these
NAMED: Final = (EventKind.CREATED, EventKind.SPLIT)  # a work is given an id

Group = tuple[str, ...]


@dataclass(slots=True)
class Copied:
    """Works as the events tell them, and the ids that they ever had."""

    works: dict[str, frozenset[Group]] = field(default_factory=dict)  # id -> version groups
    given: set[str] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)  # ids that were given to another work again


def replayed(events: Iterable[Mapping[str, Any]]) -> Copied:
    """Apply all events, in order."""
    copied = Copied()
    members: dict[str, set[str]] = {}
    groups: dict[str, list[list[str]]] = {}
    for event in events:
        work_id = event["work_id"]
        if event["event"] in SAID:
            continue
        if event["event"] in NAMED and work_id in copied.given and "undo" not in event["cause"]:
            copied.twice.append(work_id)
        copied.given.add(work_id)
        records = members.setdefault(work_id, set())
        records.difference_update(event["went"])
        records.update(event["came"])
        groups[work_id] = event["groups"]
        if not records:
            del members[work_id], groups[work_id]
    for work_id, records in members.items():
        parts = groups[work_id] or [sorted(records)]
        copied.works[work_id] = frozenset(map(tuple, parts))
    return copied
