"""
Keyboard: one key press at a time from a terminal.

    with Keyboard() as keys: keys.pressed()  ->  "d", "y", "" where the input ended

What was typed before a question was drawn is thrown away: nobody answers what they did not see.
Arrow and function keys come as several characters and are no answer. Does not: know what a key
means.
"""

from __future__ import annotations

import os
import sys
import termios
import tty
from select import select
from types import TracebackType
from typing import Any, Final, Self

ESCAPE: Final = b"\x1b"
END_OF_INPUT: Final = "\x04"  # Ctrl-D
_REST: Final = 0.05  # seconds in which the rest of an arrow key comes


def at_terminal() -> bool:
    """Whether a person can be shown something and can answer it by a key."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Keyboard:
    """The keyboard of the terminal on stdin; as it was before, after the block."""

    def __init__(self) -> None:
        self._terminal = sys.stdin.fileno()
        self._before: list[Any] = []

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._terminal)
        tty.setcbreak(self._terminal)  # Ctrl-C goes on stopping the command
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def forget(self) -> None:
        """Throw away what was typed so far."""
        termios.tcflush(self._terminal, termios.TCIFLUSH)

    def pressed(self) -> str:
        """The next key; "" at the end of the input."""
        while True:
            read = os.read(self._terminal, 1)
            if read == ESCAPE:
                self._skip_sequence()
                continue
            key = self._letter(read).decode("utf-8", "replace")
            return "" if key == END_OF_INPUT else key

    def _skip_sequence(self) -> None:
        """Read the rest of a key that comes as Escape and more: "[", numbers, a letter, or "OA"."""
        if not select([self._terminal], [], [], _REST)[0]:
            return  # Escape itself
        kind = os.read(self._terminal, 1)
        if kind == b"O":
            os.read(self._terminal, 1)
        while kind == b"[" and not b"@" <= (last := os.read(self._terminal, 1)) <= b"~":
            if not last:
                return

    def _letter(self, read: bytes) -> bytes:
        """The whole of a letter that comes as several bytes."""
        more = 0 if not read or read[0] < 0xC0 else 1 + (read[0] >= 0xE0) + (read[0] >= 0xF0)
        return read + b"".join(os.read(self._terminal, 1) for _ in range(more))
