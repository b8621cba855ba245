"""
OpenAlex: its API by cursor.

    /works?filter=…&cursor=*  ->  results, meta.next_cursor, meta.count

`from_updated_date` needs a paid key; without one, changes come from the snapshot
(`folders.py` reads it, `merged_ids` included).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes import openalex
from indexer.feeds.formats.shapes.values import branch, text
from indexer.feeds.protocols.cursor_api import Listing, Params, day, items_of, json_of
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import Answer
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
        parts = [self.filter] if self.filter else []
        if window.since:
            parts.append(f"from_updated_date:{day(window.since)}")
        if window.until:
            parts.append(f"to_updated_date:{day(window.until)}")
        asked = {"per-page": str(self.size), "cursor": "*"}
        return self.endpoint, asked | ({"filter": ",".join(parts)} if parts else {})

    def listing(self, answer: Answer, asked: Params) -> Listing:
        """Works until the cursor is null."""
        plain = json_of(answer)
        meta = branch(plain, "meta")
        cursor, count = text(meta.get("next_cursor")), meta.get("count")
        following = {**asked, "cursor": cursor} if cursor else None
        return Listing(
            items_of(plain, "results"), following, count if isinstance(count, int) else None
        )

    def record(self, item: Any) -> Record:
        """A work."""
        if not isinstance(item, Mapping):
            raise UnusableRow("the row is no object")
        return openalex.record(item)
