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
    joined_pages,
    objects,
    one,
    text,
    texts,
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
        record_id="",
        source="doaj",
        source_id=text(plain.get("id")),
        title=text(said.get("title")),
        authors=authors(said.get("author")) if said.get("author") else (),
        date="-".join(
            part.zfill(2) for name in ("year", "month") if (part := text(said.get(name)))
        ),
        container=text(journal.get("title")),
        publisher=text(journal.get("publisher")),
        volume=text(journal.get("volume")),
        issue=text(journal.get("number")),
        pages=joined_pages(text(said.get("start_page")), text(said.get("end_page"))),
        abstract=text(said.get("abstract")),
        keywords=one(
            said.get("keywords"), [text(s.get("term")) for s in objects(said.get("subject"))]
        ),
        language=text(journal.get("language")),
        doi=next((value for kind, value in given if kind == "doi"), ""),
        issn=tuple(
            dict.fromkeys(
                value
                for value in (
                    *(value for kind, value in given if kind.endswith("issn")),
                    *texts(journal.get("issns")),
                )
                if value
            )
        ),
        urls=tuple(u for link in objects(said.get("link")) if (u := text(link.get("url")))),
        updated=text(plain.get("last_updated")),
    )
