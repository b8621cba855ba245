"""
KISS: the text export of the Korean Studies Information Service, one field a line.

    학술지명: …, 논문명: …, 저자: …, 발행연도: …  ->  Record (`labelled.py`)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import pairs_of, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

MEANINGS: Final = {
    "학술지명": "container", "저널명": "container", "논문명": "title", "제목": "title",
    "영문논문명": "alternate_titles", "영문제목": "alternate_titles", "저자": "authors",
    "저자명": "authors", "발행연도": "year", "발행년도": "year", "발행년": "year", "발행일": "date",
    "발행기관": "publisher", "발행처": "publisher", "권": "volume", "호": "issue",
    "페이지": "pages", "수록면": "pages", "초록": "abstract", "키워드": "keywords",
    "주제어": "keywords", "언어": "language", "issn": "serial", "isbn": "serial", "doi": "doi",
    "url": "urls", "자료유형": "type",
}  # fmt: skip
_NAMES: Final = "|".join((*MEANINGS, "ISSN", "ISBN", "DOI", "URL", "권호사항", "권호"))
_TAG: Final = re.compile(rf"[ \t]*({_NAMES})[ \t]*:[ \t]*")
_BEGINS: Final = re.compile(rf"(?:\A|[\r\n])(?:{_TAG.pattern})[^\r\n]*[\r\n]+(?:{_TAG.pattern})")
BEGINS: Final = Beginnings(
    tag_finder(_TAG.pattern),
    again=frozenset(name.encode() for name in ("논문명", "제목", "학술지명", "저널명")),
    single=frozenset(name.encode() for name in MEANINGS),
)
_ISSUE: Final = re.compile(r"제?\s*(\d+)\s*권(?:\s*제?\s*(\d+)\s*호)?")  # "제12권 제3호"
LABELS: Final = Labels(
    "kiss", {**MEANINGS, "volume": "volume", "issue": "issue", "database": "database"}
)


def sniff(head: Head) -> bool:
    """Whether two lines that follow each other begin with labels of KISS."""
    match = _BEGINS.search(head.text)
    return match is not None and not match[1].isascii()


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_blocks(source, BEGINS, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one entry; volume and issue of one field are parted."""
    pairs = pairs_of(entry, _TAG)
    for label, value in tuple(pairs):
        if label.startswith("권호") and (match := _ISSUE.search(value)):
            pairs += [("volume", match[1]), ("issue", match[2] or "")]
    return record_of([*pairs, ("database", "KISS")], LABELS)
