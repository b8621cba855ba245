"""
Harvest: feeds read from where they were left, page by page, into an index.

    Feed, HarvestPlan  ->  pages (a thread a feed)  ->  records, then checkpoint  ->  Ledger

A page and the cursor behind it are stored together, the cursor last; whoever is
killed goes on from the last whole page, and a page stored twice changes nothing.
A feed that fails stops alone. Whether a harvest is complete the source decides:
anything less is `incomplete`, with the number that lacks where it is known.
Does not: compare records; `arrived` is called with what changed, as in `ingest.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Event, Thread
from typing import Final

from indexer.errors import IndexerError
from indexer.feeds.protocols.pages import Page
from indexer.feeds.registry import Feed
from indexer.feeds.transport.pace import Hosts
from indexer.fields import Fields
from indexer.harvesting import checkpoints
from indexer.harvesting.checkpoints import Ledger
from indexer.harvesting.fetching import TICK, FeedRun, Fetched, HarvestPlan, fetch
from indexer.harvesting.sweeps import apply_sweep
from indexer.index.contract import Engine
from indexer.index.counts import OUTCOMES
from indexer.ingesting.dead_letters import file_rejected
from indexer.ingesting.ingest import Ingestion
from indexer.ingesting.making import fields_and_faults
from indexer.ingesting.runs import begin_run
from indexer.records import Occurrence, Record, Rejected
from indexer.running.crash_points import reached

LOG: Final = logging.getLogger("samework.harvest")
LEASE: Final = 60.0  # seconds; renewed by the engine as long as the harvest lives
PAGES_AHEAD: Final = 2  # fetched and not stored yet, a feed: back-pressure on the network


def harvest(
    engine: Engine,
    feeds: Sequence[Feed],
    plan: HarvestPlan,
    *,
    ingestion: Ingestion | None = None,
    on_page: Callable[[Ledger], None] | None = None,
    stop: Event | None = None,
) -> list[Ledger]:
    """
    Read every feed side by side, each at its own rate, until all are at their end.

    Args:
        ingestion: stores the pages, and tells what of them is durable; None: by itself.
        on_page: called with a feed's account after each page, for progress.
        stop: set it, and the page in hand is stored and nothing more is fetched.

    Returns:
        One account a feed, in the order given.

    Raises:
        BackendBusy: another harvest has one of the feeds.
        BackendError: the index cannot store; what was stored stays.
    """
    stop = stop or Event()
    with ExitStack() as held:
        for feed in feeds:
            if not plan.dry_run:
                held.enter_context(engine.lease(harvest_lease(feed.name), LEASE))
        runs = {feed.name: _begun(engine, feed, plan) for feed in feeds}
        ingestion = ingestion or Ingestion(engine)
        if not plan.dry_run:
            command = " ".join(["harvest", *runs])
            ingestion.noted_in = held.enter_context(begin_run(engine, command))
        work = _Harvest(engine, ingestion, plan, on_page or bool, runs)
        work.run(stop)
    return [runs[feed.name].ledger for feed in feeds]


def harvest_lease(feed: str) -> str:
    """The lease that a harvest of this feed holds."""
    return f"harvest {feed}"


def _begun(engine: Engine, feed: Feed, plan: HarvestPlan) -> FeedRun:
    checkpoint = plan.checkpoint_of(feed)
    cursor = None if plan.full else checkpoints.read_cursor(engine, checkpoint)
    ledger = Ledger(feed.name, checkpoints.now(), plan.since, plan.until)
    return FeedRun(feed, ledger, checkpoint, cursor)


@dataclass(slots=True)
class _Harvest:
    """Stores, in one thread, what the threads of the feeds fetch."""

    engine: Engine
    ingestion: Ingestion
    plan: HarvestPlan
    on_page: Callable[[Ledger], object]
    runs: dict[str, FeedRun]

    def run(self, stop: Event) -> None:
        hosts = Hosts(stop=Event())
        queue: Queue[Fetched] = Queue(PAGES_AHEAD * len(self.runs))
        threads = [
            Thread(target=fetch, args=(run, self.plan, hosts, queue), daemon=True)
            for run in self.runs.values()
        ]
        for thread in threads:
            thread.start()
        try:
            self._drain(queue, stop)
        finally:
            hosts.stop.set()
            for run in self.runs.values():
                run.stop.set()
            for thread in threads:
                thread.join(timeout=TICK)
        for run in self.runs.values():
            if not run.ledger.finished:
                self._end(run, checkpoints.STOPPED, "stopped by a signal; run it again to go on")

    def _drain(self, queue: Queue[Fetched], stop: Event) -> None:
        open_feeds = set(self.runs)
        while open_feeds and not stop.is_set():
            try:
                item = queue.get(timeout=TICK)
            except Empty:
                continue
            run = self.runs[item.feed]
            if item.feed not in open_feeds:
                continue
            if item.page is not None:
                self._take(run, item.page)
            elif item.alive is not None:
                self._sweep(run, item.alive)
            else:
                self._close(run, item.error)
            if run.ledger.finished:
                run.stop.set()
                open_feeds.discard(item.feed)

    def _take(self, run: FeedRun, page: Page) -> None:
        """Store one page and the cursor behind it."""
        reached("after-fetch")
        ledger, run.last = run.ledger, page
        ledger.pages += 1
        if page.complete_size is not None:
            ledger.planned = page.complete_size
        if self.plan.dry_run:
            ledger.fetched += page.rows
            self.on_page(ledger)
            self._check_limit(run)
            return
        records, fields, poison = _usable(run.feed, (*page.records, *page.deleted))
        rejected = [*page.rejected, *poison]
        with self.engine.atomically():
            rows = [
                Occurrence(record, run.feed.name, 0, at) for at, record in enumerate(records, 1)
            ]
            put = self.ingestion.store(rows, fields)
            letters = [*rejected, *([page.damaged] if page.damaged else [])]
            if letters:
                file_rejected(self.engine, letters)
            reached("within-put")
            ledger.add(put, len(rejected))
            checkpoints.write_ledger(self.engine, ledger)
            checkpoints.write_cursor(self.engine, run.checkpoint, dict(page.cursor_after))
        reached("after-put")
        reached("after-checkpoint")
        self.ingestion.finish(put.changed_ids)
        self.on_page(ledger)
        self._check_limit(run)

    def _check_limit(self, run: FeedRun) -> None:
        if 0 < self.plan.max_records <= run.ledger.fetched:
            self._end(run, checkpoints.LIMITED, f"stopped after {self.plan.max_records} records")

    def _sweep(self, run: FeedRun, alive: frozenset[str]) -> None:
        if self.plan.dry_run:
            return
        put = apply_sweep(self.engine, self.ingestion, run.feed.records_source, alive)
        run.ledger.swept += put.deleted
        run.ledger.add(put, 0)
        self.ingestion.finish(put.changed_ids)

    def _close(self, run: FeedRun, error: Exception | None) -> None:
        """End a feed: complete only where the source says that its list is at its end."""
        last = run.last
        planned, read = run.ledger.planned, last.read if last else 0
        short = max(0, planned - read) if planned is not None else 0
        if isinstance(error, IndexerError):
            self._end(run, checkpoints.INCOMPLETE, str(error), short)
        elif error is not None:
            reason = f"{type(error).__name__}: {error}"
            LOG.error("feed failed feed=%s reason=%s", run.feed.name, reason, exc_info=error)
            self._end(run, checkpoints.INCOMPLETE, reason, short)
        elif last is None or not last.last:
            self._end(run, checkpoints.INCOMPLETE, "the list broke off before its end", short)
        elif last.missing:
            reason = f"the source says {planned} and sent {read}; it is read again next time"
            self._end(run, checkpoints.INCOMPLETE, reason, last.missing)
        else:
            self._end(run, checkpoints.COMPLETE, last.note)
            if run.checkpoint != run.feed.name and not self.plan.dry_run:
                checkpoints.forget_cursor(self.engine, run.checkpoint)

    def _end(self, run: FeedRun, state: str, reason: str = "", missing: int = 0) -> None:
        ledger = run.ledger
        ledger.end(state, reason, missing)
        told = ("feed", "state", "fetched", *OUTCOMES, "missing")
        counts = " ".join(f"{name}={getattr(ledger, name)}" for name in told)
        LOG.info("harvest finished %s", counts)
        if not self.plan.dry_run:
            checkpoints.write_ledger(self.engine, ledger)
            checkpoints.forget_old_ledgers(self.engine, ledger.feed)


def _usable(
    feed: Feed, records: Sequence[Record]
) -> tuple[list[Record], list[Fields], list[Rejected]]:
    """Records with their fields; one that no fields can be made of is a dead letter."""
    fields, faults = fields_and_faults(records)
    usable = [record for at, record in enumerate(records) if at not in faults]
    poison = [
        Rejected(feed.name, 0, at + 1, reason, records[at].to_json())
        for at, reason in faults.items()
    ]
    return usable, fields, poison
