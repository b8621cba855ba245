"""Jobs made for tests, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from indexer.index.contract import Engine
from indexer.scheduling.job_runs import Ended, JobOutcome
from indexer.scheduling.jobs import Job, Work
from indexer.scheduling.times import times_of

NIGHT = datetime(2025, 3, 3, 2, 30, tzinfo=UTC)
DONE = JobOutcome(Ended.DONE)

Open = Callable[[], Engine]


class HandClock:
    """A clock that a test sets; what has passed is counted apart."""

    def __init__(self, now: datetime) -> None:
        self.time = now
        self.passed = 0.0

    def now(self) -> datetime:
        """The time as it was set."""
        return self.time

    def monotonic(self) -> float:
        """The seconds as they were counted."""
        return self.passed


def made_job(work: Work = lambda *_: DONE, name: str = "made", **plain: str) -> Job:
    """A job of a kind of its own, at 02:30 unless other times are given."""
    times = times_of(plain or {"at": "02:30"}, "UTC", name)
    return Job(name, name, name, times, timedelta(hours=3), work)
