"""
Standings: what each record is in its work, and which record of it is kept.

    Deduplication, keeper rule  ->  Standing, one a record  ->  marks, piles, kept rows

A row is `unique` (its work has no other), `kept`, `duplicate` (of the kept one's
version), `version` (another version than the kept one) or `review` (alone in its work,
but in a pair that a person should see). Does not: write anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from detector.detecting.pipeline import Detector
from detector.runs.one_shot import Deduplication, Place
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What one record is in its work."""

    work_id: str
    version_group: str  # the work's id and a number
    verdict: RowVerdict
    kept: str  # the record of the work that is kept

    def mark(self) -> dict[str, str]:
        """What is added to each row of a marked file."""
        return {
            "work_id": self.work_id,
            "version_group": self.version_group,
            "verdict": str(self.verdict),
        }


def standings(run: Deduplication, keeping: Keeping) -> dict[str, Standing]:
    """The standing of every record, as that of its first row."""
    to_check = run.records_to_check()
    repeated = {place.record_id for place, again in rows_with_repeats(run.places) if again}
    works = run.detection.works.works
    several = [work for work in works if len(work.records) > 1]
    kept_of = {
        work.work_id: kept_record(work, records, fields, keeping.rule, keeping.trust)
        for work, records, fields in works_with_records(run.detector, several)
    }
    standing: dict[str, Standing] = {}
    for work in works:
        kept = kept_of.get(work.work_id, work.records[0])
        for number, group in enumerate(work.version_groups, start=1):
            for record_id in group:
                verdict = _verdict(record_id, kept, group)
                if verdict is RowVerdict.KEPT and len(work.records) == 1:
                    verdict = _verdict_alone(record_id, repeated, to_check)
                version_group = f"{work.work_id}.{number}"
                standing[record_id] = Standing(work.work_id, version_group, verdict, kept)
    return standing


def _verdict(record_id: str, kept: str, group: Sequence[str]) -> RowVerdict:
    if record_id == kept:
        return RowVerdict.KEPT
    return RowVerdict.DUPLICATE if kept in group else RowVerdict.VERSION


def _verdict_alone(
    record_id: str, repeated: Collection[str], to_check: Collection[str]
) -> RowVerdict:
    """The verdict on a record that is a work alone: other rows may repeat it."""
    if record_id in repeated:
        return RowVerdict.KEPT
    return RowVerdict.REVIEW if record_id in to_check else RowVerdict.UNIQUE


def rows_with_standing(
    places: Sequence[Place], standing: Mapping[str, Standing]
) -> Iterator[tuple[Place, Standing]]:
    """Every row with its standing: a row that repeats a kept record is its duplicate."""
    for place, again in rows_with_repeats(places):
        row = standing[place.record_id]
        if again and row.verdict in ONE_A_WORK:
            row = replace(row, verdict=RowVerdict.DUPLICATE)
        yield place, row


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
