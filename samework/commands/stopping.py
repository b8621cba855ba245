"""
Stopping: SIGTERM and Ctrl-C as a request, heard between two steps.

    signal  ->  wait(seconds) is True
    Ctrl-C  ->  KeyboardInterrupt, raised again by `stop_if_asked` where it was lost

The first signal asks; a second one ends the process as it would without us. Does not:
stop anything; who waits does.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_asked = {"to stop": False}


def remember_interrupts() -> None:
    """
    Let a Ctrl-C be remembered as well as raised.

    Python prints an exception that arises in a destructor or a callback of C code and goes
    on: a run that was told to stop there would go on to its end. A shell may have told this
    process to ignore Ctrl-C; then it still does.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)


def _interrupted(number: int, frame: FrameType | None) -> None:
    _asked["to stop"] = True
    signal.default_int_handler(number, frame)


def stop_if_asked() -> None:
    """Stop where a Ctrl-C came and was lost; to be called between two steps of a long run."""
    if _asked["to stop"]:
        raise KeyboardInterrupt


@contextmanager
def asked_to_stop() -> Iterator[Callable[[float], bool]]:
    """
    Give a function that sleeps for some seconds, or until a signal asks to stop.

    A pipe, for a handler may run anywhere in this thread: setting an Event there can
    wait for a lock that this very thread holds.
    """
    readable, writable = os.pipe()

    def asked(number: int, _: FrameType | None) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        os.write(writable, bytes([number]))

    def wait(seconds: float) -> bool:
        return bool(select([readable], [], [], seconds)[0])

    before = {one: signal.signal(one, asked) for one in SIGNALS}
    try:
        yield wait
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        os.close(readable)
        os.close(writable)
