"""
TEI: headers and references as GROBID and editors of texts mark them up.

    <biblStruct>, <biblFull>, <teiHeader>  ->  Record

A work inside another is <analytic> in <monogr>; one that stands alone is <monogr>.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    descendants,
    text,
    texts,
    typed,
)
from indexer.feeds.formats.shapes.values import joined_pages, serials
from indexer.records import Author, Record

SCHEMES: Final = frozenset(
    {
        *("doi", "arxiv", "pmid", "pmcid", "hal", "handle", "pii", "wos", "scopus"),
    }
)
TYPES: Final = {"j": "article", "m": "chapter"}  # of what stands in a journal or a book


def describe(element: etree._Element) -> Record:
    """The record of a <biblStruct>."""
    part, whole = child(element, "analytic"), child(element, "monogr")
    work = part if part is not None and text(part, "title") else whole
    inside = work is part
    imprint = child(whole, "imprint")
    titles = _titles(work)
    numbers = [pair for level in (element, part, whole) for pair in typed(level, "idno", "type")]
    given = [(kind.lower(), value) for kind, value in numbers]
    issn, isbn = serials(v for kind, v in given if kind in {"issn", "eissn", "isbn"})
    dois = [value for kind, value in given if kind == "doi"]
    links = [attribute(link, "target") for link in descendants(element, "ptr", "ref")]
    level = attribute(next(children(whole, "title"), None), "level")
    return Record(
        title=titles[0] if titles else "",
        alternate_titles=tuple(titles[1:]),
        authors=tuple(_people(part, "author")) or tuple(_people(whole, "author")),
        editors=tuple(_people(whole, "editor")),
        date=_date(imprint),
        container=text(whole, "title") if inside else "",
        publisher=text(imprint, "publisher"),
        publisher_place=text(imprint, "pubPlace"),
        volume=_scope(imprint, "volume", "vol"),
        issue=_scope(imprint, "issue"),
        pages=_scope(imprint, "page", "pp"),
        notes=texts(element, "note"),
        type=attribute(element, "type") or (TYPES.get(level, "") if inside else ""),
        doi=dois[0] if dois else "",
        identifiers=tuple(
            dict.fromkeys((kind, v) for kind, v in given if kind in SCHEMES and v not in dois[:1])
        ),
        issn=issn,
        isbn=isbn,
        urls=tuple(dict.fromkeys(url for url in links if url.startswith("http"))),
    )


def describe_header(element: etree._Element) -> Record:
    """The record of a <teiHeader> or <biblFull>: the source it names, with what is said of it."""
    described = next(descendants(element, "biblStruct"), None)
    if described is None:
        raise UnusableRow("the TEI header names no source in a <biblStruct>, only its own file")
    record = describe(described)
    profile = child(element, "profileDesc")
    abstracts = [text(part) for part in children(profile, "abstract")]
    terms = [text(part) for part in descendants(child(profile, "textClass"), "term", "item")]
    statement = next(descendants(element, "titleStmt"), None)
    titles = texts(statement, "title")
    return replace(
        record,
        title=record.title or (titles[0] if titles else ""),
        abstract=max(abstracts, key=len, default=""),
        keywords=tuple(dict.fromkeys(filter(None, terms))),
        language=attribute(next(descendants(profile, "language"), None), "ident"),
    )


def _titles(work: etree._Element | None) -> list[str]:
    """Main titles first, a subtitle joined on."""
    given = typed(work, "title", "type")
    titles = [title for kind, title in given if kind != "sub"]
    if titles:
        titles[0] = ": ".join((titles[0], *(title for kind, title in given if kind == "sub")))
    return list(dict.fromkeys(titles))


def _people(work: etree._Element | None, role: str) -> Iterator[Author]:
    for person in children(work, role):
        numbers = {attribute(i, "type").lower(): text(i) for i in descendants(person, "idno")}
        orcid = numbers.get("orcid", "")
        name = child(person, "persName")
        family = text(name, "surname")
        if family:
            yield Author(family=family, given=" ".join(texts(name, "forename")), orcid=orcid)
        elif whole := text(name) or text(person, "orgName") or text(person, "name"):
            yield Author(name=whole, orcid=orcid)
        elif not len(person) and text(person):
            yield Author(name=text(person))


def _date(imprint: etree._Element | None) -> str:
    dates = list(children(imprint, "date"))
    dates.sort(key=lambda date: attribute(date, "type") not in {"published", "datePub"})
    return next((said for date in dates if (said := attribute(date, "when") or text(date))), "")


def _scope(imprint: etree._Element | None, *units: str) -> str:
    for scope in children(imprint, "biblScope"):
        if (attribute(scope, "unit") or attribute(scope, "type")) in units:
            start, end = attribute(scope, "from"), attribute(scope, "to")
            return joined_pages(start, end) or text(scope)
    return ""
