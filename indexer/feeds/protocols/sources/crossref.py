"""
Crossref: its API by cursor.

    /works?filter=from-index-date:…&cursor=*  ->  message.items, next-cursor, total-results

The cursor names the whole list, its place is kept by the service, and it expires
after minutes: a run that was interrupted begins its list again. The list ends with
an empty page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from indexer.feeds.formats.shapes import crossref
from indexer.feeds.formats.shapes.values import branch, text
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
class Crossref:
    """Works, all or those of a filter."""

    endpoint: str
    filter: str = ""  # e.g. "type:journal-article"
    size: int = 1000
    source: str = "crossref"
    expired: frozenset[int] = frozenset({400, 404})
    resumable: bool = False
    overlap: timedelta = timedelta(days=1)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of index days."""
        parts = conditions(self.filter, "from-index-date:", "until-index-date:", window)
        asked = {"rows": str(self.size), "cursor": "*"}
        return self.endpoint, asked | ({"filter": ",".join(parts)} if parts else {})

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Works until a page is empty."""
        plain = json_of(answer)
        items = items_of(plain, "message", "items")
        message = branch(plain, "message")
        cursor = text(message.get("next-cursor"))
        following = {**asked, "cursor": cursor} if items and cursor else None
        return Listing(items, following, count_of(message.get("total-results")))

    def record(self, item: Any) -> Record:
        """A work."""
        return record_of(item, crossref.record)
