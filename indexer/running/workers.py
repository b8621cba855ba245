"""
Workers: processes that take a run's shares of work and answer in the order of the shares.

    step, shares  ->  Workers.each  ->  answers

With one worker every step is called in this process, so the plain run stays plain. With
more each share goes whole to one of them and changes nothing there that another sees:
the answers are the same whatever their number. They end with the process that began
them, killed or not.

How they begin: a forked copy of this process would have its threads stopped in the middle of
theirs (progress, clients of a cluster), and a spawned one reads all modules anew. So a server
is spawned that has no threads of its own, reads the modules once and forks itself: two workers
take 1.0 s of CPU to begin, where two spawned ones take 2.0, and share the memory of what they
read. Where a system has no such server they are spawned.

Does not: write to an index; who began them does.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from indexer.errors import SettingsError, WorkerLost
from indexer.running.timings import Timings, measuring, of_worker

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Share = TypeVar("Share")
Answer = TypeVar("Answer")

# Records are millions of small objects without cycles; looking for cycles among them takes
# a fifth of a run over 50,000 records at Python's default of every 700 objects.
UNHURRIED: Final = (100_000, 50, 100)
# In a run over files, which leaves no cycles: its batches are let go before a look at them is due.
# Every 100,000 objects a look at those that live takes 2.7 % of the run.
RARELY: Final = (1_000_000, 50, 100)

AUTO: Final = "auto"
WORTH: Final = 6_000_000  # bytes of input from which several processes end sooner than one
PACKED: Final = 4  # times as large is what a packed file unpacks to
# One process reads and stores: it takes a quarter of the time of making fields and keys.
MOST: Final = 8

# What a worker needs to have read; the server of workers reads it once for all.
_MODULES: Final = (
    *("indexer.ingesting.ingest", "detector.detecting.deciding"),
    *("detector.reports.parts.told_pairs", "detector.reports.parts.passing"),
)

_STEP: Final = "step"
_SHARE: Final = "share"
_FILES: Final = "descriptors"
_END_SECONDS: Final = 5.0


def workers_for(asked: int | str, size: int) -> int:
    """
    How many processes share a run: as many as were asked for, or AUTO.

    AUTO is one a core, at most MOST, for an input of WORTH bytes, and one below that.

    Raises:
        SettingsError: neither AUTO nor a number from 1.
    """
    if asked == AUTO:
        return min(_cores(), MOST) if size >= WORTH else 1
    if not str(asked).isdecimal() or int(asked) < 1:
        raise SettingsError(f"workers {asked!r}: expected {AUTO} or a number from 1")
    return int(asked)


def size_of(files: Iterable[str]) -> int:
    """About how many bytes files have, once unpacked; of standard input nobody knows."""
    return sum(
        os.path.getsize(file) * (PACKED if file.endswith((".gz", ".zst")) else 1)
        for file in files
        if os.path.isfile(file)
    )


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """So many processes, begun when they are first needed."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._begun: list[_Worker] = []
        self._told: object = None  # the step that the workers have

    def expected(self) -> None:
        """
        Let the server read the modules while this process does what comes before the workers.

        It takes half a second, for which who begins the first worker would wait.
        """
        if self.count > 1 and not self._begun:
            context = _context()
            if context.get_start_method() == "forkserver":
                from multiprocessing import forkserver  # most runs have one process

                with _script_left_out():
                    forkserver.ensure_running()

    def each(self, step: Callable[[Share], Answer], shares: Iterable[Share]) -> Iterator[Answer]:
        """
        The step's answers in the order of the shares, of which one a worker is ahead.

        The step is sent to each worker once, for as long as it is the same, and keeps
        there what it made of itself; it and the shares must be picklable. Files that are
        open here under its `descriptors`, if it has some, it finds open there, under
        numbers of that process: what shares have in common need not be copied to each.

        Raises:
            WorkerLost: a worker was killed; its share was not done.
        """
        if self.count == 1:
            yield from map(step, shares)
            return
        workers = self._ready()
        if self._told is not step:
            for worker in workers:
                worker.tell(_STEP, step)
            self._told = step
        waiting: deque[_Worker] = deque()
        for share, worker in zip(shares, cycle(workers), strict=False):
            answered = waiting.popleft().answer() if len(waiting) == self.count else None
            worker.tell(_SHARE, share)  # before the answer is given on: it has work meanwhile
            waiting.append(worker)
            if answered is not None:
                yield answered[0]
        while waiting:
            yield waiting.popleft().answer()[0]

    def close(self) -> None:
        """End all processes; a second call does nothing."""
        for worker in self._begun:
            worker.end()
        self._begun, self._told = [], None

    def _ready(self) -> list[_Worker]:
        if any(worker.busy for worker in self._begun):
            self.close()  # a run that was given up left shares behind
        if not self._begun:
            self._begun = [_Worker(number + 1, self.count) for number in range(self.count)]
        return self._begun


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, number: int, count: int) -> None:
        from multiprocessing.reduction import send_handle  # most runs have one process

        self._hand = send_handle
        self._name = f"worker {number} of {count}"
        self.busy = False
        context = _context()
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _script_left_out():
            self._process.start()
        theirs.close()

    def tell(self, kind: str, value: object) -> None:
        """Send a step or a share."""
        try:
            self._pipe.send((kind, value))
            for descriptor in getattr(value, _FILES, ()) if kind == _STEP else ():
                self._hand(self._pipe, descriptor, self._process.pid)
        except OSError as broken:
            raise self._lost() from broken
        self.busy = kind == _SHARE

    def answer(self) -> tuple[Any]:
        """Wait for the answer to the last share; in a tuple, for it may be None."""
        try:
            (fault, value, told), spent = self._pipe.recv()
        except (EOFError, OSError) as broken:
            raise self._lost() from broken
        self.busy = False
        of_worker(spent)
        if fault is None:
            return (value,)
        # its own kind and words, without its arguments; the system's with its number and file
        system = issubclass(fault, OSError) and isinstance(value, tuple)
        raised = fault(*value) if system else fault.__new__(fault)
        if not system:
            raised.args = (value,)
        raised.add_note(f"in {self._name}:\n{told}")
        raise raised

    def end(self) -> None:
        """End the process: idle ones see the pipe closed, a busy one is stopped."""
        self._pipe.close()
        if self.busy:
            self._process.terminate()
        self._process.join(_END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _lost(self) -> WorkerLost:
        self._process.join(_END_SECONDS)
        code = self._process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with status {code}"
        return WorkerLost(f"{self._name} (process {self._process.pid})", how)


def _context() -> Any:
    """How processes begin here."""
    from multiprocessing import get_all_start_methods, get_context  # most runs have one process

    served = "forkserver" in get_all_start_methods()
    context: Any = get_context("forkserver" if served else "spawn")
    context.set_forkserver_preload(list(_MODULES))
    return context


@contextmanager
def _script_left_out() -> Iterator[None]:
    """
    Let a process begin without running the user's script, which has nothing that it needs.

    It would be run from its beginning, the call that begins workers too, where it does not
    ask for its name. A program that was begun as a module of a package is read all the same.
    """
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is not None:
        yield
        return
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection) -> None:
    """The life of a worker: answer shares until the pipe is closed at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who began it
    gc.set_threshold(*RARELY)
    step: Any = None
    while True:
        try:
            # from here: to read a share and to send the last answer is work too
            with measuring(Timings()) as timings:
                kind, value = pipe.recv()
                if kind == _STEP:
                    step = _taken_over(value, step, pipe)
                    continue
                answer = _answer(step, value)
            pipe.send((answer, timings.end_of_share()))
        except (EOFError, OSError):
            return


def _taken_over(step: Any, last: Any, pipe: Connection) -> Any:
    """A step with its files, in the place of the last one, whose files are closed."""
    # most runs have one process and need none
    from multiprocessing.reduction import recv_handle

    for descriptor in getattr(last, _FILES, ()):
        os.close(descriptor)
    if theirs := getattr(step, _FILES, ()):
        step.descriptors = tuple([recv_handle(pipe) for _ in theirs])
    return step


def _answer(step: Callable[[Any], Any], share: object) -> tuple[type | None, Any, str]:
    try:
        return None, step(share), ""
    except OSError as fault:
        said = (fault.errno, fault.strerror, fault.filename) if fault.errno else str(fault)
        return type(fault), said, traceback.format_exc()
    except Exception as fault:
        return type(fault), str(fault), traceback.format_exc()
