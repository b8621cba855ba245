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
from detector.detecting.pipeline import Detector, Progress
from detector.runs.incremental import Arrivals
from detector.runs.ingest_run import ingest
from detector.runs.judging_run import judged_in_run
from detector.runs.undoing import undo
from detector.store.events import events_of
from detector.store.stored_epoch import StoredEpoch
from indexer.errors import CannotUndo
from indexer.feeds.formats.files_read import FilesRead
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.runs import runs

LATE: Final = 2  # nights until it is noticed that a delivery was wrong, every other time
AT_ONCE: Final = 1  # records: what came is compared before settling, whose time stands apart

Seconds = Callable[[], float]  # CPU, of all that works for us


class TimedDetector(Detector):
    """Says what settling took, behind comparing what waited."""

    def __init__(self, engine: Engine, cpu: Seconds) -> None:
        super().__init__(engine)
        self.cpu = cpu
        self.settling = 0.0  # CPU seconds
        self.anew = False  # what came was compared with all, as one collection

    def settle(self, progress: Progress | None = None) -> int:
        """Settle, and note what that took."""
        epoch = self.holdings.epoch()
        if epoch is None or self.waiting() > self.whole_from * epoch.records:
            self.anew = True
        else:
            self.arrived()
        began = self.cpu()
        compared = super().settle(progress)
        self.settling += self.cpu() - began
        return compared


@dataclass(slots=True)
class RunYear:
    """A year on one index."""

    year: Year
    location: str
    folder: Path  # where the night's file is written
    people: People
    deliveries: int = 0  # that are undone: the feed had delivered rubbish
    cpu: Seconds = time.process_time
    refused: list[str] = field(init=False, default_factory=list)  # why an undo was not done
    undone: int = field(init=False, default=0)  # undos that were done
    _missed: int = field(init=False, default=0)  # undos of deliveries that were not possible
    _runs: dict[int, str] = field(init=False, default_factory=dict)  # of nights not undone yet

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
            detector = TimedDetector(engine, self.cpu)
            with self._spent(detector) as arriving:
                arrivals = Arrivals(detector, _nothing, at_once=AT_ONCE)
                counts = ingest(engine, FilesRead([str(feed)]), arrivals).counts
            if counts.rejected or not counts.closes:
                raise AssertionError(f"night {night.number}: rows were not stored: {counts}")
            if self._is_wrong(night.number):
                self._runs[night.number] = runs(engine)[-1].run
            undone, undoing = self._undone(detector, night)
            judged, judging = self._judged(detector, night)
        return Cost(
            night=night.number,
            there=there,
            changed=len(night.places),
            arriving=arriving[0],
            settling=round(detector.settling, 3),
            anew=detector.anew,
            judged=judged,
            judging=judging,
            undone=undone,
            undoing=undoing,
        )

    def _judged(self, detector: TimedDetector, night: Night) -> tuple[int, float]:
        """Let people judge; how many pairs, and what it took."""
        if night.number in self._runs:  # nobody looks at rubbish
            return 0, 0.0
        said = self.people.night(night, detector.holdings)
        if not said:
            return 0, 0.0
        before = detector.engine.append([])
        with self._spent(detector) as spent:
            judged_in_run(detector, said, "judge", "the judges")
        self.people.note(night, events_of(detector.engine, before))
        return len(said), spent[0]

    def _undone(self, detector: TimedDetector, night: Night) -> tuple[int, float]:
        """Take back what is due; how many judgements and records, and what it took."""
        concerned = 0
        with self._spent(detector) as spent:
            for event in self.people.regretted(night):
                concerned += self._take_back(detector, str(event))
            for number in [number for number in self._runs if self._is_due(number, night.number)]:
                records = self._take_back(detector, self._runs.pop(number))
                concerned += records
                if records:
                    self.year.undone(number)
                else:
                    self._missed += 1
        return concerned, spent[0]

    def _take_back(self, detector: Detector, name: str) -> int:
        """Undo a run or an event; how many judgements and records that took back."""
        try:
            plan = undo(detector, name, by="the judges").plan
        except CannotUndo as refused:
            self.refused.append(str(refused))
            return 0
        self.undone += 1
        records = len(plan.records.brought) + len(plan.records.replaced)
        return records + len(plan.said.judged)

    def _is_wrong(self, number: int) -> bool:
        """Whether this night's delivery will be undone: every so many nights, not the first."""
        if number + LATE + 1 >= self.year.nights:  # it could not come again
            return False
        if self._missed:  # in place of one that could not be undone
            self._missed -= 1
            return True
        several, nights = self.deliveries, self.year.nights
        return several > 0 and (number + 1) * several // nights > number * several // nights

    def _is_due(self, number: int, now: int) -> bool:
        """Whether what this night brought is undone now: at once, or when later nights came."""
        at_once = (number * self.deliveries // self.year.nights) % 2 == 0
        return now >= number + (0 if at_once else LATE)

    @contextmanager
    def _spent(self, detector: TimedDetector) -> Iterator[list[float]]:
        """CPU seconds of the block but for settling, in a list that is filled behind it."""
        spent: list[float] = []
        began = self.cpu() - detector.settling
        yield spent
        spent.append(round(self.cpu() - detector.settling - began, 3))


def _nothing(said: str) -> None:
    """Nobody waits for the sentences of a night."""
