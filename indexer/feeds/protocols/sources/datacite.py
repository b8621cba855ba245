"""
DataCite: its REST API by cursor.

    /dois?query=updated:[…]&page[cursor]=1  ->  data, links.next, meta.total
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from indexer.feeds.formats.shapes import datacite
from indexer.feeds.formats.shapes.values import branch, text
from indexer.feeds.protocols.cursor_api import (
    Listing,
    Params,
    count_of,
    items_of,
    json_of,
    record_of,
)
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import HttpAnswer
from indexer.records import Record

FIRST, LAST = "1970-01-01T00:00:00Z", "*"


@dataclass(frozen=True, slots=True)
class DataCite:
    """DOIs, all or those of a query."""

    endpoint: str
    query: str = ""  # e.g. "types.resourceTypeGeneral:Text"
    size: int = 1000
    source: str = "datacite"
    expired: frozenset[int] = frozenset({400, 404})
    resumable: bool = True
    overlap: timedelta = timedelta(hours=1)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of update times."""
        parts = [self.query] if self.query else []
        if window.since or window.until:
            parts.append(f"updated:[{window.since or FIRST} TO {window.until or LAST}]")
        asked = {"page[cursor]": "1", "page[size]": str(self.size), "affiliation": "false"}
        return self.endpoint, asked | ({"query": " AND ".join(parts)} if parts else {})

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """DOIs until there is no next link; only its cursor is taken, not its host."""
        plain = json_of(answer)
        items = items_of(plain, "data")
        link = text(branch(plain, "links").get("next"))
        cursor = dict(parse_qsl(urlsplit(link).query)).get("page[cursor]", "")
        following = {**asked, "page[cursor]": cursor} if items and cursor else None
        return Listing(items, following, count_of(branch(plain, "meta").get("total")))

    def record(self, item: Any) -> Record:
        """A DOI."""
        return record_of(item, datacite.record)
