"""
CORE: works and outputs of its API v3, articles of v2 and of its data set.

    {"id", "title", "authors": [{"name"}], "oaiIds", "dataProviders" …}  ->  Record

A `work` of v3 is already CORE's own group of `outputs`; its feed reads outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import (
    authors,
    branch,
    every,
    first,
    objects,
    same,
    text,
    texts,
)
from indexer.records import Record

MARKS: Final = frozenset(
    {
        *("oaiIds", "dataProviders", "dataProvider", "fullTextIdentifier", "fulltextIdentifier"),
        *("coreId", "repositoryDocument", "rawRecordXml"),
    }
)
SCHEMES: Final = {"arxivId": "arxiv", "pubmedId": "pmid", "magId": ""}
TYPED: Final = {"CORE_ID": "core", "OAI_ID": "oai", "ARXIV_ID": "arxiv", "PUBMED_ID": "pmid"}
DATES: Final = ("publishedDate", "datePublished", "acceptedDate")
ABSENT: Final = "DELETED"


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with one of CORE's own keys."""
    return not MARKS.isdisjoint(plain) and ("title" in plain or "id" in plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The work, output or article as a record."""
    get = plain.get
    journals = objects(get("journals"))
    journal = journals[0] if journals else {}
    links = [
        text(link.get("url")) for link in objects(get("links")) if link.get("type") != "thumbnail"
    ]
    return Record(
        source="core",
        source_id=first(plain, "id", "coreId"),
        **same(plain, "title doi"),
        authors=authors(get("authors")),
        date=first(plain, *DATES),
        year=first(plain, "yearPublished", "year"),
        container=text(journal.get("title")),
        publisher=text(get("publisher")).strip("'"),
        abstract=first(plain, "abstract", "description"),
        keywords=every(get("fieldOfStudy"), get("subjects"), get("topics"), get("tags")),
        type=first(plain, "documentType", "types"),
        language=text(branch(plain, "language").get("code")),
        database=_provider(plain),
        identifiers=tuple(dict.fromkeys(_identifiers(plain))),
        issn=tuple(
            value.removeprefix("issn:")
            for place in journals
            for value in texts(place.get("identifiers"))
        ),
        urls=every(
            *(get(name) for name in ("downloadUrl", "sourceFulltextUrls", "fullTextIdentifier")),
            *(get(name) for name in ("fulltextIdentifier", "urls")),
            links,
        ),
        updated=first(plain, "updatedDate", "lastUpdate"),
        deleted=text(get("deleted")) == ABSENT,
    )


def _provider(plain: Mapping[str, Any]) -> str:
    """The repository that CORE has the record from."""
    for name in ("dataProviders", "dataProvider", "repositories"):
        for provider in objects(plain.get(name)):
            if given := first(provider, "name"):
                return given
    return ""


def _identifiers(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if own := first(plain, "id", "coreId"):
        yield "core", own
    for name, scheme in SCHEMES.items():
        if value := text(plain.get(name)):
            yield scheme, value
    for value in every(plain.get("oaiIds"), plain.get("oai")):
        yield "oai", value
    given = plain.get("identifiers")
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, str):
            yield ("oai" if item.startswith("oai:") else ""), item
        elif isinstance(item, dict):
            scheme, value = text(item.get("type")), text(item.get("identifier"))
            if value and scheme in TYPED:
                yield TYPED[scheme], value
