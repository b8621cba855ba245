"""
DBLP: hits of its search API.

    {"@id", "info": {"key", "title", "authors": {"author": [...]}, "ee" …}}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import branch, every, first, objects, same, text, texts
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
        source="dblp",
        source_id=key,
        **same(said, "title year publisher volume pages type doi"),
        authors=tuple(_authors(said)),
        container=text(get("venue")),
        issue=text(get("number")),
        identifiers=(("dblp", key),) if key else (),
        isbn=texts(get("isbn")),
        urls=every(get("ee"), get("url")),
    )


def _authors(said: Mapping[str, Any]) -> Iterator[Author]:
    given = branch(said, "authors").get("author")
    names = [first(person, "text") for person in objects(given)] or list(texts(given))
    yield from (Author(name=name) for name in names if name)
