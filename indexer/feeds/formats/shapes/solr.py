"""
Solr documents: of PLOS, of NASA ADS and of BASE, whose answers are of one form.

    {"id", "title_display", "author_display" …}  ->  Record (PLOS)
    {"bibcode", "title": [...], "author": [...], "pub" …}  ->  Record (ADS)
    {"dcdocid", "dctitle", "dccreator" …}  ->  Record (BASE)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import every, first, same, text, texts
from indexer.records import Author, Record

PLOS: Final = frozenset({"title_display", "author_display", "article_type", "publication_date"})
BASE: Final = frozenset({"dctitle", "dcdocid", "dccreator", "dcidentifier"})


def recognise_plos(plain: Mapping[str, Any]) -> bool:
    """A document with names of fields that PLOS shows."""
    return len(PLOS & plain.keys()) >= 2 or (
        text(plain.get("id")).startswith("10.1371/journal.") and "authors" not in plain
    )


def plos(plain: Mapping[str, Any]) -> Record:
    """An article of PLOS as a record; its id is the DOI."""
    get = plain.get
    doi = text(get("id")).partition("/title")[0]
    return Record(
        source="plos",
        source_id=doi,
        **same(plain, "publisher volume issue language"),
        title=first(plain, "title_display", "title"),
        authors=tuple(Author(name=name) for name in every(get("author_display") or get("author"))),
        editors=tuple(Author(name=name) for name in every(get("editor_display") or get("editor"))),
        date=text(get("publication_date")),
        container=first(plain, "journal", "cross_published_journal_name"),
        pages=text(get("pagination")),
        article_number=text(get("elocation_id")),
        abstract=first(plain, "abstract", "abstract_primary_display"),
        keywords=every(get("subject")),
        type=first(plain, "article_type"),
        doi=doi,
        issn=every(get("eissn"), get("pissn"), get("issn")),
    )


def recognise_ads(plain: Mapping[str, Any]) -> bool:
    """A document with the bibcode of the Astrophysics Data System."""
    return "bibcode" in plain


def ads(plain: Mapping[str, Any]) -> Record:
    """A document of ADS as a record."""
    get = plain.get
    titles, dois = texts(get("title")), texts(get("doi"))
    number = text(get("bibcode"))
    ids = [(_scheme(value), value) for value in texts(get("identifier")) if value != number]
    return Record(
        source="ads",
        source_id=number,
        **same(plain, "year publisher volume issue abstract"),
        title=titles[0] if titles else "",
        alternate_titles=(*titles[1:], *texts(get("alternate_title"))),
        authors=tuple(Author(name=name) for name in texts(get("author"))),
        date=first(plain, "pubdate", "date"),
        container=first(plain, "pub", "pub_raw", "bibstem"),
        pages=first(plain, "page_range", "page"),
        keywords=every(get("keyword")),
        notes=every(get("comment")),
        type=text(get("doctype")),
        language=text(get("lang")),
        doi=dois[0] if dois else "",
        identifiers=(*(("doi", doi) for doi in dois[1:]), *(i for i in ids if i[0])),
        issn=texts(get("issn")),
        isbn=texts(get("isbn")),
    )


def _scheme(value: str) -> str:
    low = value.lower()
    return "arxiv" if low.startswith("arxiv:") else "doi" if low.startswith("10.") else ""


def recognise_base(plain: Mapping[str, Any]) -> bool:
    """A document with names of fields that BASE gives."""
    return len(BASE & plain.keys()) >= 2


def base(plain: Mapping[str, Any]) -> Record:
    """A document of the Bielefeld search engine as a record."""
    get = plain.get
    dois = texts(get("dcdoi"))
    return Record(
        source="base",
        source_id=text(get("dcdocid")),
        title=text(get("dctitle")),
        authors=tuple(Author(name=name) for name in every(get("dccreator") or get("dcperson"))),
        date=first(plain, "dcdate"),
        year=text(get("dcyear")),
        container=first(plain, "dcsource"),
        publisher=text(get("dcpublisher")),
        abstract=text(get("dcdescription")),
        keywords=every(get("dcsubject")),
        type=first(plain, "dctype"),
        language=first(plain, "dclang", "dclanguage"),
        doi=dois[0] if dois else "",
        identifiers=tuple(("", value) for value in texts(get("dcidentifier"))),
        urls=every(get("dclink")),
        database=first(plain, "dccollection", "dcprovider"),
    )
