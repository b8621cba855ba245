"""
INSPIRE: literature of the high energy physics database's API.

    {"id", "metadata": {"titles", "authors", "publication_info" …}}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import (
    author,
    branch,
    every,
    first,
    joined_pages,
    objects,
    text,
)
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object described in `metadata`, with titles and INSPIRE's own number or keys."""
    said = branch(plain, "metadata")
    return "titles" in said and not {
        *("control_number", "arxiv_eprints", "publication_info", "document_type"),
    }.isdisjoint(said)


def record(plain: Mapping[str, Any]) -> Record:
    """The paper as a record."""
    said = branch(plain, "metadata")
    get = said.get
    titles = every(_values(said, "titles", "title"))
    places = objects(get("publication_info"))
    place: Mapping[str, Any] = places[0] if places else {}
    dois = every(_values(said, "dois", "value"))
    eprints = every(_values(said, "arxiv_eprints", "value"))
    return Record(
        source="inspire",
        source_id=text(get("control_number")) or text(plain.get("id")),
        title=titles[0] if titles else "",
        alternate_titles=titles[1:],
        authors=tuple(_people(said, "author")),
        editors=tuple(_people(said, "editor")),
        date=first(said, "earliest_date", "preprint_date"),
        year=first(place, "year"),
        container=first(place, "journal_title", "pubinfo_freetext"),
        publisher=next(iter(_values(said, "imprints", "publisher")), ""),
        volume=first(place, "journal_volume"),
        issue=first(place, "journal_issue"),
        pages=joined_pages(first(place, "page_start"), first(place, "page_end")),
        article_number=first(place, "artid"),
        abstract=next(iter(_values(said, "abstracts", "value")), ""),
        keywords=every(_values(said, "keywords", "value")),
        notes=every(_values(said, "public_notes", "value")),
        type=first(said, "document_type"),
        doi=dois[0] if dois else "",
        identifiers=(
            *(("doi", value) for value in dois[1:]),
            *(("arxiv", value) for value in eprints),
        ),
        isbn=every(_values(said, "isbns", "value")),
        updated=text(plain.get("updated")),
    )


def _values(said: Mapping[str, Any], name: str, key: str) -> list[str]:
    return [value for item in objects(said.get(name)) if (value := first(item, key))]


def _people(said: Mapping[str, Any], role: str) -> Iterator[Author]:
    """The names in a role; who has none is an author."""
    for given in objects(said.get("authors")):
        roles = every(given.get("inspire_roles")) or ("author",)
        ids = {first(i, "schema"): first(i, "value") for i in objects(given.get("ids"))}
        if role in roles and (person := author({**given, "orcid": ids.get("ORCID", "")})):
            yield person
    if role == "author":
        for name in _values(said, "collaborations", "value"):
            yield Author(name=name)
