"""The command at a real terminal (a pty), as a person at the keyboard has it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Final

from tests.command import SAMEWORK

PATIENCE: Final = 60.0  # seconds; a loaded machine starts the command in ten
_CODES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A running command: `until` reads what it shows, `press` types."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.shown = ""  # since the last key, codes of colour left out
        self._master = master
        self._raw = b""

    def until(self, text: str) -> str:
        """Read until this is shown; all that was shown since the last key."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} was not shown, but {self.shown!r}"
            if not self._read(0.2) and self.process.poll() is not None:
                raise AssertionError(f"it ended without {text!r}: {self.shown!r}")
        return self.shown

    def press(self, key: str) -> None:
        """Type a key; what is shown begins anew."""
        self.shown, self._raw = "", b""
        os.write(self._master, key.encode())

    def ended(self) -> int:
        """Wait for its end; the exit status."""
        while self._read(0.2) or self.process.poll() is None:
            pass
        return self.process.wait(PATIENCE)

    def _read(self, seconds: float) -> bool:
        if not select([self._master], [], [], seconds)[0]:
            return False
        try:
            read = os.read(self._master, 65_536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self._raw += read
        self.shown = _CODES.sub("", self._raw.decode("utf-8", "replace")).replace("\r", "")
        return bool(read)


@contextmanager
def at_terminal(*arguments: str, cwd: Path, columns: int = 120) -> Iterator[Terminal]:
    """The command at a terminal of so many columns; it is killed where the block leaves it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SAMEWORK_", "OPENSEARCH_"))}
    env.pop("COLUMNS", None)
    env |= {"TERM": "xterm", "SAMEWORK_BY": "ana"}
    process = subprocess.Popen(
        [str(SAMEWORK), *arguments], cwd=cwd, env=env, stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
