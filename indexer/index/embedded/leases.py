"""
Leases of the embedded engine: locks with a date, each a name that one process holds.

    lease(database, name, seconds)  ->  a row with holder and end, renewed while the block runs

A holder that was killed is known by its process number and replaced at once; where
that says nothing (another host name, the number given to another process), after
`seconds`. A lock of the file system would be free at once, but says neither who holds it
nor since when, and little where machines share a folder. Does not: fence writes; SQLite's
own lock holds two transactions apart.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Final

from indexer.errors import BackendError
from indexer.index.embedded.database import Database
from indexer.index.holders import busy, forget_holder, may_live, new_holder, renewing

LOG: Final = logging.getLogger("samework.lease")
RENEWALS: Final = 3  # within a lease's seconds
SOON: Final = 1.0  # seconds after which a renewal that failed is tried again


@contextmanager
def lease(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold a name for the block; see `Collection.lease`."""
    holder = new_holder()
    try:
        _take(database, name, holder, seconds)
        try:
            with renewing(partial(_renew_until, database, name, holder, seconds), seconds):
                yield
        finally:
            with database.transaction() as connection:
                connection.execute(
                    "DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder)
                )
    finally:
        forget_holder(holder)


def _take(database: Database, name: str, holder: str, seconds: float) -> None:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT holder, since, until FROM lease WHERE name = ?", (name,)
        ).fetchone()
        now = time.time()
        if row is not None and row[2] > now and may_live(row[0]):
            raise busy(name, row[0], row[1])
        connection.execute(
            "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)",
            (name, holder, now, now + seconds),
        )


def _renew_until(
    database: Database, name: str, holder: str, seconds: float, ended: threading.Event
) -> None:
    """Put off the end of the lease, over a connection of its own: the block uses the other."""
    pause = seconds / RENEWALS
    while not ended.wait(pause):
        pause = seconds / RENEWALS
        try:
            with closing(database.connect()) as connection:
                connection.execute(
                    "UPDATE lease SET until = ? WHERE name = ? AND holder = ?",
                    (time.time() + seconds, name, holder),
                )
        except BackendError as error:  # behind a long transaction, or of the disk
            LOG.warning("lease not renewed name=%s reason=%s", name, error)
            pause = min(pause, SOON)
