"""
MODS, alone or wrapped in METS, as DSpace and Fedora repositories give it.

    <mods> or <mets><dmdSec>…<mods>  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    descendants,
    text,
    text_of_kind,
    texts,
    typed,
)
from indexer.feeds.formats.shapes.values import joined_pages, serials
from indexer.feeds.formats.vocabularies.dublin_core import earliest
from indexer.records import Author, Record

EDITORS: Final = frozenset({"editor", "edt", "ed", "hrsg", "series editor", "compiler"})
NO_AUTHORS: Final = EDITORS | {
    *("advisor", "thesis advisor", "publisher", "sponsor", "other", "translator", "supervisor"),
    *("ths", "dgs", "dgg", "pbl", "spn", "oth", "trl", "ill", "fnd", "degree grantor", "recipient"),
    *("degree supervisor", "funder", "host institution", "his", "opn", "opponent", "reviewer"),
}


def describe_mets(element: etree._Element) -> Record:
    """The record of the first MODS inside a METS document."""
    inner = next(descendants(element, "mods"), None)
    if inner is None:
        raise UnusableRow("the METS document holds no MODS")
    return describe(inner)


def describe(element: etree._Element) -> Record:
    """The record of a <mods> element."""
    titles = [_title(info) for info in children(element, "titleInfo")]
    host = next(
        (item for item in children(element, "relatedItem") if attribute(item, "type") == "host"),
        None,
    )
    part = child(host, "part")
    extents = list(children(part, "extent"))
    pages = extents[0] if extents else None
    given = _identifiers(element)
    links = [value for _, value in given if value.startswith("http")]
    both = (*given, *_identifiers(host))
    issn, isbn = serials(value for kind, value in both if kind in {"issn", "isbn", "eissn"})
    authors, editors = tuple(_people(element, None)), tuple(_people(element, EDITORS))
    return Record(
        title=titles[0] if titles else "",
        alternate_titles=tuple(titles[1:]),
        authors=authors or editors,
        editors=(editors if authors else ()) or tuple(_people(host, EDITORS)),
        date=earliest(
            value
            for origin in (*children(element, "originInfo"), *children(host, "originInfo"))
            for value in texts(origin, "dateIssued", "dateCreated", "copyrightDate")
        ),
        container=text(host, "titleInfo", "title"),
        publisher=text(element, "originInfo", "publisher") or text(host, "originInfo", "publisher"),
        publisher_place=_place(element) or _place(host),
        volume=_detail(part, "volume"),
        issue=_detail(part, "issue"),
        pages=joined_pages(text(pages, "start"), text(pages, "end")) if pages is not None else "",
        article_number=_detail(part, "article") or _detail(part, "article-number"),
        abstract=text(element, "abstract"),
        keywords=tuple(dict.fromkeys(_keywords(element))),
        notes=texts(element, "note"),
        type=text(element, "genre") or text(element, "typeOfResource"),
        language=text(element, "language", "languageTerm"),
        doi=next((value for kind, value in given if kind == "doi"), ""),
        identifiers=tuple(
            (kind if kind not in {"uri", "other", "citation"} else "", value)
            for kind, value in given
            if kind not in {"doi", "issn", "isbn"} and not value.startswith("http")
        ),
        issn=issn,
        isbn=isbn,
        urls=tuple(dict.fromkeys((*links, *texts(child(element, "location"), "url")))),
    )


def _title(info: etree._Element) -> str:
    parts = [" ".join(texts(info, "nonSort", "title")), *texts(info, "subTitle")]
    whole = ": ".join(part for part in parts if part)
    return " ".join((whole, *texts(info, "partNumber", "partName")))


def _identifiers(element: etree._Element | None) -> list[tuple[str, str]]:
    return [(kind.lower(), value) for kind, value in typed(element, "identifier", "type")]


def _people(element: etree._Element | None, roles: frozenset[str] | None) -> Iterator[Author]:
    """The people of some roles; those who may be authors where none are asked for."""
    for name in children(element, "name"):
        told = {text(role).lower() for role in descendants(name, "roleTerm")}
        wanted = not told or not told <= NO_AUTHORS if roles is None else told and told <= roles
        if not wanted:
            continue
        orcid = text_of_kind(name, "nameIdentifier", "type", "orcid")
        parts = {attribute(part, "type"): text(part) for part in children(name, "namePart")}
        if parts.get("family"):
            yield Author(family=parts["family"], given=parts.get("given", ""), orcid=orcid)
        elif whole := parts.get("", "") or text(name, "displayForm"):
            yield Author(name=whole, orcid=orcid)


def _place(element: etree._Element | None) -> str:
    """The place as written; a code of a country says little."""
    terms = descendants(child(element, "originInfo", "place"), "placeTerm")
    return next((text(term) for term in terms if attribute(term, "type") != "code"), "")


def _keywords(element: etree._Element) -> Iterator[str]:
    for subject in children(element, "subject"):
        parts = texts(subject, "topic", "geographic", "temporal", "genre")
        if parts:
            yield " -- ".join(parts)


def _detail(part: etree._Element | None, kind: str) -> str:
    for detail in children(part, "detail"):
        if attribute(detail, "type") == kind:
            return text(detail, "number")
    return ""
