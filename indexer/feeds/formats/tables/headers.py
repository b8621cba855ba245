"""
Headers: what the columns of CSV and TSV exports are called, and which field each holds.

    the first lines  ->  Layout (delimiter, header, field -> where it stands)

Zotero, EndNote, Scopus, Web of Science, Covidence, Rayyan, PubMed, Lens, Dimensions,
Embase, CINAHL, ProQuest, Springer, IEEE, Publish or Perish, OpenAlex, ASySD, ASReview
and our own names. A new name is one word in HEADERS:
lower case, anything but letters and digits a blank. Of two columns for one field the one
named first here is asked first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

DELIMITERS: Final = "\t,;|"
FEWEST_BELOW: Final = 2  # more columns than this are known in a header below another line
HEADER_WITHIN: Final = 10  # lines; exports put a title or a note before the header


def _columns(names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """What the columns of each field are called."""
    return {field: tuple(called.split(", ")) for field, called in names.items()}


HEADERS: Final = _columns(
    {
        "id":
            "id, record id, recordid, key, eid, ut unique wos id, lens id, publication id, "
            "covidence, covidence id, reference id, rec number, accession number, "
            "embase accession id, pui, storeid, pmid",
        "source": "source, database, source database, database name, library catalog",
        "title":
            "title, article title, document title, primary title, title of document, item title, "
            "display name, name of document, titles",
        "alternate_titles": "translated title, original title, alternate title, alternate titles",
        "full_authors": "author full names, authors full names, book author full names",
        "authors":
            "authors, author, author s, author names, authorships author display name, creators, "
            "creator, book authors, authorships raw author name",
        "group_authors": "group authors, book group authors, corporate authors",
        "orcids": "orcids, orcid, author orcids, authorships author orcid",
        "editors": "editors, editor, book editors",
        "date":
            "publication date, date, date published, cover date, issue date, "
            "publication date online, date of publication, pubdate, online date",
        "year":
            "publication year, year, published year, year published, pubyear, pub year, "
            "year of publication, date published year",
        "month": "published month, month",
        "day": "published day, day",
        "container":
            "journal, publication title, source title, container, journal book, journal title, "
            "journal name, publication, publication name, secondary title, container title, "
            "primary location source display name, venue, periodical, book title, "
            "proceedings title, anthology title, conference title, source title anthology title, "
            "pubtitle, book series title, journal abbreviation, abbreviated source title, "
            "journal iso abbreviation, conference name, source",
        "publisher": "publisher, publisher name, school, institution, university",
        "volume": "volume, vol, biblio volume, journal volume",
        "issue": "issue, issue number, number, no, biblio issue, journal issue",
        "pages": "pages, page, pagination, page range, page numbers",
        "first_page":
            "page start, start page, startpage, first page, beginning page, page from, "
            "biblio first page, spage",
        "last_page":
            "page end, end page, endpage, last page, ending page, page to, biblio last page, "
            "epage",
        "article_number": "art no, article number, article no, articlenumber, eid number",
        "abstract": "abstract, abstract note, abstracts, abstract text, summary",
        "type":
            "document type, item type, publication type, type, reference type, type of work, "
            "work type, type of publication, content type, doctype, documenttype, articletype, "
            "document identifier",
        "language": "language, language of original document, languages",
        "stage": "publication stage, primary location version",
        "doi": "doi, doi link, digital object identifier, ids doi, item doi",
        "urls":
            "url, urls, link, article url, articleurl, external url, source urls, "
            "dimensions url, pdf link, full text link, fulltexturl, document url, documenturl, "
            "plink, permalink, embase link, open url link, doi url, "
            "primary location landing page url, primary location pdf url",
        "issn":
            "issn, issns, issn print, eissn, issn electronic, e issn, issn isbn, "
            "primary location source issn l, primary location source issn",
        "isbn": "isbn, isbns, eisbn, isbn issn",
        "pmid": "pmid, pubmed id, pubmedid, medline pmid, ids pmid",
        "pmcid": "pmcid, pmc id, pubmed central id, ids pmcid",
        "arxiv": "arxiv id, arxiv, arxivid",
        "embase": "embase accession id, embase id, pui",
        "pii": "pii",
        "accession":
            "accession number, ut unique wos id, eid, lens id, publication id, storeid, an",
        "extra": "extra",
        "identifiers": "identifiers",
        "citation": "citation",
        "keywords":
            "keywords, keyword, author keywords, index keywords, keywords plus, "
            "author supplied keywords, ieee terms, mesh terms, mesh headings, mesh, subjects, "
            "subject, subject headings, subject terms, descriptors, manual tags, automatic tags, "
            "emtree drug index terms, emtree medical index terms, "
            "emtree drug index terms major focus, emtree medical index terms major focus",
        "notes": "notes, note, research notes, annotation, annotations",
        "groups": "groups, collections, folders",
        "place":
            "place, place published, place of publication, placeofpublication, publisher place, "
            "publisher location, publisher city, city, location",
    }
)  # fmt: skip
# They say nothing of what a table holds: a list of pictures has places and notes, too.
VAGUE: Final = frozenset({"keywords", "notes", "groups", "place", "day", "orcids"})

# The two-letter columns of Web of Science's tab-delimited export.
WOS: Final = _columns(
    {
        "id": "ut", "title": "ti", "full_authors": "af, bf", "authors": "au, ba",
        "group_authors": "ca, gp", "orcids": "oi", "editors": "be, ed", "date": "pd",
        "year": "py, ey", "container": "so, ji, j9, se", "publisher": "pu", "volume": "vl",
        "issue": "is, si, su", "first_page": "bp", "last_page": "ep", "article_number": "ar",
        "abstract": "ab", "type": "dt", "language": "la", "doi": "di, d2", "issn": "sn, ei",
        "isbn": "bn", "pmid": "pm", "accession": "ut", "keywords": "de, id", "place": "pi",
    }
)  # fmt: skip
# A file of identifiers alone is a list of records too.
IDENTIFIERS: Final = frozenset({"doi", "pmid", "pmcid", "arxiv"})

_TOLD: Final = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)
_NO_WORD: Final = re.compile(r"[^0-9a-z]+")

Columns = Mapping[str, tuple[int, ...]]


def plain(name: str) -> str:
    """A header as it stands in the table: "Art. No." is "art no"."""
    return _NO_WORD.sub(" ", name.casefold()).strip()


def columns_of(header: Sequence[str]) -> Columns:
    """Where each field stands; empty when the row is not the header of a list of records."""
    columns = _fields(header)
    return columns if _holds_records(columns, len(header)) else {}


def _fields(header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(plain(name), index)
    table = WOS if {"pt", "ti"} <= places.keys() else HEADERS
    columns = {
        field: tuple(places[name] for name in names if name in places)
        for field, names in table.items()
        if not places.keys().isdisjoint(names)
    }
    _settle_source(columns)
    return columns


def _settle_source(columns: dict[str, tuple[int, ...]]) -> None:
    """Take "Source" for the journal only where no other column is it."""
    source = columns.get("source", ())
    container = tuple(index for index in columns.get("container", ()) if index not in source)
    if container:
        columns["container"] = container
    elif source:
        del columns["source"]


def _holds_records(columns: Columns, width: int) -> bool:
    telling = (indexes for field, indexes in columns.items() if field not in VAGUE)
    known = {index for indexes in telling for index in indexes}
    if "title" in columns:
        return len(known) > 1 or width == 1
    identifiers = IDENTIFIERS & columns.keys()
    return bool(identifiers) and (width == 1 or len(known) > 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header says."""

    delimiter: str
    header: tuple[str, ...]
    columns: Columns
    lines_before: int  # the header's own included

    @property
    def ids_of_file(self) -> bool:
        """Whether ids count in this file only: other than (source, id) in our own export."""
        return not _of_our_export(self.header)

    def first(self, field: str, cells: Sequence[str]) -> str:
        """The first cell of a row that holds a field and something."""
        values = (cells[n].strip() for n in self.columns.get(field, ()) if n < len(cells))
        return next((value for value in values if value), "")


@lru_cache(maxsize=64)
def _of_our_export(header: tuple[str, ...]) -> bool:
    """Asked for every row of a table, and one answer for all of them."""
    return {"id", "source"} <= {plain(name) for name in header}


def layout_of(text: str) -> Layout | None:
    """The header among the first lines, by the delimiter that makes most of it known."""
    first = re.split(r"\r\n|[\r\n]", text, maxsplit=HEADER_WITHIN)[:HEADER_WITHIN]
    begun = False  # a word such as "Title" is a header of one column only in the first line
    delimiters = DELIMITERS
    for number, line in enumerate(first, start=1):
        if told := _TOLD.fullmatch(line):  # Excel's "sep=;"
            delimiters = told[1] if told[1] in DELIMITERS else delimiters
            continue
        layouts = [_layout(line, delimiter, number) for delimiter in delimiters]
        best = max(layouts, key=lambda layout: len(layout.columns))
        if len(best.columns) > (FEWEST_BELOW if begun else 0):
            return best
        begun = begun or bool(line.strip("\ufeff \t"))
    return None


def heading(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The header among the first rows of a sheet; `lines_before` counts rows."""
    begun = False
    for number, row in enumerate(rows, start=1):
        header, lines = tuple(row), number
        below = _joined(row, rows[number]) if number < len(rows) else ()
        if len(columns_of(below)) > len(columns_of(header)):
            header, lines = tuple(below), number + 1
        columns = columns_of(header)
        if len(columns) > (FEWEST_BELOW if begun else 0):
            return Layout(",", header, columns, lines)
        begun = begun or any(cell.strip() for cell in row)
    return None


def _joined(above: Sequence[str], below: Sequence[str]) -> Sequence[str]:
    """
    A header of two rows: "Title" over both, "Place" over "Journal" and "Year" in the second.

    Where the second says something below "Title", it is the first row of records.
    """
    width = max(len(above), len(below))
    first, second = ([*row, *[""] * (width - len(row))] for row in (above, below))
    titles = _fields(first).get("title", ())
    if not titles or any(second[n].strip() for n in titles):
        return ()
    return [low if low.strip() else high for high, low in zip(first, second, strict=True)]


def _layout(line: str, delimiter: str, number: int) -> Layout:
    header = tuple(cells_of(line.lstrip("\ufeff"), delimiter) or ())
    return Layout(delimiter, header, columns_of(header), number)


def cells_of(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line that is strictly CSV by itself, else None."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
