r"""
Mnemonic MARC (.mrk): MARC as lines, as MarcEdit writes it for people to edit.

    =LDR, =001, =245  10$aTitle  lines  ->  pymarc.Record  ->  Record

A backslash stands for a blank in indicators and control fields, {dollar} for a dollar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pymarc import Field, Indicators, Leader, Subfield
from pymarc import Record as Marc

from indexer.errors import UnusableRow
from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.line_entries import text_lines
from indexer.feeds.formats.lines.tagged import tag_finder
from indexer.feeds.formats.vocabularies import marc
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_TAG: Final = r"=(LDR|[0-9A-Z]{3})  ?"
_LINE: Final = re.compile(_TAG)
_BEGINS: Final = re.compile(rb"=(?:LDR|000)  ?\S")
_MNEMONICS: Final = {"{dollar}": "$", "{lcub}": "{", "{rcub}": "}", "{bsol}": "\\"}
BEGINS: Final = Beginnings(
    tag_finder(_TAG),
    always=frozenset({b"LDR", b"000"}),
    single=frozenset({b"001", b"245"}),
)
LEADER_LENGTH: Final = 24


def sniff(head: Head) -> bool:
    """Whether the file begins with the line of a leader."""
    return _BEGINS.match(head.start) is not None


def read(source: Input) -> Iterator[Row]:
    """Every record of the file as a row."""
    return read_blocks(source, BEGINS, record)


def record(entry: str) -> Record:
    """The record of the lines of one."""
    parsed = Marc()
    fields: list[Field] = []
    for tag, value in _values(entry):
        if tag in {"LDR", "000"}:
            parsed.leader = Leader(value.replace("\\", " ").ljust(LEADER_LENGTH)[:LEADER_LENGTH])
        elif tag < "010" and tag.isdigit():
            fields.append(Field(tag, data=_plain(value.replace("\\", " "))))
        else:
            marks, *parts = value.split("$")
            shown = marks.replace("\\", " ").ljust(2)
            pieces = [Subfield(part[0], _plain(part[1:])) for part in parts if part]
            fields.append(Field(tag, Indicators(shown[0], shown[1]), pieces))
    if not fields:
        raise UnusableRow("the record has no fields behind its leader")
    parsed.fields = fields
    return marc.record_of(parsed)


def _values(entry: str) -> list[tuple[str, str]]:
    """Tags and values in order; a line without a tag goes on with the one before."""
    fields: list[tuple[str, list[str]]] = []
    for line in text_lines(entry):
        if match := _LINE.match(line):
            fields.append((match[1], [line[match.end() :]]))
        elif fields and line.strip():
            fields[-1][1].append(line.strip())
    return [(tag, " ".join(lines)) for tag, lines in fields]


def _plain(value: str) -> str:
    for name, sign in _MNEMONICS.items():
        value = value.replace(name, sign)
    return value
