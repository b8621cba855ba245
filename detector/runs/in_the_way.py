"""
In the way: what came after a run or an event, and stands in the way of undoing it.

    the log since then, what is judged now  ->  Aftermath, or CannotUndo with who, when and number

Does not: look at records that later runs changed again (`indexer.ingesting.taking_back` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detector.detecting.pipeline import Detector
from detector.runs.said_changes import SaidChanges
from detector.runs.undo_words import told_choice, told_judgement
from detector.store.events import EventKind, events_of
from indexer.errors import CannotUndo
from indexer.index.contract import Collection
from indexer.ingesting.taking_back import RecordChanges


@dataclass(slots=True)
class Aftermath:
    """What the log tells of the time since something began."""

    homes: dict[str, str] = field(default_factory=dict)  # record -> its work before; "": none
    said: dict[int, int] = field(default_factory=dict)  # of a judgement or choice -> its event


def aftermath(collection: Collection, after: int, run: str, first: int = 0) -> Aftermath:
    """
    What the log tells behind event `after`.

    Args:
        collection: whose log.
        after: the number of an event.
        run: the homes are those before its first event.
        first: the number of that event, where it is known.
    """
    since, own = Aftermath(), False
    touched: set[str] = set()  # works that the run had a part in
    for event in events_of(collection, after):
        if event["event"] in (EventKind.JUDGED, EventKind.CHOSEN):
            since.said[event["said"]["number"]] = event["number"]
        if not first and run and run in (event["run"], *event["cause"].get("arrival", ())):
            first = event["number"]
        if not first:
            continue
        own = _is_own(event, run, first, own)
        works = {event["work_id"], event["to"]} - {""}
        if own or (event["event"] != EventKind.LEFT and not touched.isdisjoint(works)):
            touched |= works
            for record in event["went"]:
                since.homes.setdefault(record, event["work_id"])
            for record in event["came"]:
                since.homes.setdefault(record, "")
    return since


def _is_own(event: Mapping[str, Any], run: str, first: int, own: bool) -> bool:
    """
    Whether an event is of the run, or of the step of event `first`.

    Counts that are learnt behind it, or other weights, are believed to follow from it, until
    another run does something. What others moved elsewhere keeps the id that it has since.
    """
    runs = {event["run"], *event["cause"].get("arrival", ())} - {""}
    if event["number"] == first or (run and run in runs):
        return True
    return own and (not runs or not run)


def refuse_where_not_standing(detector: Detector, told: str, said: SaidChanges) -> None:
    """Raise CannotUndo where a judgement that is to be taken back is not there any more."""
    pairs = {name for one in said.judged for name in one.pair}
    standing = set(detector.holdings.judgements(pairs)) if pairs else set()
    for one in said.judged:
        if one not in standing:
            raise CannotUndo(
                f"{told} cannot be undone: {told_judgement(one)} was taken back already; "
                "`samework undo --list` shows by which run"
            )


def refuse_where_said_since(
    detector: Detector,
    told: str,
    said: SaidChanges,
    records: RecordChanges,
    since: Aftermath,
) -> None:
    """Raise CannotUndo where a later judgement or choice stands in the way."""
    holdings = detector.holdings
    own = {one.number for one in (*said.judged, *said.took_back)}
    first = {one.pair: one.number for one in (*said.judged, *said.took_back)}
    for later in holdings.judgements({name for pair in first for name in pair}):
        if first.get(later.pair, later.number) < later.number and later.number not in own:
            raise _in_the_way(told, told_judgement(later), later.number, since)
    for later in holdings.judgements(records.brought):
        if later.number in since.said:
            raise _in_the_way(told, told_judgement(later), later.number, since)
    for choice in holdings.choices(records.brought):
        if choice.number in since.said:
            raise _in_the_way(told, told_choice(choice), choice.number, since)
    ours = {(one.record, one.field): one.number for one, _ in (*said.chosen, *said.unchosen)}
    for choice in holdings.choices(sorted({record for record, _ in ours})):
        if ours.get((choice.record, choice.field), choice.number) < choice.number:
            raise _in_the_way(told, told_choice(choice), choice.number, since)


def _in_the_way(told: str, later: str, number: int, since: Aftermath) -> CannotUndo:
    event = since.said.get(number)
    at = f"event {event:,}" if event else "a later event"
    first = f"`samework undo {event}`" if event else "undo that"
    return CannotUndo(f"{told} cannot be undone: {at} stands in the way: {later}; {first} first")
