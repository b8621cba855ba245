"""
Holds a test of the quick tier to it: no process is started, nothing leaves this machine.

    with held(test): ...    ->  the test fails at the line that broke it

Python reports these steps to an audit hook before they are done (PEP 578); only multiprocessing
starts its processes by a way of its own, or lets a server do it that runs already. Does not:
hear what C code does.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.process import BaseProcess
from typing import Any, Final, NoReturn

import pytest

STARTS: Final = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"}
)
_at_work: dict[str, str] = {}  # the test that is held, under "test"


@contextmanager
def held(test: str) -> Iterator[None]:
    """Fail the test in the block where it starts a process or connects to another machine."""
    _listen()
    before = dict(_at_work)
    _at_work["test"] = test
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseProcess, "start", _starts_worker)
            yield
    finally:
        _at_work.clear()
        _at_work.update(before)


@cache
def _listen() -> None:
    """Begin to hear, for good: a hook cannot be taken away."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _at_work:
        return
    if event in STARTS:
        _fail(f"started a process ({event}: {str(arguments[:2])[:200]})")
    if event == "socket.connect" and not _local(arguments[1]):
        _fail(f"connected to {arguments[1]}, which is not this machine")


def _starts_worker(process: BaseProcess) -> NoReturn:
    _fail(f"started a process (multiprocessing: {process.name})")


def _fail(what: str) -> NoReturn:
    pytest.fail(
        f"{_at_work.get('test')} is of the quick tier and {what}; "
        "run the command by `here` of tests/command.py, or mark the test `spawns`"
    )


def _local(address: object) -> bool:
    """Whether a socket's address is on this machine: a file's, or a loopback one."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    return host == "localhost" or ipaddress.ip_address(host.partition("%")[0]).is_loopback
