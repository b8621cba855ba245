"""
Undoing: a run or an event taken back, works and ids as they were.

    UndoPlan  ->  a run that stores what was there before  ->  works formed again  ->  Undone

Works that grew since keep what came; records get the ids that they had before. What people said
is taken back in one step with the works; records are put back first, queued, and compared as any
that arrive: who kills that finds the rest done by the next run. An undo is a run itself and is
undone in the same way. Does not: say what will change or stands in the way (`undo_plan.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from detector.detecting.judging import act, log_said
from detector.detecting.pipeline import Detector
from detector.runs.choosing import log_choice
from detector.runs.in_the_way import Aftermath, refuse_where_said_since
from detector.runs.incremental import PATIENCE, Arrivals
from detector.runs.said_changes import Choices, SaidChanges
from detector.runs.undo_plan import NO_RECORDS, UndoPlan, plan_of
from detector.store.events import EventKind, Occasion, events_of
from detector.works.judgements import Judgement
from indexer.errors import BackendBusy, CannotUndo
from indexer.ingesting.runs import OpenRun, begin_run
from indexer.ingesting.taking_back import begin_undo, take_back


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did, or would do."""

    plan: UndoPlan
    run: str = ""  # of the undo, by which it is undone; "" where nothing was done
    events: tuple[dict[str, Any], ...] = ()  # what became of works
    waiting: str = ""  # why records wait to be compared, where they do

    def to_dict(self) -> dict[str, Any]:
        """It as plain values."""
        told = {**self.plan.to_dict(), "run": self.run, "waiting": self.waiting}
        return {**told, "events": list(self.events)}


def undo(
    detector: Detector,
    name: str,
    *,
    by: str | None = None,
    shown: Callable[[UndoPlan], object] = bool,
    patience: float = PATIENCE,
    say: Callable[[str], object] = str,
) -> Undone:
    """
    Take back a run, or what one event says.

    Args:
        detector: over the index.
        name: of a run, or the number of an event.
        by: who; None: `person()`.
        shown: is given what will change before it does.
        patience: seconds to wait for another process that changes works.
        say: is given sentences for a person who waits.

    Raises:
        NoSuchRun: there is no such run or event.
        CannotUndo: something later stands in the way; nothing was changed.
        BackendBusy: another process changes works; nothing was changed.
    """
    plan = plan_of(detector, name)
    shown(plan)
    engine = detector.engine
    before = engine.append([])
    began = begin_undo(engine, plan.run, by) if plan.run else begin_run(engine, f"undo {name}", by)
    waiting = ""
    with began as run:  # until all is formed again, so that one that is killed is gone on with
        if plan.records == NO_RECORDS:
            _undo_said(detector, plan, run)
        else:
            with detector.taking_turn(), engine.atomically():
                detector.holdings.want_homes(plan.homes)
                take_back(engine, plan.run, run)
            waiting = _compared(detector, patience, say)
    events = (event for event in events_of(engine, before) if event["run"] == run.run)
    return Undone(plan, run.run, tuple(events), waiting)


def _undo_said(detector: Detector, plan: UndoPlan, run: OpenRun) -> None:
    said, holdings = plan.said, detector.holdings

    def store(occasion: Occasion) -> tuple[Judgement, ...]:
        # somebody may have judged since the plan was made
        refuse_where_said_since(detector, plan.told, said, NO_RECORDS, Aftermath())
        if noted := _noted(said):  # first: killed behind it, it says too much, never too little
            run.note(noted)
        holdings.take_back(said.judged)
        holdings.add_judgements(said.took_back)
        log_said(detector, EventKind.UNDONE, said.judged, occasion)
        log_said(detector, EventKind.JUDGED, said.took_back, occasion)
        _swap_choices(detector, said, occasion)
        return said.took_back

    cause = {"undo": plan.name}
    act(detector, plan.about, store, run=run.run, cause=cause, homes_before=plan.homes)


def _swap_choices(detector: Detector, said: SaidChanges, occasion: Occasion) -> None:
    """Take choices back, and let others stand again."""
    holdings = detector.holdings
    homes = holdings.work_ids_of(sorted(said.records))
    for choice, before in said.chosen:
        if holdings.take_back_choice(choice, before) is not None:
            raise CannotUndo(f"{choice} was replaced meanwhile; undo the later choice first")
        home = homes.get(choice.record, "")
        log_choice(detector, EventKind.UNDONE, home, choice.to_dict(), occasion)
    for choice, _ in said.unchosen:
        holdings.store_choice(choice)
        home = homes.get(choice.record, "")
        log_choice(detector, EventKind.CHOSEN, home, choice.to_dict(), occasion)


def _noted(said: SaidChanges) -> dict[str, Any]:
    """What the undo of these notes of itself: the other way round."""
    change = {
        "judged": [one.to_dict() for one in said.took_back],
        "took_back": [one.to_dict() for one in said.judged],
        "chosen": list(_plain(said.unchosen)),
        "unchosen": list(_plain(said.chosen)),
    }
    return {name: values for name, values in change.items() if values}


def _plain(choices: Choices) -> Iterable[dict[str, Any]]:
    for choice, before in choices:
        yield {"choice": choice.to_dict(), "before": before.to_dict() if before else None}


def _compared(detector: Detector, patience: float, say: Callable[[str], object]) -> str:
    """Compare what was put back; why that waits, where it does."""
    if not detector.holdings.was_detected():
        detector.engine.make_visible()
        return ""
    try:
        Arrivals(detector, say, patience=patience).settle(always=False)
    except BackendBusy as busy:
        return f"records wait to be compared; the next run that compares does: {busy}"
    return ""
