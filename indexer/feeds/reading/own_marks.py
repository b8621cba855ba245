"""
Own marks: what an earlier run of ours added to a row, taken off its record.

    Record with notes "samework work_id: …", columns work_id, version_group, verdict …
        ->  the record as it was before it was marked

Without this a row that was marked is another record than before, and its marks heap up.
A label that was carried to it ("samework included: 1") becomes the column it was. Only
all three columns together are ours: a user may have one of such a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from indexer.records import Record

MARK: Final = "samework"  # begins what is added where a format has no columns
MARKS: Final = frozenset({"work_id", "version_group", "verdict"})
SINCE: Final = "since"  # a mark beside these, of a search that was repeated
_NOTE: Final = re.compile(rf"{MARK} ([^:\r\n]+): ([^\r\n]*)")
_FIELD: Final = f"{MARK}_"
_ENDS: Final = re.compile(r"[\r\n]+")
# Where a reader joined the lines of a note, what follows a mark is told by the next one.
_JOINED: Final = re.compile(rf"(?<![\s;])[\s;]+(?={MARK} [^:\r\n]{{1,60}}: )|[\r\n]+")
_MARKED: Final = re.compile(rf"{MARK} (?:{'|'.join(sorted(MARKS))}|{SINCE}): ")
_LABEL: Final = "csv:"

Pair = tuple[str, str]


def unmarked(record: Record) -> Record:
    """The record without marks of ours; itself where it has none."""
    if not (record.notes or record.extra):
        return record
    notes, labels = _without(record.notes)
    extra = tuple(dict.fromkeys((*_columns(record.extra), *labels)))
    if notes == record.notes and extra == record.extra:
        return record
    return replace(record, notes=notes, extra=extra)


def _without(notes: tuple[str, ...]) -> tuple[tuple[str, ...], list[Pair]]:
    """The notes of others, and the labels among ours; a note may hold several lines."""
    if not any(MARK in note for note in notes):
        return notes, []
    others, labels = [], []
    for note in notes:
        lines = (_JOINED if _MARKED.search(note) else _ENDS).split(note)
        ours = [match for line in lines if (match := _NOTE.fullmatch(line.strip()))]
        labels += [pair for match in ours for pair in _label(match[1], match[2])]
        if not ours:
            others.append(note)
        elif rest := [line for line in lines if not _NOTE.fullmatch(line.strip())]:
            others.append("\n".join(rest))
    return tuple(others), labels


def _columns(extra: Iterable[Pair]) -> Iterator[Pair]:
    pairs = tuple(extra)
    ours = {name.partition(":")[2] for name, _ in pairs} >= MARKS
    for name, value in pairs:
        column = name.partition(":")[2]
        if ours and (column in MARKS or column == SINCE):
            continue
        if column.startswith(_FIELD):
            yield from _label(column.removeprefix(_FIELD), value)
        elif match := _NOTE.fullmatch(value):
            yield from _label(match[1], match[2])
        else:
            yield name, value


def _label(name: str, value: str) -> Iterator[Pair]:
    if name not in MARKS and name != SINCE and value:
        yield f"{_LABEL}{name}", value
