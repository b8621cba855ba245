"""
The terminal: data on stdout, everything else on stderr.

    command  ->  say(), emit(), Progress, exit statuses

A progress bar with rate and time left where stderr is a terminal, a log line every
few seconds otherwise. Does not: know any command.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, Final

SECONDS_BETWEEN_LINES: Final = 5.0


class Status(IntEnum):
    """The exit statuses of every command."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    INCOMPLETE = 3  # rows or records are missing that should have been read
    DUPLICATES = 4  # only with --fail-on-duplicates
    REVIEW = 5  # only with --fail-on-review


def say(text: str) -> None:
    """A line for the person at the terminal, on stderr, control characters made visible."""
    print(inert(text), file=sys.stderr, flush=True)


def emit(text: str) -> None:
    """A line of the answer, on stdout."""
    print(inert(text), flush=True)


def emit_json(value: Any) -> None:
    """The answer as one JSON value on one line of stdout."""
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def inert(text: str) -> str:
    """Text without what a terminal would obey: escape sequences of a title stay text."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


class Stages:
    """The stages of a run with their progress; call it with a stage and how many more are done."""

    def __init__(self, units: dict[str, str]) -> None:
        self._units = units
        self._done: dict[str, int] = {}
        self._began: dict[str, float] = {}
        self._spoke = time.monotonic()
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __call__(self, stage: str, more: int) -> None:
        """Count what is done of a stage."""
        now = time.monotonic()
        self._began.setdefault(stage, now)
        self._done[stage] = self._done.get(stage, 0) + more
        if self._bars is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=None)
            self._bars.update(self._tasks[stage], completed=self._done[stage])
        elif now - self._spoke >= SECONDS_BETWEEN_LINES:
            self._spoke = now
            rate = self._done[stage] / max(now - self._began[stage], 1e-9)
            unit = self._units.get(stage, "")
            say(f"{stage} {unit}={self._done[stage]} rate={rate:.0f}/s")

    @contextmanager
    def shown(self) -> Iterator[Stages]:
        """Show bars while the block runs, if stderr is a terminal."""
        if not sys.stderr.isatty():
            yield self
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.speed:.0f}/s"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            self._bars = bars
            try:
                yield self
            finally:
                self._bars = None
