"""
Dimensions: publications of its analytics API.

    {"id": "pub.…", "title", "authors", "journal": {"title"}, "pmid" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import authors, branch, every, first, objects, same, text
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with the id of a Dimensions publication."""
    return text(plain.get("id")).startswith("pub.") and text(plain.get("id"))[4:].isdecimal()


def record(plain: Mapping[str, Any]) -> Record:
    """The publication as a record."""
    get = plain.get
    journal, publisher = branch(plain, "journal"), branch(plain, "publisher")
    ids = (("pmid", "pmid"), ("pmcid", "pmcid"), ("arxiv_id", "arxiv"))
    return Record(
        source="dimensions",
        source_id=text(get("id")),
        **same(plain, "title year volume issue pages abstract doi"),
        authors=tuple(_with_orcids(get("authors") or get("researchers"))),
        editors=authors(get("editors")),
        date=first(plain, "date", "publication_date", "date_online", "date_print"),
        container=text(journal.get("title"))
        or first(plain, "journal_title", "book_title", "proceedings_title")
        or text(branch(plain, "source_title").get("title")),
        publisher=text(publisher.get("name")) or text(get("publisher")),
        keywords=every(get("mesh_terms"), get("mesh_headings"), get("concepts")),
        type=first(plain, "document_type", "type"),
        identifiers=tuple((scheme, value) for key, scheme in ids if (value := text(get(key)))),
        issn=every(get("issn"), journal.get("issn"), journal.get("eissn")),
        isbn=every(get("isbn"), get("book_isbn")),
        urls=every(get("linkout"), get("dimensions_url")),
        database="Dimensions",
        accession_number=text(get("id")),
    )


def _with_orcids(given: Any) -> tuple[Author, ...]:
    people = [{**a, "orcid": first(a, "orcid")} for a in objects(given)]
    return authors(people or given)
