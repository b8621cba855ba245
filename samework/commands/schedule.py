"""`samework schedule`: jobs at their times, in one long-lived process."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from detector.choices import one_of
from detector.runs.jobs import makers
from indexer.errors import BackendUnavailable
from indexer.index.opening import open_engine
from indexer.index.opensearch.location import Location
from indexer.scheduling import equivalents
from indexer.scheduling.job_runs import Ended, JobRun, last_run, moment
from indexer.scheduling.jobs import Job, jobs_of, named
from indexer.scheduling.runner import Runner
from indexer.scheduling.schedule import Schedule
from indexer.settings import Settings
from samework.commands.choices import usage
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, WeightsOption
from samework.commands.stopping import asked_to_stop
from samework.commands.terminal import Status, emit, emit_json, inert, say

FORMATS: Final = ("cron", "systemd")
LISTENING: Final = 0.2  # seconds between two looks at a job that was asked for


def schedule(
    context: typer.Context,
    index: IndexOption = DEFAULT_INDEX,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the jobs, when they run next and how they ran.")
    ] = False,
    once: Annotated[str, typer.Option(metavar="JOB", help="Run this job now, and end.")] = "",
    print_: Annotated[
        str, typer.Option("--print", metavar="cron|systemd", help="Print what does the same.")
    ] = "",
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Run the jobs of samework.toml (harvest, reindex, settle) at their times, until stopped.

    Two of one kind never run at once, on whatever machines. A time that was missed by
    less than the grace period is made up for once. SIGTERM and Ctrl-C let the job in
    hand end at its next page or batch. Exit status: 0 done, 1 error; with --once also
    3 when records are missing, or somebody else is at it.

    Example: samework schedule --list
    """
    settings: Settings = context.obj
    jobs = jobs_of(settings.table("schedule"), makers(settings.table("feeds"), weights))
    if print_:
        given = ["--index", _shown(index)]
        given += ["--weights", os.path.abspath(weights)] if weights else []
        with usage():
            form = one_of(print_, FORMATS, "format to print")
        _print(jobs, form, given, settings)
    elif list_:
        _list(jobs, index, json)
    elif once:
        _once(jobs, once, _runner(index, json))
    else:
        _keep(jobs, _runner(index, json))


def _runner(index: str, json: bool) -> Runner:

    class Inert(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return inert(super().format(record))

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Inert("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    logger = logging.getLogger("samework")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    def told(run: JobRun) -> None:
        if json and run.ended is not Ended.RUNNING:
            emit_json(run.plain)

    return Runner(lambda: open_engine(index), told=told)


def _keep(jobs: list[Job], runner: Runner) -> None:
    with asked_to_stop() as wait:
        Schedule(jobs, runner).run(wait)


def _once(jobs: list[Job], name: str, runner: Runner) -> None:
    """Run one job in a thread of its own, so that this one hears the signals."""

    with usage():
        one_of(name, [job.name for job in jobs], "job")
    job = named(jobs, name)
    assert job is not None
    with asked_to_stop() as wait, ThreadPoolExecutor(1) as thread:
        running = thread.submit(runner.run, job)
        while not running.done():
            if wait(LISTENING):
                runner.stop.set()
                break
        run = running.result()
    if run is None or run.ended is Ended.FAILED:
        raise typer.Exit(Status.ERROR)
    if run.ended is not Ended.DONE:
        raise typer.Exit(Status.INCOMPLETE)


def _list(jobs: list[Job], index: str, json: bool) -> None:
    last: dict[str, JobRun | None] = {}
    try:
        engine = open_engine(index, create=False)
    except BackendUnavailable as error:
        say(f"when they ran last is not known: {error}")
    else:
        try:
            last = {job.name: last_run(engine, job.name) for job in jobs}
        finally:
            engine.close()
    now = datetime.now(UTC)
    for job in jobs:
        coming, run = job.times.next(now), last.get(job.name)
        if json:
            plain = {"job": job.name, "run": job.run, "times": job.times.said}
            emit_json({**plain, "next": moment(coming), "last": run and run.plain})
        else:
            told = f"last {run.planned} {run.ended}, {run.seconds:.1f} s" if run else "never run"
            here = coming.astimezone(job.times.zone).isoformat(timespec="seconds")
            emit(f"{job.name}: {job.run}, {job.times.said}; next {here}; {told}")


def _print(jobs: list[Job], form: str, given: list[str], settings: Settings) -> None:
    samework = shutil.which("samework") or os.path.abspath(sys.argv[0])
    config = ["--config", str(settings.path.resolve())] if settings.path else []
    command = [samework, *config, "schedule", *given, "--once"]
    text = equivalents.crontab if form == "cron" else equivalents.systemd
    emit(text(jobs, command, os.getcwd()))


def _shown(index: str) -> str:
    """An index as it may stand in a file that others read."""
    if not index.startswith(("http://", "https://")):
        return os.path.abspath(index)

    location = Location.parse(index)
    if location.user or location.key or location.region:
        say("set SAMEWORK_OPENSEARCH_… where the jobs run; user and password are not printed")
    return str(location)
