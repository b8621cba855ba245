"""
Semantic Scholar: papers of its graph API and of its data sets.

    {"paperId", "corpusId", "externalIds", "title" …}  ->  Record

The corpus id is the record's identity where there is one: a paperId changes when
papers are clustered anew. Data set rows write the same names in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import branch, every, first, objects, same, text, texts
from indexer.records import Author, Record

MARKS: Final = frozenset({"paperId", "corpusid", "corpusId"})
SCHEMES: Final = {
    "ArXiv": "arxiv", "PubMed": "pmid", "PubMedCentral": "pmcid", "DBLP": "dblp",
    "MAG": "", "ACL": "",
}  # fmt: skip


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with one of Semantic Scholar's own ids."""
    return not MARKS.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The paper as a record."""
    get = plain.get
    ids = branch(plain, "externalIds") or branch(plain, "externalids")
    corpus = first(plain, "corpusId", "corpusid") or text(ids.get("CorpusId"))
    sha = text(get("paperId"))
    journal = branch(plain, "journal")
    venue = branch(plain, "publicationVenue")
    kinds = texts(get("publicationTypes") or get("publicationtypes"))
    return Record(
        source="semantic_scholar",
        source_id=corpus or sha,
        **same(plain, "title year abstract updated"),
        authors=tuple(Author(name=text(a.get("name"))) for a in objects(get("authors"))),
        date=first(plain, "publicationDate", "publicationdate"),
        container=text(journal.get("name")) or text(get("venue")) or text(venue.get("name")),
        volume=text(journal.get("volume")),
        pages=" ".join(text(journal.get("pages")).split()),
        type=kinds[0] if kinds else "",
        doi=text(ids.get("DOI")),
        identifiers=tuple(_identifiers(ids, corpus, sha)),
        issn=every(text(venue.get("issn"))),
        urls=tuple(
            filter(None, (text(branch(plain, "openAccessPdf").get("url")), text(get("url"))))
        ),
    )


def _identifiers(ids: Mapping[str, Any], corpus: str, sha: str) -> Iterator[tuple[str, str]]:
    if corpus:
        yield "s2", corpus
    if sha:
        yield "s2", sha
    for name, scheme in SCHEMES.items():
        if value := text(ids.get(name)):
            yield scheme, value
