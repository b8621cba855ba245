"""
Match counts: the numbers of an updated search.

    Match, a row at a time  ->  MatchCounts  ->  a line for a person, numbers for a diagram

Does not: look into the index (`matching.py`) or among the rows (`repeats.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detector.questions.matching import WORDS, Match
from detector.runs.row_places import database_of
from indexer.feeds.reading.rows import Row
from indexer.ingesting.dead_letters import Unusable
from indexer.records import Occurrence


@dataclass(slots=True)
class MatchCounts:
    """What was said of the rows so far, and how many could not be used."""

    says: Counter[str] = field(default_factory=Counter)
    databases: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    rejected: Unusable = field(default_factory=Unusable)
    nothing: str = ""  # why no row was read, where none was

    def usable(self, rows: Iterable[Row]) -> Iterator[Occurrence]:
        """The rows that can be used; the others are counted."""
        for row in rows:
            if isinstance(row, Occurrence):
                yield row
            else:
                self.rejected([row])

    def count(self, match: Match) -> None:
        """Count one row."""
        self.says[match.says] += 1
        self.databases[database_of(match.row.record)] += 1
        self.repeats += match.repeats is not None

    def __bool__(self) -> bool:
        return bool(self.rows or self.rejected.first)

    @property
    def rows(self) -> int:
        """Rows that could be used."""
        return self.says.total()

    @property
    def there(self) -> int:
        """Rows whose work is there already."""
        return self.says["duplicate"] + self.says["version"]

    @property
    def to_screen(self) -> int:
        """Rows that are neither there nor repeat another."""
        return self.rows - self.there - self.repeats

    def __str__(self) -> str:
        told = [f"{self.says[name]} {word}" for name, word in WORDS.items() if self.says[name]]
        lost = self.rejected.by_file.total()
        count = self.rows + lost
        line = f"{count} row{'s' * (count != 1)}: {', '.join(told) or 'none usable'}"
        if lost:
            line += f", {lost} unusable"
        if self.repeats:
            which = "1 repeats" if self.repeats == 1 else f"{self.repeats} repeat"
            line += f"; {which} another new row; {self.to_screen} to screen"
        return line

    def to_dict(self) -> dict[str, Any]:
        """The numbers of an updated search."""
        lost = self.rejected.by_file
        identified = self.databases + Counter({Path(k).name: n for k, n in lost.items()})
        return {
            "records_identified": identified.total(),
            "records_identified_by_database": dict(sorted(identified.items())),
            "records_unusable": lost.total(),
            "records_there_already": self.there,
            "duplicates_among_the_new": self.repeats,
            "records_to_screen": self.to_screen,
            "records_to_check": self.says["review"],
        }
