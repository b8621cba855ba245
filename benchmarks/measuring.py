"""
What a command takes: wall and CPU seconds, memory, bytes read and written, its children too.

    command, limit  ->  Measured

Memory is what all processes of the tree hold at one moment, looked at again and again;
for a single process it is what the system says was its peak. What several share counts
once (PSS, where the system tells it). Bytes are those that were asked for, whether the
disk or the page cache gave them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import psutil

OFTEN: Final = 0.2  # seconds between two looks at a short run
# At a long one: a look at several large processes takes tens of milliseconds of a core.
SELDOM: Final = 1.0
SHORT: Final = 30.0  # seconds
USUAL: Final = (0, 3)  # exit status of a run that did what was asked


class Measured(NamedTuple):
    """What a command took."""

    wall: float  # seconds
    cpu: float  # seconds, of all processes
    peak_mb: float
    status: int  # of exit; negative: killed by that signal
    read_mb: float
    written_mb: float
    stopped: str  # why, before it was done; "" if it came to its end
    said: str  # the end of what it printed


def revision() -> str:
    """The commit that is measured, by nine letters; "" outside a checkout."""
    command = ["git", "rev-parse", "--short=9", "HEAD"]
    done = subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def measured(
    command: list[str], seconds: float = float("inf"), mb: float = float("inf"), **popen: Any
) -> Measured:
    """Run a command to its end, or to a limit of seconds or memory, and say what it took."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **popen
        )
        seen = Seen(process.pid)
        stopped = ""
        # Not reaped yet when it ends, so that its counts of bytes can still be read.
        while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            seen.look()
            passed = time.perf_counter() - began
            late = passed > seconds
            if not stopped and (late or seen.peak > mb):
                stopped = f"stopped after {seconds:,.0f} s" if late else f"stopped at {mb:,.0f} MB"
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(OFTEN if passed < SHORT else SELDOM)
        seen.look()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said = _end_of(output)
    if process.returncode not in USUAL and not stopped:
        sys.stderr.write(said)
    read, written = seen.moved()
    cpu = max(usage.ru_utime + usage.ru_stime, seen.cpu)
    # What wait4 says was the peak begins with the memory of whoever started the process.
    peak = max(seen.peak, seen.high_water or usage.ru_maxrss / 1024)
    return Measured(wall, cpu, peak, process.returncode, read, written, stopped, said)


class Seen:
    """What was seen of a process and its children while they ran."""

    def __init__(self, pid: int) -> None:
        self._parent = psutil.Process(pid)
        self._moved: dict[tuple[int, float], tuple[int, int]] = {}
        self.peak = 0.0  # MB
        self.high_water = 0.0  # MB, of the parent alone; 0 where the system does not tell it
        self.cpu = 0.0  # seconds; children of what was killed are waited for by nobody

    def look(self) -> None:
        """Look at all processes once."""
        with suppress(psutil.Error):
            tree = (self._parent, *self._parent.children(recursive=True))
            held = spent = 0.0
            for process in tree:
                with suppress(psutil.Error, OSError):
                    io = process.io_counters()
                    self._moved[process.pid, process.create_time()] = (
                        io.read_chars,
                        io.write_chars,
                    )
                    times = process.cpu_times()
                    spent += times.user + times.system + times.children_user
                    held += _held(process, shares=len(tree) > 1)
            self.cpu = max(self.cpu, spent)
            self.peak = max(self.peak, held / 2**20)
            self.high_water = max(self.high_water, high_water(self._parent.pid))

    def moved(self) -> tuple[float, float]:
        """MB read and written by all of them."""
        read, written = (sum(column) / 1e6 for column in zip(*self._moved.values(), strict=True))
        return read, written


def high_water(process: int | str = "self") -> float:
    """MB that a process held at most since it became what it is; 0 where that is not told."""
    with suppress(OSError), open(f"/proc/{process}/status", encoding="ascii") as lines:
        return next((int(line.split()[1]) / 1024 for line in lines if line[:6] == "VmHWM:"), 0.0)
    return 0.0


def _held(process: psutil.Process, shares: bool) -> int:
    """Bytes of memory; of what it shares with others its part."""
    if shares:
        with suppress(AttributeError):  # a system that does not tell it
            return int(process.memory_full_info().pss)
    return int(process.memory_info().rss)


def _end_of(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode(errors="replace")[-2000:]
