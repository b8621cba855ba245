"""
Choosing: a person says from which record of a work a field of its merged record is taken.

    work, field, record  ->  a stored choice, an event, a note of the run it belongs to

Kept and undone as a judgement is: it survives updates, merges and splits with its record. Nothing
is compared or formed again by it. Does not: merge records (`works/merging/canonical.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from detector.choices import one_of
from detector.detecting.judging import act
from detector.detecting.pipeline import Detector
from detector.errors import UnusableChoice
from detector.store.events import Event, EventKind, Occasion, log_events
from detector.store.stored_judgements import JUDGED, next_number
from detector.works.judgements import Judgement
from detector.works.members import members_of
from detector.works.merging.canonical import CHOOSABLE
from detector.works.merging.choices_of_fields import FieldChoice
from detector.works.works import Work
from indexer.ingesting.runs import OpenRun


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that was stored."""

    work_id: str
    choice: FieldChoice
    before: FieldChoice | None  # that it replaced, of the same record and field
    event: int  # the number by which it is undone
    run: str  # and the run

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        told = {"work_id": self.work_id, **self.choice.to_dict()}
        return {**told, "event": self.event, "run": self.run}


def choose(detector: Detector, work: Work, choice: FieldChoice, run: OpenRun) -> Chosen:
    """
    Store a choice of a person, and note in the run what it replaced.

    Args:
        detector: over the index.
        work: the work whose merged record is meant.
        choice: not numbered yet.
        run: the run that it belongs to.

    Raises:
        UnknownValue: no field that is taken from one record is called so.
        UnusableChoice: the record is not in the work, or does not say this field.
        BackendBusy: another process changes works; nothing was stored.
    """
    _usable(detector, work, choice)
    done: list[Chosen] = []

    def store(occasion: Occasion) -> tuple[Judgement, ...]:
        number = next_number(detector.engine, JUDGED)
        numbered = replace(choice, at=choice.at or occasion.at, number=number)
        before = detector.holdings.store_choice(numbered)
        noted = {"choice": numbered.to_dict(), "before": before.to_dict() if before else None}
        run.note({"chosen": [noted]})
        said = numbered.to_dict()
        (event,) = log_choice(detector, EventKind.CHOSEN, work.work_id, said, occasion)
        done.append(Chosen(work.work_id, numbered, before, event, run.run))
        return ()

    act(detector, [choice.record], store, run=run.run, cause={"choice": choice.field})
    return done[0]


def log_choice(
    detector: Detector,
    kind: EventKind,
    work_id: str,
    said: Mapping[str, Any],
    occasion: Occasion,
) -> list[int]:
    """Log that a choice was made, or taken back, of a record that is in this work."""
    event = Event(kind, origin=(work_id,) if work_id else (), said=said)
    return log_events(detector.engine, [event], occasion)


def _usable(detector: Detector, work: Work, choice: FieldChoice) -> None:
    one_of(choice.field, CHOOSABLE, "field of a merged record that comes from one record")
    if choice.record not in work.records:
        raise UnusableChoice(choice.record, f"is no record of {work.work_id}", work.records)
    records = detector.engine.get(work.records)
    members = members_of(work, records, detector.fields.of(work.records))
    saying = [member.record_id for member in members if CHOOSABLE[choice.field](member)]
    if choice.record not in saying:
        raise UnusableChoice(choice.record, f"says no {choice.field}", saying)
