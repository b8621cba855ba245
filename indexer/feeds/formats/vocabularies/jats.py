"""
JATS: articles as publishers and PubMed Central mark them up, whole or header only.

    <article><front>…  ->  Record

Reads the front matter; the body and the references are passed over, so that the
identifiers of cited works are not taken for the article's own.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record, Relation

SCHEMES: Final = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "arxiv": "arxiv"}
# Kinds of pub-date from best to worst: print and electronic issue before "received" ones.
DATE_KINDS: Final = ("ppub", "pub", "epub", "collection", "epub-ppub", "")


def describe(element: etree._Element) -> Record:
    """The record of an <article>."""
    front = child(element, "front")
    if front is None:
        front = element
    meta, journal = child(front, "article-meta"), child(front, "journal-meta")
    if meta is None:
        raise UnusableRow("the article has no <article-meta>")
    ids = typed(meta, "article-id", "pub-id-type")
    own = [(SCHEMES.get(kind, ""), value) for kind, value in ids]
    dois = [value for scheme, value in own if scheme == "doi"]
    titles = child(meta, "title-group")
    return Record(
        title=_title(titles),
        alternate_titles=tuple(
            text(group, "trans-title") for group in children(titles, "trans-title-group")
        ),
        authors=tuple(_people(meta, "author", "")),
        editors=tuple(_people(meta, "editor", "guest-editor")),
        date=_date(children(meta, "pub-date")),
        container=_journal(journal),
        publisher=text(journal, "publisher", "publisher-name"),
        publisher_place=text(journal, "publisher", "publisher-loc"),
        volume=text(meta, "volume"),
        issue=text(meta, "issue"),
        pages=text(meta, "page-range") or _pages(text(meta, "fpage"), text(meta, "lpage")),
        article_number=text(meta, "elocation-id"),
        abstract=_abstract(meta),
        keywords=tuple(dict.fromkeys(_keywords(meta))),
        type=attribute(element, "article-type"),
        language=attribute(element, "lang"),
        doi=dois[0] if dois else "",
        identifiers=tuple(
            (scheme, value) for scheme, value in own if value != (dois[0] if dois else "")
        ),
        issn=texts(journal, "issn") if journal is not None else (),
        isbn=texts(meta, "isbn"),
        urls=tuple(
            url
            for link in children(meta, "self-uri")
            if (url := attribute(link, "href")).startswith("http")
        ),
        relations=tuple(_related(meta)),
    )


def _pages(first: str, last: str) -> str:
    """SPIE writes the whole span into lpage: "1251209" and "1251209-10"."""
    return last if last.startswith(f"{first}-") else joined_pages(first, last)


def _title(titles: etree._Element | None) -> str:
    if titles is None:
        return ""
    parts = (_prose(child(titles, "article-title")), *texts(titles, "subtitle"))
    return ": ".join(part for part in parts if part)


def _prose(element: etree._Element | None) -> str:
    """Text without footnote marks and without the TeX twin of a formula in MathML."""
    if element is None:
        return ""
    for twin in list(descendants(element, "tex-math", "xref", "fn")):
        _remove(twin)
    return text(element)


def _remove(element: etree._Element) -> None:
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _keywords(meta: etree._Element) -> Iterable[str]:
    for group in children(meta, "kwd-group"):
        if attribute(group, "kwd-group-type") != "abbreviations":
            yield from texts(group, "kwd")


def _people(meta: etree._Element, *kinds: str) -> Iterable[Author]:
    for group in children(meta, "contrib-group"):
        for contrib in children(group, "contrib"):
            if attribute(contrib, "contrib-type") not in kinds:
                continue
            orcid = text_of_kind(contrib, "contrib-id", "contrib-id-type", "orcid")
            name = next(descendants(contrib, "name", "string-name"), None)
            whole = text(contrib, "collab") or text(contrib, "string-name")
            if name is not None and child(name, "surname") is not None:
                given = " ".join((*texts(name, "given-names"), *texts(name, "suffix")))
                yield Author(family=text(name, "surname"), given=given, orcid=orcid)
            elif whole:
                yield Author(name=whole, orcid=orcid)


def _date(dates: Iterable[etree._Element]) -> str:
    def rank(date: etree._Element) -> int:
        kind = attribute(date, "pub-type") or attribute(date, "date-type")
        return DATE_KINDS.index(kind) if kind in DATE_KINDS else len(DATE_KINDS)

    for date in sorted(dates, key=rank):
        if year := text(date, "year"):
            month, day = text(date, "month"), text(date, "day")
            if month.isdigit():
                parts = (year, month.zfill(2), *((day.zfill(2),) if day.isdigit() else ()))
                return "-".join(parts)
            return " ".join(filter(None, (year, month or text(date, "season"), day)))
    return ""


def _journal(journal: etree._Element | None) -> str:
    if journal is None:
        return ""
    group = child(journal, "journal-title-group")
    return (
        text(group, "journal-title")
        if group is not None and child(group, "journal-title") is not None
        else text(journal, "journal-title") or text(group, "abbrev-journal-title")
    )


def _abstract(meta: etree._Element) -> str:
    kinds = {attribute(part, "abstract-type"): part for part in children(meta, "abstract")}
    return _prose(kinds.get("", next(iter(kinds.values()), None)))


def _related(meta: etree._Element) -> Iterable[Relation]:
    for related in children(meta, "related-article", "related-object"):
        target = attribute(related, "href") or text(related)
        kind = attribute(related, "related-article-type") or attribute(related, "object-type")
        scheme = SCHEMES.get(attribute(related, "ext-link-type"), "")
        if target and kind:
            yield Relation(kind, f"{scheme}:{target}" if scheme else target)
