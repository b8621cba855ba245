"""
How long one waits for an answer: `match` of one record in a process that goes on, `query` cold.

    python -m benchmarks.questions INDEX RECORDS [--asked 300] [--made "by ingest"] [--write]

RECORDS is a file of JSON Lines; records are taken from all over it and asked about one by one
under other ids, the first ten unmeasured. The index is read and not changed. With --write
results.json is kept; `make docs` then writes docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import orjson

import samework as sw
from benchmarks.measuring import high_water, measured
from benchmarks.questions.results import Asked, store
from benchmarks.scale.results import circumstances
from indexer.index.embedded.database import FILE

WARM: Final = 10
COLD: Final = 5  # runs of the command
FAR: Final = 20  # rows of the file between two that are asked about


def main() -> None:
    """Ask, print what it took and keep it if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("records", type=Path)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--made", default="", help="how the index was made, for the table")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    rows = list(islice(_rows(chosen.records), WARM + chosen.asked))
    query_cpu, query_wall = _cold(str(chosen.index), rows[0]["title"])
    cpu, wall = _warm(str(chosen.index), rows)
    records, late = _held(chosen.index)
    asked = Asked(
        index=chosen.made or str(chosen.index),
        records=records,
        without_postings=late,
        questions=len(cpu),
        match_cpu=_percentiles(cpu),
        match_wall=_percentiles(wall),
        query_cpu=query_cpu,
        query_wall=query_wall,
        peak_mb=round(high_water()),
        **circumstances(load),
    )
    print(orjson.dumps(asked, option=orjson.OPT_INDENT_2).decode())
    if chosen.write:
        store(asked)


def _rows(records: Path) -> Iterator[dict[str, Any]]:
    """Rows that the index may hold, under ids that it does not."""
    with records.open("rb") as lines:
        for number, line in enumerate(islice(lines, 0, None, FAR)):
            yield orjson.loads(line) | {"id": f"asked-{number}"}


def _warm(index: str, rows: Sequence[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """CPU and wall milliseconds of `match` of each row behind the first ten."""
    cpu, wall = [], []
    with sw.open(index) as catalogue:
        for row in rows:
            busy, began = time.process_time(), time.perf_counter()
            list(catalogue.match([row]))
            cpu.append((time.process_time() - busy) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
    return cpu[WARM:], wall[WARM:]


def _cold(index: str, title: str) -> tuple[float, float]:
    """The median CPU and wall seconds of the command."""
    command = [str(Path(sys.executable).with_name("samework")), "query", title, "--index", index]
    runs = [measured(command) for _ in range(COLD)]
    return (
        round(median(run.cpu for run in runs), 2),
        round(median(run.wall for run in runs), 2),
    )


def _percentiles(figures: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    return round(median(figures), 1), round(quantiles(figures, n=100, method="inclusive")[-1], 1)


def _held(index: Path) -> tuple[int, int]:
    """How many records the index holds, and how many of them have no postings yet."""
    with closing(sqlite3.connect(f"file:{index / FILE}?mode=ro", uri=True)) as connection:
        meta = dict(connection.execute("SELECT name, value FROM meta"))
        generation = meta["generation"]
        query = f"SELECT count(*), count(*) FILTER (WHERE seq > ?) FROM keys_{generation}"
        covered = int(meta[f"covered_{generation}"])
        records, late = connection.execute(query, (covered,)).fetchone()
    return int(records), int(late)


if __name__ == "__main__":
    main()
