"""
The one-shot run: rows in, a detection with the rows it came from out.

    rows of files  ->  ingest into an index of the run's own  ->  pipeline  ->  Deduplication

The same steps as continuous ingestion, over a collection that is begun anew each
time, so that a run killed anywhere ends the same when it is repeated. Does not:
read files, write outputs or print (`detector/reports` and the commands do).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from detector.decision.decided import Rows
from detector.decision.verdicts import Decision, Verdict
from detector.detecting.detection import Detection
from detector.detecting.pipeline import Detector
from detector.runs.previous import Previous
from detector.runs.record_names import RecordNames
from detector.runs.row_places import RowPlaces, place_of
from detector.store.events import Occasion
from detector.store.holdings import Holdings, Pair
from detector.store.stored_works import name_anew
from detector.works.judgements import Judgement, standing
from detector.works.works import Work
from indexer.index.contract import Engine
from indexer.ingesting.dead_letters import Unusable
from indexer.ingesting.ingest import BATCH, IngestCounts, Ingestion, Row
from indexer.records import Occurrence
from indexer.running.timings import timed

# Given the record id that each name of the input means, what people said of these records.
JudgementsOf = Callable[[Mapping[str, str]], Iterable[Judgement]]
SHARE: Final = 4_000  # rows for a worker: larger ones leave the others idle at the end
Progress = Callable[[str, int, float], None]  # stage, how many more, share of it done (0: unknown)


@dataclass(slots=True)
class Deduplication:
    """What a one-shot run found, and from what."""

    detector: Detector
    detection: Detection
    counts: IngestCounts
    places: RowPlaces = field(default_factory=RowPlaces)  # one for each row that was used
    judged: Mapping[Pair, Judgement] = field(default_factory=dict)  # by pair
    unusable: Unusable = field(default_factory=Unusable)
    withdrawn: RowPlaces = field(default_factory=RowPlaces)  # rows of records that feeds deleted
    # Bytes of each file that are no record and no damaged one, by what they are.
    no_record: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    previous: Previous | None = None  # the answer that this one goes on from
    _all_places: RowPlaces | None = None

    @property
    def all_places(self) -> RowPlaces:
        """The rows that were used, behind the records of the answer that this goes on from."""
        if self._all_places is None:
            before = self.previous
            self._all_places = before.before(self.places) if before else self.places
        return self._all_places

    @property
    def record_ids(self) -> list[str]:
        """The distinct records, in the order of their first rows."""
        return list(dict.fromkeys(self.all_places.record_ids))

    def decisions(self, rows: Rows | None = None) -> Iterator[Decision]:
        """All decisions, or these, with their reasons: they are made while it is iterated."""
        rows = np.arange(len(self.detection.decisions)) if rows is None else rows
        decider = self.detector.decider(self.detection.epoch)
        return self.detection.told(rows, decider, self.detector.fields)

    def unjudged(self) -> Rows:
        """The decisions, by row, on pairs that nobody judged."""
        columns = self.detection.decisions
        rows: Rows = np.arange(len(columns))
        if not self.judged:
            return rows
        free = [pair not in self.judged for pair in columns.pairs()]
        return np.flatnonzero(free)

    def to_check(self) -> Rows:
        """
        The decisions, by row, that a person should see, the likeliest first.

        Pairs that somebody judged are left out, and with a "not the same" every other
        pair between those two works.
        """
        columns = self.detection.decisions
        rows = self.unjudged()
        rows = rows[columns.said(Verdict.REVIEW)[rows]]
        if self.judged:
            work_of = self.work_of()
            judged_works = {self._works_of(pair, work_of) for pair in self.judged}
            free = [self._works_of(p, work_of) not in judged_works for p in columns.pairs(rows)]
            rows = rows[np.array(free, bool)]
        order = (columns.right[rows], columns.left[rows], -columns.probability[rows])
        return rows[np.lexsort(order)]

    def records_to_check(self) -> set[str]:
        """The records of these pairs."""
        return {name for pair in self.detection.decisions.pairs(self.to_check()) for name in pair}

    def work_of(self) -> dict[str, str]:
        """The work of each record."""
        works = self.detection.works.works
        return {record_id: work.work_id for work in works for record_id in work.records}

    def since(self, work: Work) -> Sequence[str]:
        """What each version of a work is since the earlier answer; "" where there is none."""
        return self.previous.of_groups(work) if self.previous else [""] * len(work.version_groups)

    def since_of(self, work: Work) -> str:
        """What a work is since the earlier answer; "" where there is none."""
        return self.previous.of_work(work) if self.previous else ""

    @staticmethod
    def _works_of(pair: tuple[str, str], work_of: Mapping[str, str]) -> frozenset[str]:
        return frozenset(work_of.get(record_id, record_id) for record_id in pair)

    def names(self) -> Mapping[str, str]:
        """What outputs call each record."""
        return _names_of(self.all_places)


def deduplicate(
    rows: Iterable[Row],
    detector: Detector,
    progress: Progress | None = None,
    judgements_of: JudgementsOf | None = None,
    labels: Collection[str] = (),
    previous: Previous | None = None,
) -> Deduplication:
    """
    Put all rows into the detector's engine, decide its pairs and form its works.

    `labels` names columns that hold decisions of screening, beside those that tell
    themselves by their names; `previous` is what the engine holds already.
    """
    progress = progress or (lambda stage, more, share: None)
    places, deleted = RowPlaces(), set[str]()

    def seen(occurrences: Sequence[Occurrence]) -> None:
        places.extend(place_of(row, labels) for row in occurrences)
        deleted.update(row.record.record_id for row in occurrences if row.record.deleted)

    unusable = Unusable()
    batch = BATCH if detector.workers.count == 1 else SHARE
    ingestion = Ingestion(
        detector.engine,
        seen=seen,
        made=detector.arriving.take,
        refused=unusable,
        batch=batch,
        workers=detector.workers,
    )
    detector.notice_others()
    rows = _counted(rows, progress)
    if previous:
        rows = previous.told_apart(rows, detector.engine)
    with _filling(detector.engine):
        counts = ingestion.run(rows)
    # They hold the names and journals that they met, 200 MB each; others are begun in 20 ms.
    detector.workers.close()
    judged = (
        _judgements(places, previous, judgements_of, detector.holdings) if judgements_of else {}
    )
    detection = detector.whole(lambda more, share: progress("comparing", more, share))
    if detector.stores:
        detector.holdings.store_rules(detector.rules)
    if deleted:  # some may have come again
        deleted.difference_update(detector.engine.ids())
    used, withdrawn = places.parted(deleted)
    run = Deduplication(detector, detection, counts, used, judged, unusable, withdrawn)
    if previous:
        run.previous = previous.without(deleted)
        _name(run)
    return run


def _name(run: Deduplication) -> None:
    """Give the works the ids that they have in the collection."""
    works = run.detection.works
    ids = run.detector.holdings.work_ids_of(works.works.firsts())
    run.detection.works = replace(works, works=works.works.named(ids))


@contextmanager
def _filling(engine: Engine) -> Iterator[None]:
    """Fill the engine within the block; what it does at the end of that is of storing."""
    with ExitStack() as block:
        block.enter_context(engine.filling())
        yield
        with timed("storing"):
            block.close()


def judged_again(run: Deduplication, judgements_of: JudgementsOf) -> None:
    """
    Obey what people said after the run: its works are formed anew, nothing is compared again.

    Args:
        run: the run, which is changed.
        judgements_of: gives all judgements on it, those that it obeyed before too.
    """
    detector, detection = run.detector, run.detection
    holdings = detector.holdings
    with detector.taking_turn() as turn, detector.engine.atomically():
        places = RowPlaces((*run.places, *run.withdrawn))
        run.judged = _judgements(places, run.previous, judgements_of, holdings)
        works = detector.works_by_rules(detector.rules, detection)
        before, ids = run.previous, detection.record_ids
        known = before.known_among(ids, turn) if before else None
        name_anew(holdings, works, Occasion.now(turn, judgement=True), known)
    detection.works = works
    if run.previous:
        _name(run)


def _judgements(
    places: RowPlaces, previous: Previous | None, judgements_of: JudgementsOf, holdings: Holdings
) -> Mapping[Pair, Judgement]:
    """Store what people said of the records in these places; return what stands, by pair."""
    called = [_names_of(places)]
    if previous:  # sheets of then have the names of then
        called = [_names_of(previous.before(places)), _names_of(previous.places)]
    record_ids = {name: record_id for names in called for record_id, name in names.items()}
    said = {judgement.identity: judgement for judgement in judgements_of(record_ids)}
    stored = {judgement.identity: judgement for judgement in holdings.all_judgements()}
    holdings.take_back(stored[one] for one in stored.keys() - said.keys())
    holdings.add_judgements(said[one] for one in said if one not in stored)
    return standing(holdings.all_judgements())


def _names_of(places: RowPlaces) -> RecordNames:
    return RecordNames(places.record_ids, places.given_ids())


def _counted(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    for row in rows:
        yield row
        progress("reading", 1, 0.0)
