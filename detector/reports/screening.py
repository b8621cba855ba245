"""
Screening: the labels of all rows by work, so that none is lost with a duplicate.

    places with their labels, standings  ->  what the kept row lacks, what a work says,
                                             label-conflicts.csv

Does not: choose between labels that conflict (a person does), or find them (`labels.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from detector.reports.standings import ONE_A_WORK, Standing, StandingOf, rows_with_standing
from detector.runs.row_places import Place, RowPlaces
from detector.works.merging.labels import ScreeningLabel, carried, plain, settled

COLUMNS: Final = ("work_id", "label", "value", "id", "file", "row", "verdict")
Row = tuple[Place, Standing]


class Screening:
    """The labels of a run."""

    def __init__(self, places: RowPlaces, standing: StandingOf) -> None:
        labelled = {standing[place.record_id].work_id for place in places.labelled()}
        self._rows: dict[str, list[Row]] = {}
        for place, row in rows_with_standing(places, standing) if labelled else ():
            if row.work_id in labelled:
                self._rows.setdefault(row.work_id, []).append((place, row))
        for rows in self._rows.values():
            rows.sort(key=lambda row: row[1].verdict not in ONE_A_WORK)
        self._settled = {work: settled(_labels(rows)) for work, rows in self._rows.items()}
        self.names: dict[str, str] = {}  # by plain name, as first spelled
        for label in (label for place in places.labelled() for label in place.labels):
            self.names.setdefault(plain(label.name), label.name)

    def carried(self) -> dict[tuple[str, int], dict[str, str]]:
        """The labels that each kept row lacks of its work, by file and position of the row."""
        lacked = {}
        for work, rows in self._rows.items():
            place, _ = rows[0]
            if lacking := carried(place.labels, self._settled[work]):
                lacked[place.file, place.position] = lacking
        return lacked

    def of(self, work_id: str, *, kept_row: bool) -> dict[str, str]:
        """
        What an export says of a work under each label, by plain name.

        Where rows disagree a merged record says all, a kept one what its own row says.
        """
        work = self._settled.get(work_id, {})
        own = settled([self._rows[work_id][0][0].labels]) if kept_row and work else work
        shown = {name: own.get(name) if label.conflict else label for name, label in work.items()}
        return {name: label.text for name, label in shown.items() if label}

    def conflicts(self) -> Iterator[Sequence[object]]:
        """The rows of works whose rows decided differently, with a header where there are any."""
        begun = False
        for work, rows in self._rows.items():
            for name, label in self._settled[work].items():
                if not label.conflict:
                    continue
                if not begun:
                    yield COLUMNS
                begun = True
                yield from _conflict_rows(name, rows)

    def summary(self) -> dict[str, Any]:
        """Counts for the summary; empty where no row has a label."""
        if not self._rows:
            return {}
        works = [label for work in self._settled.values() for label in work.values()]
        return {
            "columns": list(self.names.values()),
            "rows": sum(bool(place.labels) for rows in self._rows.values() for place, _ in rows),
            "carried_to_kept_rows": len(self.carried()),
            "conflicts": sum(label.conflict for label in works),
        }


def _labels(rows: Sequence[Row]) -> Iterator[Sequence[ScreeningLabel]]:
    return (place.labels for place, _ in rows)


def _conflict_rows(name: str, rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    for place, row in rows:
        for label in place.labels:
            if plain(label.name) == name:
                who = place.given_id or place.record_id
                yield (row.work_id, label.name, label.value, who, place.file, place.row,
                       row.verdict)  # fmt: skip
