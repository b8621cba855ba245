"""
A harvest with all that follows it, as tests run it: here, or in a process to be killed.

    python -m tests.harvest_run INDEX FEEDS    feeds as JSON; prints each one's state
"""

from __future__ import annotations

import json
import sys
from typing import Any

from detector.detecting.pipeline import Detector
from detector.runs.incremental import Arrivals
from indexer.feeds.opening import configured
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest import harvest
from indexer.index.opening import open_engine


def harvested(index: str, settings: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Harvest these feeds into an index and settle it; name, state and closing of each."""
    engine = open_engine(index)
    feeds = [configured(name, feed) for name, feed in settings.items()]
    arrivals = Arrivals(Detector(engine), lambda text: None, at_once=8)
    accounts = harvest(engine, feeds, HarvestPlan(), ingestion=arrivals.ingestion())
    arrivals.settle()
    engine.close()
    return [(account.feed, account.state, account.closes) for account in accounts]


if __name__ == "__main__":
    print(json.dumps(harvested(sys.argv[1], json.loads(sys.argv[2]))))
