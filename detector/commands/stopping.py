"""
Stopping: SIGTERM and Ctrl-C as a request, heard between two steps.

    signal  ->  wait(seconds) is True

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
