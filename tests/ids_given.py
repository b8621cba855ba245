"""The ids that events give to works, each held against what was promised of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from detector.store.events import EventKind

NAMING: Final = (EventKind.CREATED, EventKind.SPLIT)
SAYING: Final = (EventKind.JUDGED, EventKind.UNDONE, EventKind.CHOSEN)

Event = Mapping[str, Any]


def ids_given(events: Sequence[Event]) -> set[str]:
    """
    All ids that any work ever had.

    Held on the way: no id is given twice; of works that merge that with the earliest record
    stays; a record that comes back alone to a work that it was alone has its id again. An undo
    may give ids back, so its events are believed.
    """
    given: set[str] = set()
    arrived: dict[str, int] = {}  # the turn in which a record came first
    members: dict[str, set[str]] = {}
    told: dict[str, list[str]] = {}  # what came with the last event of a work
    ended: dict[str, str] = {}  # a record that was alone in a work that was deleted -> its id
    for turn, step in groupby(events, key=lambda event: int(event["turn"])):
        before = {work_id: set(records) for work_id, records in members.items()}
        for event in step:
            if event["event"] in SAYING:
                continue
            work_id, undo = event["work_id"], "undo" in event["cause"]
            if event["event"] in NAMING and not undo:
                again = (
                    told.get(work_id) == event["came"]
                )  # by a step that was killed, and done again
                assert again or work_id not in given, f"given twice: {event}"
                assert len(event["came"]) > 1 or event["came"][0] not in ended, f"{event}, {ended}"
            if event["event"] == EventKind.REDIRECTED and not undo:
                ours, theirs = (
                    min((arrived[record] for record in before.get(name, ())), default=turn)
                    for name in (event["to"], work_id)
                )
                assert ours <= theirs, f"{theirs} is the elder: {event}"
            given.add(work_id)
            told[work_id] = event["came"]
            here = members.setdefault(work_id, set())
            for record in event["came"]:
                arrived.setdefault(record, turn)
                ended.pop(record, None)
            here.difference_update(event["went"])
            here.update(event["came"])
            if event["event"] == EventKind.DELETED and len(event["went"]) == 1:
                ended[event["went"][0]] = work_id
    return given
