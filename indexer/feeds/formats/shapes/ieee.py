"""
IEEE Xplore: articles of its metadata API.

    {"article_number", "publication_title", "authors": {"authors": [...]} …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import (
    authors,
    branch,
    every,
    first,
    joined_pages,
    objects,
    same,
    text,
)
from indexer.records import Record

MARKS: Final = frozenset(
    {
        *("publication_number", "publication_title", "index_terms", "html_url", "abstract_url"),
        *("is_number", "content_type", "article_number"),
    }
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with three of the API's own keys."""
    return len(MARKS & plain.keys()) >= 3


def record(plain: Mapping[str, Any]) -> Record:
    """The article as a record; its number names it at IEEE and no page."""
    get = plain.get
    byline = branch(plain, "authors").get("authors") or get("authors")
    terms = branch(plain, "index_terms")
    return Record(
        source="ieee",
        source_id=text(get("article_number")),
        **same(plain, "title publisher volume issue abstract doi"),
        authors=authors(
            [{**a, "name": first(a, "full_name", "preferred_name")} for a in objects(byline)]
        ),
        date=first(plain, "publication_date", "conference_dates"),
        year=text(get("publication_year")),
        container=text(get("publication_title")),
        publisher_place=text(get("conference_location")),
        pages=joined_pages(text(get("start_page")), text(get("end_page"))),
        keywords=every(*(branch(terms, kind).get("terms") for kind in terms)),
        type=first(plain, "content_type"),
        issn=every(get("issn")),
        isbn=every([first(i, "value", "isbn") for i in objects(get("isbn_formats"))], get("isbn")),
        urls=every(get("html_url"), get("abstract_url"), get("pdf_url")),
        database="IEEE Xplore",
        accession_number=text(get("article_number")),
    )
