"""
The terminal: data on stdout, everything else on stderr.

    command  ->  say(), emit(), emit_json(), Stages, exit statuses

A progress bar with rate and time left where stderr is a terminal, a log line every
few seconds otherwise. Does not: know any command.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from threading import Event, Thread
from typing import Any, Final

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from indexer.faults import naming
from samework.commands.stopping import stop_if_asked

SECONDS_BETWEEN_LINES: Final = 5.0
SECONDS_TO_FIRST: Final = 1.0  # of the command; what is silent for longer seems to hang
SOONEST: Final = 0.3  # after loading took long, for what is done in a moment
BEGAN: Final = time.monotonic()
STEADY_AFTER: Final = 0.02  # share of a stage from which its time left is told


class Status(IntEnum):
    """The exit statuses of every command."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    INCOMPLETE = 3  # rows or records are missing that should have been read
    DUPLICATES = 4  # only with --fail-on-duplicates
    REVIEW = 5  # only with --fail-on-review
    STOPPED = 130  # Ctrl-C


_after_stop = {"advice": "run the same command again"}
_quiet = {"asked": False}


def be_quiet() -> None:
    """Show no progress in this run."""
    _quiet["asked"] = True


def resume_by(advice: str) -> None:
    """What to tell the person who stops this run with Ctrl-C."""
    _after_stop["advice"] = advice


def after_stop() -> str:
    """What is safe when a run ends midway, and how to go on."""
    return _after_stop["advice"]


def stopped() -> str:
    """The line that follows Ctrl-C."""
    return f"stopped; {after_stop()}"


def say(text: str) -> None:
    """A line for the person at the terminal, on stderr, control characters made visible."""
    with suppress(OSError):  # a full disk under a log is no reason to end the run
        print(inert(text), file=sys.stderr, flush=True)


def emit(text: str) -> None:
    """A line of the answer, on stdout."""
    with naming("standard output"):
        print(inert(text), flush=True)


def emit_json(value: Any) -> None:
    """The answer as one JSON value on one line of stdout."""

    with naming("standard output"):
        sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()


def emit_named(values: Mapping[str, object], *, as_json: bool) -> None:
    """Named values as the answer: one JSON object, or name=value in one line."""
    if as_json:
        emit_json(values)
    else:
        emit(" ".join(f"{name}={value}" for name, value in values.items()))


def inert(text: str) -> str:
    """Text without what a terminal would obey: escape sequences of a title stay text."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


@dataclass(slots=True)
class Stage:
    """How far one stage of a run is."""

    unit: str
    began: float
    done: int = 0
    share: float = 0.0  # of the whole stage, 0 where that is not known

    def progress(self, now: float) -> str:
        """Count, rate and time left, as a person reads them."""
        spent = max(now - self.began, 1e-9)
        rate = f"{self.done:,} {self.unit}  {self.done / spent:,.0f}/s"
        left = self.left(now)
        return rate if left is None else f"{rate}  {duration(left)} left"

    def log_fields(self, now: float) -> str:
        """The same as fields of a log line."""
        spent = max(now - self.began, 1e-9)
        fields = f"{self.unit}={self.done} rate={self.done / spent:.0f}/s"
        left = self.left(now)
        return fields if left is None else f"{fields} left={left:.0f}s"

    def left(self, now: float) -> float | None:
        """Seconds, where enough is done to tell."""
        if not STEADY_AFTER <= self.share <= 1:
            return None
        return (now - self.began) * (1 - self.share) / self.share


def duration(seconds: float) -> str:
    """12 s, 3 min 20 s, 2 h 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Stages:
    """
    The stages of a run with their progress.

    Call it with a stage, how many more are done and, where it is known, which share of
    the stage that makes: the time left follows from it.
    """

    def __init__(
        self, units: dict[str, str], shares: Mapping[str, Callable[[], float]] | None = None
    ) -> None:
        self._units = units
        self._shares = shares or {}
        self._stages: dict[str, Stage] = {}
        self._last = time.monotonic()
        self._now = ""  # the stage that is running
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __call__(self, name: str, more: int, share: float = 0.0) -> None:
        """Count what is done of a stage; a Ctrl-C that was lost is heard here."""
        stop_if_asked()
        now = time.monotonic()
        if name not in self._stages:
            self._finish_bars()
            # It began when the stage before it ended, not when its first batch was done.
            self._stages[name] = Stage(self._units.get(name, ""), self._last)
        self._last, self._now = now, name
        stage = self._stages[name]
        stage.done += more
        if name in self._shares:
            share = self._shares[name]()
        stage.share = share or stage.share
        if self._bars is not None:
            self._draw(name, stage, now)

    @contextmanager
    def _logged(self) -> Iterator[None]:
        """A line every few seconds while the block runs, by a clock: a step may take longer."""
        ended = Event()
        first = next(iter(self._units), "working")

        def log() -> None:
            pause = max(SOONEST, BEGAN + SECONDS_TO_FIRST - time.monotonic())
            while not ended.wait(pause):
                pause = SECONDS_BETWEEN_LINES
                stage = self._stages.get(self._now)
                fields = stage.log_fields(time.monotonic()) if stage else ""
                say(f"{self._now or first} {fields}".rstrip())

        logging = Thread(target=log, daemon=True)
        logging.start()
        try:
            yield
        finally:
            ended.set()
            logging.join()

    def _draw(self, name: str, stage: Stage, now: float) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=None, progress="")
        total = 1.0 if stage.share else None
        self._bars.update(
            self._tasks[name], total=total, completed=stage.share, progress=stage.progress(now)
        )

    def _finish_bars(self) -> None:
        """A stage that has begun ends those before it."""
        for name, task in self._tasks.items():
            stage = self._stages[name]
            done = f"{stage.done:,} {stage.unit}"
            self._bars.update(task, total=1.0, completed=1.0, progress=done)

    @contextmanager
    def shown(self, *, beside_answer: bool = False) -> Iterator[Stages]:
        """
        Show bars while the block runs, if stderr is a terminal.

        A block that prints its answer as it goes (`beside_answer`) shows none where the
        answer goes to the same terminal: its lines are the progress.
        """
        if _quiet["asked"] or (beside_answer and sys.stderr.isatty() and sys.stdout.isatty()):
            yield self
            return
        if not sys.stderr.isatty():
            with self._logged():
                yield self
            return

        columns = (
            TextColumn("{task.description:<10}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[progress]}", markup=False),
        )
        console = Console(stderr=True, soft_wrap=False)
        # Redirected, an answer that goes into a pipe would come out on the terminal.
        shown = Progress(
            *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        with shown as bars:
            self._bars = bars
            try:
                yield self
            finally:
                self._bars = None
