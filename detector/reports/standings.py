"""
Standings: what each record is in its work, and which record of it is kept.

    Deduplication, keeper rule  ->  Standing, one a record  ->  marks, piles, kept rows

A row is `unique` (its work has no other), `kept`, `duplicate` (of the kept one's
version), `version` (another version than the kept one) or `review` (alone in its work,
but in a pair that a person should see). Does not: write anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from detector.runs.one_shot import Deduplication, Place
from detector.works.merging.keepers import kept_record
from detector.works.works import Work
from indexer.fields import Fields
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
        """The columns of mark mode."""
        return {
            "work_id": self.work_id,
            "version_group": self.version_group,
            "verdict": str(self.verdict),
        }


def standings(found: Deduplication, keeping: Keeping) -> dict[str, Standing]:
    """The standing of every record, as that of its first row."""
    to_check = {record_id for one in found.to_check for record_id in (one.left, one.right)}
    repeated = {place.record_id for place, again in rows_with_repeats(found.places) if again}
    standing: dict[str, Standing] = {}
    for work, records, fields in works_with_records(found):
        kept = work.records[0]
        if len(work.records) > 1:
            kept = kept_record(work, records, fields, keeping.rule, keeping.trust)
        for number, group in enumerate(work.version_groups, start=1):
            for one in group:
                verdict = _verdict(one, kept, group, work)
                if verdict is RowVerdict.UNIQUE and one in repeated:
                    verdict = RowVerdict.KEPT
                elif verdict is RowVerdict.UNIQUE and one in to_check:
                    verdict = RowVerdict.REVIEW
                standing[one] = Standing(work.work_id, f"{work.work_id}.{number}", verdict, kept)
    return standing


def _verdict(one: str, kept: str, group: Sequence[str], work: Work) -> RowVerdict:
    if one == kept:
        return RowVerdict.KEPT if len(work.records) > 1 else RowVerdict.UNIQUE
    return RowVerdict.DUPLICATE if kept in group else RowVerdict.VERSION


def rows_with_standing(
    places: Sequence[Place], standing: Mapping[str, Standing]
) -> Iterator[tuple[Place, Standing]]:
    """Every row with its standing: a row that repeats a kept record is its duplicate."""
    for place, again in rows_with_repeats(places):
        one = standing[place.record_id]
        if again and one.verdict in ONE_A_WORK:
            one = replace(one, verdict=RowVerdict.DUPLICATE)
        yield place, one


def rows_with_repeats(places: Sequence[Place]) -> Iterator[tuple[Place, bool]]:
    """Every row, and whether an earlier row was of the same record."""
    seen: set[str] = set()
    for place in places:
        yield place, place.record_id in seen
        seen.add(place.record_id)


def works_with_records(
    found: Deduplication,
) -> Iterator[tuple[Work, Mapping[str, Record], Mapping[str, Fields]]]:
    """The works, each with the records and fields of its batch."""
    works = found.detection.works.works
    for start in range(0, len(works), BATCH):
        batch = works[start : start + BATCH]
        wanted = [record_id for work in batch for record_id in work.records]
        records = found.detector.engine.get(wanted)
        fields = found.detector.fields.of(wanted)
        for work in batch:
            yield work, records, fields
