"""
What it costs that records go on arriving: `ingest --detect` of made records, a tenth at a time.

    python -m benchmarks.arriving 100000 [--batch 2000] [--write]

Each tenth is an ingest of its own into the index that those before it left. What comparing the
records as they came took stands apart from settling, which compares the collection again where
it is due. With --write results.json is kept; `make docs` then writes docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from benchmarks.arriving.results import Arrived, Tenth, store
from benchmarks.measuring import high_water
from benchmarks.records.generator import Population
from benchmarks.scale.results import circumstances
from detector.detecting.pipeline import Detector, Progress
from detector.runs.incremental import Arrivals
from detector.runs.ingest_run import ingest
from indexer.feeds.formats.files_read import FilesRead
from indexer.index.opening import open_engine

BATCH: Final = 2_000  # as the command takes them
TENTHS: Final = 10


def main() -> None:
    """Measure, print every tenth as it is done, and keep them if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load, tenths = os.getloadavg()[0], []
    for tenth in measured(Population(chosen.records, chosen.seed), chosen.batch):
        print(tenth, flush=True)
        tenths.append(tenth)
    arrived = Arrived(
        records=chosen.records,
        batch=chosen.batch,
        tenths=tenths,
        peak_mb=round(high_water()),
        **circumstances(load),
    )
    if chosen.write:
        store(arrived)


def measured(population: Population, batch: int) -> Iterator[Tenth]:
    """Let a population arrive, a tenth at a time."""
    rows = population.rows()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(TENTHS):
            feed = Path(folder) / "made.jsonl"
            with feed.open("wb") as lines:
                for row in islice(rows, population.records // TENTHS):
                    lines.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            with closing(open_engine(str(Path(folder) / "index"))) as engine:
                before = engine.totals().records
                arrivals = _Arrivals(Detector(engine), print, at_once=batch)
                began = time.process_time()
                counts = ingest(engine, FilesRead([str(feed)]), arrivals, batch).counts
                spent = time.process_time() - began
                settling = sum(arrivals.whole)
                yield Tenth(before, counts.read, round(spent - settling, 2), round(settling, 2))


@dataclass
class _Arrivals(Arrivals):
    """Says what settling took, where it was due."""

    whole: list[float] = field(default_factory=list)  # CPU seconds

    def settle(self, progress: Progress | None = None, *, always: bool = True) -> int:
        """Settle, and note what that took if all was decided anew."""
        with self._noted():
            return super().settle(progress, always=always)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        epoch, began = self.detector.holdings.epoch(), time.process_time()
        yield
        now = self.detector.holdings.epoch()
        if now is not None and (epoch is None or epoch.number != now.number):
            self.whole.append(time.process_time() - began)


if __name__ == "__main__":
    main()
