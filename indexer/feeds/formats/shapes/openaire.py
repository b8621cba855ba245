"""
OpenAIRE Graph: research products of its API and dump.

    {"id", "mainTitle", "pids", "instances", "container" …}  ->  Record

A product is already OpenAIRE's own group of instances; all their ids are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import (
    branch,
    every,
    first,
    joined_pages,
    objects,
    text,
    texts,
)
from indexer.records import Author, Record

SCHEMES: Final = {"doi", "pmid", "arxiv", "handle"}


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with OpenAIRE's main title."""
    return "mainTitle" in plain or "maintitle" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """The product as a record."""
    get = plain.get
    container = branch(plain, "container")
    instances = objects(get("instances") or get("instance"))
    held = [get("pids") or get("pid"), *(i.get("pids") or i.get("pid") for i in instances)]
    pairs = dict.fromkeys(
        (first(p, "scheme").lower(), first(p, "value")) for pids in held for p in objects(pids)
    )
    ids = [({"pmc": "pmcid"}.get(s, s if s in SCHEMES else ""), v) for s, v in pairs if v]
    dois = [value for scheme, value in ids if scheme == "doi"]
    return Record(
        source="openaire",
        source_id=text(get("id")),
        title=first(plain, "mainTitle", "maintitle"),
        alternate_titles=every(first(plain, "subTitle", "subtitle")),
        authors=tuple(
            Author(
                name=first(a, "fullName", "fullname"),
                family=first(a, "surname"),
                given=first(a, "name"),
                orcid=text(branch(a, "pid", "id").get("value")),
            )
            for a in objects(get("authors") or get("author"))
        ),
        date=first(plain, "publicationDate", "publicationdate"),
        container=text(container.get("name")),
        publisher=text(get("publisher")),
        volume=text(container.get("vol")),
        issue=text(container.get("iss")),
        pages=joined_pages(text(container.get("sp")), text(container.get("ep"))),
        abstract=first(plain, "descriptions", "description"),
        keywords=tuple(_keywords(plain)),
        type=next((first(i, "type") for i in instances if first(i, "type")), text(get("type"))),
        language=text(branch(plain, "language").get("code")),
        doi=dois[0] if dois else "",
        identifiers=tuple(p for p in ids if p[0] != "doi" or p[1] != dois[0]),
        issn=texts([container.get(name) for name in ("issnPrinted", "issnOnline", "issnLinking")]),
        urls=tuple(
            dict.fromkeys(u for i in instances for u in texts(i.get("urls") or i.get("url")))
        ),
    )


def _keywords(plain: Mapping[str, Any]) -> Iterator[str]:
    """What the sources call its subjects, in OpenAIRE's own words or the repository's."""
    for subject in objects(plain.get("subjects")):
        said = branch(subject, "subject") or subject
        if value := first(said, "value"):
            yield value
    if not objects(plain.get("subjects")):
        yield from texts(plain.get("subjects"))
