"""
DOAJ: articles of its API and dump.

    {"id", "bibjson": {"title", "identifier", "journal", "author" …}}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import (
    authors,
    branch,
    every,
    joined_pages,
    objects,
    same,
    text,
)
from indexer.records import Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object whose description stands in `bibjson`."""
    return "bibjson" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """The article as a record."""
    said = branch(plain, "bibjson")
    journal = branch(said, "journal")
    given = [
        (text(i.get("type")).lower(), text(i.get("id"))) for i in objects(said.get("identifier"))
    ]
    return Record(
        source="doaj",
        source_id=text(plain.get("id")),
        **same(said, "title abstract"),
        **same(journal, "publisher volume language"),
        authors=authors(said.get("author")),
        date="-".join(
            part.zfill(2) for name in ("year", "month") if (part := text(said.get(name)))
        ),
        container=text(journal.get("title")),
        issue=text(journal.get("number")),
        pages=joined_pages(text(said.get("start_page")), text(said.get("end_page"))),
        keywords=every(
            said.get("keywords"), [text(s.get("term")) for s in objects(said.get("subject"))]
        ),
        doi=next((value for kind, value in given if kind == "doi"), ""),
        issn=every([v for kind, v in given if kind.endswith("issn")], journal.get("issns")),
        urls=tuple(u for link in objects(said.get("link")) if (u := text(link.get("url")))),
        updated=text(plain.get("last_updated")),
    )
