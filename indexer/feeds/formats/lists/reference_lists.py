"""
Reference lists: plain bibliographies in the styles that say their parts.

    [1]王伟,李娜.辫状河沉积记忆研究[J].水利学报,2018,12(03):139-154.  ->  Record

A reference that is written otherwise is refused: a guess at its title could join two
works. Does not: take citations apart that people paste (`samework query` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from indexer.errors import UnusableRow
from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.tagged import tag_finder
from indexer.feeds.formats.lists.reference_styles import fields_of
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_NUMBER: Final = r"(?:\[\d{1,6}\]|\d{1,6}[.)](?=\s))"
OTHERWISE: Final = (
    "the reference {text!r} is in no style that says which part is its title (GB/T 7714, APA, "
    "Vancouver, Harvard, MLA, Chicago, IEEE); export it from a reference manager as RIS, or ask "
    "for it with `samework query`"
)
IN_NO_STYLE: Final = OTHERWISE.replace("reference {text!r} is", "file seems a list of references")
_WORD: Final = re.compile(r"[^\W\d_]{4}")
_YEAR: Final = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_BLANKS: Final = " \t\0\ufeff"
FEWEST: Final = 0.5  # of the references of a list that a style must fit


def sniff(head: Head) -> bool:
    """Whether most of the first references are in a style that says its parts."""
    mark = _mark(head.text)
    lines = head.text.splitlines()[:200]
    starts = [at for at, line in enumerate(lines) if line.strip(_BLANKS) and mark.begins(lines, at)]
    ends = [*starts[1:], len(lines)][: len(starts)]
    references = ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)][:30]
    fitting = sum(_fields(reference) is not None for reference in references)
    return fitting > 0 and fitting >= FEWEST * len(references)


def seems(head: bytes) -> bool:
    """Whether a text that no format knows seems to be a bibliography in another style."""
    lines = [line for line in head.decode(errors="replace").splitlines()[:30] if line.strip()]
    like = sum(_names_a_work(line) and line.count(",") > 1 for line in lines)
    return like > 0 and like >= FEWEST * len(lines)


def _names_a_work(line: str) -> bool:
    """Whether a year stands some way behind a word."""
    word = _WORD.search(line)
    return word is not None and _YEAR.search(line, word.end() + 10) is not None


class _Mark(NamedTuple):
    """How references of a list begin."""

    pattern: str
    after_blank: bool

    def begins(self, lines: list[str], at: int) -> bool:
        """Whether the line at a place begins a reference."""
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
    return fields_of(re.sub(rf"^[\s\0\ufeff]*{_NUMBER}", "", text))
