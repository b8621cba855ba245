"""
DataCite XML and OpenAIRE's literature profile: one set of element names, two roots.

    <resource> of kernel 3 or 4, of oai_openaire, or wrapped as oai_datacite  ->  Record

OpenAIRE adds the container (citationTitle …) and the version; related ISSN and
ISBN identifiers of kind IsPartOf belong to the container.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    descendants,
    local,
    text,
    texts,
    typed,
)
from indexer.feeds.formats.shapes.values import joined_pages, serials
from indexer.feeds.formats.vocabularies.dublin_core import earliest
from indexer.feeds.formats.vocabularies.stages import stage_of
from indexer.records import Author, Record, Relation

ISSUED: Final = ("issued", "created", "submitted", "accepted")  # dateTypes, best first
SERIALS: Final = frozenset({"issn", "eissn", "pissn", "lissn", "isbn", "eisbn"})


def describe(element: etree._Element) -> Record:
    """The record of a <resource>, or of the one inside an <oai_datacite>."""
    if local(element) == "oai_datacite":
        inner = next(descendants(element, "resource"), None)
        if inner is None:
            raise UnusableRow("the oai_datacite holds no <resource>")
        element = inner
    titles = _titles(element)
    identifiers, urls = _identifiers(element)
    relations = [_relation(part) for part in _inside(element, "relatedIdentifiers")]
    dois = [value for scheme, value in identifiers if scheme == "doi"]
    part_of = [
        text(part)
        for part in _inside(element, "relatedIdentifiers")
        if attribute(part, "relatedIdentifierType").lower() in SERIALS
    ]
    issn, isbn = serials((*part_of, *(v for s, v in identifiers if s in SERIALS)))
    version = child(element, "version")
    return Record(
        title=titles[0] if titles else "",
        alternate_titles=tuple(titles[1:]),
        authors=tuple(_author(part) for part in _inside(element, "creators")),
        editors=tuple(
            _author(part)
            for part in _inside(element, "contributors")
            if attribute(part, "contributorType") == "Editor"
        ),
        date=_date(element),
        year=text(element, "publicationYear"),
        container=text(element, "citationTitle"),
        publisher=text(element, "publisher"),
        volume=text(element, "citationVolume"),
        issue=text(element, "citationIssue"),
        pages=joined_pages(text(element, "citationStartPage"), text(element, "citationEndPage")),
        abstract=_abstract(element),
        keywords=tuple(
            dict.fromkeys(said for part in _inside(element, "subjects") if (said := text(part)))
        ),
        type=text(element, "resourceType")
        or attribute(child(element, "resourceType"), "resourceTypeGeneral"),
        language=text(element, "language"),
        stage=stage_of(attribute(version, "uri"), text(version)),
        doi=dois[0] if dois else "",
        identifiers=tuple(
            (scheme, value)
            for scheme, value in identifiers
            if (scheme, value) != ("doi", dois[0] if dois else "") and scheme not in SERIALS
        ),
        issn=issn,
        isbn=isbn,
        urls=tuple(urls),
        relations=tuple(part for part in relations if part),
    )


def _inside(element: etree._Element, plural: str) -> list[etree._Element]:
    """The members of a list element such as <creators>."""
    return list(children(child(element, plural)))


def _titles(element: etree._Element) -> list[str]:
    """Main titles first, their subtitles joined on; alternatives and translations after."""
    mains: list[str] = []
    subtitles: list[str] = []
    others: list[str] = []
    for part in _inside(element, "titles"):
        kind = attribute(part, "titleType")
        target = subtitles if kind == "Subtitle" else others if kind else mains
        if text(part):
            target.append(text(part))
    if mains and subtitles:
        mains[0] = ": ".join((mains[0], *subtitles))
    return list(dict.fromkeys((*mains, *others)))


def _author(creator: etree._Element) -> Author:
    numbers = typed(creator, "nameIdentifier", "nameIdentifierScheme")
    orcid = next((value for scheme, value in numbers if scheme.upper() == "ORCID"), "")
    name = next(children(creator, "creatorName", "contributorName"), None)
    personal = attribute(name, "nameType") != "Organizational"
    return Author(
        name=text(name),
        family=text(creator, "familyName") if personal else "",
        given=text(creator, "givenName") if personal else "",
        orcid=orcid,
    )


def _date(element: etree._Element) -> str:
    dates = [
        (attribute(part, "dateType").lower(), text(part))
        for part in (*_inside(element, "dates"), *children(element, "date"))
        if text(part)
    ]
    for kind in ISSUED:
        if values := [value for given, value in dates if given == kind]:
            return earliest(values)
    kept = [value for kind, value in dates if kind not in {"updated", "available", "collected"}]
    return earliest(kept)


def _abstract(element: etree._Element) -> str:
    abstracts = [
        text(part)
        for part in _inside(element, "descriptions")
        if attribute(part, "descriptionType") == "Abstract"
    ]
    plain = [text(part) for part in children(element, "description")]
    return max((*abstracts, *plain), key=len, default="")


def _identifiers(element: etree._Element) -> tuple[list[tuple[str, str]], list[str]]:
    identifiers: list[tuple[str, str]] = []
    urls: list[str] = []
    own = typed(element, "identifier", "identifierType")
    own += [
        (attribute(part, "alternateIdentifierType"), value)
        for part in _inside(element, "alternateIdentifiers")
        if (value := text(part))
    ]
    for scheme, value in own:
        if value.startswith(("http://", "https://")) and scheme.lower() != "doi":
            urls.append(value)
        else:
            known = scheme.lower() if scheme.replace(" ", "").isalnum() else ""
            identifiers.append((known, value))
    urls += texts(element, "file")
    return identifiers, list(dict.fromkeys(urls))


def _relation(related: etree._Element) -> Relation | None:
    scheme = attribute(related, "relatedIdentifierType").lower()
    if not text(related) or scheme in SERIALS:
        return None
    target = f"{scheme}:{text(related)}" if scheme and scheme != "url" else text(related)
    return Relation(attribute(related, "relationType"), target)
