"""
Marking: what the writers of marked rows share.

    marks of one file  ->  Marking  ->  the rows that stay, each with its mark

Marks of an earlier run are replaced, so a file that is marked again has one set of
them. Columns of the user's own that bear a name of ours stay: ours are then called
samework_…
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from detector.reports.second_reading import as_far_as_read
from indexer.feeds.formats import Format
from indexer.feeds.reading.own_marks import MARK, MARKS, SINCE
from indexer.feeds.reading.rows import Input
from indexer.records import Occurrence

Mark = Mapping[str, str]  # column -> value; empty: the row as it came
Written = Iterator[bytes]
NO_MARK: Final[Mark] = {}
# Names of marks of an earlier run, which are replaced; labels that it carried stay.
OLD: Final = rb"(?:" + "|".join(sorted((*MARKS, SINCE))).encode() + rb")"


class Marking(NamedTuple):
    """The marks of one file by the positions of its rows; a row without one is left out."""

    marks: Mapping[int, Mark]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all marks of the file, in their first order."""
        return tuple(dict.fromkeys(name for mark in self.marks.values() for name in mark))

    def of(self, position: int) -> Mark | None:
        """The mark of a row; None where it is left out."""
        return self.marks.get(position)


Writer = Callable[[Input, Format, Marking], Written]


def rows_that_stay(
    source: Input, form: Format, marking: Marking
) -> Iterator[tuple[Occurrence, Mark]]:
    """The rows that stay, with their records and marks."""
    for row in as_far_as_read(form.read(source)):
        if isinstance(row, Occurrence):
            mark = marking.of(row.position)
            if mark is not None:
                yield row, mark


def raw_rows_that_stay(
    source: Input, form: Format, marking: Marking
) -> Iterator[tuple[Occurrence, Mark]]:
    """
    The bytes of the rows that stay, with their marks; those of several rows once.

    No record is made of them: a row of JSON takes 15 µs in place of 150.
    """
    last = -1
    for row, mark in rows_that_stay(replace(source, raw_only=True), form, marking):
        if row.position != last:
            last = row.position
            yield row, mark


def beside(mark: Mark, columns: Collection[str]) -> dict[str, str]:
    """The mark under names that overwrite none of the row's own columns."""
    ours = MARKS.union({SINCE} & mark.keys())
    clash = ours.intersection(columns)
    if not clash or clash >= MARKS:
        return dict(mark)
    return {f"{MARK}_{name}" if name in ours else name: value for name, value in mark.items()}
