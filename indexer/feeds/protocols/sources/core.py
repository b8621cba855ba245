"""
CORE v3: its search, scrolled.

    /v3/search/outputs?q=…&scroll=true  ->  results, scrollId, totalHits

Outputs, not works: a work is CORE's own group of outputs. There is no feed of
deletions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from indexer.feeds.formats.shapes import core
from indexer.feeds.formats.shapes.values import text
from indexer.feeds.protocols.cursor_api import (
    Listing,
    Params,
    conditions,
    count_of,
    items_of,
    json_of,
    record_of,
)
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import HttpAnswer
from indexer.records import Record


@dataclass(frozen=True, slots=True)
class Core:
    """Outputs of a query."""

    endpoint: str
    query: str = ""
    size: int = 100
    source: str = "core"
    expired: frozenset[int] = frozenset({400, 404})
    resumable: bool = True
    overlap: timedelta = timedelta(days=1)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of update days."""
        parts = conditions(self.query, "updatedDate>=", "updatedDate<=", window)
        query = " AND ".join(parts) or "*"
        return self.endpoint, {"q": query, "limit": str(self.size), "scroll": "true"}

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Outputs until a page is empty."""
        plain = json_of(answer)
        items = items_of(plain, "results")
        scroll = text(plain.get("scrollId"))
        following = {**asked, "scrollId": scroll} if items and scroll else None
        return Listing(items, following, count_of(plain.get("totalHits")))

    def record(self, item: Any) -> Record:
        """An output."""
        return record_of(item, core.record)
