"""
RIS: the exchange format of citation managers, and Cochrane's text export beside it.

    TY, AU, TI, …, ER lines  ->  tags  ->  Record (`ris_record.py`)

Met in the wild and read: no ER, no TY, TY behind other fields, numbering or providers'
headers between entries, entries with one blank in the separator amid others with two, a
typographic hyphen, wrapped lines, any line ends, R's NA. A `%`-tagged file is EndNote's
own format and not read here; `PMID- ` files neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase, digits
from typing import Final

from indexer.feeds.formats.lines import nbib_record
from indexer.feeds.formats.lines.entry_fields import BEGINNING, Dialect
from indexer.feeds.formats.lines.line_entries import text_lines
from indexer.feeds.formats.lines.ris_record import record
from indexer.feeds.formats.lines.tagged import Marks, read_entries, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_HYPHEN: Final = "(?:-|\u2010|\u2011|\u2013|\u00ad)"
LISTS: Final = frozenset({"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR", "L1", "L2", "N1"})
# Two characters, and what some write beside them: "DOI  - 10.1/x".
_NAME: Final = "([A-Z][A-Z0-9]|DOI|PMID|PMCID|ISSN|ISBN|URL)"
RENAMED: Final = {"DOI": "DO", "ISSN": "SN", "ISBN": "SN", "URL": "UR"}
_BLANK: Final = "(?: |\u00a0)"  # pages of the web have the other one
_NUMBERED: Final = r"[ \t]*(?:\d+\.[ \t]*(?=TY))?"
# Nearly all lines begin so, and are told without a pattern.
BEGINS: Final = {
    f"{first}{second}  -": first + second
    for first in ascii_uppercase
    for second in ascii_uppercase + digits
}
STRICT: Final = Dialect(
    re.compile(rf"{_NUMBERED}{_NAME}{_BLANK}{{2}}{_HYPHEN}"), LISTS, RENAMED, BEGINS
)
# "TI - x": one blank. Only in an entry that is written so, and only with tags that RIS has:
# "IL - 6" and "RT - PCR" stand in abstracts.
_KNOWN: Final = (
    "(TY|ER|A[1-4UBDNV]|BT|C[1-8NPTY]|D[ABIOP]|E[DPT]|I[DS]|J[1-2AFO]|K[1W]|L[1-4ABK]|M[1-3]|N[1-2]"
    "|O[P]|P[BPUY]|S[ENPT]|T[1-3ITA]|U[1-5R]|V[LO]|Y[1-2]|DOI|PMID|PMCID|ISSN|ISBN|URL)"
)
LOOSE: Final = Dialect(
    re.compile(rf"{_NUMBERED}{_KNOWN}(?:{_BLANK}|\t){{0,4}}{_HYPHEN}(?=\s|\Z)"),
    lists=LISTS,
    renamed=RENAMED,
)
_LOOSE_TYPE: Final = rf"TY(?:{_BLANK}|\t){{0,4}}{_HYPHEN}(?:{_BLANK}|\t)*[A-Z]{{2,8}}"
_BEGINS: Final = {begins.encode(): tag.encode() for begins, tag in BEGINS.items()}
_any_tag: Final = tag_finder(
    r"(PMID-) ?\d",
    STRICT.tag.pattern,
    rf"{_NUMBERED}(?={_LOOSE_TYPE}\s*\Z)(TY)",
    rf"[ \t]*(ER)(?:{_BLANK}|\t){{0,4}}{_HYPHEN}\s*\Z",
    LOOSE.tag.pattern,
)
MARKS: Final = Marks(
    lambda line: _BEGINS.get(line[:BEGINNING]) or _any_tag(line),
    first=b"TY",
    last=b"ER",
    any_first=True,
    also_first=frozenset({b"PMID-"}),
    single=frozenset({b"TI", b"T1", b"ID", b"PY", b"Y1", b"DO"}),
)
# Cochrane's tags by their RIS names; PM and XR hold PubMed's and Embase's numbers.
COCHRANE: Final = Dialect(
    tag=re.compile(r"(Record|ID|AU|TI|SO|YR|VL|NO|PG|PB|PT|KY|CC|DOI|AB|US|PM|XR|SN|LA)(?: #|: ?)"),
    lists=LISTS,
    renamed={
        "SO": "T2",
        "YR": "PY",
        "NO": "IS",
        "PG": "SP",
        "KY": "KW",
        "DOI": "DO",
        "US": "UR",
        "PM": "U1",
        "XR": "U2",
    },
)
# Only the next entry's number ends an entry.
COCHRANE_MARKS: Final = Marks(tag_finder(r"(Record) #\d+ of \d+"), first=b"Record", last=b"\0")
_LINE: Final = "(?:\\A|[\r\n])\ufeff?"
_TYPED: Final = re.compile(rf"{_LINE}{_NUMBERED}TY{_BLANK}{{2}}{_HYPHEN}")
_LOOSELY_TYPED: Final = re.compile(rf"{_LINE}{_NUMBERED}{_LOOSE_TYPE}[ \t]*[\r\n]")
_TAGGED: Final = re.compile(rf"{_LINE}[ \t]*[A-Z][A-Z0-9]  {_HYPHEN} ")
_ENDED: Final = re.compile(rf"{_LINE}[ \t]*ER  {_HYPHEN}")
_MEDLINE: Final = re.compile(rf"{_LINE}PMID- ")
_COCHRANE: Final = re.compile(rf"{_LINE}Record #\d+ of \d+\s+(?:ID|AU|TI): ")


def sniff(head: Head) -> bool:
    """Whether there is a TY line, or tagged lines that an ER line ends, or Cochrane's."""
    text = head.text
    if _MEDLINE.search(text):
        return False
    if _TYPED.search(text) or _LOOSELY_TYPED.search(text) or _COCHRANE.search(text):
        return True
    return bool(_ENDED.search(text)) and len(_TAGGED.findall(text)) > 2


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    head = Head(source.name, source.text.head).text
    if _COCHRANE.search(head) and not _TYPED.search(head):
        return read_entries(source, COCHRANE_MARKS, _cochrane)
    return read_entries(source, MARKS, entry_record)


def entry_record(entry: str) -> Record:
    """
    The record of one entry, in the dialect that most of its lines are written in.

    Entries of PubMed's own format in a file of RIS are read as what they are.
    """
    if entry.startswith("PMID-"):
        return nbib_record.entry_record(entry)
    lines = text_lines(entry)
    strict = STRICT.told(lines)
    twice = 2 * (len(lines) - strict.count(None))
    if len(lines) > twice:  # else no more than twice as many lines can be loose
        loose = LOOSE.told(lines)
        if len(lines) - loose.count(None) > twice:
            return record(LOOSE.tags_of_lines(lines, loose))
    return record(STRICT.tags_of_lines(lines, strict))


def _cochrane(entry: str) -> Record:
    tags = {tag: v for tag, v in COCHRANE.tags_of(entry).items() if tag != "Record"}
    if "KW" in tags:  # all of them on one line
        tags["KW"] = [
            word for line in tags["KW"] for part in line.split(";") if (word := part.strip())
        ]
    return record(tags)
