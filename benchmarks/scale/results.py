"""
Results: what runs of samework and of its peers took, kept in results.json.

    Result(tool, records, ...)  ->  results.json, one row a tool and size; the latest stays

Each row says with which versions, by which command and on which machine it was measured.
Does not: measure anything, or draw the page (`page.py` does).
"""

from __future__ import annotations

import math
import os
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.kept_rows import keep_rows, rows_in
from benchmarks.measuring import revision

STORED: Final = Path(__file__).with_name("results.json")
OURS: Final = "samework"
DISK_MB: Final = 256


@dataclass(frozen=True, slots=True)
class Result:
    """One tool over one size; `stopped` says why there are no figures of quality."""

    tool: str
    records: int
    version: str
    command: str
    machine: str
    date: str
    load: float  # of the machine when it began
    wall: float
    cpu: float
    peak_mb: float
    read_mb: float
    written_mb: float
    input_mb: float
    left_mb: float  # what it left on the disk
    disk_mb_s: float  # what writing one large file to its end reaches
    stopped: str = ""
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    summary: dict[str, Any] = field(default_factory=dict)  # works, pairs, candidates: ours
    stages: list[dict[str, Any]] = field(default_factory=list)  # rows of `--timings`: ours

    @property
    def name(self) -> tuple[str, int]:
        """What a later run takes the place of."""
        return self.tool, self.records


def stored(path: Path = STORED) -> list[Result]:
    """All results, by tool and size."""
    return [Result(**row) for row in rows_in(path)]


def store(result: Result, path: Path = STORED) -> None:
    """Write one more result in the place of an earlier one."""
    kept = {row.name: row for row in stored(path)} | {result.name: result}
    keep_rows(path, kept)


def exponent(smaller: Result, larger: Result, of: str) -> float:
    """The power of the number of records that a figure grew by between two sizes."""
    grown = getattr(larger, of) / max(getattr(smaller, of), 1e-9)
    return math.log(grown) / math.log(larger.records / smaller.records)


def disk_speed(folder: Path) -> float:
    """MB a second that the disk of a folder takes, until they are on it."""
    block = os.urandom(1 << 20)
    path = folder / "disk-speed"
    began = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(DISK_MB):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    took = time.perf_counter() - began
    path.unlink()
    return round(DISK_MB / took)


def circumstances(load: float) -> dict[str, Any]:
    """Which commit is measured, when, on what, and the load of the machine when it began."""
    date = time.strftime("%Y-%m-%d")
    return {"version": revision(), "machine": machine(), "date": date, "load": round(load, 1)}


def machine() -> str:
    """Cores, memory and processor."""
    size = f"{memory() / 2**10:.0f} GiB"
    return f"{_processor()}, {os.cpu_count()} cores, {size}, {platform.system()}"


def memory() -> float:
    """MB that the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
