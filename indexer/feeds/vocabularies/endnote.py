"""
EndNote XML, as EndNote, Zotero and Mendeley write it.

    <record> with <style> runs inside every field  ->  Record
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from indexer.feeds.shapes.values import serials
from indexer.feeds.xml import attribute, child, children, descendants, text, texts
from indexer.records import Author, Record

ARTICLE_NUMBERS: Final = ("electronic-article-number", "article-number")


def describe(element: etree._Element) -> Record:
    """The record of an EndNote <record>."""
    titles, dates = child(element, "titles"), child(element, "dates")
    people = child(element, "contributors")
    # Several serial numbers stand in one field, a carriage return between them.
    serial = child(element, "isbn")
    written = "" if serial is None else "".join(str(part) for part in serial.itertext())
    issn, isbn = serials(part.strip() for part in re.split(r"[\r\n]+", written) if part.strip())
    accession = text(element, "accession-num")
    authors = texts(child(people, "authors"), "author")
    editors = texts(child(people, "secondary-authors"), "author")
    doi = text(element, "electronic-resource-num")
    return Record(
        record_id="",
        source_id=text(element, "rec-number"),
        title=text(titles, "title"),
        alternate_titles=(
            *texts(titles, "translated-title", "alt-title"),
            *texts(titles, "short-title"),
        ),
        authors=tuple(Author(name=name) for name in authors or editors),
        date=_date(dates),
        year=text(dates, "year"),
        container=_container(element, titles),
        publisher=text(element, "publisher"),
        volume=text(element, "volume"),
        issue=text(element, "number") or text(element, "issue"),
        pages=text(element, "pages"),
        article_number=next((v for n in ARTICLE_NUMBERS if (v := text(element, n))), ""),
        abstract=text(element, "abstract"),
        type=attribute(child(element, "ref-type"), "name"),
        language=text(element, "language"),
        doi=doi,
        identifiers=(("", accession),) if accession else (),
        issn=issn,
        isbn=isbn,
        urls=tuple(
            dict.fromkeys(
                value
                for found in descendants(child(element, "urls"), "url")
                for value in text(found).split()
                if value.startswith(("http", "ftp"))
            )
        ),
    )


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
    day = next((text(found) for found in children(child(dates, "pub-dates"), "date")), "")
    return day if year and year in day else f"{year} {day}".strip()
