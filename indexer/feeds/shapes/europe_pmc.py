"""
Europe PMC: results of its search, lite and core.

    {"id", "source": "MED", "pmid", "authorString", "journalTitle" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.shapes.values import branch, first, objects, text, texts
from indexer.records import Author, Record

# What the letters of its `source` mean for an identity: MED ids are PMIDs.
SCHEMES: Final = {"pmid": "pmid", "pmcid": "pmcid"}


def recognise(plain: Mapping[str, Any]) -> bool:
    """A result with an id that one of Europe PMC's sources gave."""
    return (
        "id" in plain
        and "source" in plain
        and not {
            "authorString",
            "pubYear",
            "citedByCount",
            "hasTextMinedTerms",
            "pmcid",
        }.isdisjoint(plain)
    )


def record(plain: Mapping[str, Any]) -> Record:
    """The result as a record."""
    get = plain.get
    info = branch(plain, "journalInfo")
    journal = branch(info, "journal")
    issn = [part.strip() for part in text(get("journalIssn")).split(";")]
    issn += [text(journal.get("issn")), text(journal.get("essn"))]
    kinds = texts(branch(plain, "pubTypeList").get("pubType")) or texts(get("pubType"))
    return Record(
        record_id="",
        source="europe_pmc",
        source_id="/".join(filter(None, (text(get("source")), text(get("id"))))),
        title=text(get("title")),
        authors=_authors(plain),
        date=first(plain, "firstPublicationDate") or text(info.get("printPublicationDate")),
        year=first(plain, "pubYear"),
        container=first(plain, "journalTitle") or text(journal.get("title")),
        volume=first(plain, "journalVolume") or text(info.get("volume")),
        issue=first(plain, "issue") or text(info.get("issue")),
        pages=text(get("pageInfo")),
        abstract=text(get("abstractText")),
        type=kinds[0].partition(";")[0] if kinds else "",
        language=text(get("language")),
        doi=text(get("doi")),
        identifiers=tuple(
            (scheme, value) for name, scheme in SCHEMES.items() if (value := text(get(name)))
        ),
        issn=tuple(dict.fromkeys(filter(None, issn))),
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
