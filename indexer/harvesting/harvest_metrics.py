"""
Harvest metrics: the accounts of a harvest as Prometheus reads them from a file.

    Ledger  ->  samework_harvest_…{feed="…"}  ->  a text file, replaced in one step

For node_exporter's textfile collector: a harvest runs and ends, there is nothing to
scrape. Does not: keep history (`checkpoints.ledgers` does).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from indexer.harvesting.checkpoints import COMPLETE, Ledger
from indexer.index.counts import OUTCOMES

COUNTS: Final = ("pages", "fetched", *OUTCOMES, "missing")


def write_metrics(path: Path, ledgers: Iterable[Ledger]) -> None:
    """Write the last account of each feed."""
    registry = CollectorRegistry()
    rows = Gauge(
        "samework_harvest_rows", "Rows of the last harvest, by outcome", ["feed", "outcome"],
        registry=registry,
    )  # fmt: skip
    complete = Gauge(
        "samework_harvest_complete", "1 when the last harvest was complete", ["feed"],
        registry=registry,
    )  # fmt: skip
    ended = Gauge(
        "samework_harvest_end_time_seconds", "When the last harvest ended, Unix time", ["feed"],
        registry=registry,
    )  # fmt: skip
    for ledger in ledgers:
        for name in COUNTS:
            rows.labels(ledger.feed, name).set(getattr(ledger, name))
        complete.labels(ledger.feed).set(int(ledger.state == COMPLETE))
        if ledger.finished:
            ended.labels(ledger.feed).set(datetime.fromisoformat(ledger.finished).timestamp())
    write_to_textfile(str(path), registry)
