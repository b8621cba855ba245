"""
ScienceDirect: its text export, one line a field, each ending in a comma.

    Amara Okonjo, Li Stone, / Sediment memory, / J Made, / Volume 12, Issue 3, / 2018, /
    Pages 139-154, / ISSN 2049-3630, / https://doi.org/10.5555/a.  ->  Record
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import is_blank
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

# Authors, title and journal, then a line that says volume, year or pages.
_ENTRY: Final = (
    r"[^\r\n]*[^\W\d][^\r\n]*,[ \t]*(?:\r\n|\r|\n)(?:[^\r\n]+,?[ \t]*(?:\r\n|\r|\n)){1,6}?"
    r"(?:Volumes? \w|Pages? \w|(?:19|20)\d\d,)[^\r\n]*,[ \t]*(?:\r\n|\r|\n)"
)
_BEGINS: Final = re.compile(rf"\A{_ENTRY}[^\r\n]*(?:,|\.|\Z)")
_VOLUME: Final = re.compile(r"Volumes? ([^,]+)(?:, (?:Issues?|Part) ([^,]+))?,?")
_LABELLED: Final = (
    ("pages", re.compile(r"Pages? (\S+?),?")),
    ("article", re.compile(r"(?:Article )?(\d{5,8}),")),
    ("serial", re.compile(r"IS[SB]N ([\dXx-]+),?")),
    ("doi", re.compile(r"(?:https?://(?:dx\.)?doi\.org/)(\S+?)\.?,?")),
    ("url", re.compile(r"\(?(https?://\S+?)\)?[.,]?")),
    ("year", re.compile(r"((?:19|20)\d\d),?")),
    ("abstract", re.compile(r"Abstract: (.*)")),
    ("keywords", re.compile(r"Keywords: (.*)")),
)
LABELS: Final = Labels(
    "sciencedirect",
    {
        "authors": "authors", "title": "title", "journal": "container", "volume": "volume",
        "issue": "issue", "pages": "pages", "article": "article_number", "serial": "serial",
        "doi": "doi", "url": "urls", "year": "year", "abstract": "abstract",
        "keywords": "keywords", "database": "database",
    },
    split=frozenset({"keywords"}),
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether the first lines end in commas and come to a volume, a year or pages."""
    start = head.start.decode(errors="replace")
    return _BEGINS.match(start[:4000]) is not None


def read(source: Input) -> Iterator[Row]:
    """Every paragraph of the file as a row."""
    begins = Beginnings(lambda line: b"" if is_blank(line) else b"*", after_blank=frozenset({b"*"}))
    return read_blocks(source, begins, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one paragraph."""
    return record_of([*_pairs(entry), ("database", "ScienceDirect")], LABELS)


def _pairs(entry: str) -> Iterator[tuple[str, str]]:
    """The fields by what they look like; authors, title and journal by their order."""
    unnamed = iter(("title", "journal", "series"))
    for at, line in enumerate(filter(None, (line.strip() for line in entry.splitlines()))):
        bare = line.removesuffix(",")
        if at == 0:
            yield from (("authors", name.strip()) for name in bare.split(",") if name.strip())
        elif match := _VOLUME.fullmatch(line):
            yield from (("volume", match[1]), ("issue", match[2] or ""))
        elif pair := next(
            ((name, match[1]) for name, form in _LABELLED if (match := form.fullmatch(line))), None
        ):
            yield pair
        else:
            yield next(unnamed, "other"), bare
