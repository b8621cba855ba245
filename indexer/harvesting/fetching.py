"""
Fetching: the network's half of a harvest, one thread a feed.

    HarvestPlan, Feed, cursor  ->  its reader's pages  ->  a short queue  ->  harvest.py stores them

The queue is the back-pressure: a feed is fetched no faster than it is stored.
Stores nothing and counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from queue import Full, Queue
from threading import Event
from typing import Final

from indexer.errors import FeedError
from indexer.feeds.opening import client_of, reader_of
from indexer.feeds.protocols.pages import Page, Sweeper, Window
from indexer.feeds.registry import Feed
from indexer.feeds.transport.pace import Hosts
from indexer.harvesting.checkpoints import Cursor, Ledger

TICK: Final = 0.2  # seconds between two looks at the stop signal


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """What to harvest."""

    since: str = ""  # with either of these the feed's own checkpoint is left alone
    until: str = ""
    full: bool = False  # begin anew, forgetting the checkpoint
    max_records: int = 0  # 0: no limit
    dry_run: bool = False  # fetch and count, store nothing
    sweep: bool = False  # ask which records are still there, where a feed can say

    @property
    def window(self) -> Window:
        """The span of the source's dates that is asked for."""
        return Window(self.since, self.until)

    def checkpoint_of(self, feed: Feed) -> str:
        """The name of the checkpoint: an explicit window has one of its own."""
        if self.since or self.until:
            return f"{feed.name}@{self.since}..{self.until}"
        return feed.name


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a feed's thread hands over: a page, a list of ids, or its end."""

    feed: str
    page: Page | None = None
    alive: frozenset[str] | None = None
    error: Exception | None = None


@dataclass(slots=True)
class FeedRun:
    """One feed of a harvest under way."""

    feed: Feed
    ledger: Ledger
    checkpoint: str
    cursor: Cursor | None
    stop: Event = field(default_factory=Event)
    last: Page | None = None


def fetch(run: FeedRun, plan: HarvestPlan, hosts: Hosts, queue: Queue[Fetched]) -> None:
    """One feed's thread: fetch as far as the store keeps up."""
    name = run.feed.name
    error: Exception | None = None
    try:
        with client_of(run.feed, hosts) as client:
            reader = reader_of(run.feed, client)
            for page in reader.pages(run.cursor, plan.window):
                if not _hand_over(queue, Fetched(name, page), run.stop):
                    return
            if plan.sweep and not run.stop.is_set():
                if not isinstance(reader, Sweeper):
                    raise FeedError(f"feed {name!r} cannot say which records are still there")
                alive = frozenset(reader.identifiers(Window()))
                _hand_over(queue, Fetched(name, alive=alive), run.stop)
    except Exception as caught:  # whatever it is, it ends this feed and no other
        error = caught
    _hand_over(queue, Fetched(name, error=error), run.stop)


def _hand_over(queue: Queue[Fetched], item: Fetched, stop: Event) -> bool:
    while not stop.is_set():
        try:
            queue.put(item, timeout=TICK)
        except Full:  # the store is slower than the network
            continue
        return True
    return False
