"""
Leases: locks with a date, each a name that one process at a time holds, across machines.

    lease(name, seconds)  ->  a document with holder and end, renewed while the block runs

A holder that dies stops renewing, and after `seconds` (at most LONGEST) another may
take the name; on the holder's own machine at once. Times are those of the machines,
which must agree to well within `seconds` (`samework doctor` compares them). Does not:
fence writes; a holder that lost its lock is told at the end of its block.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import orjson

from indexer.errors import BackendBusy, BackendError
from indexer.index.holders import busy, forget_holder, may_live, new_holder, renewing
from indexer.index.opensearch.bulk import CONFLICT, Write, Written, write
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.pagination import get_all
from indexer.index.opensearch.sources import body_of, document

KIND: Final = "lease"
LONGEST: Final = 60.0  # seconds; a living holder renews, a dead one must not last for hours
RENEWALS: Final = 3  # within a lease's seconds


@contextmanager
def lease(client: ClusterClient, alias: str, name: str, seconds: float) -> Iterator[None]:
    """Hold a name for the block; see `Collection.lease`."""
    held = _Held(client, alias, name, min(seconds, LONGEST))
    held.take()
    try:
        with renewing(held.renew_until, seconds):
            yield
    finally:
        held.give_back()
    if held.lost:
        raise BackendBusy(
            f"{name!r} was taken over while this process held it ({held.lost}); what was done "
            "meanwhile may have met another's work: run this again"
        )


def is_held(client: ClusterClient, alias: str, name: str) -> bool:
    """Whether somebody holds a name."""
    (hit,) = get_all(client, alias, [document_id(KIND, name)], ("body",))
    return hit is not None and _lives(hit)


class _Held:
    """One holder's document."""

    def __init__(self, client: ClusterClient, alias: str, name: str, seconds: float) -> None:
        self._client = client
        self._alias = alias
        self._name = name
        self._seconds = seconds
        self._holder = new_holder()
        self._since = time.time()
        self._seen: tuple[int, int] | None = None
        self.lost = ""

    def take(self) -> None:
        hit = self._stored()
        if hit is not None:
            if _lives(hit):
                raise self._busy(_content(hit))
            self._seen = (hit["_seq_no"], hit["_primary_term"])
        if self._write().status == CONFLICT:
            hit = self._stored()
            other = _content(hit) if hit else {"holder": "another", "since": time.time()}
            if other["holder"] != self._holder:
                raise self._busy(other)
            self._seen = (hit["_seq_no"], hit["_primary_term"]) if hit else None

    def renew_until(self, ended: threading.Event) -> None:
        while not ended.wait(self._seconds / RENEWALS):
            try:
                done = self._write()
            except BackendError:
                continue  # the next renewal may still come in time
            if done.status == CONFLICT:
                hit = self._stored()
                if hit is None or _content(hit)["holder"] != self._holder:
                    self.lost = _content(hit)["holder"] if hit else "it was removed"
                    return
                self._seen = (hit["_seq_no"], hit["_primary_term"])

    def give_back(self) -> None:
        forget_holder(self._holder)
        if self._seen is not None and not self.lost:
            write(self._client, [Write(self._alias, self._id, None, self._seen)])

    @property
    def _id(self) -> str:
        return document_id(KIND, self._name)

    def _write(self) -> Written:
        now = time.time()
        content = {"holder": self._holder, "since": self._since, "until": now + self._seconds}
        source = document(KIND, self._name, orjson.dumps(content))
        (done,) = write(self._client, [Write(self._alias, self._id, source, self._seen)])
        if done.stored:
            self._seen = done.seen
        elif done.status != CONFLICT:
            raise BackendError(f"{self._client.location} refused a lease: {done.reason}")
        return done

    def _stored(self) -> dict[str, Any] | None:
        (hit,) = get_all(self._client, self._alias, [self._id], ("body",))
        return hit

    def _busy(self, other: dict[str, Any]) -> BackendBusy:
        return busy(self._name, other["holder"], other["since"])


def _content(hit: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(body_of(hit))
    return content


def _lives(hit: dict[str, Any]) -> bool:
    content = _content(hit)
    return bool(content["until"] > time.time()) and may_live(content["holder"])
