"""
Told judgements: what became of judgements and of the works, as lines for a person.

    TakenUp  ->  what was said, what the program had said, events, conflicts, what was left out
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from detector.judgements.judgement_sheet import summed_up
from detector.judgements.taking_up import TakenUp
from detector.questions.event_words import judged, sentence
from detector.store.events import EventKind
from detector.works.joining.tied import Conflict

MOST: Final = 20  # of each kind that are told one by one


def told_lines(told: TakenUp, *, dry_run: bool = False) -> Iterator[str]:
    """
    What was judged and what it changed; "would" where nothing was stored.

    What was left out is not among it: see `left_out_lines`.
    """
    yield from some_of([judged(judgement.to_dict()) for judgement in told.taken], "judgements")
    # that an id leads elsewhere now is said by the work that took it in
    events = [
        _event_line(event, told.events)
        for event in told.events
        if event["event"] != EventKind.REDIRECTED
    ]
    yield from some_of(events, "events")
    if told.taken and not told.events:
        yield "no work changes by it" if dry_run else "no work changed by it"
    yield from some_of([_conflict_line(conflict) for conflict in told.conflicts], "conflicts")
    yield from summed_up(told.contradictions, "judgements that contradict each other")
    taken, before = len(told.taken), len(told.unchanged)
    word = "would be taken" if dry_run else "taken"
    said = f"{taken} judgement{'' if taken == 1 else 's'} {word}, {before} had been said before"
    records = f"{told.moved} record{'' if told.moved == 1 else 's'}"
    yield f"{said}; {records} {'would move' if dry_run else 'moved'} to another work"
    if told.run:
        yield f"take all of it back with: samework undo {told.run}"


def left_out_lines(told: TakenUp) -> Iterator[str]:
    """How many rows were left out, and why the first of them."""
    yield from summed_up(told.unknown, "judgements that name no two records of the index")
    yield from summed_up(told.faults, "judgements that were not understood")


def some_of(lines: Sequence[str], what: str) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"and {len(lines) - MOST} more {what}; --json has all of them"


def _event_line(event: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> str:
    gone = set(event.get("went", ()))
    elsewhere = [other for other in events if gone and not gone.isdisjoint(other.get("came", ()))]
    number = f"event {event['number']}, " if event.get("number") else ""
    return f"  {number}{event['work_id']}: {sentence(event, elsewhere)}"


def _conflict_line(conflict: Conflict) -> str:
    path = " ~ ".join(conflict.path or (conflict.left, *conflict.bridge, conflict.right))
    return (
        f"  conflict: {conflict.left} and {conflict.right} are judged two works, and {path} would "
        f"bridge them ({conflict.reason}); judge a pair on this way, or leave it as it is"
    )
