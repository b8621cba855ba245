"""
Incremental runs: when what a harvest or an ingest stores is compared.

    ids that changed, batch by batch  ->  compared now, or left waiting  ->  settled when due

Whatever is not compared yet waits in the collection (`ingest.PENDING`), so waiting costs
nothing but time. What settling would compare again anyway is left for the end: all records
of a collection without an epoch, and those of one that grew by more than
`Detector.whole_from` since. While another process changes works, records are stored all
the same and comparing is tried again later; at the end it is waited for, up to `patience`.

Settling reads the keys of the whole collection, so a large one is settled only once a
share of it has changed: a changed record costs the same however many there are.
Does not: compare by itself (`pipeline.py` does), or store records.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    stop_when_event_set,
    wait_random_exponential,
)
from tenacity.nap import sleep_using_event

from detector.detecting.pipeline import Detector, Progress
from indexer.errors import BackendBusy
from indexer.ingesting.ingest import Ingestion

PATIENCE: Final = 600.0  # seconds to wait for another process that changes works
AT_ONCE: Final = 2_000  # records that changed; each step costs something, however few it takes
AGAIN: Final = 10.0  # seconds, while works are held by another process
LONGEST_WAIT: Final = 10.0  # seconds between two tries at the end
# Comparing all again takes 0.3 ms a record: a few seconds up to here, so it is always done. In a
# made year, nights of 800 records into 27,000 to 52,000 took 1.2 s of CPU each, settling them 5.
SMALL: Final = 10_000  # records
# Of a larger collection. A tenth more records touch two thirds of all, so settling compares all
# again, 0.25 ms of CPU each: 1 ms a changed record where a quarter is new, 25 where 1 % is.
SETTLED_FROM: Final = 0.25

Say = Callable[[str], object]


class _Stopped(Exception):  # not an error: it carries a stop out of a long step
    """A signal asked to stop."""


@dataclass
class Arrivals:
    """Compares what one run stores; give it to `Ingestion` as `arrived`."""

    detector: Detector
    say: Say  # is called with sentences for the person who waits
    stop: Event = field(default_factory=Event)
    patience: float = PATIENCE  # seconds
    at_once: int = AT_ONCE  # records
    seconds: float = field(init=False, default=0.0)  # spent on comparing
    _settled: bool = field(init=False, default=True)
    _room: float = field(init=False)  # records that may still come before all is compared anew
    _stored: int = field(init=False, default=0)  # since the last time
    _not_before: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.detector.notice_others()
        epoch = self.detector.holdings.epoch()
        self._room = self.detector.whole_from * epoch.records if epoch else 0.0

    def __call__(self, changed: Sequence[str]) -> None:
        """Note what was stored; compare what waits, if it is enough and no other process does."""
        self._stored += len(changed)
        self._room -= len(changed)
        if self._stored < self.at_once or self._room < 0 or time.monotonic() < self._not_before:
            return
        try:
            with self._timed():
                self._compare()
        except BackendBusy as busy:
            self._not_before = time.monotonic() + AGAIN
            self.say(f"comparing is put off, storing goes on: {busy}")
            return
        self._stored = 0

    def ingestion(self) -> Ingestion:
        """What stores pages and has them compared, by the fields that storing made."""
        engine, made = self.detector.engine, self.detector.arriving.take
        return Ingestion(engine, self, made=made)

    def settle(self, progress: Progress | None = None, *, always: bool = True) -> int:
        """
        Compare what waits, then again the records whose evidence its arrival changed.

        Unless `always`, a large collection is settled only when it is due.

        Returns:
            How many records were compared again.

        Raises:
            BackendBusy: another process still changes works after `patience`, or while
                `stop` is set; what was stored waits for the next run.
        """
        self.detector.engine.make_visible()
        waited = False

        def announce(state: RetryCallState) -> None:
            nonlocal waited
            error = state.outcome and state.outcome.exception()
            if not waited:
                self.say(
                    f"all is stored; waiting up to {self.patience:.0f} s to compare it: {error}"
                )
            waited = True

        again = Retrying(
            retry=retry_if_exception_type(BackendBusy),
            wait=wait_random_exponential(max=LONGEST_WAIT),
            stop=stop_after_delay(self.patience) | stop_when_event_set(self.stop),
            sleep=sleep_using_event(self.stop),
            before_sleep=announce,
            reraise=True,
        )
        compared_again: int = again(self._settle, progress, always)
        self.detector.holdings.fulfil_wanted_homes()
        return compared_again

    def finish(self, progress: Progress | None = None) -> bool:
        """
        Settle what was stored, as far as it is due, and say how that ended.

        Returns:
            Whether nothing waits: not when `stop` was set, nor when another process
            changed works for longer than `patience`.
        """

        def told(more: int, share: float) -> None:
            if self.stop.is_set():
                raise _Stopped
            if progress:
                progress(more, share)

        try:
            self.settle(told, always=False)
        except (BackendBusy, _Stopped) as ended:
            why = str(ended) or "a signal asked to stop"
            waiting = f"{self.detector.waiting()} records are stored and wait to be compared"
            self.say(f"{waiting}; the same command does: {why}")
            return False
        self.say(self.account)
        return True

    @property
    def account(self) -> str:
        """How many records were compared and at which rate, for people."""
        count, seconds = self.detector.records_compared, self.seconds
        done = f"compared {count} records in {seconds:.1f} s ({count / max(seconds, 0.1):.0f}/s)"
        return done if self._settled else f"{done}; settling is due when {SETTLED_FROM:.0%} changed"

    def _compare(self) -> None:
        self.detector.holdings.count_changed(self.detector.arrived())

    def _settle(self, progress: Progress | None, always: bool) -> int:
        with self._timed():
            if always or self._due():
                return self.detector.settle(progress)
            self._compare()
            self._settled = False
            return 0

    def _due(self) -> bool:
        holdings = self.detector.holdings
        epoch = holdings.epoch()
        if epoch is None or epoch.records < SMALL or self.detector.outdated():
            return True
        changed = holdings.changed() + self.detector.waiting()
        return changed >= SETTLED_FROM * epoch.records

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began
