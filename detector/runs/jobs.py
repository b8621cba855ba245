"""
Jobs: what a scheduled job does, by the same steps as the commands.

    "harvest arxiv" | "reindex" | "settle"  ->  Work(engine, stop)  ->  JobOutcome

A harvest is that of `samework harvest FEED --detect`: records are compared as they come,
and settled in the end. A job that is told to stop does so at its next page or batch and
goes on the next time. A new kind of job is one function and one row of `makers`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any, Final

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.runs.incremental import Arrivals
from detector.runs.reindexing import CURRENT, Reindexing, Wish
from indexer.errors import BackendBusy, SettingsError
from indexer.feeds.opening import configured
from indexer.feeds.registry import Feed
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest import harvest
from indexer.index.contract import Engine
from indexer.scheduling.job_runs import Ended, JobOutcome
from indexer.scheduling.jobs import Maker, Work

LOG: Final = logging.getLogger("samework.schedule")
HARVESTED: Final = {"complete": Ended.DONE, "stopped": Ended.STOPPED}  # all else: incomplete
COUNTED: Final = (
    *("fetched", "new", "updated", "unchanged"),
    *("older", "deleted", "rejected", "missing"),
)


class Halt(Exception):  # not an error: it carries a stop out of a step
    """The job was told to stop and is between two batches."""


def makers(feeds: Mapping[str, Any], weights: str = "") -> dict[str, Maker]:
    """The kinds of jobs; *feeds* is the table [feeds] of the settings."""
    table = Weights.load(weights)
    return {
        "harvest": lambda words: _harvest(words, feeds, table),
        "reindex": lambda words: _reindex(words, table),
        "settle": lambda words: _settle(words, table),
    }


def _harvest(words: Sequence[str], feeds: Mapping[str, Any], weights: Weights) -> tuple[str, Work]:
    """`harvest FEED [--full] [--sweep]`: read a feed from where it was left."""

    names = [word for word in words if not word.startswith("--")]
    if len(names) != 1:
        raise SettingsError(f"harvest {' '.join(words)!r}: expected one feed, one job a feed")
    flags = _flags(words, ("--full", "--sweep"), "harvest")
    feed = configured(names[0], feeds.get(names[0]))
    plan = HarvestPlan(full="--full" in flags, sweep="--sweep" in flags)

    return f"harvest:{feed.name}", lambda engine, stop: _harvested(
        engine, feed, plan, weights, stop
    )


def _harvested(
    engine: Engine, feed: Feed, plan: HarvestPlan, weights: Weights, stop: Event
) -> JobOutcome:
    arrivals = Arrivals(Detector(engine, weights), LOG.info, stop)
    (ledger,) = harvest(engine, [feed], plan, ingestion=arrivals.ingestion(), stop=stop)
    counts = {name: getattr(ledger, name) for name in COUNTED}
    ended = HARVESTED.get(ledger.state, Ended.INCOMPLETE)
    if ended is Ended.STOPPED:
        return JobOutcome(ended, ledger.reason, counts)
    settled = _settled(engine, weights, stop, always=False)
    reason = "; ".join(filter(None, (ledger.reason, settled.reason)))
    worse = settled.ended if ended is Ended.DONE else ended
    return JobOutcome(worse, reason, {**counts, **settled.counts})


def _reindex(words: Sequence[str], weights: Weights) -> tuple[str, Work]:
    """`reindex [--if-needed]`: new keys, then settle; only where a release or weights changed."""
    if_needed = "--if-needed" in _flags(words, ("--if-needed",), "reindex")

    def work(engine: Engine, stop: Event) -> JobOutcome:
        wish = Wish(if_needed=if_needed)
        try:
            answer = Reindexing(Detector(engine, weights), wish).build(lambda _: _halt_if(stop))
        except Halt:
            return JobOutcome(Ended.STOPPED, "the build goes on where it ended")
        if not answer.needed:
            return JobOutcome(Ended.DONE, CURRENT)
        settled = _settled(engine, weights, stop)
        counts = {"records": answer.done.records} if answer.done else {}
        reason = "; ".join(filter(None, (*answer.reasons, settled.reason)))
        return JobOutcome(settled.ended, reason, {**counts, **settled.counts})

    return "reindex", work


def _settle(words: Sequence[str], weights: Weights) -> tuple[str, Work]:
    """`settle`: learn from the collection as it now is; compare again what that changes."""
    _flags(words, (), "settle")
    return "settle", lambda engine, stop: _settled(engine, weights, stop)


def _settled(engine: Engine, weights: Weights, stop: Event, *, always: bool = True) -> JobOutcome:
    detector = Detector(engine, weights)
    try:
        compared_again = Arrivals(detector, LOG.info, stop).settle(
            lambda *_: _halt_if(stop), always=always
        )
    except Halt:
        return JobOutcome(Ended.STOPPED, "what was not compared yet waits in the index")
    except BackendBusy as busy:
        return JobOutcome(Ended.INCOMPLETE, f"not all is compared yet: {busy}")
    return JobOutcome(Ended.DONE, counts={"judged_again": compared_again})


def _halt_if(stop: Event) -> None:
    if stop.is_set():
        raise Halt


def _flags(words: Sequence[str], known: Sequence[str], verb: str) -> list[str]:
    flags = [word for word in words if word.startswith("--") or verb != "harvest"]
    for flag in flags:
        if flag not in known:
            expected = " or ".join(known) or "nothing behind it"
            raise SettingsError(f"run = '{verb} …' has {flag!r}, expected {expected}")
    return flags
