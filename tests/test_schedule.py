"""Jobs run at their times, beside other schedules, through kills and as settings say."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Timer

import orjson
import pytest
from typer.testing import CliRunner

from indexer.fields import fields_of
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from indexer.scheduling.job_runs import Ended, JobOutcome, JobRun, runs
from indexer.scheduling.runner import Runner
from indexer.scheduling.schedule import Schedule
from samework.cli import app
from tests.made_jobs import DONE, NIGHT, HandClock, Open, made_job
from tests.made_records import made_collection

SAMEWORK = (sys.executable, "-m", "samework.cli")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def open_index(folder: Path) -> Open:
    return lambda: EmbeddedEngine(str(folder))


@pytest.fixture
def index(open_index: Open) -> Iterator[Engine]:
    engine = open_index()
    yield engine
    engine.close()


def test_schedule_runs_jobs_side_by_side_and_none_beside_itself(open_index: Open) -> None:
    """A job that is not done by its next time skips that one; others go on."""
    at_work: list[str] = []
    told: list[JobRun] = []

    def slow(engine: Engine, stop: Event) -> JobOutcome:
        assert "slow" not in at_work
        at_work.append("slow")
        stop.wait(2.5)
        at_work.remove("slow")
        return DONE

    jobs = [made_job(slow, "slow", every="1s"), made_job(name="quick", every="1s")]
    ended = Event()
    Timer(5, ended.set).start()
    Schedule(jobs, Runner(open_index, told=told.append), tick=0.1).run(ended.wait)

    assert {run.ended for run in told if run.job == "slow"} >= {Ended.DONE, Ended.SKIPPED}
    assert sum(run.job == "quick" and run.ended is Ended.DONE for run in told) >= 3


def test_job_in_hand_is_told_to_stop_and_waited_for(open_index: Open, index: Engine) -> None:
    """A stop is not a kill: the job ends at its next batch and says how."""
    begun = Event()

    def work(engine: Engine, stop: Event) -> JobOutcome:
        begun.set()
        assert stop.wait(30)
        return JobOutcome(Ended.STOPPED, "the page in hand is stored")

    schedule = Schedule([made_job(work, every="1s")], Runner(open_index), tick=30)
    schedule.run(lambda seconds: begun.wait(seconds))

    (run,) = (one for one in runs(index, "made") if one.began)
    assert (run.ended, run.reason) == (Ended.STOPPED, "the page in hand is stored")


def test_wake_up_far_off_is_put_right(open_index: Open) -> None:
    """After a clock that was a year ahead is corrected, jobs must not wait for a year."""
    told: list[JobRun] = []
    schedule = Schedule([made_job(every="1s")], Runner(open_index, told=told.append), tick=0.2)
    end = time.monotonic() + 20
    far_off = [datetime.now(UTC) + timedelta(days=365)]

    def wait(seconds: float) -> bool:
        if far_off:
            schedule._scheduler.get_job("made").modify(next_run_time=far_off.pop())
        time.sleep(seconds)
        return time.monotonic() > end or any(run.ended is Ended.DONE for run in told)

    schedule.run(wait)

    assert Ended.DONE in {run.ended for run in told}


CONTENDER = """
import sys, time
from pathlib import Path
from indexer.index.embedded import EmbeddedEngine
from indexer.scheduling.job_runs import Ended, JobOutcome
from indexer.scheduling.runner import Runner
from tests.made_jobs import made_job
index, mark, release = map(Path, sys.argv[1:4])
def work(engine, stop):
    with mark.open("a") as marks:
        marks.write("begun\\n")
    while not release.exists():
        time.sleep(0.05)
    return JobOutcome(Ended.DONE)
run = Runner(lambda: EmbeddedEngine(str(index))).run(made_job(work), "2025-03-03T02:30:00+00:00")
print(run.ended if run else "served")
"""


def contender(folder: Path, mark: Path, release: Path) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", CONTENDER, str(folder), str(mark), str(release))
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another process."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_of_two_processes_at_once_one_runs(folder: Path, tmp_path: Path, index: Engine) -> None:
    """Two machines with the same schedule: the second finds the lease held and says so."""
    mark, release = tmp_path / "mark", tmp_path / "release"
    first = contender(folder, mark, release)
    until(mark.exists)
    second = contender(folder, mark, release)

    assert second.communicate(timeout=60)[0].strip() == "skipped"
    release.touch()
    assert first.communicate(timeout=60)[0].strip() == "done"
    third = contender(folder, mark, release)
    assert third.communicate(timeout=60)[0].strip() == "served"
    assert mark.read_text().count("begun") == 1


def test_of_several_processes_started_together_one_runs(folder: Path, tmp_path: Path) -> None:
    """However close they are."""
    mark, release = tmp_path / "mark", tmp_path / "release"
    release.touch()

    contenders = [contender(folder, mark, release) for _ in range(3)]

    said = sorted(one.communicate(timeout=90)[0].strip() for one in contenders)
    assert said.count("done") == 1
    assert mark.read_text().count("begun") == 1


def test_killed_job_runs_again_under_the_same_planned_time(
    folder: Path, tmp_path: Path, open_index: Open, index: Engine
) -> None:
    """kill -9 in the middle of a job: its lease is taken over at once."""
    mark = tmp_path / "mark"
    killed = contender(folder, mark, tmp_path / "never")
    until(mark.exists)
    killed.kill()
    killed.communicate(timeout=60)

    runner, job = Runner(open_index, HandClock(NIGHT + timedelta(minutes=5))), made_job()
    assert runner.due(index, job)
    run = runner.serve(job)

    assert run is not None
    assert (run.ended, run.tries) == (Ended.DONE, 2)


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "samework.toml"
    path.write_text(f'index = "{tmp_path / "index"}"\n{text}')
    return path


def command(config: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SAMEWORK, "--config", str(config), "schedule", *words],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(config: Path, *words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["--config", str(config), "schedule", *words])
    return found.exit_code, found.stdout, found.stderr


def test_killed_schedule_takes_its_jobs_up_again_and_stops_when_told(
    tmp_path: Path, open_index: Open, index: Engine
) -> None:
    """kill -9 within a re-index; the next schedule finishes it, and SIGTERM ends that."""
    records = made_collection(31, 20)
    index.put(records, keys_of([fields_of(one) for one in records]))
    config = settings(tmp_path, '[[schedule.job]]\nname = "made"\nrun = "reindex"\nevery = "2s"\n')
    killed = command(config, SAMEWORK_DIE_AT="within-build")
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [run.ended for run in runs(index, "made")] == [Ended.RUNNING]

    restarted = command(config)
    until(lambda: any(run.ended is Ended.DONE for run in runs(index, "made")))
    restarted.send_signal(signal.SIGTERM)
    _, err = restarted.communicate(timeout=60)

    assert restarted.returncode == 0
    assert "job finished job=made status=done seconds=" in err
    assert "schedule stopped" in err
    assert Ended.RUNNING not in {run.ended for run in runs(index, "made")}


JOBS = """
[schedule]
zone = "Europe/Bucharest"
[[schedule.job]]
run = "harvest mine"
every = "6h"
[[schedule.job]]
name = "night"
run = "reindex --if-needed"
at = "02:30"
[[schedule.job]]
run = "settle"
cron = "0 4 * * sun"
[feeds.mine]
protocol = "folder"
endpoint = "{folder}"
settled = 0
"""


def test_each_kind_of_job_runs_through_the_steps_of_its_command(tmp_path: Path) -> None:
    """Records of a folder are harvested and judged; then there is nothing more to do."""
    (tmp_path / "in").mkdir()
    lines = [one.to_json().replace(b'"record_id":', b'"id":') for one in made_collection(32, 10)]
    (tmp_path / "in" / "made.jsonl").write_bytes(b"\n".join(lines))
    config = settings(tmp_path, JOBS.format(folder=tmp_path / "in"))

    for name in ("harvest:mine", "settle", "night"):
        once = command(config, "--once", name, "--json")
        out, err = once.communicate(timeout=60)
        assert (once.returncode, orjson.loads(out)["ended"]) == (0, "done"), err

    status, out, _ = answer(config, "--list", "--json")
    listed = {one["job"]: one for one in map(orjson.loads, out.splitlines())}
    assert status == 0
    assert listed["night"]["last"]["reason"].startswith("not needed")
    assert listed["harvest:mine"]["last"]["counts"]["new"] == len(lines)
    assert all(one["next"] > one["last"]["began"] for one in listed.values())


def test_list_and_print_need_no_index(tmp_path: Path) -> None:
    """Whoever sets a schedule up looks at it first."""
    config = settings(tmp_path, JOBS.format(folder=tmp_path))

    status, out, err = answer(config, "--list")
    assert (status, out.count("never run")) == (0, 3)
    assert "there is no index" in err
    for form, line in (("cron", "30 2 * * * cd "), ("systemd", "OnCalendar=*-*-* 2:30:00")):
        status, out, _ = answer(config, "--print", form)
        assert status == 0
        assert line in out
        assert f"{tmp_path / 'index'} --once night" in out


def test_printed_equivalents_carry_no_password(tmp_path: Path) -> None:
    """A crontab is read by more people than an environment."""
    config = settings(tmp_path, JOBS.format(folder=tmp_path))

    _, out, err = answer(config, "--print", "cron", "--index", "https://me:secret@host/made")

    assert "secret" not in out + err
    assert "https://host:9200/made" in out
