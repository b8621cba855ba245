"""
OSF: preprints, projects and registrations of the Open Science Framework's API.

    {"id", "type": "preprints", "attributes": {"title", "date_published" …}}  ->  Record

Contributors are there only where they were embedded in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import author, branch, every, first, objects, text
from indexer.records import Author, Record, Relation

WORKS: Final = {
    "preprints": "preprint", "nodes": "project", "registrations": "registration",
}  # fmt: skip


def recognise(plain: Mapping[str, Any]) -> bool:
    """A resource of a kind that describes a work."""
    return text(plain.get("type")) in WORKS and "title" in branch(plain, "attributes")


def record(plain: Mapping[str, Any]) -> Record:
    """The resource as a record."""
    said, links = branch(plain, "attributes"), branch(plain, "links")
    article = text(said.get("doi"))  # of the article that a preprint became
    subjects = said.get("subjects")
    levels = subjects if isinstance(subjects, list) else []
    headings = [first(s, "text") for level in levels for s in objects(level)]
    kind = text(plain.get("type"))
    return Record(
        source="osf",
        source_id=text(plain.get("id")),
        title=text(said.get("title")),
        authors=tuple(_authors(plain)),
        date=first(said, "date_published", "date_registered", "date_created"),
        container=_provider(plain),
        abstract=text(said.get("description")),
        keywords=every(said.get("tags"), headings),
        type=WORKS[kind],
        stage="submitted" if kind == "preprints" else "",
        doi=first(links, "preprint_doi"),
        identifiers=tuple(("doi", value) for value in every(said.get("article_doi"))),
        urls=every(first(links, "html", "iri")),
        relations=(Relation("is-preprint-of", f"doi:{article}"),) if article else (),
        updated=text(said.get("date_modified")),
        deleted=bool(said.get("date_withdrawn")),
    )


def _provider(plain: Mapping[str, Any]) -> str:
    provider = branch(plain, "embeds", "provider", "data", "attributes")
    return first(provider, "name") or text(
        branch(plain, "relationships", "provider", "data").get("id")
    )


def _authors(plain: Mapping[str, Any]) -> Iterator[Author]:
    for given in objects(branch(plain, "embeds", "contributors").get("data")):
        if branch(given, "attributes").get("bibliographic") is False:
            continue
        person = branch(given, "embeds", "users", "data", "attributes")
        if name := author(person or branch(given, "attributes")):
            yield name
