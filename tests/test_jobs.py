"""What jobs do: they stop between two batches, wait for others, and are named when unusable."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from detector.detecting.pipeline import WORKS_LEASE
from detector.runs.jobs import makers
from indexer.errors import SettingsError
from indexer.fields import fields_of
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from indexer.scheduling.job_runs import Ended
from indexer.scheduling.jobs import Work, jobs_of
from tests.made_records import made_collection


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Engine]:
    """An index with records that nothing has compared."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    records = made_collection(33, 20)
    engine.put(records, keys_of([fields_of(one) for one in records]))
    engine.make_visible()
    yield engine
    engine.close()


def work_of(run: str) -> Work:
    verb, *words = run.split()
    return makers({})[verb](words)[1]


def set_event() -> Event:
    event = Event()
    event.set()
    return event


def test_reindex_told_to_stop_goes_on_the_next_time(index: Engine) -> None:
    """Hours of building are not begun anew because a machine was restarted."""
    reindex = work_of("reindex")

    assert reindex(index, set_event()).ended is Ended.STOPPED
    assert not index.begin_build().missing(1)

    done = reindex(index, Event())
    assert (done.ended, done.counts["records"]) == (Ended.DONE, index.totals().records)


def test_settling_told_to_stop_changes_nothing_yet(index: Engine) -> None:
    """It stops between two batches of pairs, and the next time does all of it."""
    settle = work_of("settle")

    assert settle(index, set_event()).ended is Ended.STOPPED
    assert index.count("work") == 0

    done = settle(index, Event())
    assert (done.ended, done.counts["judged_again"]) == (Ended.DONE, index.totals().records)
    assert index.count("work") > 0


def test_settling_waits_for_another_process_that_changes_works(
    index: Engine, tmp_path: Path
) -> None:
    """A harvest that compares a page at 04:00 must not cost the night's settling."""
    other = EmbeddedEngine(str(tmp_path / "index"))
    held = other.lease(WORKS_LEASE, 60)
    held.__enter__()
    Timer(1.0, held.__exit__, (None, None, None)).start()
    began = time.monotonic()

    assert work_of("settle")(index, Event()).ended is Ended.DONE
    assert time.monotonic() - began > 0.9


def test_folder_is_harvested_and_compared(index: Engine, tmp_path: Path) -> None:
    """A harvest that is scheduled compares what it brings, like `samework harvest --detect`."""
    (tmp_path / "in").mkdir()
    lines = [one.to_json().replace(b'"record_id":', b'"id":') for one in made_collection(34, 5)]
    (tmp_path / "in" / "made.jsonl").write_bytes(b"\n".join(lines))
    feed = {"protocol": "folder", "endpoint": str(tmp_path / "in"), "settled": 0}

    kind, harvest = makers({"mine": feed})["harvest"](["mine"])
    done = harvest(index, Event())
    again = harvest(index, Event())

    assert kind == "harvest:mine"
    assert (done.ended, done.counts["fetched"]) == (Ended.DONE, len(lines)), done
    assert (again.ended, again.counts["fetched"]) == (Ended.DONE, 0), again
    assert index.count("work") > 0
    assert index.count("pending") == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no jobs; put into samework.toml a table [[schedule.job]]"),
        ('[schedule]\nzones = "UTC"', "unknown setting 'zones'; did you mean 'zone'?"),
        ('[[schedule.job]]\nevery = "6h"', "run = None, expected what to run"),
        ('[[schedule.job]]\nrun = "sleep"', "run = 'sleep', expected one of harvest, reindex"),
        ('[[schedule.job]]\nrun = "harvest nowhere"', "feed 'nowhere' is not in the registry"),
        ('[[schedule.job]]\nrun = "harvest"', "expected one feed, one job a feed"),
        ('[[schedule.job]]\nrun = "settle now"', "has 'now', expected nothing behind it"),
        ('[[schedule.job]]\nrun = "reindex --fast"', "has '--fast', expected --if-needed"),
        ('[[schedule.job]]\nrun = "settle"\nname = "a b"', "name = 'a b', expected up to 100"),
        ('[[schedule.job]]\nrun = "settle"\nat = "2:30"', "at = '2:30', expected a time of day"),
        ('[[schedule.job]]\nrun = "settle"\natt = "02:30"', "'att'; did you mean 'at'?"),
        (2 * '[[schedule.job]]\nrun = "settle"\nat = "02:30"\n', "two [[schedule.job]] are called"),
        ('[schedule]\njob = "settle"', "job = 'settle', expected tables"),
        (
            '[[schedule.job]]\nrun = "settle"\nat = "02:30"\ngrace = "long"',
            "grace = 'long', expected a number and s, m, h, d or w",
        ),
    ],
)
def test_setting_that_cannot_be_used_is_named(text: str, message: str) -> None:
    """The value, what was expected, what to do; before anything runs."""
    with pytest.raises(SettingsError) as found:
        jobs_of(tomllib.loads(text).get("schedule", {}), makers({}))
    assert message in str(found.value)
