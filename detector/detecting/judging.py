"""
Judging: what a person says acts at once.

    judgements  ->  stored and logged, the works that they concern formed again  ->  events

Under the lock of works, and in one transaction where the engine has one. Elsewhere the records
wait in the queue from before the first write until after the last, so that a step that was killed
is finished by the next run that compares. Does not: know how judgements are given (sheets, the
queue, a command) or take them back (`detector/runs/undoing.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from detector.decision.verdicts import Decision
from detector.detecting.forming_again import NO_HOMES, FormedAgain, FormingAgain
from detector.detecting.pipeline import Detector
from detector.store.events import Event, EventKind, Occasion, log_events, moment
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement
from indexer.ingesting.ingest import PENDING, queue_entries
from indexer.running.crash_points import reached

NOTHING_SAID: Final = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """What a step that acts at once did, or would do."""

    judgements: tuple[Judgement, ...] = ()  # as they are stored: numbered, dated
    events: tuple[dict[str, Any], ...] = ()  # what became of works; with numbers where stored
    conflicts: tuple[Conflict, ...] = ()  # that stand now between the records concerned
    moved: int = 0  # records that are in another work now


def judge(
    detector: Detector,
    judgements: Sequence[Judgement],
    run: str = "",
    note: Callable[[Mapping[str, Any]], object] = dict,
) -> Acted:
    """
    Store judgements, and form the works again that they concern.

    What the program had said of a pair is noted where the judgement does not say it already.
    Records that the index does not hold are judged all the same: it counts once they are there.

    Args:
        detector: over the index.
        judgements: of pairs of records.
        run: the run that they belong to.
        note: is given what the run stores, within the step; as `OpenRun.note`.

    Raises:
        BackendBusy: another process changes works; nothing was stored.
    """

    def store(occasion: Occasion) -> tuple[Judgement, ...]:
        said = detector.holdings.add_judgements(dated(detector, judgements))
        log_said(detector, EventKind.JUDGED, said, occasion)
        note({"judged": [judgement.to_dict() for judgement in said]})
        return tuple(said)

    records = {name for judgement in judgements for name in judgement.pair}
    return act(detector, records, store, run=run, cause={"judgement": True})


def log_said(
    detector: Detector, kind: EventKind, judgements: Sequence[Judgement], occasion: Occasion
) -> list[int]:
    """Log that these were said, or taken back, with the works that their records are in."""
    names = sorted({name for judgement in judgements for name in judgement.pair})
    homes = detector.holdings.work_ids_of(names)
    events = [
        Event(
            kind,
            origin=tuple(sorted({homes[name] for name in judgement.pair if name in homes})),
            said=judgement.to_dict(),
        )
        for judgement in judgements
    ]
    return log_events(detector.engine, events, occasion)


def preview(detector: Detector, judgements: Sequence[Judgement]) -> Acted:
    """What `judge` would do; nothing is stored."""
    epoch = detector.holdings.epoch()
    said = tuple(dated(detector, judgements))
    if epoch is None:
        return Acted(said)
    forming = FormingAgain(detector.forming(epoch), detector.holdings)
    records = {name for judgement in judgements for name in judgement.pair}
    return acted_of(forming.works(records, said), said)


def act(
    detector: Detector,
    record_ids: Iterable[str],
    store: Callable[[Occasion], tuple[Judgement, ...]],
    *,
    run: str = "",
    cause: Mapping[str, Any],
    homes_before: Mapping[str, str] = NO_HOMES,
) -> Acted:
    """
    Store something, and form the works of these records again, as one step.

    Args:
        detector: over the index.
        record_ids: the records that it is about.
        store: stores and logs it; what it returns are the judgements of the answer.
        run: the run that it belongs to.
        cause: what the events say of why.
        homes_before: records that get back the work ids which they had once: an undo's.
    """
    about = sorted(set(record_ids))
    engine = detector.engine
    with detector.taking_turn() as turn, engine.atomically():
        waiting = queue_entries(about, run)
        engine.write(PENDING, waiting)
        occasion = Occasion(moment(), turn, run, cause)
        said = store(occasion)
        reached("within-judgement")
        epoch = detector.holdings.epoch()
        acted = Acted(said)
        if epoch is not None:
            forming = FormingAgain(detector.forming(epoch), detector.holdings, occasion)
            formed = forming.works(about, homes_before=homes_before)
            acted = acted_of(formed, said, forming.store(formed))
            reached("after-forming")
            engine.remove(PENDING, waiting)
    return acted


def dated(detector: Detector, judgements: Sequence[Judgement]) -> list[Judgement]:
    """Judgements with the time, and with what the program says of their pairs now."""
    names = {name for judgement in judgements for name in judgement.pair}
    decided = detector.holdings.decisions_about(names)
    now = moment()
    return [
        replace(
            judgement,
            at=judgement.at or now,
            said=judgement.said or saying(decided.get(judgement.pair)),
        )
        for judgement in judgements
    ]


def saying(decision: Decision | None) -> str:
    """What the program says of a pair, as a judgement notes it."""
    return f"{decision.saying} {decision.probability:.2f}" if decision else NOTHING_SAID


def acted_of(
    formed: FormedAgain, said: tuple[Judgement, ...], numbers: list[int] | None = None
) -> Acted:
    """What became of works, as an answer; the numbers of its events where they are stored."""
    events = formed.events
    for event, number in zip(events, numbers or [], strict=False):
        event["number"] = number
    came = {record for event in formed.changed.events for record in event.came}
    return Acted(said, tuple(events), formed.conflicts, len(came))
