"""
EndNote XML, as EndNote, Zotero and Mendeley write it.

    <record> with <style> runs inside every field  ->  Record

The fields of a reference type are numbered ("custom2"), so what a number in them is, is
told by its look and by the database that the record names. Fields that no field of a
record holds are carried along in `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.feeds.formats.lines.database_numbers import (
    accession_of,
    database_of,
    is_of,
    numbers_in,
    numbers_of_notes,
)
from indexer.feeds.formats.lines.telling_types import refined
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    descendants,
    local,
    text,
    texts,
)
from indexer.feeds.formats.shapes.values import serials
from indexer.records import Author, Record

ARTICLE_NUMBERS: Final = ("electronic-article-number", "article-number")
# Fields that have a place in a record, and what EndNote notes of its own library.
_READ: Final = frozenset(
    {
        *("titles", "dates", "contributors", "isbn", "accession-num", "electronic-resource-num"),
        *("rec-number", "periodical", "publisher", "pub-location", "volume", "number", "issue"),
        *("pages", *ARTICLE_NUMBERS, "abstract", "ref-type", "language", "urls", "keywords"),
        *("notes", "research-notes", "remote-database-name", "remote-database-provider"),
        *("database", "source-app", "foreign-keys"),
    }
)
_OTHER_PEOPLE: Final = ("tertiary-authors", "subsidiary-authors", "translated-authors")
_NUMBERED: Final = (*(f"custom{number}" for number in range(1, 9)), "label", "call-num")
# EndNote's link to the Web of Science names the record there.
_WOS_LINK: Final = re.compile(r"<Go to (?:ISI|WoS)>://(?:WOS:)?([A-Z0-9]{15})\b", re.IGNORECASE)
_APART: Final = re.compile(r"[\r\n]+")


def describe(element: etree._Element) -> Record:
    """The record of an EndNote <record>."""
    titles, dates = child(element, "titles"), child(element, "dates")
    people = child(element, "contributors")
    issn, isbn = serials(_parts(child(element, "isbn")))
    accession = text(element, "accession-num")
    authors = texts(child(people, "authors"), "author")
    editors = texts(child(people, "secondary-authors"), "author")
    notes = texts(element, "notes", "research-notes")
    database = _database(element)
    return Record(
        source_id=text(element, "rec-number"),
        title=text(titles, "title"),
        alternate_titles=(
            *texts(titles, "translated-title", "alt-title"),
            *texts(titles, "short-title"),
        ),
        authors=tuple(Author(name=name) for name in authors or editors),
        editors=tuple(Author(name=name) for name in editors if name not in authors),
        date=_date(dates),
        year=text(dates, "year"),
        container=_container(element, titles),
        publisher=text(element, "publisher"),
        publisher_place=text(element, "pub-location"),
        volume=text(element, "volume"),
        issue=text(element, "number") or text(element, "issue"),
        pages=text(element, "pages"),
        article_number=next((v for n in ARTICLE_NUMBERS if (v := text(element, n))), ""),
        abstract=text(element, "abstract"),
        keywords=tuple(dict.fromkeys(_keywords(child(element, "keywords")))),
        notes=notes,
        type=refined(attribute(child(element, "ref-type"), "name"), texts(element, "work-type")),
        language=text(element, "language"),
        doi=text(element, "electronic-resource-num"),
        identifiers=tuple(dict.fromkeys(_identifiers(element, accession, notes))),
        issn=issn,
        isbn=isbn,
        urls=tuple(dict.fromkeys(_urls(element))),
        database=database or database_of(accession),
        accession_number=accession,
        extra=tuple(_extra(element, titles, people)),
    )


def _parts(element: etree._Element | None) -> list[str]:
    """Several values of one field, a carriage return between them."""
    written = "" if element is None else "".join(str(part) for part in element.itertext())
    return [" ".join(part.split()) for part in _APART.split(written) if part.strip()]


def _database(element: etree._Element) -> str:
    return text(element, "remote-database-name") or text(element, "remote-database-provider")


def _keywords(keywords: etree._Element | None) -> Iterator[str]:
    """Each <keyword>, which often holds the whole list, a keyword a line."""
    for keyword in children(keywords, "keyword"):
        yield from _parts(keyword)


def _identifiers(
    element: etree._Element, accession: str, notes: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    if accession:
        yield from accession_of(accession, *_said_of_database(element))
    for value in texts(element, *_NUMBERED):
        yield from numbers_in(value)
    yield from numbers_of_notes(notes)
    for link in _WOS_LINK.finditer(text(element, "urls")):
        if link[1] not in accession:
            yield "wos", link[1]


def _said_of_database(element: etree._Element) -> list[str]:
    """What tells whose number the accession number is, where no provider is named too."""
    said = [*texts(element, "remote-database-name", "remote-database-provider")]
    # Mendeley numbers no records and names no program; its accession number is the PMID.
    of_mendeley = child(element, "source-app") is None and not text(element, "rec-number")
    of_pmc = is_of("pmc", *texts(element, "custom2"))
    linked = any("ncbi.nlm.nih.gov" in url for url in _urls(element))
    if linked or (not said and (of_pmc or of_mendeley)):
        said.append("PubMed")
    return said


def _urls(element: etree._Element) -> Iterator[str]:
    urls = child(element, "urls")
    for url in list(descendants(urls, "url")) or list(children(urls)):
        for value in text(url).split():
            if value.startswith(("http", "ftp")):
                yield value


def _extra(
    element: etree._Element, titles: etree._Element | None, people: etree._Element | None
) -> Iterator[tuple[str, str]]:
    """What found no place, under its own name; people of other roles by theirs."""
    for group in children(people, *_OTHER_PEOPLE):
        for name in texts(group, "author"):
            yield f"endnote:{local(group)}", name
    for field in children(titles, "tertiary-title"):
        if value := text(field):
            yield "endnote:tertiary-title", value
    for field in children(element):
        name = local(field)
        if name not in _READ and (value := text(field)):
            yield f"endnote:{name}", value


def _container(element: etree._Element, titles: etree._Element | None) -> str:
    return (
        text(element, "periodical", "full-title")
        or next(iter(texts(titles, "secondary-title")), "")
        or text(element, "periodical", "abbr-1")
    )


def _date(dates: etree._Element | None) -> str:
    """The year and what <pub-dates> adds, "2019 Sep 18"; either alone when that is all."""
    if dates is None:
        return ""
    year = text(dates, "year")
    day = next((text(date) for date in children(child(dates, "pub-dates"), "date")), "")
    return day if year and year in day else f"{year} {day}".strip()
