"""
DBLP: hits of its search API.

    {"@id", "info": {"key", "title", "authors": {"author": [...]}, "ee" …}}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import branch, first, objects, one, text, texts
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """A hit whose description has a key and a title, or that description."""
    said = branch(plain, "info")
    return "title" in said and ("key" in said or "authors" in said)


def record(plain: Mapping[str, Any]) -> Record:
    """The hit as a record; its key is that of DBLP's dump."""
    said = branch(plain, "info")
    get = said.get
    key = text(get("key"))
    return Record(
        record_id="",
        source="dblp",
        source_id=key,
        title=text(get("title")),
        authors=tuple(_authors(said)),
        year=text(get("year")),
        container=text(get("venue")),
        publisher=text(get("publisher")),
        volume=text(get("volume")),
        issue=text(get("number")),
        pages=text(get("pages")),
        type=text(get("type")),
        doi=text(get("doi")),
        identifiers=(("dblp", key),) if key else (),
        isbn=texts(get("isbn")),
        urls=one(get("ee"), get("url")),
    )


def _authors(said: Mapping[str, Any]) -> Iterator[Author]:
    given = branch(said, "authors").get("author")
    names = [first(found, "text") for found in objects(given)] or list(texts(given))
    yield from (Author(name=name) for name in names if name)
