"""
OpenAlex: its API by cursor.

    /works?filter=…&cursor=*  ->  results, meta.next_cursor, meta.count

`from_updated_date` needs a paid key; without one, changes come from the snapshot
(`folders.py` reads it, `merged_ids` included).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from indexer.feeds.formats.shapes import openalex
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
class OpenAlex:
    """Works, all or those of a filter."""

    endpoint: str
    filter: str = ""  # e.g. "type:article,language:en"
    size: int = 200
    source: str = "openalex"
    expired: frozenset[int] = frozenset({400})
    resumable: bool = True
    overlap: timedelta = timedelta(days=1)  # its dates are days

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of update days."""
        parts = conditions(self.filter, "from_updated_date:", "to_updated_date:", window)
        asked = {"per-page": str(self.size), "cursor": "*"}
        return self.endpoint, asked | ({"filter": ",".join(parts)} if parts else {})

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Works until the cursor is null."""
        plain = json_of(answer)
        meta = branch(plain, "meta")
        cursor = text(meta.get("next_cursor"))
        following = {**asked, "cursor": cursor} if cursor else None
        return Listing(items_of(plain, "results"), following, count_of(meta.get("count")))

    def record(self, item: Any) -> Record:
        """A work."""
        return record_of(item, openalex.record)
