"""
Holders: who has a lock, and whether that process may still be running.

    this process  ->  "host:pid:token"  ->  may it live?

Both engines write holders the same way and renew what they hold. Does not: store a lock;
each engine does, as a lease.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final
from uuid import uuid4

from indexer.errors import BackendBusy

_OURS: Final[set[str]] = set()  # tokens of the leases that this process holds


def new_holder() -> str:
    """A name for one lease of this process."""
    token = uuid4().hex[:8]
    _OURS.add(token)
    return f"{socket.gethostname()}:{os.getpid()}:{token}"


def forget_holder(holder: str) -> None:
    """The lease was given back."""
    _OURS.discard(holder.rpartition(":")[2])


def busy(name: str, holder: str, since: float) -> BackendBusy:
    """What is raised when another holder has a lock, since so many seconds of the Unix epoch."""
    when = datetime.fromtimestamp(since, UTC).isoformat(timespec="seconds")
    return BackendBusy(
        f"{name!r} is held by {holder} since {when}; wait until it has finished, "
        "or stop that process and run this again"
    )


@contextmanager
def renewing(renew_until: Callable[[Event], None], seconds: float) -> Iterator[None]:
    """Let a thread put off the end of a lock while the block runs, until its event is set."""
    ended = Event()
    thread = Thread(target=renew_until, args=(ended,), daemon=True)
    if seconds > 0:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if seconds > 0:
            thread.join()


def may_live(holder: str) -> bool:
    """Whether a holder may still run: a process of this machine that is gone does not."""
    host, pid, token = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    # A container's only process has the same number after every restart.
    if int(pid) == os.getpid():
        return token in _OURS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
