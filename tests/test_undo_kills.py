"""kill -9 within an undo, then the same command again: as if nothing had been; both engines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from indexer.index.opening import open_engine
from indexer.ingesting.runs import KILLED, runs
from tests.command import here
from tests.engines import Place
from tests.made_records import made_collection
from tests.test_undoing import differing, ingest, judge, like, state
from tests.works_compared import loners

RECORDS = made_collection(11, 20)
OF_RECORDS = ("within-undo", "within-works", "after-works")
OF_JUDGEMENTS = ("within-judgement", "after-forming")


def held(place: str) -> dict[str, Any]:
    """The state, once what a killed step left in the queue was compared."""
    with closing(open_engine(place)) as engine:
        detector = Detector(engine)
        detector.arrived()
        return state(detector)


def killed_at(point: str, run: str, place: str) -> None:
    """Undo a run in a process that dies at a point."""
    done = subprocess.run(
        [sys.executable, "-m", "samework.cli", "undo", run, "--index", place],
        env={**os.environ, "SAMEWORK_DIE_AT": point},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", OF_RECORDS)
def test_an_undo_of_records_that_was_killed_is_finished_by_the_same_command(
    point: str, place: Place
) -> None:
    """With the ids of works that the run had merged; the undo of the undo brings all back."""
    where = place("killed")
    with closing(open_engine(where)) as engine:
        detector = Detector(engine)
        ingest(detector, RECORDS)
        left, right, third = loners(detector)[:3]
        judge(detector, (left, "late:1", Verdict.DUPLICATE), (right, "late:1", Verdict.DUPLICATE))
        before = state(detector)
        late = [like(detector, left, "1"), like(detector, third, "2")]
        run = ingest(detector, late, "late.ris")
        after = state(detector)
    assert {"works", "homes"} <= set(differing(before, after))

    killed_at(point, run, where)
    done = here("undo", run, "--index", where)

    assert done.returncode == 0, done.stderr
    assert differing(before, held(where)) == []
    with closing(open_engine(where)) as engine:
        *_, undone = runs(engine)
        assert (undone.undoes, undone.state != KILLED) == (run, True)
    assert here("undo", undone.run, "--index", where).returncode == 0
    assert differing(after, held(where)) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", OF_JUDGEMENTS)
def test_an_undo_of_a_judgement_that_was_killed_is_finished_by_the_same_command(
    point: str, place: Place
) -> None:
    """On an engine with transactions nothing of it is there; elsewhere the rest is done."""
    where = place("killed")
    with closing(open_engine(where)) as engine:
        detector = Detector(engine)
        ingest(detector, RECORDS)
        before = state(detector)
        left, right = loners(detector)[:2]
        run = judge(detector, (left, right, Verdict.DUPLICATE))

    killed_at(point, run, where)
    done = here("undo", run, "--index", where)

    assert done.returncode == 0, done.stderr
    assert differing(before, held(where)) == []
