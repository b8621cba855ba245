"""
Writing many documents: each item has its own outcome, and none is lost to another.

    Write(index, _id, source, condition)  ->  bulk requests  ->  Written(status, ...)

Items refused for load (429, 503) are sent again with a growing, jittered wait, and
so is a whole request without an answer; every other outcome is the item's own and
goes back to the caller. Requests are cut by bytes and by items, so memory stays
bounded whatever is written; one that is too long for the cluster, or for a gateway
before it, is halved until what is too long stands alone. Does not: compare versions
(writing.py does).

Not opensearch-py's helpers: they retry whole chunks or 429 alone, and drop the
action that belongs to an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson

from indexer.errors import BackendError, BackendFull, BackendUnavailable
from indexer.index.opensearch.client import (
    DISK_FULL,
    FULL,
    ClusterClient,
    reason_of,
)
from indexer.index.opensearch.retries import TryAgain, pause, retrying

ITEMS: Final = 500  # in one request
SENDERS: Final = 4  # requests at once: the cluster parses one while we wait for another
BYTES: Final = 4 << 20  # in one request; OpenSearch refuses 100 MB
CONFLICT: Final = 409
TOO_LONG: Final = 413
NOT_TAKEN: Final = frozenset({400, TOO_LONG})  # this document, whenever it is sent
REFUSED: Final = frozenset({429, 503})

# the parts of an answer that are read; the rest is several times as long
_ANSWER: Final = "filter_path=items.*.status,items.*.error,items.*._seq_no,items.*._primary_term"

_TOO_LONG: Final = frozenset({TOO_LONG})


class WritesBlocked(BackendUnavailable):
    """A re-index closed its old index and has not opened the new one."""


@dataclass(frozen=True, slots=True)
class Write:
    """
    One document to store or take out.

    `seen` is the (sequence number, primary term) of the version it may replace,
    None when there must be none. `blind` writes over whatever is there, `version`
    over whatever has no greater one.
    """

    index: str
    name: str  # _id
    source: bytes | None  # None takes the document out
    seen: tuple[int, int] | None = None
    blind: bool = False
    version: int | None = None

    def lines(self) -> bytes:
        """The action and its source as a bulk wants them."""
        meta: dict[str, Any] = {"_index": self.index, "_id": self.name, "require_alias": True}
        if self.version is not None:
            meta |= {"version": self.version, "version_type": "external_gte"}
        elif self.seen is not None and not self.blind:
            meta["if_seq_no"], meta["if_primary_term"] = self.seen
        if self.source is None:
            del meta["require_alias"]  # a delete does not know it, and makes no index
            return orjson.dumps({"delete": meta}) + b"\n"
        free = self.blind or self.seen is not None or self.version is not None
        kind = "index" if free else "create"
        return orjson.dumps({kind: meta}) + b"\n" + self.source + b"\n"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one write."""

    status: int  # 2xx stored, 404 nothing to take out, 409 changed since it was seen
    reason: str = ""
    repeated: bool = False  # an earlier try may have been carried out, with its answer lost
    seen: tuple[int, int] = (0, 0)

    @property
    def stored(self) -> bool:
        """Whether it is done."""
        return self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the fault is the document's own: the mapping does not take it, or its length."""
        return self.status in NOT_TAKEN


def write(client: ClusterClient, writes: Sequence[Write]) -> list[Written]:
    """
    Carry out all writes; the outcomes are in their order.

    Raises:
        BackendUnavailable: the cluster answered nothing or refused items for longer
            than the client's patience; what was acknowledged before is stored.
        BackendError: the indices may not be written to (a full disk, no such alias).
    """
    chunks = list(_chunks(writes))
    if len(chunks) < 2:
        return [written for chunk in chunks for written in _write_chunk(client, chunk)]
    with ThreadPoolExecutor(SENDERS) as senders:
        done = list(senders.map(partial(_write_chunk, client), chunks))
    return [written for chunk in done for written in chunk]


def _chunks(writes: Sequence[Write]) -> Iterator[list[tuple[Write, bytes]]]:
    chunk: list[tuple[Write, bytes]] = []
    size = 0
    for item in writes:
        lines = item.lines()
        if chunk and (size + len(lines) > BYTES or len(chunk) == ITEMS):
            yield chunk
            chunk, size = [], 0
        chunk.append((item, lines))
        size += len(lines)
    if chunk:
        yield chunk


def _write_chunk(client: ClusterClient, chunk: list[tuple[Write, bytes]]) -> list[Written]:
    done = _sent(client, chunk)
    if done is not None:
        _check_allowed(client, done)
        return done
    if len(chunk) == 1:
        return [Written(TOO_LONG, f"{len(chunk[0][1]):,} bytes are more than it takes at once")]
    middle = len(chunk) // 2
    return _write_chunk(client, chunk[:middle]) + _write_chunk(client, chunk[middle:])


def _sent(client: ClusterClient, chunk: list[tuple[Write, bytes]]) -> list[Written] | None:
    """The outcomes of one request, what is refused for load sent again; None if it is too long."""
    outcomes: dict[int, Written] = {}
    left = list(range(len(chunk)))
    repeated = False
    while left:
        for attempt in retrying(seconds=client.patience):
            with attempt:
                lines = b"".join(chunk[at][1] for at in left)
                reply = client.ask("POST", f"/_bulk?{_ANSWER}", lines, accept=_TOO_LONG)
                if reply.status == TOO_LONG:
                    return None
                repeated = repeated or reply.repeated
                for at, item in zip(left, reply.body["items"], strict=True):
                    outcomes[at] = _outcome(next(iter(item.values())), repeated)
                refused = [at for at in left if _passes(outcomes[at])]
                if len(refused) == len(left):
                    raise TryAgain(_refusal(client, outcomes[left[0]], len(left)))
        left = refused
        if left:  # the cluster works its queue off: patience begins anew
            pause()
    return [outcomes[at] for at in range(len(chunk))]


def _outcome(item: dict[str, Any], repeated: bool) -> Written:
    seen = (item.get("_seq_no", 0), item.get("_primary_term", 0))
    return Written(item["status"], reason_of(item) if "error" in item else "", repeated, seen)


def _passes(outcome: Written) -> bool:
    """Whether the same write may be taken soon; a full disk is for a person to see to."""
    if outcome.status in REFUSED:
        return DISK_FULL not in outcome.reason
    return _is_passing_block(outcome)


def _is_passing_block(outcome: Written) -> bool:
    """Whether a writer is to wait: a re-index closes its old index for the moment of the swap."""
    return outcome.status == 403 and "index write (api)" in outcome.reason


def _refusal(client: ClusterClient, outcome: Written, count: int) -> BackendUnavailable:
    """What is said when so many documents were refused until patience was over."""
    if _is_passing_block(outcome):
        return WritesBlocked(
            f"{client.location} has been closed for writing for {client.patience:.0f} s; "
            "expected the end of a re-index: run this again when it is done"
        )
    return BackendUnavailable(
        f"{client.location} has refused {count} documents for {client.patience:.0f} s "
        f"({outcome.reason}); expected room in its queues: run this again later, what was "
        "stored is recognised"
    )


def _check_allowed(client: ClusterClient, outcomes: Sequence[Written]) -> None:
    for outcome in outcomes:
        if DISK_FULL in outcome.reason:
            raise BackendFull(FULL.format(where=client.location, reason=outcome.reason))
        if outcome.status == 403:
            raise BackendError(
                f"{client.location} takes no writes ({outcome.reason}); expected a user who may "
                f"write {client.location.prefix}-*, and no block on these indices"
            )
        if outcome.status == 404 and outcome.reason:
            raise BackendError(
                f"{client.location} has lost an index ({outcome.reason}); restore it from a "
                "snapshot, or ingest again"
            )
