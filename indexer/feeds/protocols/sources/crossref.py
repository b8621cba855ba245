"""
Crossref: its API by cursor.

    /works?filter=from-index-date:…&cursor=*  ->  message.items, next-cursor, total-results

The cursor names the whole list, its place is kept by the service, and it expires
after minutes: a run that was interrupted begins its list again. The list ends with
an empty page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes import crossref
from indexer.feeds.formats.shapes.values import branch, text
from indexer.feeds.protocols.cursor_api import Listing, Params, items_of, json_of
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import Answer
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
        parts = [self.filter] if self.filter else []
        if window.since:
            parts.append(f"from-index-date:{window.since[:10]}")
        if window.until:
            parts.append(f"until-index-date:{window.until[:10]}")
        asked = {"rows": str(self.size), "cursor": "*"}
        return self.endpoint, asked | ({"filter": ",".join(parts)} if parts else {})

    def listing(self, answer: Answer, asked: Params) -> Listing:
        """Works until a page is empty."""
        plain = json_of(answer)
        items = items_of(plain, "message", "items")
        message = branch(plain, "message")
        cursor, total = text(message.get("next-cursor")), message.get("total-results")
        following = {**asked, "cursor": cursor} if items and cursor else None
        return Listing(items, following, total if isinstance(total, int) else None)

    def record(self, item: Any) -> Record:
        """A work."""
        if not isinstance(item, Mapping):
            raise UnusableRow("the row is no object")
        return crossref.record(item)
