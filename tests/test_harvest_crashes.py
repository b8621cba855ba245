"""kill -9 while feeds are harvested, then the same command again: as if it had never happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detector.store.holdings import Holdings
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING
from indexer.running.crash_points import POINTS
from tests.engines import Place
from tests.harvest_run import harvested
from tests.made_records import made_word
from tests.servers.loopback import Server, serving
from tests.servers.oai_provider import Item, Provider, made_items

ROOT = Path(__file__).resolve().parents[1]
SEED = int(os.environ.get("SAMEWORK_TEST_SEED", "20240601"))


def stored(engine: Engine) -> dict[str, Any]:
    """All that must not depend on how it came about: records, decisions, works."""
    holdings = Holdings(engine)
    return {
        "records": {r.record_id: r.to_dict() for r in engine.scan() if not r.deleted},
        "decisions": {
            (d.left, d.right): (d.verdict, d.kind, d.found_by) for d in holdings.all_decisions()
        },
        "works": {work.records: work.version_groups for work in holdings.all_works()},
        "pending": engine.count(PENDING),
    }


COMPLETE = ("one", "complete", True)
FEED_POINTS = [
    *("after-fetch", "within-put", "after-put", "after-checkpoint"),
    *("after-visible", "within-works", "after-works"),
]
# Of the others there is one a page; how many pages are judged at once depends on the machine.
ONCE = {"within-works", "after-works"}
assert set(FEED_POINTS) <= set(POINTS)


def settings_of(*servers: tuple[str, Server]) -> dict[str, Any]:
    return {
        name: {
            "protocol": "oai_pmh",
            "endpoint": server.url + "/oai",
            "private_hosts": [server.host],
            "rate": 0,
            "slice_days": 9,
        }
        for name, server in servers
    }


def begin(index: str, settings: dict[str, Any], die_at: str = "") -> subprocess.Popen[str]:
    """Begin a harvest in a process that can be killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.harvest_run", index, json.dumps(settings)],
        cwd=ROOT, env={**os.environ, "SAMEWORK_DIE_AT": die_at}, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def state_of(location: str) -> dict[str, Any]:
    engine = open_engine(location, create=False)
    try:
        return stored(engine)
    finally:
        engine.close()


def night_and_day(count: int) -> list[Item]:
    """
    Made items, the last fifth dated after all others, that the source has only the next day.

    Every third describes the work of the one before it: works of two.
    """
    items = []
    for at, item in enumerate(made_items(count)):
        work = at - (at % 3 == 1)
        title = f"{made_word(random.Random(work))} made title number {work}"
        day = item.datestamp if at < count * 4 // 5 else f"2024-07{item.datestamp[7:]}"
        items.append(replace(item, title=title, creators=(f"Made{work}, A.",), datestamp=day))
    return items


def judged_before(provider: Provider, items: list[Item], settings: Any, location: str) -> None:
    """Harvest and judge four fifths of the items: what comes then is judged as it comes."""
    provider.items = items[: len(items) * 4 // 5]
    assert harvested(location, settings) == [COMPLETE]
    provider.items = items


@pytest.mark.timeout(900)
@pytest.mark.parametrize("point", FEED_POINTS)
def test_killed_at_any_point_and_run_again_the_state_is_the_same(point: str, place: Place) -> None:
    """kill -9 at the named point, at a random page; the seed is SAMEWORK_TEST_SEED."""
    nth = 1 if point in ONCE else random.Random(f"{SEED} {point}").randint(1, 3)
    items = night_and_day(80)
    with serving(provider := Provider(items, page_size=4)) as server:
        settings = settings_of(("one", server))
        assert harvested(place("whole"), settings) == [COMPLETE]
        judged_before(provider, items, settings, place("killed"))
        killed = begin(place("killed"), settings, f"{point}:{nth}")
        _, said = killed.communicate(timeout=300)
        assert killed.returncode == -signal.SIGKILL, said
        assert harvested(place("killed"), settings) == [COMPLETE]

    whole = state_of(place("whole"))
    again = state_of(place("killed"))
    assert again == whole
    assert len(whole["records"]) == 64
    assert any(len(records) == 2 for records in whole["works"])


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(5, marks=pytest.mark.timeout(900)),
        pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
    ],
)
def test_killed_at_random_moments_again_and_again_the_state_is_the_same(
    kills: int, place: Place
) -> None:
    """
    Whatever the moment: while fetching, storing, judging or between two of them.

    The source has a few records more at each start, so that every run has all of it to do.
    """
    choose = random.Random(SEED)
    items = night_and_day(600 if kills < 10 else 1_000)
    night = len(items) * 4 // 5
    with serving(provider := Provider(items, page_size=4)) as server:
        settings = settings_of(("one", server))
        harvested(place("whole"), settings)
        judged_before(provider, items, settings, place("killed"))
        for number in range(1, kills + 1):
            provider.items = items[: night + (len(items) - night) * number // kills]
            running = begin(place("killed"), settings)
            try:
                running.communicate(timeout=choose.uniform(0.3, 6.0))
            except subprocess.TimeoutExpired:
                running.kill()
                running.communicate()
        last = harvested(place("killed"), settings)

    assert last == [COMPLETE]
    assert state_of(place("killed")) == state_of(place("whole")), f"seed {SEED}"
