"""
Semantic Scholar: its bulk search by token.

    /graph/v1/paper/search/bulk?query=…&fields=…  ->  data, token, total

Updates of a whole corpus, deletions included, come as data set diffs
(`downloads.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes import semantic_scholar
from indexer.feeds.formats.shapes.values import text
from indexer.feeds.protocols.cursor_api import Listing, Params, items_of, json_of
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import HttpAnswer
from indexer.records import Record

FIELDS: Final = (
    "paperId,corpusId,externalIds,title,abstract,year,publicationDate,publicationTypes,venue,"
    "publicationVenue,journal,authors,openAccessPdf,url"
)


@dataclass(frozen=True, slots=True)
class SemanticScholar:
    """Papers of a query."""

    endpoint: str
    query: str = ""
    source: str = "semantic_scholar"
    expired: frozenset[int] = frozenset({400, 404})
    resumable: bool = True
    overlap: timedelta = timedelta(days=1)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of publication days, the only ones it knows."""
        asked = {"query": self.query, "fields": FIELDS}
        if window.since or window.until:
            span = f"{window.since[:10]}:{window.until[:10]}"
            asked["publicationDateOrYear"] = span
        return self.endpoint, asked

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Papers until there is no token."""
        plain = json_of(answer)
        token, total = text(plain.get("token")), plain.get("total")
        following = {**asked, "token": token} if token else None
        # The total is an estimate in all answers but small ones; it never calls a list short.
        exact = total if isinstance(total, int) and following is None and total < 1000 else None
        return Listing(items_of(plain, "data"), following, exact)

    def record(self, item: Any) -> Record:
        """A paper."""
        if not isinstance(item, Mapping):
            raise UnusableRow("the row is no paper: it was not found")
        return semantic_scholar.record(item)
