"""
Timings: what each stage of a run took, in wall and CPU seconds, by its records or pairs.

    with timed("keys", records):  ...   ->  a row of the table that `--timings` prints

A stage inside another stops the other's clock, so that the rows add up to the whole.
What worker processes spent is added to the rows of the run that they worked for. Outside
of a run that `measuring` began, `timed` does nothing. Does not: say what is slow.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Value = TypeVar("Value")

# Every stage in the order of the flow, and what is counted there.
STAGES: Final[Mapping[str, str]] = {
    "previous": "records",
    "reading": "records",
    "fields": "records",
    "columns": "records",
    "keys": "records",
    "storing": "records",
    "learning": "records",
    "joining": "pairs",
    "comparing": "pairs",
    "deciding": "pairs",
    "forming works": "records",
    "storing works": "records",
    "postings": "records",
    "standings": "records",
    "marked rows": "records",
    "piles": "records",
    "works": "records",
    "pairs": "pairs",
    "report": "works",
    "exports": "works",
    "the rest": "records",
}
THE_REST: Final = "the rest"
COLUMNS: Final = (
    "stage", "counted", "count", "wall", "cpu", "share", "a_cpu_second", "peak_grew_mb",
)  # fmt: skip


@dataclass(slots=True)
class Spent:
    """What one stage took, that of stages inside it left out."""

    wall: float = 0.0  # seconds in the process that runs
    cpu: float = 0.0  # seconds of all processes
    count: int = 0  # of what STAGES says
    peak: int = 0  # KiB by which the peak of resident memory grew meanwhile

    def add(self, wall: float, cpu: float, peak: int) -> None:
        """Add a stretch of time."""
        self.wall += wall
        self.cpu += cpu
        self.peak += peak


@dataclass(slots=True)
class Timings:
    """The stages of one run."""

    spent: dict[str, Spent] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)  # the stages that are on, the inmost last
    _began: float = field(default_factory=time.perf_counter)
    _mark: tuple[float, float, int] = field(default_factory=lambda: _now())

    def begin(self, stage: str, count: int = 0) -> None:
        """Let a stage's clock run, and stop that of the one around it."""
        self._charge()
        self._open.append(stage)
        self._of(stage).count += count

    def end(self) -> None:
        """Stop the inmost stage."""
        self._charge()
        self._open.pop()

    def counted(self, count: int) -> None:
        """Count more records or pairs of the inmost stage."""
        if self._open:
            self._of(self._open[-1]).count += count

    def worked(self, spent: Mapping[str, Spent]) -> None:
        """Add what a worker process spent: CPU seconds and counts, no wall time of this run."""
        for stage, theirs in spent.items():
            ours = self._of(stage)
            ours.cpu += theirs.cpu
            ours.count += theirs.count

    def end_of_share(self) -> dict[str, Spent]:
        """What a worker spent on one share, to be sent to the run."""
        self._charge()
        return self.spent

    def summary(self) -> dict[str, Any]:
        """The whole time until now, and the stages."""
        return {"all": round(time.perf_counter() - self._began, 3), "stages": self.rows()}

    def rows(self) -> list[dict[str, Any]]:
        """The stages in the order of the flow, one dict of COLUMNS each."""
        self._charge()
        whole = sum(spent.cpu for spent in self.spent.values()) or 1.0
        order = [stage for stage in STAGES if stage in self.spent]
        return [_row(stage, self.spent[stage], whole) for stage in order]

    def _of(self, stage: str) -> Spent:
        return self.spent.setdefault(stage, Spent())

    def _charge(self) -> None:
        (wall, cpu, peak), before = _now(), self._mark
        stage = self._open[-1] if self._open else THE_REST
        self._of(stage).add(wall - before[0], cpu - before[1], peak - before[2])
        self._mark = wall, cpu, peak


_current: ContextVar[Timings | None] = ContextVar("timings", default=None)


@contextmanager
def measuring(timings: Timings) -> Iterator[Timings]:
    """Let every stage of the block be noted in these timings."""
    token = _current.set(timings)
    try:
        yield timings
    finally:
        _current.reset(token)


@contextmanager
def timed(stage: str, count: int = 0) -> Iterator[None]:
    """Note what the block takes; called once a batch, since it costs some five microseconds."""
    timings = _current.get()
    if timings is None:
        yield
        return
    timings.begin(stage, count)
    try:
        yield
    finally:
        timings.end()


def counted(count: int) -> None:
    """Count more records or pairs of the stage that is on."""
    if timings := _current.get():
        timings.counted(count)


def each_timed(
    stage: str, values: Iterable[Value], size: Callable[[Value], int]
) -> Iterator[Value]:
    """The values of an iterator, with what it takes to make each charged to a stage."""
    iterator = iter(values)
    while True:
        with timed(stage):
            value = next(iterator, _END)
            if value is _END:
                return
            counted(size(value))  # type: ignore[arg-type]
        yield value  # type: ignore[misc]


def of_worker(spent: Mapping[str, Spent]) -> None:
    """Add what a worker process spent to the run that is measured here, if one is."""
    if timings := _current.get():
        timings.worked(spent)


_END: Final = object()


def _now() -> tuple[float, float, int]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return time.perf_counter(), time.process_time(), peak


def _row(stage: str, spent: Spent, whole: float) -> dict[str, Any]:
    rate = round(spent.count / spent.cpu) if spent.cpu > 0 else 0
    values = (
        stage,
        STAGES[stage],
        spent.count,
        round(spent.wall, 3),
        round(spent.cpu, 3),
        round(spent.cpu / whole, 4),
        rate,
        round(spent.peak / 1024, 1),
    )
    return dict(zip(COLUMNS, values, strict=True))
