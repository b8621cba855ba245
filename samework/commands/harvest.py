"""`samework harvest`: read configured feeds from where they were left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any, Final

import typer

from detector.runs.incremental import Arrivals
from indexer.errors import BackendUnavailable, SettingsError
from indexer.feeds.opening import configured
from indexer.feeds.registry import FEEDS, Feed
from indexer.harvesting import harvest as steps
from indexer.harvesting.checkpoints import INCOMPLETE, STOPPED, Ledger, ledgers
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest_metrics import write_metrics
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.scheduling.times import span_of
from indexer.settings import Settings
from samework.commands.detectors import arrivals_of
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    IndexOption,
    JsonOption,
    PatienceOption,
    WeightsOption,
)
from samework.commands.stopping import asked_to_stop
from samework.commands.terminal import Stages, Status, emit, emit_json, say

LISTENING: Final = 0.2  # seconds between two looks at the signals
STAGE: Final = "fetching"


def harvest(
    context: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="FEED…", help="Feeds by name; none: all of [feeds]."),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Only what changed since; 2024-05-01.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Only what changed until.")] = "",
    full: Annotated[
        bool, typer.Option(help="Begin anew instead of going on where the feed was left.")
    ] = False,
    max_records: Annotated[
        int, typer.Option(min=0, help="Stop each feed after so many; 0: no limit.")
    ] = 0,
    watch: Annotated[
        str, typer.Option(metavar="15m", help="Again and again, this long after each end.")
    ] = "",
    dry_run: Annotated[bool, typer.Option(help="Fetch and count, store nothing.")] = False,
    sweep: Annotated[
        bool, typer.Option(help="Ask what is gone, of feeds that announce no deletions.")
    ] = False,
    detect: Annotated[
        bool, typer.Option(help="Compare the records as they come and update the works.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the feeds there are and how they were left.")
    ] = False,
    metrics: Annotated[
        str, typer.Option(metavar="FILE", help="Write counts for Prometheus to this file.")
    ] = "",
    patience: PatienceOption = DEFAULT_PATIENCE,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Read feeds side by side, each at its own rate, from where they were left.

    A page and its checkpoint are stored together, so a run that was killed goes on
    with the same command and nothing is stored twice. What cannot be used goes to the
    dead letters. SIGTERM and Ctrl-C store the page in hand and stop. The first records
    of an index are compared together at the end. Exit status: 0 complete, 1 error, 3 when
    the source did not send all it says it has, or stored records are not compared yet.

    Example: samework harvest arxiv crossref --detect
    """
    settings: Settings | None = context.obj
    table = settings.table("feeds") if settings else {}
    if list_:
        _list(table, index, json)
        return
    chosen = _chosen(feeds or [], table)
    plan = HarvestPlan(since, until, full, max_records, dry_run, sweep)
    comparing = (weights, patience) if detect else None
    run = _Run(index, chosen, plan, comparing, json, metrics)
    worst = run.again_and_again(watch) if watch else run.once()
    if worst:
        raise typer.Exit(worst)


@dataclass
class _Run:
    """One command's harvests."""

    index: str
    feeds: Sequence[Feed]
    plan: HarvestPlan
    comparing: tuple[str, str] | None  # weights and patience; None: nothing is compared
    json: bool
    metrics: str
    stop: Event = field(default_factory=Event)

    def once(self) -> int:
        """Harvest once; the exit status."""
        with _stopped_by_signals(self.stop):
            return self._harvest()

    def again_and_again(self, watch: str) -> int:
        """Harvest, wait, harvest, until a signal; the exit status of the last time."""

        pause = span_of(watch, "--watch").total_seconds()
        status = 0
        with _stopped_by_signals(self.stop):
            while not self.stop.is_set():
                status = self._harvest()
                self.stop.wait(pause)
        return status

    def _harvest(self) -> int:
        engine = open_engine(self.index)
        compared = True
        try:
            arrivals = self._arrivals(engine)
            with Stages({STAGE: "rows", "comparing": "pairs"}).shown() as stages:
                accounts = steps.harvest(
                    engine, self.feeds, self.plan,
                    ingestion=arrivals.ingestion() if arrivals else None,
                    on_page=_Progress(stages, len(self.feeds)), stop=self.stop,
                )  # fmt: skip
                if arrivals and not self.stop.is_set():
                    compared = arrivals.finish(partial(stages, "comparing"))
                elif not self.plan.dry_run:
                    engine.make_visible()
        finally:
            engine.close()
        return self._told(accounts, compared)

    def _arrivals(self, engine: Engine) -> Arrivals | None:
        if self.comparing is None or self.plan.dry_run:
            return None
        weights, patience = self.comparing
        return arrivals_of(engine, weights, patience, self.stop)

    def _told(self, accounts: Sequence[Ledger], compared: bool) -> int:
        if self.metrics:
            write_metrics(Path(self.metrics), accounts)
        for account in accounts:
            if self.json:
                emit_json({**asdict(account), "summary": account.summary})
            else:
                emit(account.line)
        if unusable := sum(account.rejected for account in accounts):
            rows = "1 row" if unusable == 1 else f"{unusable} rows"
            say(f"{rows} could not be used; see them with")
            say(f"  samework dead-letters list --index {self.index}")
        short = any(account.state in (INCOMPLETE, STOPPED) for account in accounts)
        return Status.DONE if compared and not (short or unusable) else Status.INCOMPLETE


class _Progress:
    """Adds up the feeds of a harvest for one line of progress."""

    def __init__(self, stages: Stages, feeds: int) -> None:
        self._stages = stages
        self._feeds = feeds
        self._fetched: dict[str, int] = {}
        self._planned: dict[str, int] = {}

    def __call__(self, ledger: Ledger) -> None:
        more = ledger.fetched - self._fetched.get(ledger.feed, 0)
        self._fetched[ledger.feed] = ledger.fetched
        if ledger.planned:
            self._planned[ledger.feed] = ledger.planned
        known = len(self._planned) == self._feeds
        share = sum(self._fetched.values()) / sum(self._planned.values()) if known else 0.0
        self._stages(STAGE, more, min(share, 1.0))


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    """Set *stop* on SIGTERM or Ctrl-C; a second one ends the process."""

    over = Event()
    with asked_to_stop() as wait:

        def listen() -> None:
            while not over.is_set():
                if wait(LISTENING):
                    say("stopping after the page in hand; the same command goes on")
                    stop.set()
                    return

        listener = Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield
        finally:
            over.set()
            listener.join()


def _chosen(names: Sequence[str], table: Mapping[str, Any]) -> list[Feed]:
    if not names and not table:
        raise SettingsError(
            "no feed is named and samework.toml has no [feeds]; name one of "
            f"{', '.join(FEEDS)}, or see `samework harvest --list`"
        )
    return [configured(name, table.get(name)) for name in dict.fromkeys(names or table)]


def _list(table: Mapping[str, Any], index: str, json: bool) -> None:
    last: dict[str, Ledger] = {}
    try:
        engine = open_engine(index, create=False)
    except BackendUnavailable as error:
        say(f"how they were left is not known: {error}")
    else:
        try:
            last = {ledger.feed: ledger for ledger in ledgers(engine)}
        finally:
            engine.close()
    for name in dict.fromkeys((*table, *FEEDS)):
        feed = configured(name, table.get(name))
        left = last.get(name)
        told = f"{left.summary} {left.finished[:19]}" if left else "never harvested"
        if json:
            emit_json(
                {
                    "feed": name, "protocol": feed.protocol, "endpoint": feed.endpoint,
                    "licence": feed.licence, "about": feed.about, "last": left and left.summary,
                }
            )  # fmt: skip
        else:
            licence = feed.licence or "licence unknown"
            emit(f"{name}: {feed.about or feed.endpoint} ({licence}); {told}")
