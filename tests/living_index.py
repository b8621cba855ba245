"""
An index that things happen to, for tests of histories, and what must be true of it.

    LivingIndex(opened)  ->  put, deleted, judged, settled, killed  ->  checked()

What happens goes the way it goes in a run; `checked` holds what is stored against the events,
against what people said, and, once it is settled, against an empty index that gets the same
records and judgements at once.
"""

from __future__ import annotations

import dataclasses
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Final
from unittest import mock

from detector.checking.checking import check
from detector.decision.verdicts import Verdict
from detector.decision.weights import Weights
from detector.detecting import judging, pipeline, storing
from detector.detecting.pipeline import Detector
from detector.runs.judging_run import judged_in_run
from detector.runs.undoing import undo
from detector.store.events import events_of
from detector.store.holdings import Holdings
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement, standing
from indexer.errors import CannotUndo
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting import ingest, reindex
from indexer.ingesting.ingest import Ingestion
from indexer.ingesting.runs import begin_run, runs
from indexer.records import Occurrence, Record
from tests.ids_given import ids_given
from tests.made_records import described_again, made_work
from tests.replaying import replayed, stored

WORKS, VARIANTS = 3, 4
IDS: Final = [f"f:{number}" for number in range(5)]
NEVER: Final = 1e9  # so many times the records must change for all to be compared as a whole
SHIPPED: Final = Weights.load()
WEIGHTS: Final = {
    "shipped": SHIPPED,
    "wary": dataclasses.replace(SHIPPED, prior=SHIPPED.prior - 6),
    "eager": dataclasses.replace(SHIPPED, prior=SHIPPED.prior + 8),
}

Partition = dict[frozenset[str], frozenset[tuple[str, ...]]]


class Killed(BaseException):
    """Stands for `kill -9`: nobody catches it, and whoever held the index is gone."""


def contents() -> dict[tuple[int, int], Record]:
    """What records may say: descriptions of few works, some of which can hardly be told apart."""
    choose = random.Random(7)
    made = [made_work(number, choose) for number in range(WORKS)]
    made[1] = dataclasses.replace(made[1], title=f"{made[0].title}, continued", year=made[0].year)
    made[2] = dataclasses.replace(made[0], doi="", volume="", pages="", authors=made[0].authors[:1])
    table = {}
    for at, record in enumerate(made):
        for variant in range(VARIANTS):
            said = described_again(record, f"{at}-{variant}", choose) if variant else record
            if variant == VARIANTS - 1:
                said = dataclasses.replace(said, type="preprint", container="arXiv")
            table[at, variant] = said
    return table


CONTENTS: Final = contents()
OTHERS: Final = [
    dataclasses.replace(made_work(at, random.Random(100 + at)), record_id=f"o:{at}", source="o")
    for at in range(10, 15)
]


class LivingIndex:
    """An engine, and all that was done to it."""

    def __init__(self, opened: Callable[[], Engine]) -> None:
        self.engine = opened()
        self._reopen = opened
        self.weights = "shipped"
        self.detector = Detector(self.engine, whole_from=NEVER)
        self.day = 0
        self.put(OTHERS)
        self.detector.settle()

    def begin(self) -> None:
        """Go on as another process: nothing is remembered."""
        self.engine.close()
        self.engine = self._reopen()
        self.detector = Detector(self.engine, WEIGHTS[self.weights], whole_from=NEVER)

    def put(self, records: Sequence[Record]) -> None:
        """Let records arrive and be compared, dated by a new day."""
        self.day += 1
        dated = [dataclasses.replace(one, updated=f"2026-01-01T{self.day:06d}") for one in records]
        rows = (Occurrence(one, "made", at, at + 1) for at, one in enumerate(dated))
        ingestion = Ingestion(self.engine, lambda ids: self.detector.arrived())
        ingestion.made = self.detector.arriving.take
        with begin_run(self.engine, "ingest", "a feed") as ingestion.noted_in:
            ingestion.run(rows)

    def described(self, said: Sequence[tuple[str, tuple[int, int]]]) -> None:
        """Let records of these ids say this."""
        self.put([named(record_id, CONTENTS[content]) for record_id, content in said])

    def deleted(self, record_ids: Sequence[str]) -> None:
        """Let their feed delete these records, as far as it has them."""
        there = self.engine.get(list(record_ids)).values()
        self.put([dataclasses.replace(record, deleted=True) for record in there])

    def gone_and_back(self, record_id: str, content: tuple[int, int] | None) -> None:
        """Let a record be deleted and come back, saying what it said or something else."""
        there = self.engine.get([record_id])
        if record_id in there:
            self.deleted([record_id])
            self.checked()
            self.put([named(record_id, CONTENTS[content]) if content else there[record_id]])

    def judged(self, said: Sequence[tuple[str, str, Verdict]], by: str = "ada") -> None:
        """Let somebody judge pairs."""
        self.day += 1
        at = f"2026-01-01T{self.day:06d}"
        judged_in_run(self.detector, [Judgement(*one, at=at, by=by) for one in said], "judge", by)

    def undone_at_once(self, doing: Callable[[], None]) -> None:
        """Do something and undo it: nothing shows it but the log. Then undo the undo, too."""
        self.detector.settle()
        before, began = self.state(), len(runs(self.engine))
        doing()
        self.detector.settle()
        after = self.state()
        for run in runs(self.engine)[began:]:
            back = undo(self.detector, run.run, by="bo").run
            self.checked()
            assert self.state() == before
            undo(self.detector, back, by="bo")
            self.checked()
            assert self.state() == after

    def undone(self, place: int) -> bool:
        """Undo one of the runs, counted round, if nothing stands in the way; whether it was."""
        standing = [run for run in runs(self.engine)[1:] if not run.undone_by]
        before = self.state()
        try:
            undo(self.detector, standing[place % len(standing)].run, by="bo")
        except (CannotUndo, IndexError):
            assert self.state() == before
            return False
        return True

    def state(self) -> dict[str, object]:
        """All that an undo brings back: records, judgements, works with their ids, conflicts."""
        holdings = self.detector.holdings
        works = stored(self.engine)
        return {
            "records": {record.record_id: record.to_json() for record in self.engine.scan()},
            "judgements": set(holdings.all_judgements()),
            "works": works,
            "conflicts": told(holdings),
            "leads": {work_id: holdings.living(work_id).work_id for work_id in works},
        }

    def reweighed(self, name: str) -> None:
        """Decide by other weights from now on."""
        self.weights = name
        self.begin()
        self.detector.settle()

    def reindexed(self) -> None:
        """Make all keys anew, and compare."""
        reindex.reindex(self.engine)
        self.detector.settle()

    def killed(self, point: str, doing: Callable[[], None]) -> bool:
        """Do something, but die at a point of it and go on as another process; whether it died."""
        died = False
        with dying_at(point), suppress(Killed):
            died = True
            doing()
            died = False
        self.begin()
        self.detector.settle()
        return died

    def ends(self, place: int) -> tuple[str, str] | None:
        """The first and the last record of one of the works of several, counted round."""
        works = [work.records for work in self.detector.holdings.all_works()]
        several = sorted(records for records in works if len(records) > 1)
        if not several:
            return None
        records = several[place % len(several)]
        return records[0], records[-1]

    def firsts(self, *places: int) -> list[str]:
        """The first records of works, counted round."""
        works = sorted(work.records for work in self.detector.holdings.all_works())
        return [works[place % len(works)][0] for place in places]

    def checked(self) -> None:
        """Hold what must be true at any time."""
        assert replayed(self.engine) == stored(self.engine)
        holdings = self.detector.holdings
        homes = {one: work.work_id for work in holdings.all_works() for one in work.records}
        assert homes.keys() == set(self.engine.ids())
        assert {name: home.work_id for name, home in holdings.all_homes()} == homes
        for pair, said in standing(holdings.all_judgements()).items():
            if said.not_same and homes.keys() >= set(pair):
                assert homes[pair[0]] != homes[pair[1]], f"{pair} were judged not the same"
        self._ids_are_true(set(homes.values()))

    def _ids_are_true(self, living: set[str]) -> None:
        """Each id that was given leads to a work or says when it ended."""
        holdings = self.detector.holdings
        assert not living & holdings.retired()
        for work_id in ids_given(list(events_of(self.engine))):
            leads = holdings.living(work_id)
            assert leads.known, f"{work_id} leads nowhere"
            assert len(set(leads.via)) == len(leads.via)
            assert leads.work_id in living if leads.work_id else leads.gone

    def settled(self) -> None:
        """Settle, and hold that all is as if it had come at once; a full pass changes nothing."""
        self.detector.settle()
        self.checked()
        now, conflicts = partition(self.detector.holdings), told(self.detector.holdings)
        judgements = list(self.detector.holdings.all_judgements())
        with afresh(self.engine.scan(), judgements, WEIGHTS[self.weights]) as holdings:
            assert now == partition(holdings)
            assert conflicts == told(holdings)
        found = check(self.detector)
        assert found.well, found.to_dict()
        works, last = stored(self.engine), sum(1 for _ in self.engine.log())
        self.detector.whole()
        assert stored(self.engine) == works
        assert list(events_of(self.engine, last)) == []
        assert told(self.detector.holdings) == conflicts


def named(record_id: str, content: Record) -> Record:
    """A record of this id that says this."""
    source, _, number = record_id.partition(":")
    return dataclasses.replace(content, record_id=record_id, source=source, source_id=number)


def partition(holdings: Holdings) -> Partition:
    """The works by their records, whatever their ids."""
    works = holdings.all_works()
    return {frozenset(work.records): frozenset(work.version_groups) for work in works}


def told(holdings: Holdings) -> set[Conflict]:
    """The conflicts that stand."""
    return set(holdings.conflicts())


@contextmanager
def afresh(
    records: Iterator[Record], judgements: Sequence[Judgement], weights: Weights
) -> Iterator[Holdings]:
    """An empty index that gets all of it at once."""
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(folder)
        rows = [Occurrence(one, "made", at, at + 1) for at, one in enumerate(records)]
        Ingestion(engine).run(rows)
        holdings = Holdings(engine)
        holdings.add_judgements(judgements)
        Detector(engine, weights).whole()
        yield holdings
        engine.close()


@contextmanager
def dying_at(point: str) -> Iterator[None]:
    """Die the first time that a point is reached."""

    def reached(name: str) -> None:
        if name == point:
            raise Killed(point)

    with ExitStack() as patched:
        for module in (ingest, pipeline, judging, storing, reindex):
            patched.enter_context(mock.patch.object(module, "reached", reached))
        yield
