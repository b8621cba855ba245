"""
Runner: one job at one planned time, under its lock, with an account of it.

    job, clock  ->  which planned time is due?  ->  lock  ->  job  ->  JobRun

Whether a planned time is still to be served is read from the collection, so that
restarts, a second schedule and clocks that jump change nothing. Times missed by less
than the grace period are served once, by the latest of them. Does not: wait for a
time (schedule.py does), or know what a job does (`jobs.Work`).
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Final, Protocol

from indexer.errors import BackendBusy, BackendIncomplete, IndexerError
from indexer.faults import told
from indexer.index.contract import Engine
from indexer.index.opening import damage_of_opened
from indexer.scheduling.job_runs import (
    SERVED,
    Ended,
    JobOutcome,
    JobRun,
    bury,
    moment,
    read_run,
    runs,
    write_missed,
    write_run,
    write_skipped,
)
from indexer.scheduling.jobs import Job

LOG: Final = logging.getLogger("samework.schedule")
LEASE_SECONDS: Final = 300.0  # renewed while the job runs
MOST_CLAIMED: Final = 1_000  # planned times of a job that a process remembers

Told = Callable[[JobRun], None]


class Clock(Protocol):
    """What time it is, and how much of it has passed."""

    def now(self) -> datetime:
        """The time, in UTC; it may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()


class Runner:
    """Runs jobs of one index, each planned time once."""

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        clock: Clock | None = None,
        told: Told | None = None,
    ) -> None:
        self.stop = Event()  # set it, and jobs end at their next batch
        self.clock = clock or SystemClock()
        self._open = open_engine
        self._told = told
        self._by = f"{socket.gethostname()}:{os.getpid()}"
        self._claimed: dict[str, dict[str, None]] = {}  # planned times seen to, oldest first
        self._lock = Lock()

    def serve(self, job: Job) -> JobRun | None:
        """Run a job for the planned time that is due now, if there is one."""
        latest = job.times.latest(self.clock.now())
        if self.stop.is_set() or latest is None or self._late(job, latest):
            return None
        planned = moment(latest)
        if not self._claim(job, planned):
            return None
        try:
            run = self.run(job, planned, job.times.said)
            if run and run.began and run.tries > 1 and run.ended is Ended.SKIPPED:
                # The dead holder's other leases have not lapsed yet.
                self._release(job, planned)
            return run
        except Exception as error:  # the index cannot be reached: again at the next tick
            LOG.error("job not started job=%s planned=%s reason=%s", job.name, planned, error)
            self._release(job, planned)
            return None

    def run(self, job: Job, planned: str = "", times: str = "") -> JobRun | None:
        """
        Run a job now, unless it has been run for this planned time.

        Without a planned time it was asked for, and is run in any case.

        Raises:
            BackendError: the index cannot be reached; nothing has begun.
        """
        planned = planned or moment(self.clock.now())
        run = JobRun(job.name, job.kind, planned, times, by=self._by)
        ended: JobRun | None = None
        with self.engine() as engine:
            try:
                with engine.lease(f"job {job.kind}", LEASE_SECONDS):
                    begun = self._begin(engine, run)
                    ended = begun and self._end(engine, begun, job)
            except IndexerError as error:
                if ended is not None:
                    LOG.warning("lease lost job=%s reason=%s", job.name, error)
                elif isinstance(error, BackendBusy):
                    return self._skip(engine, job, replace(run, reason=str(error)))
                else:
                    raise
        return ended

    def forget_times_before_the_first(self, engine: Engine, job: Job) -> None:
        """A job that never ran at these times has missed none of them."""
        latest = job.times.latest(self.clock.now())
        if latest is None:
            return
        planned = moment(latest)
        if not any(run.times == job.times.said for run in runs(engine, job.name)):
            self._claim(job, planned)

    def due(self, engine: Engine, job: Job) -> bool:
        """Whether the last planned time is still to be served; notes it if it was missed."""
        latest = job.times.latest(self.clock.now())
        if latest is None or (planned := moment(latest)) in self._claimed.get(job.name, ()):
            return False
        run = read_run(engine, job.name, planned)
        served = run is not None and run.ended in SERVED
        if not served and not self._late(job, latest):
            return True
        self._claim(job, planned)
        if run is None:
            self._miss(engine, job, planned)
        return False

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The index, opened for a block: what is open for weeks goes stale."""
        engine = self._open()
        try:
            yield engine
        finally:
            engine.close()

    def _late(self, job: Job, planned: datetime) -> bool:
        return self.clock.now() - planned > job.grace

    def _begin(self, engine: Engine, run: JobRun) -> JobRun | None:
        """Note that a run begins; None when its planned time has been served."""
        before = read_run(engine, run.job, run.planned)
        if before is not None and before.ended in SERVED:
            return None
        tries = 1 + (before.tries if before and before.began else 0)
        bury(engine, run.job)
        run = replace(run, began=moment(self.clock.now()), tries=tries)
        write_run(engine, run)
        self._tell(run)
        return run

    def _end(self, engine: Engine, run: JobRun, job: Job) -> JobRun:
        """Do the work and note how it ended."""
        before = self.clock.monotonic()
        try:
            outcome = job.work(engine, self.stop)
        except BackendBusy as busy:
            outcome = JobOutcome(Ended.SKIPPED, str(busy))
        except Exception as error:  # a job must never end the schedule
            outcome = JobOutcome(Ended.FAILED, _why(error, run.job))
        run = replace(
            run,
            ended=outcome.ended,
            reason=outcome.reason,
            counts=dict(outcome.counts),
            seconds=round(self.clock.monotonic() - before, 3),
            finished=moment(self.clock.now()),
        )
        try:
            write_run(engine, run)
        except IndexerError as error:
            LOG.error("job not noted job=%s reason=%s", run.job, error)
        self._tell(run)
        return run

    def _skip(self, engine: Engine, job: Job, run: JobRun) -> JobRun:
        """Note that somebody else has the lock; look again if it is for this very time."""
        other = read_run(engine, job.name, run.planned)
        run = replace(run, ended=Ended.SKIPPED)
        if self._claim(job, f"{run.planned} skipped"):
            write_skipped(engine, run)
            self._tell(run)
        if other is not None and other.ended is Ended.RUNNING:
            self._release(job, run.planned)
        return run

    def _miss(self, engine: Engine, job: Job, planned: str) -> None:
        grace = f"{job.grace.total_seconds():.0f} s"
        reason = f"no schedule ran then, nor within the {grace} of grace that followed"
        run = JobRun(job.name, job.kind, planned, job.times.said, Ended.MISSED, reason=reason)
        if write_missed(engine, replace(run, by=self._by)):
            self._tell(run)

    def _tell(self, run: JobRun) -> None:
        LOG.info("%s", run.line)
        if self._told:
            self._told(run)

    def _claim(self, job: Job, planned: str) -> bool:
        """See to a planned time; False when this process has done so before."""
        with self._lock:
            claimed = self._claimed.setdefault(job.name, {})
            if planned in claimed:
                return False
            claimed[planned] = None
            if len(claimed) > MOST_CLAIMED:
                del claimed[next(iter(claimed))]
            return True

    def _release(self, job: Job, planned: str) -> None:
        with self._lock:
            self._claimed.get(job.name, {}).pop(planned, None)


def _why(error: Exception, job: str) -> str:
    """Why a job failed; what nobody foresaw is logged with where it arose."""
    if isinstance(error, OSError | MemoryError):
        return told(error)
    known = isinstance(error, IndexerError)
    if (isinstance(error, BackendIncomplete) or not known) and (damaged := damage_of_opened()):
        return damaged
    if known:
        return str(error)
    LOG.error("job broke job=%s", job, exc_info=error)
    return f"{type(error).__name__}: {error}"
