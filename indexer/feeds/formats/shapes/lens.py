"""
Lens: scholarly works of its API and its JSON Lines export.

    {"lens_id", "title", "authors", "source": {"title", "issn"}, "external_ids" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
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

SCHEMES: Final = {"pmid": "pmid", "pmcid": "pmcid", "openalex": "openalex", "magid": "mag"}


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with a Lens id."""
    return "lens_id" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """
    The work as a record.

    Raises:
        UnusableRow: the object is a patent.
    """
    get = plain.get
    if not {"doc_number", "biblio", "publication_key"}.isdisjoint(plain):
        raise UnusableRow("a patent is no scholarly work here; export works only")
    source = branch(plain, "source")
    ids = list(_external(plain))
    doi = next((value for scheme, value in ids if scheme == "doi"), "")
    headings = [first(m, "mesh_heading") for m in objects(get("mesh_terms"))]
    return Record(
        source="lens",
        source_id=text(get("lens_id")),
        **same(plain, "title volume issue abstract updated"),
        authors=authors([_with_orcid(person) for person in objects(get("authors"))]),
        editors=authors(objects(get("editors"))),
        date=text(get("date_published")),
        year=text(get("year_published")),
        container=text(source.get("title")) or text(branch(plain, "conference").get("name")),
        publisher=text(source.get("publisher")),
        pages=joined_pages(text(get("start_page")), text(get("end_page"))),
        keywords=every(get("keywords"), headings),
        type=text(get("publication_type")),
        language=first(plain, "languages", "language"),
        doi=doi,
        identifiers=tuple(
            (SCHEMES.get(scheme, ""), value) for scheme, value in ids if value != doi
        ),
        issn=every([first(i, "value") for i in objects(source.get("issn"))], source.get("issn")),
        isbn=every([first(i, "value") for i in objects(source.get("isbn"))]),
        urls=every([first(u, "url") for u in objects(get("source_urls"))]),
        deleted=get("is_deleted") is True,
    )


def _with_orcid(person: Mapping[str, Any]) -> Mapping[str, Any]:
    ids = objects(person.get("ids"))
    orcid = next((first(i, "value") for i in ids if first(i, "type").lower() == "orcid"), "")
    name = first(person, "collective_name", "display_name")
    return {**person, "orcid": orcid, **({"name": name} if name else {})}


def _external(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for item in objects(plain.get("external_ids")):
        if value := first(item, "value"):
            yield first(item, "type").lower(), value
