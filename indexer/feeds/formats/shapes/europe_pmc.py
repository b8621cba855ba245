"""
Europe PMC: results of its search, lite and core.

    {"id", "source": "MED", "pmid", "authorString", "journalTitle" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import branch, every, first, objects, same, text, texts
from indexer.records import Author, Record, Relation

MARKS: Final = frozenset({"authorString", "pubYear", "citedByCount", "hasTextMinedTerms", "pmcid"})
# What the letters of its `source` mean for an identity: MED ids are PMIDs.
SCHEMES: Final = {"pmid": "pmid", "pmcid": "pmcid"}
OTHER_SOURCES: Final = {"MED": "pmid", "PMC": "pmcid"}
# Its words for a preprint and its article; the others are PubMed's own.
PREPRINTS: Final = {"preprint of": "is-preprint-of", "preprint in": "has-preprint"}


def recognise(plain: Mapping[str, Any]) -> bool:
    """A result with an id that one of Europe PMC's sources gave."""
    return "id" in plain and "source" in plain and not MARKS.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The result as a record."""
    get = plain.get
    info = branch(plain, "journalInfo")
    journal = branch(info, "journal")
    issn = [part.strip() for part in text(get("journalIssn")).split(";")]
    issn += [text(journal.get("issn")), text(journal.get("essn"))]
    book = branch(plain, "bookOrReportDetails")
    kinds = texts(branch(plain, "pubTypeList").get("pubType")) or texts(get("pubType"))
    return Record(
        source="europe_pmc",
        source_id="/".join(filter(None, (text(get("source")), text(get("id"))))),
        **same(plain, "title language doi"),
        authors=_authors(plain),
        date=first(plain, "firstPublicationDate") or text(info.get("printPublicationDate")),
        year=first(plain, "pubYear"),
        container=first(plain, "journalTitle")
        or text(journal.get("title"))
        or first(book, "comprisingTitle"),
        publisher=text(book.get("publisher")),
        volume=first(plain, "journalVolume") or text(info.get("volume")),
        issue=first(plain, "issue") or text(info.get("issue")),
        pages=text(get("pageInfo")),
        abstract=text(get("abstractText")),
        keywords=_keywords(plain),
        type=kinds[0].partition(";")[0] if kinds else "",
        identifiers=tuple(_identifiers(plain)),
        issn=every(issn),
        isbn=every(first(book, "isbn13", "isbn10")),
        relations=tuple(_relations(plain)),
        updated=text(get("dateOfRevision")),
    )


def _authors(plain: Mapping[str, Any]) -> tuple[Author, ...]:
    """The list of core results, else the one string of lite ones, cut at its commas."""
    listed = objects(branch(plain, "authorList").get("author"))
    if listed:
        return tuple(
            Author(
                name=first(a, "fullName", "collectiveName"),
                family=text(a.get("lastName")),
                given=first(a, "firstName", "initials"),
                orcid=text(branch(a, "authorId").get("value")),
            )
            for a in listed
        )
    names = text(plain.get("authorString")).rstrip(".").split(", ")
    return tuple(Author(name=name) for name in names if name)


def _identifiers(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, scheme in SCHEMES.items():
        if value := text(plain.get(name)):
            yield scheme, value
    if text(plain.get("source")) == "MED" and not plain.get("pmid") and text(plain.get("id")):
        yield "pmid", text(plain.get("id"))


def _keywords(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The authors' keywords, then the subject headings, each with its qualifiers."""
    headings = []
    for heading in objects(branch(plain, "meshHeadingList").get("meshHeading")):
        qualifiers = objects(branch(heading, "meshQualifierList").get("meshQualifier"))
        names = [text(qualifier.get("qualifierName")) for qualifier in qualifiers]
        headings.append("/".join((text(heading.get("descriptorName")), *names)))
    return every(branch(plain, "keywordList").get("keyword"), headings)


def _relations(plain: Mapping[str, Any]) -> Iterator[Relation]:
    """Errata, retractions, comments, and the article of a preprint."""
    for comment in objects(branch(plain, "commentCorrectionList").get("commentCorrection")):
        kind, other = text(comment.get("type")).lower(), text(comment.get("id"))
        source = text(comment.get("source"))
        if kind and other:
            scheme = OTHER_SOURCES.get(source)
            target = f"{scheme}:{other}" if scheme else f"europe_pmc:{source}/{other}"
            yield Relation(PREPRINTS.get(kind, kind.replace(" ", "-")), target)
