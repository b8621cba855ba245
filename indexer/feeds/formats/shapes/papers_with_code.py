"""
Papers with Code: the papers of its data dump.

    {"paper_url", "arxiv_id", "url_abs", "proceeding" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import authors, every, first, same, text
from indexer.records import Record

SITE: Final = "https://paperswithcode.com/paper/"
URLS: Final = ("url_abs", "url_pdf", "conference_url_abs", "conference_url_pdf", "paper_url")


def recognise(plain: Mapping[str, Any]) -> bool:
    """An entry of the dump, with its page and its abstract's address."""
    return "paper_url" in plain and "url_abs" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """The paper as a record; its id is the last part of its page's address."""
    get = plain.get
    page = text(get("paper_url"))
    arxiv = text(get("arxiv_id"))
    return Record(
        source="papers_with_code",
        source_id=page.removeprefix(SITE),
        **same(plain, "title date"),
        authors=authors(get("authors")),
        container=first(plain, "proceeding"),
        abstract=first(plain, "abstract", "short_abstract"),
        identifiers=(("arxiv", arxiv),) if arxiv else (),
        urls=every([text(get(name)) for name in URLS]),
    )
