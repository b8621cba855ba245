"""
Schedule: jobs at their times in one long-lived process, one of a kind across machines.

    jobs  ->  APScheduler wakes them and gives them threads  ->  Runner.serve

Every half minute it looks again at what is due: after a restart, a clock that was set,
a machine that slept or a schedule elsewhere that died, the next wake-up is put right.
Does not: decide whether a time was served (runner.py does).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from indexer.errors import IndexerError
from indexer.scheduling.job_runs import moment, quoted
from indexer.scheduling.jobs import Job
from indexer.scheduling.runner import Runner

LOG: Final = logging.getLogger("samework.schedule")
TICK_SECONDS: Final = 30.0  # between two looks


class Schedule:
    """Keeps jobs running at their times until it is told to stop."""

    def __init__(self, jobs: Sequence[Job], runner: Runner, tick: float = TICK_SECONDS) -> None:
        self.jobs = jobs
        self.runner = runner
        self._tick = tick
        # Two threads a job: one works, one finds that it does and says so.
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2 * len(jobs))},
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )

    def run(self, wait: Callable[[float], bool]) -> None:
        """
        Run jobs at their times until `wait(seconds)`, which sleeps, says to stop.

        Then jobs in hand end at their next batch.

        Raises:
            IndexerError: the index cannot be opened at the start; later that is waited out.
        """
        with self.runner.engine() as engine:
            for job in self.jobs:
                self.runner.forget_times_before_the_first(engine, job)
        for job in self.jobs:
            trigger = job.times.trigger
            self._scheduler.add_job(self.runner.serve, trigger, args=[job], id=job.name)
        self._scheduler.start()
        LOG.info("schedule started jobs=%d", len(self.jobs))
        for job in self.jobs:
            coming = moment(job.times.next(self.runner.clock.now()))
            LOG.info("job waits job=%s run=%s next=%s", job.name, quoted(job.run), coming)
        try:
            while True:
                self._look()
                if wait(self._tick):
                    break
        finally:
            self.runner.stop.set()
            LOG.info("schedule stopping; jobs in hand end at their next batch")
            self._scheduler.shutdown(wait=True)
            LOG.info("schedule stopped")

    def _look(self) -> None:
        """Wake what a restart, a clock that was set or a death elsewhere has made due."""
        try:
            with self.runner.engine() as engine:
                due = {job.name for job in self.jobs if self.runner.due(engine, job)}
        except IndexerError as error:
            LOG.error("index not reached reason=%s", error)
            due = set()
        now = self.runner.clock.now()
        for job in self.jobs:
            wanted = now if job.name in due else job.times.next(now)
            scheduled = self._scheduler.get_job(job.name)
            if scheduled.next_run_time > wanted:
                scheduled.modify(next_run_time=wanted)
        self._scheduler.wakeup()
