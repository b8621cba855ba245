"""
Re-index as people and schedules ask for it: is there a reason to, and what is left to do?

    engine, weights, Wish  ->  reasons  ->  build and swap (`indexer.ingesting.reindex`)  ->  answer

The caller then compares again, by `Detector.settle`, unless the answer says that it is not
needed. Killed anywhere, the same wish goes on with the build where there is one, else with
what is left to compare. The command and the scheduled job are its callers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from detector.detecting.pipeline import Detector
from detector.errors import NothingUnfinished
from indexer.ingesting import reindex as steps
from indexer.running.workers import Workers

CURRENT = "not needed: keys, mapping and weights are current"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a re-index is asked for."""

    if_needed: bool = False  # nothing is done where keys, mapping and weights are current
    resume: bool = False  # only go on with what is unfinished
    fresh: bool = False  # forget an unfinished build


@dataclass(frozen=True, slots=True)
class ReindexAnswer:
    """What was done; `done` is None where no keys were built."""

    needed: bool
    reasons: tuple[str, ...] = ()  # none, and yet needed: because it was asked for
    done: steps.Reindexed | None = None
    discarded: int = 0  # records of an unfinished build that was forgotten


@dataclass(frozen=True, slots=True)
class Reindexing:
    """One re-index of one detector's engine."""

    detector: Detector
    wish: Wish = field(default_factory=Wish)
    workers: Workers = field(default_factory=Workers)

    def reasons(self) -> tuple[str, ...]:
        """What is out of date: what keys and mapping were made with, then the weights."""
        return (*self.detector.engine.drift(), *self.detector.outdated())

    def build(self, progress: steps.Progress | None = None) -> ReindexAnswer:
        """
        Build and swap as wished, where that is needed.

        Raises:
            NothingUnfinished: `resume`, and no build and no comparing was left unfinished.
            BackendError, BackendBusy: see `indexer.ingesting.reindex.reindex`.
        """
        engine, reasons = self.detector.engine, self.reasons()
        building = engine.unfinished_build() is not None
        if self.wish.resume and not building and not self.detector.outdated():
            raise NothingUnfinished(engine.location)
        if self.wish.if_needed and not building and not reasons:
            return ReindexAnswer(needed=False)
        discarded = steps.discard(engine) if self.wish.fresh else 0
        asked = not (self.wish.if_needed or self.wish.resume)
        done = None
        if asked or building or engine.drift():
            done = steps.reindex(engine, progress, self.workers)
        return ReindexAnswer(True, reasons, done, discarded)
