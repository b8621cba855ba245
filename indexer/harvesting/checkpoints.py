"""
Checkpoints and ledgers: how far each feed was read, and what each harvest did.

    feed  ->  cursor to go on from
    feed  ->  Ledger after Ledger, newest last

A checkpoint is written in the same block as its page, as the last thing, so it is
never ahead of what is stored. Cursors are opaque here: only their feed reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from indexer.index.contract import Collection
from indexer.index.counts import OUTCOMES, Outcomes, PutCounts

CHECKPOINT: Final = "checkpoint"
LEDGER: Final = "harvest"
MOST_STORED: Final = 100  # ledgers of a feed

Cursor = dict[str, Any]

RUNNING: Final = "running"
COMPLETE: Final = "complete"
INCOMPLETE: Final = "incomplete"
LIMITED: Final = "limited"  # by --max-records
STOPPED: Final = "stopped"  # by a signal


@dataclass
class Ledger(Outcomes):
    """
    The account of one harvest of one feed.

    fetched = new + updated + unchanged + older + deleted + rejected, after every page.
    """

    feed: str
    started: str
    since: str = ""  # the window asked for, "" where the checkpoint decided
    until: str = ""
    state: str = RUNNING
    reason: str = ""  # why it is not complete, or what waits though it is
    planned: int | None = None  # rows that the source says there are
    pages: int = 0
    fetched: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    deleted: int = 0
    rejected: int = 0
    missing: int = 0  # rows that the source promised and did not send
    swept: int = 0  # of those deleted, how many a sweep found gone
    finished: str = ""

    @property
    def ledger_id(self) -> str:
        """Sorts by feed, then by time."""
        return f"{self.feed} {self.started}"

    @property
    def closes(self) -> bool:
        """Whether every row fetched is accounted for."""
        return self.fetched == self.outcomes

    @property
    def summary(self) -> str:
        """The state in words: "complete", "incomplete (12 missing)"."""
        if self.state == INCOMPLETE and self.missing:
            return f"{self.state} ({self.missing} missing)"
        return self.state

    @property
    def line(self) -> str:
        """The account in one line, for people."""
        counts = ", ".join(f"{name} {getattr(self, name)}" for name in ("fetched", *OUTCOMES))
        return f"{self.feed}: {self.summary}; {counts}" + (f"; {self.reason}" * bool(self.reason))

    def add(self, put: PutCounts, rejected: int) -> None:
        """Count a page."""
        self.count(put)
        self.fetched += put.outcomes + rejected
        self.rejected += rejected

    def end(self, state: str, reason: str = "", missing: int = 0) -> None:
        """Close the account."""
        self.state, self.reason, self.missing = state, reason, missing
        self.finished = now()

    def to_json(self) -> bytes:
        """The account as stored and as `--json` shows it."""
        return orjson.dumps({**asdict(self), "summary": self.summary})

    @classmethod
    def from_json(cls, stored: bytes) -> Ledger:
        """The inverse of `to_json`."""
        plain = orjson.loads(stored)
        plain.pop("summary", None)
        return cls(**plain)


def read_cursor(collection: Collection, name: str) -> Cursor | None:
    """The cursor stored under *name*; None where nothing was harvested yet."""
    stored = collection.read(CHECKPOINT, [name]).get(name)
    return orjson.loads(stored.body)["cursor"] if stored else None


def write_cursor(collection: Collection, name: str, cursor: Cursor) -> None:
    """Store a cursor; to be the last write of its page's block."""
    body = orjson.dumps({"cursor": cursor, "written": now()})
    collection.write(CHECKPOINT, {name: body})


def forget_cursor(collection: Collection, name: str) -> None:
    """Begin anew the next time."""
    collection.remove(CHECKPOINT, [name])


def write_ledger(collection: Collection, ledger: Ledger) -> None:
    """Store an account, also one that still runs."""
    collection.write(LEDGER, {ledger.ledger_id: ledger.to_json()})


def ledgers(collection: Collection, feed: str = "") -> Iterator[Ledger]:
    """All accounts, or those of one feed, oldest first."""
    for ledger_id, document in collection.documents(LEDGER, f"{feed} " if feed else ""):
        if feed and not ledger_id.startswith(f"{feed} "):
            return
        yield Ledger.from_json(document.body)


def forget_old_ledgers(collection: Collection, feed: str) -> None:
    """Remove all but the newest MOST_STORED accounts of a feed."""
    ids = [ledger.ledger_id for ledger in ledgers(collection, feed)]
    if len(ids) > MOST_STORED:
        collection.remove(LEDGER, ids[:-MOST_STORED])


def now() -> str:
    """The time, UTC, ISO 8601 to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
