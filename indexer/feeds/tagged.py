"""
Tagged lines: entries of formats that write one field a line behind a two-letter tag.

    Text  ->  Entry (where it stands, its bytes)  ->  {tag: values}

Cuts at the last tag of an entry, or at the first tag of the next where the last is
missing. Lines outside entries (numbering, "Record #1 of 172", providers' headers) belong
to no row. rispy parses, one entry at a time; before that every line gets the tag it
continues, so that wrapped text is neither lost nor taken for something else.

Does not: know what a tag means (`ris.py` and `wos.py` do).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rispy import RisParser

from indexer.feeds.encodings import Text
from indexer.feeds.rows import MISSING, Input, Line, Rows, lines
from indexer.records import Occurrence, Record, Rejected

Row = Occurrence | Rejected
Tags = Mapping[str, list[str]]

_NUMBERING: Final = re.compile(r"\s*(?:\d+\.|Record #\d+ of \d+)\s*")
KIND_TAGS: Final = ("TY", "PT")  # first tags that say what kind of work it is
FEWEST_TAGS: Final = 3  # of an entry that neither its first nor its last tag marks
CUT_OFF: Final = "the entry is cut off where the file ends; fetch the file again"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format marks its lines. Group 1 of `tag` is the tag, the value follows the match."""

    tag: re.Pattern[str]
    first: str
    last: str
    lists: frozenset[str]  # a line that continues one of these is another value of it
    any_first: bool = False  # an entry may begin with another tag than `first`
    renamed: Mapping[str, str] = field(default_factory=dict)  # to the tags of RIS

    @property
    def tag_bytes(self) -> re.Pattern[bytes]:
        """The same pattern for undecoded lines."""
        return re.compile(self.tag.pattern.encode(), self.tag.flags & ~re.UNICODE)


class Entry(NamedTuple):
    """The lines of one entry."""

    offset: int
    raw: bytes
    length: int  # more than len(raw) where it was over the limit
    whole: bool  # its last tag was there


def read_entries(
    source: Input, dialect: Dialect, record: Callable[[Tags], Record]
) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    text, limit = source.text, source.settings.row_limit
    for entry in cut(text, dialect, limit):
        position = text.origin(entry.offset)
        if entry.length > limit:
            yield rows.reject_long(position, entry.length, entry.raw)
        elif not entry.whole and source.stream.fault:
            yield rows.reject(position, CUT_OFF, entry.raw)
        else:
            tags = parse(text.decode(entry.raw), dialect)
            yield rows.accept(record(tags), position, entry.raw, keys_repeat=True)


def cut(text: Text, dialect: Dialect, limit: int) -> Iterator[Entry]:
    """The entries of a text, in constant memory."""
    tag_of = dialect.tag_bytes.match
    first, last = dialect.first.encode(), dialect.last.encode()

    def stray(parts: list[Line]) -> bool:
        """Whether these are lines left behind an entry: no beginning, no end, few tags."""
        tags = [match[1] for part in parts if (match := tag_of(part.data))]
        return len(tags) < FEWEST_TAGS and tags[0] != first

    entry: list[Line] = []
    kept = 0
    for line in lines(text, limit):
        match = tag_of(line.data)
        tag = match[1] if match else b""
        if entry and tag == first:
            if not stray(entry):
                yield _entry(entry, limit, whole=False)
            entry = []
        if not entry:
            if tag != first and not (dialect.any_first and tag and tag != last):
                continue
            kept = 0
        if kept <= limit or tag == last:
            entry.append(line)
        else:  # only its length still counts
            entry[-1] = entry[-1]._replace(length=entry[-1].length + line.length)
        kept += line.length
        if tag == last:
            yield _entry(entry, limit, whole=True)
            entry = []
    if entry and not stray(entry):
        yield _entry(entry, limit, whole=False)


def _entry(parts: list[Line], limit: int, *, whole: bool) -> Entry:
    length = sum(line.length for line in parts)
    raw = b"".join(line.data for line in parts)
    return Entry(parts[0].offset, raw[: limit + 1], length, whole)


def parse(entry: str, dialect: Dialect) -> Tags:
    """The values of an entry by tag, blank ones left out."""
    (found,) = _PARSER.parse_lines(iter(_one_tag_a_line(entry, dialect)))
    found["TY"] = [found["TY"]]
    return {
        tag: kept
        for tag, values in found.items()
        if (kept := [value for value in values if value not in MISSING])
    }


def _one_tag_a_line(entry: str, dialect: Dialect) -> list[str]:
    """The entry as rispy expects it: each line with a tag, first TY, last ER."""
    canonical: list[str] = []
    kind, tag = "", ""
    for line in re.split(r"\r\n|[\r\n]", entry):
        match = dialect.tag.match(line)
        value = (line[match.end() :] if match else line).strip()
        if match:
            tag = dialect.renamed.get(match[1], match[1])
            if match[1] == dialect.first:
                kind = value if tag in KIND_TAGS else ""
            elif match[1] != dialect.last:
                canonical.append(f"{tag}  - {value}")
        elif value and canonical and not _NUMBERING.fullmatch(line):
            if tag in dialect.lists:
                canonical.append(f"{tag}  - {value}")
            else:
                canonical[-1] = f"{canonical[-1]} {value}"
    return [f"TY  - {kind}", *canonical, "ER  - "]


class _Same(dict[str, str]):
    """Maps every tag to itself: rispy's own names differ from dialect to dialect."""

    def __missing__(self, tag: str) -> str:
        return tag


class _Every(list[str]):
    """Contains every tag: each keeps all its values, so that nothing is dropped."""

    def __contains__(self, tag: object) -> bool:
        return True


# URLs hold semicolons, so no tag is split at them.
_PARSER: Final = RisParser(mapping=_Same(), list_tags=_Every(), delimiter_tags_mapping={})
