"""
Events: what became of works, and what people said, in the log of a collection.

    Event, Occasion  ->  one JSON object in the log  ->  copies of the works, and their story

An event says which records came into a work and which went, so a reader that begins at the
first and adds and takes away has the works as they are: nothing else need be asked. What is
the same for all events of one step (when, which run, why) is its occasion. Does not: say
what became of a work (`changes.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from detector.store.stories import note_events, read_event
from indexer.index.contract import Collection


class EventKind(StrEnum):
    """What may happen to a work, or be said of it."""

    CREATED = "created"  # a work that was not there: `came` are all its records
    RETURNED = "returned"  # the same under an id that was deleted: its records came back
    JOINED = "joined"  # records came into it
    MERGED = "merged"  # works came into it whole: `origin`, which redirect to it
    LEFT = "left"  # records left it, for another work or for good
    SPLIT = "split"  # a work made of records that were in others: `origin`
    REGROUPED = "regrouped"  # the same records, parted into versions otherwise
    REDIRECTED = "redirected"  # it is no more: `to` took it in
    DELETED = "deleted"  # it is no more, and nothing took it in
    JUDGED = "judged"  # somebody said something of a pair of records
    CHOSEN = "chosen"  # somebody chose which record a field is taken from
    UNDONE = "undone"  # what somebody said was taken back


SAID_KINDS: Final = frozenset({EventKind.JUDGED, EventKind.CHOSEN, EventKind.UNDONE})


EVENT_COLUMNS: Final = (
    "number", "event", "work_id", "came", "went", "origin", "to", "groups", "because",
    "at", "turn", "run", "cause", "said",
)  # fmt: skip
# What a column holds where the log, which leaves out what is empty, says nothing.
EMPTY: Final[Mapping[str, Any]] = {
    "work_id": "", "came": [], "went": [], "origin": [], "to": "", "groups": [], "because": [],
    "at": "", "turn": 0, "run": "", "cause": {}, "said": {},
}  # fmt: skip

Tie = tuple[str, str, str, float]  # two records, what is said of them, and its probability


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all events of one step have in common."""

    at: str = ""  # ISO 8601, UTC
    turn: int = 0  # of whoever changes works
    run: str = ""  # the run of a command, where it keeps account of one
    # arrival: [runs] | judgement: [numbers] | weights: digest | epoch: n | undo: run | repair: true
    cause: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def now(cls, turn: int = 0, run: str = "", **cause: Any) -> Occasion:
        """What happens now."""
        return cls(moment(), turn, run, cause)

    def members(self) -> bytes:
        """Its members as they stand in each event, behind a comma."""
        plain = {"at": self.at, "turn": self.turn, "run": self.run, "cause": self.cause}
        return b"," + orjson.dumps({name: value for name, value in plain.items() if value})[1:-1]


@dataclass(frozen=True, slots=True)
class Event:
    """One change of the works."""

    kind: EventKind
    work_id: str = ""
    came: tuple[str, ...] = ()  # records
    went: tuple[str, ...] = ()
    origin: tuple[
        str, ...
    ] = ()  # works that records came from; of what was said, its records' works
    to: str = ""  # the work that took this one in
    # The version groups from now on, where they are several or were; else all records are one.
    groups: tuple[tuple[str, ...], ...] = ()
    because: tuple[Tie, ...] = ()  # the strongest ties of what came
    said: Mapping[str, Any] = field(default_factory=dict)  # by a person

    def to_dict(self) -> dict[str, Any]:
        """The event without its occasion; what is empty is left out."""
        plain: dict[str, Any] = {"event": str(self.kind), "work_id": self.work_id}
        plain |= {"came": self.came, "went": self.went, "origin": self.origin, "to": self.to}
        plain |= {"groups": self.groups, "because": self.because, "said": self.said}
        return {name: value for name, value in plain.items() if value}

    def to_json(self, occasion: Occasion) -> bytes:
        """The event as a log entry."""
        return orjson.dumps(self.to_dict())[:-1] + occasion.members() + b"}"


def log_events(collection: Collection, events: Iterable[Event], occasion: Occasion) -> list[int]:
    """Append events to the log; their numbers."""
    told = list(events)
    about = [{event.work_id, event.to, *event.origin} - {""} for event in told]
    return log_entries(collection, [event.to_json(occasion) for event in told], about)


def log_entries(
    collection: Collection, entries: Sequence[bytes], about: Iterable[Iterable[str]]
) -> list[int]:
    """Append events as they stand in the log, each about some works; their numbers."""
    if not entries:
        return []
    last = collection.append(entries)
    numbers = list(range(last - len(entries) + 1, last + 1))
    note_events(collection, list(zip(numbers, about, strict=True)))
    return numbers


def events_of(collection: Collection, after: int = 0) -> Iterator[dict[str, Any]]:
    """
    The events behind a number, in order, each with all of EVENT_COLUMNS.

    Entries that a damaged file left unreadable are passed over: a repair logs behind them what
    brings readers to what is stored (`detector/checking/mending.py`).
    """
    for number, entry in collection.log(after):
        if plain := read_event(entry):
            yield {"number": number, "event": plain["event"]} | {
                name: plain.get(name, empty) for name, empty in EMPTY.items()
            }


def moment() -> str:
    """The time now, as events and judgements are dated."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
