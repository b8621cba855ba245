"""
Holders: who has a lock, and whether that process may still be running.

    this process  ->  "host:pid:token"  ->  may it live?

Both engines write holders the same way. Does not: store a lock; each engine does (as a lease).
"""

from __future__ import annotations

import os
import socket
from typing import Final
from uuid import uuid4

_OURS: Final[set[str]] = set()  # tokens of the leases that this process holds


def new_holder() -> str:
    """A name for one lease of this process."""
    token = uuid4().hex[:8]
    _OURS.add(token)
    return f"{socket.gethostname()}:{os.getpid()}:{token}"


def forget_holder(holder: str) -> None:
    """The lease was given back."""
    _OURS.discard(holder.rpartition(":")[2])


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
