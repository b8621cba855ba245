"""
Previous: an earlier answer, as the beginning of the answer to a search that is repeated.

    OUT of then  ->  a copy of its index  ->  Previous: its records, their works, what was asked
    Previous, works of now  ->  Since: known, grown or new

The copy holds what people judged, the works' ids and what became of them; the run puts its
rows beside that, so that works keep their ids as in an index that grows. The earlier answer
is read and never changed. Does not: read sheets (`dedupe_run.py` does), or count rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.errors import PreviousError
from detector.runs.row_places import Place, RowPlaces, database_of
from detector.store.holdings import Pair
from detector.works.merging.labels import labels_of
from detector.works.work_ids import Known
from detector.works.works import Work
from indexer.errors import BackendError, BackendUnavailable
from indexer.index.contract import Engine
from indexer.index.embedded import back_up
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import Row, batches
from indexer.ingesting.reindex import reindex
from indexer.records import Occurrence, Record, content_hash_of

AT_ONCE: Final = 1_000  # rows
_APART: Final = re.compile(r"~[0-9a-f]{16}\Z")  # ends the id of a row that was told apart


class Since(StrEnum):
    """What a work, or a row, is to somebody who knows an earlier answer."""

    KNOWN = "known"  # seen before
    GROWN = "grown"  # a known work in a version that was not there
    NEW = "new"


@dataclass(frozen=True)
class Previous:
    """What an earlier answer holds."""

    out: str  # its folder, as named
    places: RowPlaces  # one of each of its records
    known: Known  # the work and the arrival of each, and all ids that were given
    sources: frozenset[str]
    to_check: frozenset[Pair]  # pairs that it asked about, answered or not
    summary: Mapping[str, Any]  # its counts; empty where they are gone

    @cached_property
    def record_ids(self) -> frozenset[str]:
        """Its records."""
        return frozenset(self.places.record_ids)

    @cached_property
    def work_ids(self) -> frozenset[str]:
        """Its works."""
        return frozenset(self.known.work_of.values())

    def known_among(self, record_ids: Iterable[str], turn: int) -> Known:
        """What is known where the others of these records arrive in this turn."""
        age = dict.fromkeys(record_ids, turn) | dict(self.known.age)
        return replace(self.known, age=age)

    def before(self, places: RowPlaces) -> RowPlaces:
        """The places of its records, then these."""
        return RowPlaces((*self.places, *places))

    def without(self, gone: Collection[str]) -> Previous:
        """The same without records that rows of now say were deleted."""
        return replace(self, places=self.places.parted(gone)[0]) if gone else self

    def of_groups(self, work: Work) -> list[Since]:
        """What the records of each version of a work of now are."""
        if self.record_ids.isdisjoint(work.records):
            return [Since.NEW for _ in work.version_groups]
        return [
            Since.GROWN if self.record_ids.isdisjoint(group) else Since.KNOWN
            for group in work.version_groups
        ]

    def of_work(self, work: Work) -> Since:
        """What a work of now is."""
        return Since(of_all(self.of_groups(work)))

    def told_apart(self, rows: Iterable[Row], engine: Engine) -> Iterator[Row]:
        """
        The rows, so that none takes the place of another record of the earlier answer.

        Exports number their rows from 1 each time, under one name: `scopus.csv:12` of April is
        another row than that of January. One that says something else gets an id by its content;
        whether both are one work is decided like everything. One that says that its record was
        deleted takes it away.
        """
        for batch in batches(rows, AT_ONCE):
            named = {row.record.record_id for row in batch if isinstance(row, Occurrence)}
            met = named & self.record_ids
            stored = engine.get(sorted(met)) if met else {}
            for row in batch:
                if isinstance(row, Occurrence):
                    before = stored.get(row.record.record_id)
                    yield replace(row, record=_apart(row.record, before)) if before else row
                else:
                    yield row


def of_all(said: Sequence[str]) -> str:
    """What a work is, by what each of its versions is; "" where nothing is said."""
    return Since.GROWN if len(set(said)) > 1 else next(iter(said), "")


def _apart(record: Record, before: Record) -> Record:
    """The record, under an id of its own where it says something else."""
    said = content_hash_of(record.to_dict())
    if record.deleted or said == content_hash_of(before.to_dict()):
        return record
    return replace(record, record_id=f"{record.record_id}~{said}")


def index_of(out: Path) -> Path:
    """
    The folder of an answer's index.

    Raises:
        PreviousError: it is no answer, or one that is being put in place.
    """
    index = out / "index"
    if not (index / "samework.sqlite").is_file():
        raise PreviousError(str(out), "holds no index of an answer (index/samework.sqlite)")
    return index


def begun_with(out: Path, index: Path) -> Engine:
    """
    A new index in a folder, with all that the index of an earlier answer holds.

    Keys that another release made are made anew.

    Raises:
        PreviousError: the index of the answer cannot be used.
    """
    index.mkdir(parents=True, exist_ok=True)
    try:
        back_up(index_of(out), index)
        engine = open_engine(str(index), create=False)
    except BackendUnavailable:
        raise
    except BackendError as error:
        raise PreviousError(str(out), f"has an index that cannot be used: {error}") from error
    try:
        if engine.drift():
            reindex(engine)
    except BaseException:
        engine.close()
        raise
    return engine


def previous_of(detector: Detector, out: Path, labels: Iterable[str]) -> Previous:
    """What the answer holds that this detector's index was begun with."""
    engine, holdings = detector.engine, detector.holdings
    places, sources, named = RowPlaces(), set[str](), frozenset(labels)
    for at, record in enumerate(engine.scan()):
        sources.add(record.source)
        places.append(_place(record, str(out), at, named))
    homes = dict(holdings.all_homes())
    work_of = {record: home.work_id for record, home in homes.items()}
    age = {record: home.arrival for record, home in homes.items()}
    given = holdings.retired() | frozenset(work_of.values())
    asked = frozenset(
        decision.pair for decision in holdings.all_decisions() if decision.verdict is Verdict.REVIEW
    )
    known = Known(work_of, age, given)
    summary = _summary(out / "summary.json")
    return Previous(str(out), places, known, frozenset(sources), asked, summary)


def _place(record: Record, file: str, at: int, labels: frozenset[str]) -> Place:
    given = _APART.sub("", record.source_id)
    own = tuple(labels_of(record, labels))
    return Place(record.record_id, file, at, 0, given, database_of(record), own)


def _summary(file: Path) -> Mapping[str, Any]:
    try:
        plain = orjson.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}
