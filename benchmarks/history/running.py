"""
Running: one night of the year after the other, on an index, and what each took.

    Year, location  ->  ingest --detect  ->  judgements  ->  undos  ->  Cost, night by night

Each night opens the index anew and remembers nothing of the night before, as a command that a
timer starts. CPU seconds are those of this process and, where a node answers, of the node.
Does not: prove anything of what is there in the end (`proof.py` does).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.history.people import People
from benchmarks.history.results import Cost
from benchmarks.history.year import Night, Year
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector, Progress
from detector.runs.incremental import Arrivals
from detector.runs.ingest_run import ingest
from detector.store.stored_epoch import StoredEpoch
from indexer.feeds.formats.files_read import FilesRead
from indexer.index.opening import open_engine

AT_ONCE: Final = 1  # records: what came is compared before settling, whose time stands apart

Seconds = Callable[[], float]  # CPU, of all that works for us


@dataclass
class NightArrivals(Arrivals):
    """Compares a night's records as they come, and says what settling took behind them."""

    cpu: Seconds = time.process_time
    settling: float = field(init=False, default=0.0)  # CPU seconds
    anew: bool = field(init=False, default=False)  # all were compared as one collection

    def settle(self, progress: Progress | None = None, *, always: bool = True) -> int:
        """Settle, and note what that took."""
        waited = self.detector.waiting() > 0
        before, began = self.detector.holdings.epoch(), self.cpu()
        compared = super().settle(progress, always=always)
        if before is None or self.detector.holdings.epoch() is not before:
            self.settling += self.cpu() - began
            self.anew = self.anew or waited
        return compared


@dataclass(slots=True)
class RunYear:
    """A year on one index."""

    year: Year
    location: str
    folder: Path  # where the night's file is written
    people: People
    cpu: Seconds = time.process_time

    def nights(self) -> Iterator[Cost]:
        """Run all nights."""
        for number in range(self.year.nights):
            yield self._night(self.year.night(number))

    def _night(self, night: Night) -> Cost:
        feed = self.folder / "night.jsonl"
        feed.write_bytes(b"".join(self.year.lines(night)))
        StoredEpoch.forget()  # a process that a timer starts has not read it
        with closing(open_engine(self.location)) as engine:
            there = engine.totals().records
            detector = Detector(engine)
            with self._spent() as spent:
                arrivals = NightArrivals(detector, _nothing, at_once=AT_ONCE, cpu=self.cpu)
                counts = ingest(engine, FilesRead([str(feed)]), arrivals).counts
            if counts.rejected or not counts.closes:
                raise AssertionError(f"night {night.number}: rows were not stored: {counts}")
            judged, judging = self._judged(detector, night)
        return Cost(
            night=night.number,
            there=there,
            changed=len(night.places),
            arriving=round(spent[0] - arrivals.settling, 3),
            settling=round(arrivals.settling, 3),
            anew=arrivals.anew,
            judged=judged,
            judging=judging,
        )

    def _judged(self, detector: Detector, night: Night) -> tuple[int, float]:
        """Let people judge; how many pairs, and what it took."""
        said = self.people.night(night, detector.holdings)
        if not said:
            return 0, 0.0
        with self._spent() as spent:
            acted = judge(detector, said)
        self.people.note(night, acted.judgements)
        return len(said), round(spent[0], 3)

    @contextmanager
    def _spent(self) -> Iterator[list[float]]:
        """CPU seconds of the block, in a list that is filled behind it."""
        spent: list[float] = []
        began = self.cpu()
        yield spent
        spent.append(self.cpu() - began)


def _nothing(said: str) -> None:
    """Nobody waits for the sentences of a night."""
