"""kill -9 of `samework reindex` at any moment, then the same command again: nothing shows it."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.store.holdings import Holdings
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting import reindex as steps
from indexer.ingesting.ingest import PENDING
from indexer.records import Record
from tests.command import here
from tests.made_records import made_collection

WORKS = 250  # some 540 records
POINTS = ("within-build:2", "after-build", "after-verify", "after-swap", "within-works")
KILLS = [5, pytest.param(20, marks=pytest.mark.soak)]

# the command itself, in batches small enough to be killed between
RUN = """
import sys
from indexer.ingesting import reindex
reindex.BATCH = 50
from samework.cli import main
sys.argv[1:] = ["reindex", "--index", sys.argv[1], "--weights", sys.argv[2]]
main()
"""


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Weights by which some works come apart, so that a re-index has all to judge again."""
    return file_of(tmp_path / "wary.json", Weights.load().prior - 6)


def file_of(file: Path, prior: float) -> Path:
    """The shipped weights with another prior."""
    file.write_text(json.dumps(dataclasses.replace(Weights.load(), prior=prior).to_dict()))
    return file


def judged(engine: Engine, seed: int) -> list[Record]:
    """Made records in the index, judged by the weights that are shipped."""
    records = made_collection(seed, WORKS)
    engine.put(records, steps.keyed(records))
    Detector(engine).settle()
    return records


def reindexing(engine: Engine, weights: Path, die_at: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, engine.location, str(weights)]
    environment = {**os.environ, "SAMEWORK_DIE_AT": die_at}
    # what it says on stderr is shown where the test fails
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def state_of(engine: Engine) -> dict[str, object]:
    """All that must not depend on whether a run was killed."""
    holdings = Holdings(engine)
    epoch = engine.learn(1)
    return {
        "records": {one.record_id: one.to_json() for one in engine.scan()},
        "pairs": {pair for pairs in engine.all_pairs(epoch) for pair in pairs},
        "decisions": {
            (d.left, d.right): (d.verdict, d.kind, d.found_by) for d in holdings.all_decisions()
        },
        "works": {frozenset(work.records): work.version_groups for work in holdings.all_works()},
        "weights": holdings.weights(),
        "pending": engine.count(PENDING),
    }


def wanted(tmp_path: Path, records: list[Record], weights: Path) -> dict[str, object]:
    """What all of these records come to by these weights, in an index that nobody disturbed."""
    engine = open_engine(str(tmp_path / "undisturbed"))
    engine.put(records, steps.keyed(records))
    Detector(engine, Weights.load(weights)).settle()
    state = state_of(engine)
    engine.close()
    return state


@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_ends_the_same_when_run_again(
    engine: Engine, weights: Path, point: str, tmp_path: Path
) -> None:
    """Each stage of it, with a record that was written between the two runs."""
    records = judged(engine, 61)
    late = dataclasses.replace(records[0], record_id="late:1", title="A title nobody else has")

    assert reindexing(engine, weights, point).wait(timeout=200) == -signal.SIGKILL
    engine.put([late], steps.keyed([late]))
    assert here("reindex", "--index", engine.location, "--weights", weights).returncode == 0

    assert state_of(engine) == wanted(tmp_path, [*records, late], weights)


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("kills", KILLS, ids=["5-kills", "20-kills"])
def test_killed_at_random_moments_ends_the_same_when_run_again(
    engine: Engine, weights: Path, kills: int, tmp_path: Path
) -> None:
    """Readers ask meanwhile and are answered, by the old keys or the new."""
    records = judged(engine, 62)
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # shown when the test fails
    choose = random.Random(seed)
    asked = steps.keyed(records[:20])
    epoch = engine.learn(1)
    before = set(engine.candidates(asked, epoch))
    assert before
    whole = _seconds(engine, weights)
    others = file_of(tmp_path / "shipped.json", Weights.load().prior)
    killed = 0
    while killed < kills:
        run = reindexing(engine, others if killed % 2 == 0 else weights)
        until = time.monotonic() + choose.uniform(0.3, 1.0) * whole
        while time.monotonic() < until and run.poll() is None:
            assert set(engine.candidates(asked, epoch)) == before
        killed += run.poll() is None
        run.kill()
        run.wait(timeout=60)
    assert reindexing(engine, weights).wait(timeout=300) == 0

    print(f"{killed} of {kills} runs were killed within {whole:.1f} s, then one ended")
    assert set(engine.candidates(asked, epoch)) == before
    assert state_of(engine) == wanted(tmp_path, records, weights)
    assert engine.unfinished_build() is None


def _seconds(engine: Engine, weights: Path) -> float:
    """How long a run takes that nobody disturbs."""
    began = time.monotonic()
    assert reindexing(engine, weights).wait(timeout=300) == 0
    return time.monotonic() - began
