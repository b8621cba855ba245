"""
Citation keys: what the entries of BibTeX inputs were called, and what they are called now.

    rows of BibTeX files, their works  ->  (key, other keys) of each work  ->  keys.csv

A document cites the keys of the input. So a merged entry keeps one of them, that of the
kept row where it has one, and names the others (`ids` of biblatex); the table tells what
became of each. No key is given twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from detector.reports.exports.bibtex_entries import KeyMaker
from detector.reports.standings import Standing, StandingOf
from detector.runs.row_places import Place, RowPlaces

COLUMNS: Final = ("old_key", "file", "row", "new_key", "work_id")


class Cited(NamedTuple):
    """The keys of one work; none where no row of it came from BibTeX."""

    key: str = ""
    others: tuple[str, ...] = ()


class CitationKeys:
    """The keys of all works that have some."""

    def __init__(self, places: RowPlaces, standing: StandingOf) -> None:
        self._rows = [(place, standing[place.record_id]) for place in places.cited()]
        self._cited = _cited(self._rows)
        became: dict[str, set[str]] = {}
        for place, row in self._rows:
            became.setdefault(place.key, set()).add(self.of(row.work_id).key)
        self._new = {old: new.pop() for old, new in became.items() if len(new) == 1}

    def of(self, work_id: str) -> Cited:
        """The keys of a work."""
        return self._cited.get(work_id, Cited())

    def new_key(self, old: str) -> str:
        """What an entry that others name (`crossref`) is called now."""
        return self._new.get(old, old)

    def taken(self) -> Iterator[str]:
        """Every key that works have."""
        for cited in self._cited.values():
            yield cited.key
            yield from cited.others

    def table(self) -> Iterator[Sequence[object]]:
        """What became of the key of each row, with a header; nothing without BibTeX inputs."""
        if self._rows:
            yield COLUMNS
        for place, row in self._rows:
            new = self.of(row.work_id).key
            yield place.key, place.file, place.row, new, row.work_id


def _cited(rows: Sequence[tuple[Place, Standing]]) -> dict[str, Cited]:
    given: dict[str, list[str]] = {}
    for place, row in sorted(rows, key=lambda row: row[0].record_id != row[1].kept):
        given.setdefault(row.work_id, []).append(place.key)
    keys = KeyMaker()
    taken: set[str] = set()
    chosen: dict[str, str] = {}
    for work_id in dict.fromkeys(row.work_id for _, row in rows):
        own = given[work_id]
        free = next((key for key in own if key not in taken), own[0])
        chosen[work_id] = keys.free(free)
        taken.add(chosen[work_id])
    cited = {}
    for work_id, key in chosen.items():
        others = [key for key in dict.fromkeys(given[work_id]) if key not in taken]
        taken.update(others)
        cited[work_id] = Cited(key, tuple(others))
    return cited
