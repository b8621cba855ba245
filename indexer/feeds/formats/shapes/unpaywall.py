"""
Unpaywall: lines of its snapshot and changefiles, and answers of its API.

    {"doi", "genre", "z_authors", "oa_locations" …}  ->  Record

It describes Crossref's DOIs in Crossref's words, adding where copies are: the
same authority twice, not two that agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import author, every, objects, same, text
from indexer.records import Author, Record

MARKS: Final = frozenset({"oa_locations", "best_oa_location", "doi_url", "is_oa"})


def recognise(plain: Mapping[str, Any]) -> bool:
    """A DOI with what Unpaywall knows of its open copies."""
    return "doi" in plain and len(MARKS & plain.keys()) >= 2


def record(plain: Mapping[str, Any]) -> Record:
    """The DOI as a record."""
    get = plain.get
    doi = text(get("doi"))
    locations = objects(get("oa_locations"))
    serials = (*text(get("journal_issns")).split(","), text(get("journal_issn_l")))
    return Record(
        source="unpaywall",
        source_id=doi.lower(),
        **same(plain, "title year publisher updated"),
        authors=tuple(_authors(objects(get("z_authors")))),
        date=text(get("published_date")),
        container=text(get("journal_name")),
        type=text(get("genre")),
        doi=doi,
        identifiers=tuple(
            ("oai", number) for location in locations if (number := text(location.get("pmh_id")))
        ),
        issn=every(serials),
        urls=every(tuple(_urls(locations))),
    )


def _authors(given: list[Mapping[str, Any]]) -> Iterator[Author]:
    for item in given:
        # Newer snapshots write one "raw_author_name" instead of the parts.
        if name := text(item.get("raw_author_name")):
            yield Author(name=name)
        elif person := author(item):
            yield person


def _urls(locations: list[Mapping[str, Any]]) -> Iterator[str]:
    for location in locations:
        for name in ("url_for_landing_page", "url_for_pdf", "url"):
            if url := text(location.get(name)):
                yield url
