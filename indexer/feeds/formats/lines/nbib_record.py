"""
NBIB record: the fields of one NBIB entry as a record.

    (("PMID", "31234567"), ("FAU", "Okonjo, Amara"), ("AUID", "ORCID: …"), …)  ->  Record

The order of the fields matters: an ORCID belongs to the author before it. Fields that
no field of a record holds are carried along in `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from indexer.feeds.formats.lines.database_numbers import DOI
from indexer.feeds.formats.lines.entry_fields import Pairs, TagValues, pairs_of
from indexer.feeds.formats.lines.telling_types import most_telling
from indexer.feeds.formats.shapes.values import serials
from indexer.feeds.formats.vocabularies.pubmed import SOURCE
from indexer.records import Author, Record, Relation

TAG: Final = re.compile(r"([A-Z]{2,5})[ \t]{0,3}-(?:[ \t]|(?=[\r\n])|\Z)")
_MARKED: Final = re.compile(r"^(\S+) \[(\w+)\]$")
_DAY: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_NUMBER: Final = re.compile(r"PMID:\s*(\d+)")
_ARTICLE_NUMBER: Final = re.compile(r"e?\d{1,8}", re.IGNORECASE)
_ERIC: Final = "ERIC"
ONE_VALUE: Final = {
    "date": "DP", "publisher": "PB", "publisher_place": "PL", "volume": "VI", "issue": "IP",
    "pages": "PG", "abstract": "AB OAB", "language": "LA",
}  # fmt: skip
RELATIONS: Final = {
    "CON": "CommentOn", "CIN": "CommentIn", "EFR": "ErratumFor", "EIN": "ErratumIn",
    "ROF": "RetractionOf", "RIN": "RetractionIn", "UOF": "UpdateOf", "UIN": "UpdateIn",
    "RPF": "RepublishedFrom", "RPI": "RepublishedIn", "CRF": "CorrectedandRepublishedFrom",
    "CRI": "CorrectedandRepublishedIn", "ECF": "ExpressionOfConcernFor", "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf",
}  # fmt: skip


def entry_record(entry: str) -> Record:
    """The record of one entry; its PMID, or ERIC's number, is its id."""
    fields = pairs_of(entry, TAG)
    tags: dict[str, list[str]] = {}
    for tag, value in fields:
        tags.setdefault(tag, []).append(value)
    values = TagValues(tags)
    pmid, of_eric = values.first("PMID"), values.peek("OWN") == [_ERIC]
    eric = values.first("OID") if of_eric else ""
    identifiers = tuple(dict.fromkeys(_identifiers(values, pmid, eric)))
    dois = [value for scheme, value in identifiers if scheme == "doi"]
    issn, isbn = serials(_bare(value) for value in values.every("IS", "ISSN", "ISBN"))
    type_ = most_telling(values.peek("PT"))
    values.take({type_}, "PT")
    title = values.first("TI") or values.first("BTI")
    return Record(
        record_id="",
        source="" if of_eric else SOURCE,
        source_id=pmid or eric,
        title=title,
        alternate_titles=values.every("TT"),
        authors=tuple(_authors(fields, "FAU", "AU")),
        editors=tuple(_authors(fields, "FED", "ED")),
        container=_container(values),
        article_number=_article_number(values),
        keywords=tuple(dict.fromkeys(values.every("OT", "MH"))),
        notes=values.every("GN"),
        type=type_,
        doi=dois[0] if dois else "",
        identifiers=tuple(pair for pair in identifiers if pair != ("doi", dois[0] if dois else "")),
        issn=tuple(dict.fromkeys(issn)),
        isbn=isbn,
        urls=tuple(value for value in values.every("LID", "AID", "URL") if "//" in value),
        database=values.first("OWN") if of_eric else "PubMed",
        accession_number=pmid or eric,
        relations=tuple(_relations(values)),
        **values.fields(ONE_VALUE),
        updated=_DAY.sub(r"\1-\2-\3", values.first("LR")),
        extra=_extra(values),
    )


def _container(values: TagValues) -> str:
    """The journal, or the book that a chapter with a title of its own stands in."""
    journal = values.first("JT") or (values.first("BTI") if "TI" in values else "")
    return journal or values.first("TA")


def _bare(serial: str) -> str:
    return serial.partition(" (")[0].removeprefix("ISBN ").removeprefix("ISSN-")


def _identifiers(values: TagValues, pmid: str, eric: str) -> Iterator[tuple[str, str]]:
    if pmid:
        yield "pmid", pmid
    if eric:
        yield "eric", eric
    for number in values.every("PMC"):
        yield "pmcid", number
    for number in values.every("MID"):
        yield "nihms", number.removesuffix(" [mid]")
    for value in values.peek("LID", "AID"):
        marked = _MARKED.match(value)
        if marked and marked[2] in _SCHEMES:
            yield _SCHEMES[marked[2]], marked[1]
        elif not marked and (doi := DOI.fullmatch(value)):
            yield "doi", doi[1]


_SCHEMES: Final = {"doi": "doi", "pii": "pii", "bookaccession": "", "pmc": "pmcid", "mid": "nihms"}


def _article_number(values: TagValues) -> str:
    """An electronic number that stands for pages ("e0123 [pii]")."""
    matches = (_MARKED.match(value) for value in values.peek("LID"))
    given = (match[1] for match in matches if match and match[2] == "pii")
    return next((number for number in given if _ARTICLE_NUMBER.fullmatch(number)), "")


def _authors(fields: Pairs, full: str, short: str) -> Iterator[Author]:
    """
    The names in order, full where they are given, each with the ORCID that follows it.

    Groups stand among the authors at their place.
    """
    tag = full if any(tag == full and value for tag, value in fields) else short
    names = {tag, "CN"} if full == "FAU" else {tag}
    last: Author | None = None
    for name, value in fields:
        if name in names and value:
            if last:
                yield last
            last = Author(name=value)
        elif name == "AUID" and last and value.upper().startswith("ORCID"):
            last = replace(last, orcid=value[5:].lstrip(": "))
    if last:
        yield last


def _relations(values: TagValues) -> Iterator[Relation]:
    for tag, kind in RELATIONS.items():
        for value in values.peek(tag):
            if match := _NUMBER.search(value):
                values.take((value,), tag)
                yield Relation(kind, f"pmid:{match[1]}")


def _extra(values: TagValues) -> tuple[tuple[str, str], ...]:
    """What found no place; short names and ORCIDs belong to the full names beside them."""
    values.every("FAU", "AU", "AUID", "CN", "FED", "ED")
    return values.rest("nbib")
