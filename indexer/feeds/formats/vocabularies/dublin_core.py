"""
Dublin Core: oai_dc, qualified Dublin Core and what repositories put into them.

    <oai_dc:dc> of dc: elements  ->  Record

Every element may repeat, in any order: several titles are translations or
alternates, several dates are accession, embargo and issue (the earliest counts),
identifiers hold DOIs, addresses, serial numbers and whole citations side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import children, descendants, local, text
from indexer.feeds.formats.shapes.values import serials
from indexer.feeds.formats.vocabularies.stages import stage_of
from indexer.records import Author, Record, Relation

SEMANTICS: Final = "info:eu-repo/semantics/"
_YEAR_FIRST: Final = re.compile(r"(1[4-9]|20)\d\d(?:-\d\d(?:-\d\d)?)?")
_DOI: Final = re.compile(
    r"^(?:doi:|info:doi/|https?://(?:dx\.)?doi\.org/)?\s*(10\.\d{4,9}/\S+)$", re.I
)
_SERIAL: Final = re.compile(r"^(?:urn:)?(issn|isbn|eissn|pissn)\s*[:=]?\s*(?P<value>[\d].*)$", re.I)
_BARE_ISSN: Final = re.compile(r"^\d{4}-\d{3}[\dXx]$")
# What OJS writes: "Title; Vol. 3 Núm. 5 (2018); 170-178"
_OJS: Final = re.compile(
    r"^(?P<container>[^;]{2,300});\s*"
    r"(?:(?:[^\d;()]{0,20})(?P<volume>\d+))?"
    r"(?:[\s,]+(?:[^\d;()]{1,20})(?P<issue>\d[\w/-]*))?"
    r"\s*(?:\((?P<year>\d{4})\))?[^;]*"
    r"(?:;\s*(?P<pages>[\w.]+(?:\s*[-\u2013]\s*[\w.]+)?))?\s*$"
)


# What InvenioRDM writes: "Title, 5(9), 9-15, (2025-09-19)"
_INVENIO: Final = re.compile(
    r"^(?P<container>.{2,300}?),\s+(?P<volume>\w+)(?:\((?P<issue>[^()]+)\))?,"
    r"(?:\s+(?P<pages>[\w.]+(?:-[\w.]+)?),)?\s+\((?P<year>\d{4})[^()]*\)\s*$"
)


def describe(element: etree._Element) -> Record:
    """The record of a <dc> element."""
    return from_terms(gathered(children(element)))


def describe_rdf(element: etree._Element) -> Record:
    """The record of the first described resource in RDF that uses Dublin Core."""
    best = max(
        (gathered(children(resource)) for resource in children(element)),
        key=lambda terms: len(terms) * ("title" in terms),
        default={},
    )
    if "title" not in best:
        raise UnusableRow("RDF describes nothing with a dc:title")
    return from_terms(best)


def from_terms(terms: Mapping[str, Sequence[str]]) -> Record:
    """
    The record that Dublin Core terms describe, each a list of values in document order.

    Shared with vocabularies that are Dublin Core in other clothes (DSpace's xoai).
    """

    def get(name: str) -> Sequence[str]:
        return terms.get(name, ())

    titles = list(dict.fromkeys(get("title")))
    own = _sorted_identifiers((*get("doi"), *get("identifier")))
    source = _source(get("source"), titles[0] if titles else "")
    issn, isbn = serials((*own.issn, *own.isbn, *get("issn"), *get("isbn")))
    types = [kind.removeprefix(SEMANTICS) for kind in get("type")]
    return Record(
        title=titles[0] if titles else "",
        alternate_titles=(*titles[1:], *get("alternative")),
        authors=tuple(Author(name=name) for name in get("creator")),
        editors=tuple(Author(name=name) for name in get("editor")),
        date=earliest((*get("issued"), *get("date"), *get("created"))),
        container=source.get("container", "") or next(iter(get("publicationName")), ""),
        publisher=next(iter(get("publisher")), ""),
        volume=source.get("volume", "") or next(iter(get("volume")), ""),
        issue=source.get("issue", "") or next(iter(get("number")), ""),
        pages=source.get("pages", "")
        or "-".join((*get("startingPage")[:1], *get("endingPage")[:1])),
        abstract=max((*get("abstract"), *get("description")), key=len, default=""),
        keywords=tuple(dict.fromkeys(get("subject"))),
        type=next((kind for kind in types if not stage_of(kind)), ""),
        language=next(iter(get("language")), ""),
        stage=stage_of(*types, *get("version")),
        doi=next(iter(own.dois), ""),
        identifiers=(*(("doi", doi) for doi in own.dois[1:]), *(("", v) for v in own.others)),
        issn=tuple(dict.fromkeys((*issn, *source.get("issn", "").split()))),
        isbn=isbn,
        urls=tuple(own.urls),
        relations=tuple(_relations(terms)),
        extra=tuple(("dc:contributor", name) for name in get("contributor")),
    )


@dataclass(frozen=True, slots=True)
class _Identifiers:
    """Values of dc:identifier, told apart."""

    dois: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    issn: list[str] = field(default_factory=list)
    isbn: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def _sorted_identifiers(values: Iterable[str]) -> _Identifiers:
    told = _Identifiers()
    for value in dict.fromkeys(values):
        if doi := _DOI.match(value):
            told.dois.append(doi[1])
        elif serial := _SERIAL.match(value):
            serials = told.isbn if serial[1].lower() == "isbn" else told.issn
            serials.append(serial["value"])
        elif value.startswith(("http://", "https://", "ftp://")):
            told.urls.append(value)
        elif not value.startswith("info:eu-repo/grantAgreement"):
            told.others.append(value)
    return told


def _relations(terms: Mapping[str, Sequence[str]]) -> Iterator[Relation]:
    for name in ("relation", "isPartOf", "isVersionOf", "hasVersion", "isReferencedBy", "replaces"):
        for value in terms.get(name, ()):
            target = value.removeprefix(SEMANTICS).removeprefix("altIdentifier/")
            if value.startswith("info:eu-repo/grantAgreement") or target == "":
                continue
            yield Relation(name, target)


def _source(values: Sequence[str], title: str) -> dict[str, str]:
    """Container, volume, issue, pages and ISSNs out of dc:source, as far as they can be told."""
    issn = " ".join(value for value in values if _BARE_ISSN.match(value))
    prose = [
        value
        for value in values
        # A citation of the work itself names its title; only what it stands in is wanted.
        if not _BARE_ISSN.match(value) and (not title or title.lower() not in value.lower())
    ]
    for value in prose:
        match = _OJS.match(value) or _INVENIO.match(value)
        if match and match.group("year"):
            parts = {name: part for name, part in match.groupdict("").items() if part}
            return {**parts, "issn": issn}
    return {"container": prose[0] if prose else "", "issn": issn}


def earliest(values: Iterable[str]) -> str:
    """The earliest date that begins with a year; else the first value as it stands."""
    kept = list(values)
    dated = [value for value in kept if _YEAR_FIRST.match(value)]
    if not dated:
        return kept[0] if kept else ""
    return min(dated, key=lambda value: (value[:4], value))


def gathered(elements: Iterable[etree._Element]) -> dict[str, list[str]]:
    """The values of elements by their local names."""
    terms: dict[str, list[str]] = {}
    for element in elements:
        inner = list(descendants(element, "name"))
        value = text(inner[0]) if inner else text(element)
        if value:
            terms.setdefault(local(element), []).append(value)
    return terms
