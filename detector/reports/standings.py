"""
Standings: what each record is in its work, and which record of it is kept.

    Deduplication, keeper rule  ->  Standing, one a record  ->  marks, piles, kept rows

A row is `unique` (its work has no other), `kept`, `duplicate` (of the kept one's
version), `version` (another version than the kept one) or `review` (alone in its work,
but in a pair that a person should see). Does not: write anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from detector.detecting.pipeline import Detector
from detector.runs.one_shot import Deduplication
from detector.runs.row_places import Place
from detector.works.merging.keepers import kept_record
from detector.works.works import Work
from indexer.fields import Fields
from indexer.ingesting.ingest import batches
from indexer.records import Record

BATCH: Final = 2_000  # works at a time


class RowVerdict(StrEnum):
    """What one row of input is."""

    UNIQUE = "unique"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    VERSION = "version"
    REVIEW = "review"


ONE_A_WORK: Final = frozenset({RowVerdict.UNIQUE, RowVerdict.KEPT, RowVerdict.REVIEW})


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which record of a work is kept: a rule of `keepers.py`, and sources by trust."""

    rule: str = "most-complete"
    trust: tuple[str, ...] = ()


class Standing(NamedTuple):
    """What one record is in its work."""

    work_id: str
    group: int  # number of its version, from 1
    verdict: RowVerdict
    kept: str  # the record of the work that is kept
    since: str = ""  # what it is to who knows the earlier answer, where there is one

    @property
    def version_group(self) -> str:
        """The work's id and the number of the version."""
        return f"{self.work_id}.{self.group}"

    def mark(self) -> dict[str, str]:
        """What is added to each row of a marked file."""
        mark = {
            "work_id": self.work_id,
            "version_group": self.version_group,
            "verdict": str(self.verdict),
        }
        return {**mark, "since": self.since} if self.since else mark


class RowMarks(Mapping[int, Mapping[str, str]]):
    """The marks of the rows of one file by position, each made when it is asked for."""

    def __init__(self) -> None:
        self.rows: dict[int, Standing] = {}

    def __getitem__(self, position: int) -> Mapping[str, str]:
        return self.rows[position].mark()

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class StandingOf(Protocol):
    """What gives the standing of a record."""

    def __getitem__(self, record_id: str, /) -> Standing: ...


class Standings:
    """
    The standing of every record, as that of its first row; made when one is asked for.

    Which record of each work is kept is found while works are written, and only where it is
    asked before that in a pass of its own.
    """

    def __init__(self, run: Deduplication, keeping: Keeping) -> None:
        self._run = run
        self._keeping = keeping
        self._kept: list[str] | None = None
        self._standing: dict[str, Standing] | None = None

    @cached_property
    def alone(self) -> dict[str, RowVerdict]:
        """The verdict on records that are works alone, where it is not `unique`."""
        review = dict.fromkeys(self._run.records_to_check(), RowVerdict.REVIEW)
        return review | dict.fromkeys(self._run.all_places.repeated(), RowVerdict.KEPT)

    def learn(self, kept: list[str]) -> None:
        """Take the kept record of each work of several, in the order of the works."""
        self._kept = kept

    def __getitem__(self, record_id: str) -> Standing:
        if self._standing is None:
            self._standing = dict(self._all())
        return self._standing[record_id]

    def _all(self) -> Iterator[tuple[str, Standing]]:
        works = self._run.detection.works.works
        if self._kept is None:
            self._kept = list(_kept_of(self._run.detector, works, self._keeping))
        kept_of_next = iter(self._kept)
        for work in works:
            since = self._run.since(work)
            if len(work.records) == 1:
                (name,) = work.records
                verdict = self.alone.get(name, RowVerdict.UNIQUE)
                yield name, Standing(work.work_id, 1, verdict, name, since[0])
                continue
            kept = next(kept_of_next)
            for number, group in enumerate(work.version_groups, start=1):
                for name in group:
                    verdict = verdict_of(name, kept, group)
                    yield name, Standing(work.work_id, number, verdict, kept, since[number - 1])


def _kept_of(detector: Detector, works: Iterable[Work], keeping: Keeping) -> Iterator[str]:
    several = (work for work in works if len(work.records) > 1)
    for work, records, fields in works_with_records(detector, several):
        yield kept_record(work, records, fields, keeping.rule, keeping.trust)


def verdict_of(record_id: str, kept: str, group: Sequence[str]) -> RowVerdict:
    """The verdict on a record of a work of several, by the kept one and its version group."""
    if record_id == kept:
        return RowVerdict.KEPT
    return RowVerdict.DUPLICATE if kept in group else RowVerdict.VERSION


def rows_with_standing(
    places: Sequence[Place], standing: StandingOf
) -> Iterator[tuple[Place, Standing]]:
    """Every row with its standing: a row that repeats a kept record is its duplicate."""
    for place, again in rows_with_repeats(places):
        row = standing[place.record_id]
        if again and row.verdict in ONE_A_WORK:
            row = row._replace(verdict=RowVerdict.DUPLICATE)
        yield place, row


def marks_of(places: Sequence[Place], standing: StandingOf) -> dict[str, RowMarks]:
    """The marks of all rows by file; as a dict a row they took 500 bytes more."""
    marks: dict[str, RowMarks] = {}
    for place, row in rows_with_standing(places, standing):
        if place.file not in marks:
            marks[place.file] = RowMarks()
        marks[place.file].rows[place.position] = row
    return marks


def rows_with_repeats(places: Sequence[Place]) -> Iterator[tuple[Place, bool]]:
    """Every row, and whether an earlier row was of the same record."""
    seen: set[str] = set()
    for place in places:
        yield place, place.record_id in seen
        seen.add(place.record_id)


def works_with_records(
    detector: Detector, works: Iterable[Work]
) -> Iterator[tuple[Work, Mapping[str, Record], Mapping[str, Fields]]]:
    """These works, each with the records and fields of its batch."""
    for batch in batches(works, BATCH):
        wanted = [record_id for work in batch for record_id in work.records]
        records = detector.engine.get(wanted)
        fields = detector.fields.of(wanted)
        for work in batch:
            yield work, records, fields
