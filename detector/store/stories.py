"""
Stories: the events of one work among all of a collection.

    events as they are logged  ->  an empty document an event and work  ->  the events of a work

The log is read by number. Who asks for one work would read all of it: 0.25 s of CPU at 300,000
events on the embedded engine, 1.2 s on OpenSearch, 8 and 40 s at ten million, where these documents
lead there in 2 and 300 ms. One takes 11 µs to write, 105 on OpenSearch (client and node), so a
batch costs what its own events cost. How far the log is noted stands beside them: what a kill kept
from being noted is read from the log, and noted with the next events. Does not: tell the story
(`detector/questions/story.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from indexer.index.contract import Collection
from indexer.ingesting.ingest import batches

STORY: Final = "story"
NOTED: Final = "story-noted"  # the number of the last event that is noted
_APART: Final = "\x1f"
_AT_ONCE: Final = 20_000  # events

Entry = tuple[int, Iterable[str]]  # the number of an event, and the works that it is about


def note_events(collection: Collection, entries: Sequence[Entry]) -> None:
    """Note which works these events are about, which are the last of the log."""
    if entries:
        first, last = entries[0][0], entries[-1][0]
        missing = ((number, about) for number, about in _unnoted(collection) if number < first)
        for part in batches(missing, _AT_ONCE):
            _write(collection, part)
        _write(collection, entries)
        collection.write(NOTED, {NOTED: b"%d" % last})


def events_about(collection: Collection, work_id: str) -> list[dict[str, Any]]:
    """The events about a work, in order, as they stand in the log, each with its number."""
    begin = f"{work_id}{_APART}"
    numbers = []
    for name, _ in collection.documents(STORY, begin):
        if not name.startswith(begin):
            break
        numbers.append(int(name.removeprefix(begin)))
    numbers += [number for number, about in _unnoted(collection) if work_id in about]
    entries = collection.entries(numbers)
    told = ((number, read_event(entry)) for number, entry in entries.items())
    return [{"number": number, **event} for number, event in told if event]


def read_event(entry: bytes) -> dict[str, Any]:
    """What an entry of the log says; {} of one that cannot be read."""
    try:
        plain = orjson.loads(entry)
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) and "event" in plain else {}


def about(event: Mapping[str, Any]) -> set[str]:
    """The works that an event is about."""
    named = {event.get("work_id", ""), event.get("to", ""), *event.get("origin", ())}
    return named - {""}


def _unnoted(collection: Collection) -> Iterator[tuple[int, set[str]]]:
    """The events behind the last that is noted."""
    stored = collection.read(NOTED, [NOTED])
    for number, entry in collection.log(int(stored[NOTED].body) if stored else 0):
        yield number, about(read_event(entry))


def _write(collection: Collection, entries: Iterable[Entry]) -> None:
    names = [f"{work_id}{_APART}{number:012d}" for number, works in entries for work_id in works]
    collection.write(STORY, dict.fromkeys(sorted(names), b""))
