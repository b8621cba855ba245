"""
Entry fields: the text of one entry taken apart into tags, labels or headings and their values.

    TI  - Sediment   ->  {"TI": ["Sediment memory"]}      by the tags of a dialect
          memory     ->  [("TI", "Sediment memory")]      the same in order
    TITLE            ->  [("TITLE", "Sediment memory")]   by headings on lines of their own
    Sediment memory

`TagValues` hands the values out to the fields of a record; what no field takes is carried
along as it came, so that nothing of an entry is lost.

Does not: know what a tag means (`ris.py`, `wos.py` and others do), or cut entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from indexer.feeds.formats.lines.line_entries import text_lines
from indexer.feeds.reading.rows import MISSING

Tags = Mapping[str, list[str]]
Pairs = list[tuple[str, str]]
Told = tuple[str, int]  # a line's tag, and where its value begins

BEGINNING: Final = 5  # characters of "AU  -"
_NUMBERING: Final = re.compile(r"\s*(?:\d+\.|Record #\d+ of \d+)\s*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format marks its fields. Group 1 of `tag` is the tag, the value follows the match."""

    tag: re.Pattern[str]
    lists: frozenset[str] = frozenset()  # a line that continues one of these is another value
    renamed: Mapping[str, str] = field(default_factory=dict)  # to the tags of RIS
    # What lines begin with whose tag needs no pattern: "AU  -".
    begins: Mapping[str, str] = field(default_factory=dict)

    def tags_of(self, entry: str) -> Tags:
        """The values of an entry by tag, blank ones left out; a line without tag goes on."""
        lines = text_lines(entry)
        return self.tags_of_lines(lines, self.told(lines))

    def told(self, lines: Sequence[str]) -> list[Told | None]:
        """Of each line its tag, by the name that RIS has for it, and where the value begins."""
        told: list[Told | None] = []
        for line in lines:
            if tag := self.begins.get(line[:BEGINNING]):
                told.append((tag, BEGINNING))
            elif match := self.tag.match(line):
                told.append((self.renamed.get(match[1], match[1]), match.end()))
            else:
                told.append(None)
        return told

    def tags_of_lines(self, lines: Sequence[str], told: Sequence[Told | None]) -> Tags:
        """The same of an entry of whose lines the tags are known already."""
        tags: dict[str, list[list[str]]] = {}  # the lines of every value
        values: list[list[str]] = []
        tag = ""
        for line, begun in zip(lines, told, strict=True):
            if begun:
                tag = begun[0]
                values = tags.setdefault(tag, [])
                values.append([line[begun[1] :].strip()])
            elif (value := line.strip()) and values and not _NUMBERING.fullmatch(line):
                if tag in self.lists:
                    values.append([value])
                else:
                    values[-1].append(value)
        said: dict[str, list[str]] = {}
        for tag, lists in tags.items():
            joined = [parts[0] if len(parts) == 1 else " ".join(parts).strip() for parts in lists]
            if kept := [value for value in joined if value not in MISSING and value != "-"]:
                said[tag] = kept
        return said


def pairs_of(entry: str, tag: re.Pattern[str]) -> Pairs:
    """The fields of an entry in order; a line without tag goes on with the one before."""
    pairs: list[tuple[str, list[str]]] = []
    for line in text_lines(entry):
        if match := tag.match(line):
            pairs.append((match[1], [line[match.end() :].strip()]))
        elif pairs and line.strip():
            pairs[-1][1].append(line.strip())
    return [(name, " ".join(lines).strip()) for name, lines in pairs]


def headed(entry: str, is_heading: Callable[[str], bool], by_line: frozenset[str]) -> Pairs:
    """
    The fields of an entry in order, whose names stand on lines of their own.

    Args:
        entry: the text of one entry.
        is_heading: whether a line names a field.
        by_line: fields of which every line is a value, in lower case; those of others are joined.
    """
    pairs: list[tuple[str, list[str]]] = []
    name = ""
    begun = False  # the field has a value already
    for line in text_lines(entry):
        value = line.strip()
        if is_heading(line):
            name, begun = value, False
        elif name and value:
            if begun and name.lower() not in by_line:
                pairs[-1][1].append(value)
            else:
                pairs.append((name, [value]))
            begun = True
    return [(name, " ".join(lines)) for name, lines in pairs]


class TagValues:
    """The values of one entry by tag; asking for them takes them."""

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self._has_none = tags.keys().isdisjoint  # of some names: most entries have few tags
        self._taken: set[tuple[str, str]] = set()

    def __contains__(self, tag: object) -> bool:
        return tag in self._tags

    def peek(self, *names: str) -> list[str]:
        """All values of some tags, which stay to be taken."""
        if self._has_none(names):
            return []
        return [value for name in names for value in self._tags.get(name, ()) if value]

    def first(self, *names: str) -> str:
        """
        The first value of the first tag that has one.

        Other tags that begin with the same value are taken too: they add nothing.
        """
        if not self._has_none(names):
            for name in names:
                for value in self._tags.get(name, ()):
                    if value:
                        self.take((value,), *names)
                        return value
        return ""

    def fields(self, tags: Mapping[str, str]) -> dict[str, Any]:
        """
        The fields of a record that hold one value, each the first of its tags that has one.

        Args:
            tags: {"publisher": "PB PU"}, the tags asked in order.
        """
        return {name: self.first(*_apart(names)) for name, names in tags.items()}

    def every(self, *names: str) -> tuple[str, ...]:
        """All values of some tags in order; two persons may have one name."""
        if self._has_none(names):
            return ()
        values = self.peek(*names)
        self.take(values, *names)
        return tuple(values)

    def unique(self, *names: str) -> tuple[str, ...]:
        """All values of some tags in order, each once."""
        return tuple(dict.fromkeys(self.every(*names)))

    def take(self, values: Collection[str], *names: str) -> None:
        """Say that some values of some tags have found their place."""
        for name in names:
            if name in self._tags:
                for value in values:
                    self._taken.add((name, value))

    def rest(self, form: str) -> tuple[tuple[str, str], ...]:
        """What nothing took, as ("ris:AD", value): the format's name and its own tag."""
        return tuple(
            (f"{form}:{name}", value)
            for name, values in self._tags.items()
            for value in values
            if value and (name, value) not in self._taken
        )


@cache
def _apart(names: str) -> tuple[str, ...]:
    return tuple(names.split())
