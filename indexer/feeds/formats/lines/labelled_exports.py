"""
Labelled exports: text formats that differ in their labels and in where an entry begins.

    {Reference Type}: Journal Article, {Title}: …      NoteExpress, of CNKI and others
    RT Journal Article, SR Print(0), T1 …              RefWorks, tagged
    FIELD Title:…, between START_ and END_RECORD       SciFinder (Chemical Abstracts)
    RECORD 1, TITLE, AUTHOR NAMES, SOURCE, …           Embase, names on lines of their own
    학술지명: …, 논문명: …, 저자: …                        KISS (Korean Studies)
      ->  (label, value) pairs  ->  Record (`labelled.py`)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.entry_fields import Pairs, headed, pairs_of
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import Marks, read_entries, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record


@dataclass(frozen=True, slots=True)
class LabelledExport:
    """One format of labelled lines."""

    sniff: Callable[[Head], bool]  # whether a file is of this format
    cut: Beginnings | Marks  # where its entries begin and end
    pairs: Callable[[str], Pairs]  # the labels and values of an entry
    labels: Labels  # which fields of a record they are

    def read(self, source: Input) -> Iterator[Row]:
        """Every entry of the file as a row."""
        if isinstance(self.cut, Marks):
            return read_entries(source, self.cut, self.record)
        return read_blocks(source, self.cut, self.record)

    def record(self, entry: str) -> Record:
        """The record of one entry."""
        return record_of(self.pairs(entry), self.labels)


# --- NoteExpress ---------------------------------------------------------------------

_IN_BRACES: Final = re.compile(r"[ \t]*\{([A-Z][^{}\r\n]{1,40})\}:[ \t]*")
_BRACES_BEGIN: Final = re.compile(rb"\A\{[A-Z][^{}\r\n]{1,40}\}:[^\r\n]*[\r\n]+\s*\{[A-Z]")
NOTEEXPRESS: Final = LabelledExport(
    sniff=lambda head: _BRACES_BEGIN.match(head.start) is not None,
    cut=Beginnings(
        tag_finder(_IN_BRACES.pattern),
        always=frozenset({b"Reference Type"}),
        again=frozenset({b"Title"}),
        after_blank=frozenset({b"Title"}),
    ),
    pairs=partial(pairs_of, tag=_IN_BRACES),
    labels=Labels(
        "noteexpress",
        {
            "reference type": "type", "title": "title", "translated title": "alternate_titles",
            "title (translated)": "alternate_titles", "author": "authors",
            "journal": "container", "secondary title": "container",
            "secondary author": "editors", "editor": "editors", "year": "year", "date": "date",
            "volume": "volume", "issue": "issue", "pages": "pages", "isbn/issn": "serial",
            "issn": "serial", "isbn": "serial", "abstract": "abstract", "doi": "doi",
            "keywords": "keywords", "notes": "notes", "url": "urls", "link": "urls",
            "database provider": "database", "language": "language", "publisher": "publisher",
            "place published": "publisher_place", "accession number": "accession",
        },
    ),
)  # fmt: skip

# --- RefWorks ------------------------------------------------------------------------

# All of them, since a line of an abstract may begin with two capitals too.
_REFWORKS_TAGS: Final = (
    "RT|SR|ID|A[1-6]|T[1-3]|JF|JO|YR|FD|K1|RD|VO|IS|SP|OP|PB|PP|ED|AB|NO|AD|AN|CL|SF|OT|LA|DO|LK"
    "|UL|U[1-9]|U1[0-5]|SN|AV|DB|DS|IP|ST|WT|C[1-7]|SL|LL|CR|WV|OL|PMID|PMCID|FR|TI|WP|NV|LS"
)
_REFWORKS: Final = re.compile(rf"({_REFWORKS_TAGS})(?: |(?=[\r\n]|\Z))")
_REFWORKS_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])RT [^\r\n]+[\r\n]+(?:SR|ID|A1|T1|JF|YR|K1|AB) "
)


def _refworks_pairs(entry: str) -> Pairs:
    """The fields of an entry; "FD Apr 2" is completed by the year."""
    pairs = pairs_of(entry, _REFWORKS)
    year = next((value for tag, value in pairs if tag == "YR"), "")
    return [
        (tag, f"{year} {value}" if tag == "FD" and year not in value else value)
        for tag, value in pairs
    ]


REFWORKS: Final = LabelledExport(
    sniff=lambda head: _REFWORKS_BEGINS.search(head.data) is not None,
    cut=Beginnings(tag_finder(_REFWORKS.pattern), always=frozenset({b"RT"})),
    pairs=_refworks_pairs,
    labels=Labels(
        "refworks",
        {
            "rt": "type", "id": "source_id", "a1": "authors", "a2": "editors", "t1": "title",
            "ot": "alternate_titles", "jf": "container", "t2": "container", "jo": "container",
            "yr": "year", "fd": "date", "k1": "keywords", "vo": "volume", "is": "issue",
            "sp": "start", "op": "end", "pb": "publisher", "pp": "publisher_place",
            "ab": "abstract", "no": "notes", "an": "accession", "la": "language", "do": "doi",
            "lk": "urls", "ul": "urls", "sn": "serial", "db": "database", "pmid": "pmid",
            "pmcid": "pmcid",
        },
        split=frozenset(),
    ),
)  # fmt: skip

# --- SciFinder -----------------------------------------------------------------------

_FIELD: Final = re.compile(r"FIELD ([^:\r\n]{1,60}):[ \t]*")
_RECORD_BEGINS: Final = re.compile(rb"(?:\A|[\r\n])START_RECORD\s+FIELD ")
_RECORD_ENDS: Final = re.compile(r"^(?:START|END)_RECORD\s*$", re.MULTILINE)
SCIFINDER: Final = LabelledExport(
    sniff=lambda head: _RECORD_BEGINS.search(head.data) is not None,
    cut=Marks(
        tag_finder(r"(START_RECORD|END_RECORD)\s*\Z", _FIELD.pattern),
        first=b"START_RECORD",
        last=b"END_RECORD",
        any_first=True,
        single=frozenset({b"Title", b"Accession Number"}),
    ),
    pairs=lambda entry: pairs_of(_RECORD_ENDS.sub("", entry), _FIELD),
    labels=Labels(
        "scifinder",
        {
            "title": "title", "author": "authors", "journal title": "container",
            "publication year": "year", "publication date": "date", "volume": "volume",
            "issue": "issue", "page": "pages", "pages": "pages", "abstract": "abstract",
            "document type": "type", "language": "language", "publisher": "publisher",
            "doi": "doi", "digital object identifier": "doi", "issn": "serial",
            "internat.standard doc. number": "serial", "isbn": "serial", "url": "urls",
            "accession number": "accession", "database": "database", "index terms": "keywords",
            "supplementary terms": "keywords", "pubmed id": "pmid",
        },
    ),
)  # fmt: skip

# --- Embase --------------------------------------------------------------------------

_EMBASE: Final = {
    "title": "title", "original title": "alternate_titles",
    "original (non-english) title": "alternate_titles", "author names": "authors",
    "group author": "groups_of_authors", "author keywords": "keywords", "source": "source",
    "source title": "container", "volume": "volume", "issue": "issue", "first page": "start",
    "last page": "end", "page range": "pages", "date of publication": "date",
    "publication year": "year", "publication type": "type", "issn": "serial",
    "isbn": "serial", "book publisher": "publisher", "editors": "editors",
    "abstract": "abstract", "emtree drug index terms": "keywords",
    "emtree medical index terms": "keywords", "language of article": "language",
    "medline pmid": "pmid", "pui": "embase", "doi": "doi", "full text link": "urls",
    "embase link": "urls", "embase accession number": "accession", "database": "database",
}  # fmt: skip
# Headings that no field of a record holds.
_EMBASE_OTHERS: Final = (
    *("author addresses", "correspondence address", "publication status", "conference name"),
    *("conference date", "conference location", "conference editors", "original abstract"),
    *("drug trade name", "drug manufacturer", "device trade name", "device manufacturer"),
    *("clinical trial numbers", "embase classifications", "cas registry numbers"),
    *("molecular sequence numbers", "language of summary", "copyright", "open url link"),
    *("articles in press", "abbreviated journal title", "country of journal"),
    *("country of author", "number of references", "status"),
)
_EMBASE_HEADINGS: Final = frozenset(name.upper() for name in (*_EMBASE, *_EMBASE_OTHERS))
_EMBASE_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])RECORD \d+\s+(?:TITLE|ORIGINAL TITLE|AUTHOR NAMES)[\r\n]"
)
_PMID: Final = re.compile(r"\s*(\d{1,8})\b")


def _embase_pairs(entry: str) -> Pairs:
    """The fields of an entry; its PMID stands before a link in brackets."""
    by_line = frozenset({"author names", "editors"})
    pairs = headed(entry, lambda line: line.strip() in _EMBASE_HEADINGS, by_line)
    return [
        *((name, match[1] if name == "MEDLINE PMID" and (match := _PMID.match(value)) else value)
          for name, value in pairs),
        ("DATABASE", "Embase"),
    ]  # fmt: skip


EMBASE: Final = LabelledExport(
    sniff=lambda head: _EMBASE_BEGINS.search(head.data) is not None,
    cut=Marks(tag_finder(r"(RECORD) \d+\s*\Z"), first=b"RECORD", last=b"\0"),
    pairs=_embase_pairs,
    labels=Labels("embase", _EMBASE),
)

# --- KISS ----------------------------------------------------------------------------

_KISS: Final = {
    "학술지명": "container", "저널명": "container", "논문명": "title", "제목": "title",
    "영문논문명": "alternate_titles", "영문제목": "alternate_titles", "저자": "authors",
    "저자명": "authors", "발행연도": "year", "발행년도": "year", "발행년": "year", "발행일": "date",
    "발행기관": "publisher", "발행처": "publisher", "권": "volume", "호": "issue",
    "페이지": "pages", "수록면": "pages", "초록": "abstract", "키워드": "keywords",
    "주제어": "keywords", "언어": "language", "issn": "serial", "isbn": "serial", "doi": "doi",
    "url": "urls", "자료유형": "type",
}  # fmt: skip
_KISS_NAMES: Final = "|".join((*_KISS, "ISSN", "ISBN", "DOI", "URL", "권호사항", "권호"))
_KISS_TAG: Final = re.compile(rf"[ \t]*({_KISS_NAMES})[ \t]*:[ \t]*")
_KISS_BEGINS: Final = re.compile(
    rf"(?:\A|[\r\n])(?:{_KISS_TAG.pattern})[^\r\n]*[\r\n]+(?:{_KISS_TAG.pattern})"
)
_KISS_ISSUE: Final = re.compile(r"(?<!\d)(\d+)\s*권(?:\s*제?\s*(\d+)\s*호)?")  # "제12권 제3호"


def _is_kiss(head: Head) -> bool:
    """Whether two lines that follow each other begin with labels, the first a Korean one."""
    match = _KISS_BEGINS.search(head.text)
    return match is not None and not match[1].isascii()


def _kiss_pairs(entry: str) -> Pairs:
    """The fields of an entry; volume and issue of one field are parted."""
    pairs = pairs_of(entry, _KISS_TAG)
    for label, value in tuple(pairs):
        if label.startswith("권호") and (match := _KISS_ISSUE.search(value)):
            pairs += [("volume", match[1]), ("issue", match[2] or "")]
    return [*pairs, ("database", "KISS")]


KISS: Final = LabelledExport(
    sniff=_is_kiss,
    cut=Beginnings(
        tag_finder(_KISS_TAG.pattern),
        again=frozenset(name.encode() for name in ("논문명", "제목", "학술지명", "저널명")),
        single=frozenset(name.encode() for name in _KISS),
    ),
    pairs=_kiss_pairs,
    labels=Labels("kiss", {**_KISS, "volume": "volume", "issue": "issue", "database": "database"}),
)
