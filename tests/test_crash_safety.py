"""kill -9 at any point, then the same command again: as if it had never happened."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from detector.store.holdings import Holdings
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.dead_letters import letters
from indexer.ingesting.ingest import PENDING
from tests.command import here
from tests.made_records import made_collection

POINTS = ("after-fetch", "within-put", "after-put", "after-visible", "within-works", "after-works")
SAMEWORK = (sys.executable, "-m", "samework.cli")
WORKS = 250  # some 540 records
BATCH = 40
JUDGED = 430  # of them in an index before anything is killed: it is large enough to judge batches


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made file of records, a few of them unusable."""
    path = tmp_path_factory.mktemp("feed") / "made.jsonl"
    lines = [record.to_json() for record in made_collection(11, WORKS)]
    lines[100:100] = [b'{"id": "no title at all"}', b"not JSON"]
    plain = [line.replace(b'"record_id":', b'"id":') for line in lines]
    path.write_bytes(b"\n".join(plain) + b"\n")
    return path


@pytest.fixture(scope="module")
def uninterrupted(feed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run that nothing disturbs leaves behind."""
    folder = tmp_path_factory.mktemp("uninterrupted") / "index"
    ingest(feed, folder)
    return state_of(folder)


def asked(feed: Path, index: Path) -> list[str]:
    """The arguments of the command that all of these tests run."""
    return ["ingest", str(feed), "--index", str(index), "--detect", "--batch", str(BATCH)]


def ingest(feed: Path, index: Path) -> None:
    """Run it to its end."""
    assert here(*asked(feed, index)).returncode == 3  # rows were rejected


def begin(
    feed: Path, index: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Begin it in a process that can be killed."""
    return subprocess.Popen(
        [*SAMEWORK, *asked(feed, index)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def judged(feed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that the first lines of the feed were ingested and judged into."""
    index = tmp_path_factory.mktemp("judged") / "index"
    whole = feed.read_bytes()
    feed.write_bytes(b"\n".join(whole.splitlines()[:JUDGED]) + b"\n")
    ingest(feed, index)
    feed.write_bytes(whole)
    return index


@pytest.fixture
def begun(judged: Path, tmp_path: Path) -> Path:
    """A copy of it to go on with."""
    return shutil.copytree(judged, tmp_path / "index")


def state_of(folder: Path) -> dict[str, Any]:
    """All of a collection that must not depend on how it came about."""
    engine = EmbeddedEngine(str(folder))
    holdings = Holdings(engine)
    state: dict[str, Any] = {
        "records": {one.record_id: one.to_json() for one in engine.scan()},
        "letters": {(one.position, one.reason, one.raw) for one in letters(engine)},
        "decisions": {
            (d.left, d.right): (d.verdict, d.kind, d.found_by) for d in holdings.all_decisions()
        },
        "works": {frozenset(work.records): work.version_groups for work in holdings.all_works()},
        "pending": engine.count(PENDING),
    }
    engine.close()
    return state


@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", POINTS)
def test_kill_at_a_named_point_then_again_is_as_uninterrupted(
    point: str, feed: Path, uninterrupted: dict[str, Any], begun: Path
) -> None:
    """Each named point, the second time it is reached."""
    index = begun
    killed = begin(feed, index, {"SAMEWORK_DIE_AT": f"{point}:2"})
    assert killed.wait(timeout=300) == -signal.SIGKILL

    ingest(feed, index)

    assert state_of(index) == uninterrupted


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "kills", [5, pytest.param(50, marks=pytest.mark.soak)], ids=["5-kills", "50-kills"]
)
def test_kills_at_random_moments_then_again_are_as_uninterrupted(
    kills: int, feed: Path, uninterrupted: dict[str, Any], begun: Path
) -> None:
    """A run that is killed again and again gets there all the same."""
    index, seed = begun, random.randrange(2**32)
    print(f"seed {seed}")  # shown when the test fails
    choose = random.Random(seed)
    for _ in range(kills):
        run = begin(feed, index)
        time.sleep(choose.uniform(0.5, 4.0))
        run.kill()
        run.wait(timeout=60)

    ingest(feed, index)

    assert state_of(index) == uninterrupted


@pytest.mark.timeout(600)
def test_explain_answers_while_another_process_ingests(feed: Path, tmp_path: Path) -> None:
    """Readers are never blocked by the writer, and never see half of a batch."""
    index = tmp_path / "index"
    first = tmp_path / "first.jsonl"
    first.write_bytes(b"\n".join(feed.read_bytes().splitlines()[:50]))
    assert here(*asked(first, index)).returncode == 0
    ids = [orjson.loads(line)["id"] for line in first.read_bytes().splitlines()[:2]]
    writer = begin(feed, index)
    answers = 0
    while writer.poll() is None:
        answer = here("explain", *ids, "--index", index, "--json")
        assert answer.returncode == 0, answer.stderr
        assert orjson.loads(answer.stdout)["left"] == min(ids)
        answers += 1

    assert answers > 0
    assert writer.returncode == 3
