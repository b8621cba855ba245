"""What each stage of a run took: stages add up, and workers' time is counted."""

from __future__ import annotations

import json
import time
from pathlib import Path

import samework as sw
from indexer.running.timings import COLUMNS, STAGES, THE_REST, Timings, each_timed, measuring, timed
from indexer.running.workers import Workers
from tests.one_shot import write
from tests.seed import SEED


def test_a_stage_inside_another_stops_the_other_clock() -> None:
    """Else the rows would add up to more than the run."""
    timings = Timings()
    with measuring(timings), timed("storing", 2), timed("fields", 3):
        time.sleep(0.05)

    assert timings.spent["fields"].wall >= 0.05
    assert timings.spent["storing"].wall < 0.05
    assert (timings.spent["storing"].count, timings.spent["fields"].count) == (2, 3)


def test_an_iterator_is_charged_for_its_values_and_not_for_what_is_done_with_them() -> None:
    """Reading is pulled by what stores: the pull alone is reading."""
    timings = Timings()
    with measuring(timings):
        for batch in each_timed("reading", ([1, 2], [3]), len):
            time.sleep(0.03 * len(batch))

    assert timings.spent["reading"].count == 3
    assert timings.spent["reading"].wall < 0.05
    assert timings.spent[THE_REST].wall >= 0.09


def test_outside_of_a_measured_run_nothing_is_noted() -> None:
    """A question of the library pays for no clock."""
    timings = Timings()
    with timed("fields", 1):
        pass

    assert "fields" not in timings.spent


def _busy(share: int) -> int:
    with timed("keys", share):
        sum(range(200_000))
    return share


def test_what_workers_spend_counts_as_cpu_of_the_run() -> None:
    """Two processes halve the wall clock, not the work."""
    timings, workers = Timings(), Workers(2)
    try:
        with measuring(timings):
            assert list(workers.each(_busy, [1, 2, 3])) == [1, 2, 3]
    finally:
        workers.close()

    assert timings.spent["keys"].count == 6
    assert timings.spent["keys"].cpu > 0
    assert timings.spent["keys"].wall == 0


def test_summary_json_has_a_row_for_every_stage_that_ran(tmp_path: Path) -> None:
    """What a user sends along when a run was slow."""
    out = tmp_path / "out"
    with sw.dedupe(write(tmp_path / "seed.jsonl", SEED), out=out):
        seconds = json.loads((out / "summary.json").read_bytes())["seconds"]

    rows = {row["stage"]: row for row in seconds["stages"]}
    assert set(rows) <= set(STAGES)
    assert {"reading", "fields", "keys", "storing", "comparing", "works", "report"} <= set(rows)
    assert all(tuple(row) == COLUMNS for row in rows.values())
    assert rows["keys"]["count"] == len(SEED)
