"""
arXiv: its search API in Atom, by offset.

    /api/query?search_query=…&start=…  ->  entries, opensearch:totalResults

A page that comes back empty in the middle of a list is a known fault of the
service: it is asked for again, and is never the end. All of arXiv is harvested
over OAI-PMH instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import XmlFault, children, local, parse, text
from indexer.feeds.formats.vocabularies import arxiv
from indexer.feeds.protocols.cursor_api import Listing, Params
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import HttpAnswer
from indexer.records import Record


@dataclass(frozen=True, slots=True)
class ArxivSearch:
    """Papers of a query, oldest first so that new ones do not shift the pages."""

    endpoint: str
    query: str = "all:*"
    size: int = 500
    source: str = "arxiv"
    expired: frozenset[int] = frozenset()
    resumable: bool = True
    overlap: timedelta = timedelta(days=2)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of submission days."""
        query = self.query
        if window.since or window.until:
            since = window.since[:10].replace("-", "") or "19910101"
            until = window.until[:10].replace("-", "") or "20991231"
            query = f"({query}) AND submittedDate:[{since}0000 TO {until}2359]"
        return self.endpoint, {
            "search_query": query,
            "start": "0",
            "max_results": str(self.size),
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
        }

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Entries until as many came as the feed says there are."""
        try:
            root = parse(answer.body)
        except XmlFault as error:
            raise UnusableRow(str(error)) from None
        if local(root) != "feed":
            raise UnusableRow(f"<{local(root)}> came instead of an Atom feed")
        entries = list(children(root, "entry"))
        stated = text(root, "totalResults")
        total = int(stated) if stated.isdigit() else None
        start = int(asked["start"])
        if total is None or (not entries and start < total):
            raise UnusableRow(f"the page at {start} is empty, though {stated or 'no'} results")
        more = start + len(entries) < total
        following = {**asked, "start": str(start + len(entries))} if more else None
        rows = [etree.tostring(entry, with_tail=False) for entry in entries]
        return Listing(rows, following, total)

    def record(self, item: Any) -> Record:
        """An entry."""
        return arxiv.describe_entry(parse(item))
