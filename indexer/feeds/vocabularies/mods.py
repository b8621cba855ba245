"""
MODS, alone or wrapped in METS, as DSpace and Fedora repositories give it.

    <mods> or <mets><dmdSec>…<mods>  ->  Record
"""

from __future__ import annotations

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.shapes.values import joined_pages, serials
from indexer.feeds.vocabularies.dublin_core import earliest
from indexer.feeds.xml import attribute, child, children, descendants, text, texts
from indexer.records import Author, Record

NO_AUTHORS = frozenset({"editor", "advisor", "thesis advisor", "publisher", "sponsor", "other"})


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
        (found for found in children(element, "relatedItem") if attribute(found, "type") == "host"),
        None,
    )
    part = child(host, "part")
    extents = list(children(part, "extent"))
    pages = extents[0] if extents else None
    given = [
        (attribute(found, "type").lower(), text(found))
        for found in (*children(element, "identifier"), *children(host, "identifier"))
        if text(found)
    ]
    issn, isbn = serials(value for kind, value in given if kind in {"issn", "isbn"})
    return Record(
        record_id="",
        title=titles[0] if titles else "",
        alternate_titles=tuple(titles[1:]),
        authors=tuple(_authors(element)),
        date=earliest(
            value
            for origin in (*children(element, "originInfo"), *children(host, "originInfo"))
            for value in texts(origin, "dateIssued", "dateCreated", "copyrightDate")
        ),
        container=text(host, "titleInfo", "title"),
        publisher=text(element, "originInfo", "publisher"),
        volume=_detail(part, "volume"),
        issue=_detail(part, "issue"),
        pages=joined_pages(text(pages, "start"), text(pages, "end")) if pages is not None else "",
        abstract=text(element, "abstract"),
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
        urls=tuple(
            dict.fromkeys(
                (
                    *(value for _, value in given if value.startswith("http")),
                    *texts(child(element, "location"), "url"),
                )
            )
        ),
    )


def _title(info: etree._Element) -> str:
    parts = [" ".join(texts(info, "nonSort", "title")), *texts(info, "subTitle")]
    whole = ": ".join(part for part in parts if part)
    return " ".join((whole, *texts(info, "partNumber", "partName")))


def _authors(element: etree._Element) -> list[Author]:
    found = []
    for name in children(element, "name"):
        roles = {text(role).lower() for role in descendants(name, "roleTerm")}
        if roles and roles <= NO_AUTHORS:
            continue
        parts = {attribute(part, "type"): text(part) for part in children(name, "namePart")}
        if parts.get("family"):
            found.append(Author(family=parts["family"], given=parts.get("given", "")))
        elif whole := parts.get("", "") or text(name, "displayForm"):
            found.append(Author(name=whole))
    return found


def _detail(part: etree._Element | None, kind: str) -> str:
    for detail in children(part, "detail"):
        if attribute(detail, "type") == kind:
            return text(detail, "number")
    return ""
