"""Each planned time is served once, whatever happens to clocks and processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from indexer.errors import BackendUnavailable, FeedUnavailable
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opening import open_engine
from indexer.scheduling.job_runs import Ended, JobOutcome, JobRun, runs
from indexer.scheduling.runner import Runner
from indexer.scheduling.times import times_of
from tests.made_jobs import DONE, NIGHT, HandClock, Open, made_job

ENGINES = ("embedded", pytest.param("opensearch", marks=pytest.mark.opensearch))


@pytest.fixture(params=ENGINES)
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    if request.param == "embedded":
        return lambda: EmbeddedEngine(str(tmp_path / "index"))
    url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
    return lambda: open_engine(f"{url}/{prefix}")


@pytest.fixture
def index(open_index: Open) -> Iterator[Engine]:
    engine = open_index()
    yield engine
    engine.close()


def ended(index: Engine, job: str = "made") -> list[tuple[str, str]]:
    return [(run.planned[:16], str(run.ended)) for run in runs(index, job)]


def test_planned_time_is_served_once_over_restarts(open_index: Open, index: Engine) -> None:
    """A schedule that starts again at 02:31 must not run the night's job again."""
    clock, job = HandClock(NIGHT), made_job()
    assert Runner(open_index, clock).serve(job) is not None

    clock.time += timedelta(minutes=1)
    restarted = Runner(open_index, clock)

    assert not restarted.due(index, job)
    assert restarted.serve(job) is None
    assert ended(index) == [("2025-03-03T02:30", "done")]


def test_clock_that_jumps_back_repeats_nothing(open_index: Open, index: Engine) -> None:
    """02:30 comes again after the clock was put back by an hour."""
    clock, job = HandClock(NIGHT), made_job()
    runner = Runner(open_index, clock)
    runner.serve(job)

    clock.time = NIGHT - timedelta(hours=1)
    assert not runner.due(index, job)
    clock.time = NIGHT
    assert not runner.due(index, job)
    assert runner.serve(job) is None
    assert ended(index)[-1:] == [("2025-03-03T02:30", "done")]


def test_missed_times_are_made_up_for_once(open_index: Open, index: Engine) -> None:
    """After five hours off an hourly job runs once, for the latest time it missed."""
    clock, job = HandClock(NIGHT.replace(minute=0)), made_job(every="1h")
    Runner(open_index, clock).serve(job)

    clock.time += timedelta(hours=5, minutes=20)
    restarted = Runner(open_index, clock)
    restarted.forget_times_before_the_first(index, job)
    assert restarted.due(index, job)
    restarted.serve(job)

    assert not restarted.due(index, job)
    assert ended(index) == [("2025-03-03T02:00", "done"), ("2025-03-03T07:00", "done")]


def test_time_missed_by_more_than_the_grace_is_noted_and_not_run(
    open_index: Open, index: Engine
) -> None:
    """A re-index of the night must not begin in the middle of the day."""
    clock, job = HandClock(NIGHT), made_job()
    Runner(open_index, clock).serve(job)

    clock.time += timedelta(days=1, hours=4)
    restarted = Runner(open_index, clock)

    assert not restarted.due(index, job)
    assert not restarted.due(index, job)
    assert restarted.serve(job) is None
    assert ended(index) == [("2025-03-03T02:30", "done"), ("2025-03-04T02:30", "missed")]


def test_new_job_has_missed_nothing(open_index: Open, index: Engine) -> None:
    """Also one whose times were changed: it waits for the first of the new ones."""
    clock, job = HandClock(NIGHT), made_job()
    Runner(open_index, clock).serve(job)
    moved = replace(job, times=times_of({"at": "04:00"}, "UTC", "made"))
    clock.time += timedelta(hours=2)
    runner = Runner(open_index, clock)

    for one in (moved, made_job(name="other")):
        runner.forget_times_before_the_first(index, one)
        assert not runner.due(index, one)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FeedUnavailable("the source does not answer"), "the source does not answer"),
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
    ],
)
def test_job_that_fails_is_noted_and_the_next_time_comes(
    open_index: Open, index: Engine, error: Exception, reason: str
) -> None:
    """One bad night must not end the schedule."""

    def fail(engine: Engine, stop: Event) -> JobOutcome:
        raise error

    clock, job = HandClock(NIGHT), made_job(fail)
    runner = Runner(open_index, clock)
    runner.serve(job)
    clock.time += timedelta(days=1)
    runner.serve(job)

    found = list(runs(index, "made"))
    assert [(run.ended, run.reason) for run in found] == [(Ended.FAILED, reason)] * 2


def test_held_lease_skips_the_job_and_says_who_has_it(open_index: Open, index: Engine) -> None:
    """Never two of one kind, whatever the jobs are called."""
    told: list[JobRun] = []
    runner = Runner(open_index, HandClock(NIGHT), told.append)

    with index.lease("job made", 60):
        runner.serve(made_job())

    (skipped,) = told
    assert skipped.ended is Ended.SKIPPED
    assert "is held by" in skipped.reason
    assert skipped.line.startswith("job skipped job=made planned=2025-03-03T02:30:00+00:00")
    assert ended(index) == [("2025-03-03T02:30", "skipped")]


def test_job_that_needs_what_another_has_is_skipped(open_index: Open, index: Engine) -> None:
    """Somebody re-indexes by hand just then."""

    def work(engine: Engine, stop: Event) -> JobOutcome:
        with engine.lease("reindex", 60):
            return DONE

    with index.lease("reindex", 60):
        run = Runner(open_index, HandClock(NIGHT)).serve(made_job(work))

    assert run is not None
    assert run.ended is Ended.SKIPPED


def test_schedule_elsewhere_takes_over_from_one_that_died(open_index: Open, index: Engine) -> None:
    """While the other lives it is left alone; once its lease is gone, the time is served."""
    clock, job = HandClock(NIGHT), made_job()
    other = JobRun("made", "made", "2025-03-03T02:30:00+00:00", job.times.said, by="elsewhere:1")
    index.write("job-run", {other.run_id: replace(other, began=other.planned).to_json()})
    told: list[JobRun] = []
    runner = Runner(open_index, clock, told.append)
    with index.lease("job made", 60):
        for _ in range(3):
            assert runner.due(index, job)
            runner.serve(job)
        assert [run.ended for run in told] == [Ended.SKIPPED]

    assert runner.due(index, job)
    run = runner.serve(job)

    assert run is not None
    assert (run.ended, run.tries) == (Ended.DONE, 2)


def test_take_over_waits_for_all_leases_of_the_dead(open_index: Open, index: Engine) -> None:
    """The job's lease may lapse before that of the feed it was harvesting."""
    other = JobRun("made", "made", "2025-03-03T02:30:00+00:00", made_job().times.said)
    index.write("job-run", {other.run_id: replace(other, began=other.planned).to_json()})

    def work(engine: Engine, stop: Event) -> JobOutcome:
        with engine.lease("harvest made", 60):
            return DONE

    runner, job = Runner(open_index, HandClock(NIGHT)), made_job(work)
    with index.lease("harvest made", 60):
        runner.serve(job)

    assert runner.due(index, job)
    runner.serve(job)
    assert ended(index) == [("2025-03-03T02:30", "done")]


def test_stopped_job_goes_on_at_the_next_start(open_index: Open, index: Engine) -> None:
    """A machine that is restarted in the middle of the night's harvest finishes it after."""
    clock, job = HandClock(NIGHT), made_job(lambda *_: JobOutcome(Ended.STOPPED))
    Runner(open_index, clock).serve(job)

    clock.time += timedelta(minutes=10)
    restarted = Runner(open_index, clock)
    job = replace(job, work=lambda *_: DONE)

    assert restarted.due(index, job)
    restarted.serve(job)
    assert ended(index) == [("2025-03-03T02:30", "done")]


def test_seconds_are_counted_by_a_clock_that_nobody_sets(open_index: Open) -> None:
    """A clock put back by a day while a job runs must not make it take minus a day."""
    clock = HandClock(NIGHT)

    def work(engine: Engine, stop: Event) -> JobOutcome:
        clock.time -= timedelta(days=1)
        clock.passed += 12.5
        return JobOutcome(Ended.DONE, counts={"new": 3})

    run = Runner(open_index, clock).serve(made_job(work))

    assert run is not None
    assert run.seconds == 12.5
    assert run.line.startswith("job finished job=made status=done seconds=12.5 new=3")


def test_index_that_cannot_be_reached_is_tried_again(open_index: Open, index: Engine) -> None:
    """A cluster that is down at 02:30 is back at 02:35."""
    answers: list[Open] = [open_index]

    def unreachable() -> Engine:
        raise BackendUnavailable("it does not answer")

    answers.append(unreachable)
    runner, job = Runner(lambda: answers.pop()(), HandClock(NIGHT)), made_job()

    assert runner.serve(job) is None
    assert runner.due(index, job)
    assert runner.serve(job) is not None
