"""
Plans of undoing: what taking a run or an event back will change, or what stands in the way.

    "r000012" | "57"  ->  what it stored  ->  is it in the way of something later?  ->  UndoPlan

A judgement is in the way of an earlier one of the same pair, and of the arrival of a record that
it is about; a run that changed a record again is in the way of the run before it. Nothing is
stored here. Does not: undo (`undoing.py` does).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from detector.detecting.forming_again import FormingAgain
from detector.detecting.judging import Acted, acted_of
from detector.detecting.pipeline import Detector
from detector.runs.in_the_way import (
    aftermath,
    refuse_where_not_standing,
    refuse_where_said_since,
)
from detector.runs.said_changes import SaidChanges, said_in
from detector.runs.undo_words import told_choice, told_event, told_judgement, told_some
from detector.store.events import EventKind
from detector.works.judgements import Judgement
from indexer.errors import CannotUndo, NoSuchRun
from indexer.ingesting.taking_back import (
    RecordChanges,
    changes_of,
    refuse_where_changed_since,
    undoable,
)

PREVIEWED: Final = 20_000  # records; of more what becomes of works is told once it is done
TOLD: Final = 20  # changes of works, in words
SAID: Final = {EventKind.JUDGED, EventKind.CHOSEN, EventKind.UNDONE}
NO_RECORDS: Final = RecordChanges((), ())


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing something will change."""

    name: str  # "r000012" or "event 57"
    told: str  # the same for a person
    run: str  # "" where it is a part of one
    said: SaidChanges
    records: RecordChanges
    homes: Mapping[str, str]  # records -> the ids that they had before
    acted: Acted | None  # what will become of works; None: too many records to say before
    returning: tuple[str, ...]  # ids that lead nowhere today, or elsewhere, and name works again
    about: frozenset[str]  # the records that it changes or is about

    @property
    def lines(self) -> list[str]:
        """It for a person, a line a kind of change."""
        return [f"to undo: {self.told}", *(f"  {line}" for line in self._lines())]

    def to_dict(self) -> dict[str, Any]:
        """It as plain values."""
        return {
            "undoes": self.name,
            "records_that_go": list(self.records.brought),
            "records_put_back": list(self.records.replaced),
            "judgements_taken_back": [said.to_dict() for said in self.said.judged],
            "judgements_that_stand_again": [said.to_dict() for said in self.said.took_back],
            "choices_taken_back": [choice.to_dict() for choice, _ in self.said.chosen],
            "choices_that_stand_again": [choice.to_dict() for choice, _ in self.said.unchosen],
            "ids_that_come_back": list(self.returning),
            "works": list(self.acted.events) if self.acted else None,
        }

    def _lines(self) -> Iterator[str]:
        said = self.said
        for what, values in (
            ("records that go", self.records.brought),
            ("records put back as they were", self.records.replaced),
            ("judgements taken back", list(map(told_judgement, said.judged))),
            ("judgements that stand again", list(map(told_judgement, said.took_back))),
            ("choices taken back", [told_choice(choice) for choice, _ in said.chosen]),
            ("choices that stand again", [told_choice(choice) for choice, _ in said.unchosen]),
            ("ids that come back", self.returning),
        ):
            if values:
                yield f"{what}: {len(values):,}: {told_some(values)}"
        if self.acted is None:
            yield "what becomes of works is told as they are formed again"
            return
        works = list(map(told_event, self.acted.events))
        yield from works[:TOLD] or ["no work changes"]
        if len(works) > TOLD:
            yield f"and {len(works) - TOLD:,} more changes of works"
        if self.records.replaced:
            yield "records put back are compared again, which may change more works"


def plan_of(detector: Detector, name: str) -> UndoPlan:
    """
    What undoing a run or an event will change.

    Args:
        detector: over the index.
        name: of a run, or the number of an event.

    Raises:
        NoSuchRun: there is no such run or event.
        CannotUndo: something later stands in the way, which the message names; or the event
            only follows from a run, which it names too.
    """
    if name.isdecimal():
        return _plan_of_event(detector, int(name))
    if name[:1] in "rR" and name[1:].isdecimal():
        return _plan_of_run(detector, f"r{int(name[1:]):06d}")
    raise NoSuchRun(
        f"{name!r} is neither a run, as r000012, nor the number of an event, as 57; "
        "`samework undo --list` shows the runs, `samework works events` the events"
    )


def _plan_of_run(detector: Detector, run: str) -> UndoPlan:
    engine = detector.engine
    account = undoable(engine, run)
    records, said = changes_of(engine, run), said_in(engine, run)
    since = aftermath(engine, account.after, run)
    refuse_where_changed_since(engine, account, records)
    refuse_where_said_since(detector, account.told(), said, records, since)
    gone = set(records.brought)
    homes = {name: home for name, home in since.homes.items() if name not in gone}
    return _planned(detector, (run, account.told(), run), said, records, homes)


def _plan_of_event(detector: Detector, number: int) -> UndoPlan:
    engine = detector.engine
    entry = engine.entries([number]).get(number)
    if entry is None:
        raise NoSuchRun(f"there is no event {number:,}; the last is {engine.append([]):,}")
    event = orjson.loads(entry)
    run = event.get("run", "")
    if event["event"] not in SAID:
        raise CannotUndo(_follows(event, number, run))
    whole = said_in(engine, run) if run else SaidChanges()
    said = whole.of_number(event["said"].get("number", 0))
    if not run and event["event"] == EventKind.JUDGED:
        said = SaidChanges((Judgement.from_dict(event["said"]),))
    if run and said == whole:
        return _plan_of_run(detector, run)
    told = f"event {number:,} of {run or 'no run'}"
    refuse_where_not_standing(detector, told, said)
    since = aftermath(engine, number - 1, "", number)
    refuse_where_said_since(detector, told, said, NO_RECORDS, since)
    return _planned(detector, (f"event {number}", told, ""), said, NO_RECORDS, since.homes)


def _follows(event: Mapping[str, Any], number: int, run: str) -> str:
    cause = event.get("cause", {})
    runs = [run] if run else cause.get("arrival", [])
    of = f"from {', '.join(runs)}" if runs else f"from {orjson.dumps(cause).decode()}"
    told = f"event {number:,} ({event['event']}) only follows {of}, and is not undone by itself"
    return f"{told}; `samework undo {runs[0]}`" if runs else f"{told}; no run caused it"


def _planned(
    detector: Detector,
    names: tuple[str, str, str],
    said: SaidChanges,
    records: RecordChanges,
    homes: Mapping[str, str],
) -> UndoPlan:
    about = frozenset({*said.records, *records.brought, *records.replaced})
    said = left_of(detector, said)
    acted, returning = preview_of(detector, about, said, records, homes)
    return UndoPlan(*names, said, records, homes, acted, returning, about)


def left_of(detector: Detector, said: SaidChanges) -> SaidChanges:
    """What of it is left to do: not what was taken back by its event, or brought back, before."""
    pairs = {name for one in (*said.judged, *said.took_back) for name in one.pair}
    standing = set(detector.holdings.judgements(pairs)) if pairs else set()
    return replace(
        said,
        judged=tuple(one for one in said.judged if one in standing),
        took_back=tuple(one for one in said.took_back if one not in standing),
    )


def preview_of(
    detector: Detector,
    about: Collection[str],
    said: SaidChanges,
    records: RecordChanges,
    homes: Mapping[str, str],
) -> tuple[Acted | None, tuple[str, ...]]:
    """What will become of works, and which ids come back; None where that takes too long."""
    epoch = detector.holdings.epoch()
    if epoch is None:
        return Acted(), ()
    if len(about) > PREVIEWED:
        return None, ()
    formed = FormingAgain(detector.forming(epoch), detector.holdings).works(
        about,
        said.took_back,
        homes,
        without=frozenset(said.judged),
        absent=frozenset(records.brought),
    )
    named = {work.work_id for work in formed.changed.works}
    living = detector.holdings.works(sorted(named))
    known = detector.holdings.given(named)
    return acted_of(formed, ()), tuple(sorted(known - living.keys()))
