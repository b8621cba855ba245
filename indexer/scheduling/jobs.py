"""
Jobs: what is to run at which times, as `[schedule]` of samework.toml says.

    [schedule] zone, grace   [[schedule.job]] name, run, at | every | cron  ->  Job

What the words of `run` do is given as a table by whoever can do it, so that this
package need not know the detector. Does not: run anything (schedule.py does).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from threading import Event
from typing import Any, Final

from indexer.errors import SettingsError
from indexer.index.contract import Engine
from indexer.scheduling.job_runs import JobOutcome
from indexer.scheduling.times import Times, span_of, times_of

GRACE: Final = "3h"  # how late a missed time is still served
EXAMPLE: Final = '[[schedule.job]] with run = "harvest arxiv" and at = "02:30"'
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")

# Does the work on an engine until it is done or told to stop.
Work = Callable[[Engine, Event], JobOutcome]
# From the words behind the first one of `run`: the kind of the job, and its work.
Maker = Callable[[Sequence[str]], tuple[str, Work]]


@dataclass(frozen=True, slots=True)
class Job:
    """One job of the schedule."""

    name: str
    run: str  # as configured: "harvest arxiv"
    kind: str  # one at a time across all machines: "harvest:arxiv"
    times: Times
    grace: timedelta
    work: Work


def jobs_of(schedule: Mapping[str, Any], makers: Mapping[str, Maker]) -> list[Job]:
    """
    The jobs of a `[schedule]` table.

    Raises:
        SettingsError: it has none, or a value that cannot be used.
    """
    _only(schedule, ("zone", "grace", "job"), "[schedule]")
    rows = schedule.get("job", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError(f"[schedule] job = {rows!r}, expected tables: {EXAMPLE}")
    if not rows:
        raise SettingsError(f"there are no jobs; put into samework.toml a table {EXAMPLE}")
    jobs = [_job(row, schedule, makers) for row in rows]
    names = [job.name for job in jobs]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(
                f'two [[schedule.job]] are called {name!r}; give one of them another `name = "…"`'
            )
    return jobs


def named(jobs: Sequence[Job], name: str) -> Job | None:
    """The job of a name."""
    return next((job for job in jobs if job.name == name), None)


def _job(row: Mapping[str, Any], schedule: Mapping[str, Any], makers: Mapping[str, Maker]) -> Job:
    run = row.get("run")
    if not isinstance(run, str) or not run.split():
        raise SettingsError(f"[[schedule.job]] run = {run!r}, expected what to run: {EXAMPLE}")
    verb, *words = run.split()
    if verb not in makers:
        known = ", ".join(makers)
        raise SettingsError(f"[[schedule.job]] run = {run!r}, expected one of {known}: {EXAMPLE}")
    kind, work = makers[verb](words)
    name = row.get("name", kind)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError(
            f"[[schedule.job]] name = {name!r}, expected up to 100 letters, digits and _ . : -"
        )
    where = f"job {name!r}"
    _only(row, ("name", "run", "at", "every", "cron", "grace"), where)
    times = times_of(row, schedule.get("zone", "UTC"), where)
    grace = span_of(row.get("grace", schedule.get("grace", GRACE)), f"{where}: grace")
    return Job(name, " ".join([verb, *words]), kind, times, grace, work)


def _only(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for name in table:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise SettingsError(f"{where} has the unknown setting {name!r}; {hint}")
