"""
Reference lists: plain bibliographies in the styles that say their parts.

    [1]王伟,李娜.辫状河沉积记忆研究[J].水利学报,2018,12(03):139-154.        GB/T 7714
    Okonjo, A., & Stone, L. (2018). Sediment memory. J. Made, 12(3), 139-154.   APA
    1. Okonjo A, Stone L. Sediment memory. J Made. 2018;12(3):139-154.      Vancouver
      ->  Record

A reference that is written otherwise is refused: a guess at its title could join two
works. Does not: take citations apart that people paste (`samework query` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from indexer.errors import UnusableRow
from indexer.feeds.blocks import Beginnings, read_blocks
from indexer.feeds.line_entries import Row
from indexer.feeds.rows import Head, Input
from indexer.feeds.tagged import tag_finder
from indexer.records import Author, Record

_NUMBER: Final = r"(?:\[\d{1,4}\]|\d{1,4}[.)](?=\s))"
_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|\bdoi: ?)(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_PMID: Final = re.compile(r"\bPMID: ?(\d{1,8})")
_PLACE: Final = (
    r"(?P<volume>\d{1,4}[A-Za-z]?)?\s*(?:\((?P<issue>[^()]{1,20})\))?"
    r"\s*[:：,]\s*(?:pp?\.\s*)?(?P<pages>[A-Za-z]?\d\w*(?:\s?[-–+]\s?[A-Za-z]?\d+)?)"
)
GB: Final = re.compile(
    r"(?P<authors>[^\[\]]{2,300}?)[.．]\s*(?P<title>[^\[\]]{2,400}?)\s*\[(?P<kind>[A-Z](?:/OL)?)\]\s*"
    rf"[.．]?\s*(?:(?P<container>[^\[\]]{{2,200}}?)\s*,\s*(?P<year>{_YEAR})"
    rf"(?:\s*,?\s*{_PLACE})?.*)?"
)
APA: Final = re.compile(
    rf"(?P<authors>[^()]{{3,600}}?)\s*\((?P<year>{_YEAR})[a-z]?(?:,[^()]{{1,30}})?\)\.\s+"
    r"(?P<title>[^.?!]{5,400}(?:[.?!](?=\S)[^.?!]*)*)[.?!]\s+"
    rf"(?P<container>\S[^,]{{1,200}}(?:, [^\d,]{{2,60}}){{0,2}}),\s*{_PLACE}\s*\.?.*"
)
VANCOUVER: Final = re.compile(
    r"(?P<authors>[^.]{2,600}?[^\W\d_a-z]{1,4}|[^.]{2,600}?et al)\.\s+"
    r"(?P<title>[^.?!]{5,400}(?:[.?!](?=\S)[^.?!]*)*)[.?!]\s+"
    rf"(?P<container>[^;]{{2,150}}?)\.?\s+(?P<year>{_YEAR})[^;:.]{{0,20}};\s*{_PLACE}\s*\.?.*"
)
KINDS: Final = {"J": "article", "D": "thesis", "M": "book", "C": "conference", "R": "report",
                "P": "patent", "S": "standard", "N": "newspaper article"}  # fmt: skip
OTHERWISE: Final = (
    "the reference {text!r} is in no style that says which part is its title (GB/T 7714, APA, "
    "Vancouver); export it from a reference manager as RIS, or ask for it with `samework query`"
)
_TWO_NAMES: Final = re.compile(r"(?<=\.),\s*(?:&|and\b)?\s*|\s*(?:,?\s+&|,\s+and)\s+")
_BLANKS: Final = " \t\0\ufeff"
FEWEST: Final = 0.5  # of the references of a list that a style must fit


def sniff(head: Head) -> bool:
    """Whether most of the first references are in a style that says its parts."""
    mark = _mark(head.text)
    lines = head.text.splitlines()[:200]
    starts = [at for at, line in enumerate(lines) if line.strip(_BLANKS) and mark.begins(lines, at)]
    ends = [*starts[1:], len(lines)][: len(starts)]
    found = ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)][:30]
    fitting = sum(_fields(reference) is not None for reference in found)
    return fitting > 0 and fitting >= FEWEST * len(found)


class _Mark(NamedTuple):
    """How references of a list begin."""

    pattern: str
    after_blank: bool

    def begins(self, lines: list[str], at: int) -> bool:
        """Whether one of some lines begins a reference."""
        if not re.match(self.pattern, lines[at].lstrip(_BLANKS)):
            return False
        return not self.after_blank or at == 0 or not lines[at - 1].strip(_BLANKS)


def _mark(text: str) -> _Mark:
    """Numbers begin references; else blank lines part them, else every line is one."""
    lines = text.splitlines()[:200]
    full = [at for at, line in enumerate(lines) if line.strip(_BLANKS)]
    if full and re.match(_NUMBER, lines[full[0]].lstrip(_BLANKS)):
        return _Mark(_NUMBER, after_blank=False)
    parted = bool(full) and full[-1] - full[0] >= len(full)
    return _Mark(r"\S", after_blank=parted)


def read(source: Input) -> Iterator[Row]:
    """Every reference of the list as a row."""
    pattern, after_blank = _mark(Head(source.name, source.text.head).text)
    tag = tag_finder(rf"\s*({pattern})")
    mark = frozenset({b"*"})  # numbers differ from line to line
    begins = Beginnings(
        lambda line: b"*" if tag(line) else b"",
        always=mark if not after_blank else frozenset(),
        after_blank=mark,
    )
    return read_blocks(source, begins, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one reference."""
    text = " ".join(entry.split())
    fields = _fields(text)
    if fields is None:
        raise UnusableRow(OTHERWISE.format(text=text[:80]))
    return Record(record_id="", **fields)


def _fields(text: str) -> dict[str, Any] | None:
    text = " ".join(re.sub(rf"^[\s\0\ufeff]*{_NUMBER}", "", text).split())[:2000]
    for style in (GB, APA, VANCOUVER):
        if match := style.fullmatch(text):
            found = {name: value or "" for name, value in match.groupdict().items()}
            authors = _authors(found.pop("authors"), style)
            kind = KINDS.get(found.pop("kind", "")[:1], "")
            doi, pmid = _DOI.search(text), _PMID.search(text)
            return {
                **found,
                "type": kind,
                "authors": authors,
                "date": found.get("year", ""),
                "doi": doi[1].rstrip(".") if doi else "",
                "identifiers": (("pmid", pmid[1]),) if pmid else (),
            }
    return None


def _authors(text: str, style: re.Pattern[str]) -> tuple[Author, ...]:
    separator = _TWO_NAMES if style is APA else re.compile(r"\s*[,，;]\s*")
    return tuple(Author(name=name.strip()) for name in separator.split(text) if name.strip())
