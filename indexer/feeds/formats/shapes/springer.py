"""
Springer Nature: records of its metadata API.

    {"identifier": "doi:…", "publicationName", "creators": [{"creator"}] …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import (
    every,
    first,
    joined_pages,
    objects,
    same,
    text,
    texts,
)
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with the name of a publication and one of the API's other keys."""
    return "publicationName" in plain and not {
        *("creators", "contentType", "identifier", "publicationDate", "startingPage"),
    }.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The article or chapter as a record."""
    get = plain.get
    doi = text(get("doi")) or text(get("identifier")).removeprefix("doi:")
    abstract = get("abstract")
    paragraphs = (
        [value for part in objects(abstract) for value in texts(part.get("p"))]
        if objects(abstract)
        else list(texts(abstract))
    )
    return Record(
        source="springer",
        source_id=doi,
        **same(plain, "title publisher volume language"),
        authors=_names(get("creators"), "creator"),
        editors=_names(get("bookEditors"), "bookEditor"),
        date=first(plain, "publicationDate", "onlineDate", "printDate", "coverDate"),
        container=text(get("publicationName")),
        issue=text(get("number")),
        pages=joined_pages(text(get("startingPage")), text(get("endingPage"))),
        abstract=" ".join(paragraphs),
        keywords=every(get("keyword"), get("subjects")),
        type=first(plain, "contentType", "publicationType"),
        doi=doi,
        issn=every(get("issn"), get("eIssn"), get("electronicIssn")),
        isbn=every(get("isbn"), get("electronicIsbn"), get("printIsbn")),
        urls=every([first(u, "value") for u in objects(get("url"))], get("url")),
    )


def _names(given: Any, key: str) -> tuple[Author, ...]:
    people = [(first(p, key), first(p, "ORCID")) for p in objects(given)]
    people = people or [(name, "") for name in texts(given)]
    return tuple(Author(name=name, orcid=orcid) for name, orcid in people if name)
