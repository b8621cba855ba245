"""Memory: a run over files stays below bounds that are wide enough for any machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measuring import measured
from benchmarks.records.generator import Population
from tests.command import SAMEWORK


def peak_of(records: int, folder: Path, workers: int) -> float:
    """MB that `dedupe` takes at most over made records, all processes together."""
    made = folder / "made.jsonl"
    Population(records).write(made)
    out = folder / "out"
    took = measured([str(SAMEWORK), "dedupe", str(made), "--out", str(out),
                     "--workers", str(workers), "--quiet"])  # fmt: skip
    assert took.status in (0, 3), took.said
    assert (out / "works.jsonl").stat().st_size > 1_000 * records
    return took.peak_mb


@pytest.mark.spawns
def test_ten_thousand_records_are_taken_in_400_mb(tmp_path: Path) -> None:
    """A third of it is Python with its libraries; a record held twice as large is noticed."""
    assert peak_of(10_000, tmp_path, workers=1) < 400


@pytest.mark.soak
@pytest.mark.spawns
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_records_are_taken_in_two_gigabytes(tmp_path: Path) -> None:
    """With two workers; what grows with the records beyond that are columns of numbers and ids."""
    assert peak_of(100_000, tmp_path, workers=2) < 2_000
