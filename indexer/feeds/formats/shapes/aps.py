"""
APS: articles of the American Physical Society's API and data sets.

    {"id": "10.1103/…", "title": {"value"}, "journal": {"name"}, "pageStart" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import author, branch, every, first, objects, same, text
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """A title with its format, and a journal or the article's first page."""
    title = branch(plain, "title")
    return "value" in title and not {"journal", "pageStart", "articleType"}.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The article as a record."""
    get = plain.get
    journal = branch(plain, "journal")
    subjects = branch(plain, "classificationSchemes")
    headings = [
        *(first(s, "label") for s in objects(subjects.get("subjectAreas"))),
        *(first(c, "label") for c in objects(branch(subjects, "physh").get("concepts"))),
    ]
    return Record(
        source="aps",
        source_id=text(get("id")),
        **same(plain, "date language"),
        title=text(branch(plain, "title").get("value")),
        authors=tuple(_authors(plain)),
        container=first(journal, "name", "abbreviatedName"),
        publisher=first(branch(plain, "publisher"), "name") or text(get("publisher")),
        volume=text(branch(plain, "volume").get("number")) or text(get("volume")),
        issue=text(branch(plain, "issue").get("number")) or text(get("issue")),
        pages="" if get("hasArticleId") is True else text(get("pageStart")),
        article_number=text(get("pageStart")) if get("hasArticleId") is True else "",
        abstract=text(branch(plain, "abstract").get("value")),
        keywords=every(headings),
        type=first(plain, "articleType"),
        doi=text(branch(plain, "identifiers").get("doi")) or text(get("id")),
        identifiers=_arxiv(plain),
        updated=first(plain, "lastModifiedAt", "last_modified_at"),
    )


def _authors(plain: Mapping[str, Any]) -> Iterator[Author]:
    for given in objects(plain.get("authors")):
        collaboration = first(given, "type") == "Collaboration"
        if person := author({"name": first(given, "name")} if collaboration else given):
            yield person


def _arxiv(plain: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    number = first(branch(plain, "identifiers"), "arxiv")
    return (("arxiv", number),) if number else ()
