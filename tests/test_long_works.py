"""Works that hang together over very many records: chains, hubs, and their ends judged apart."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.works.judgements import Judgement
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence, Record
from tests.living_index import partition
from tests.made_records import made_work
from tests.replaying import replayed, stored

CHAIN = 1_000
HUBS = [1_500, pytest.param(10_000, marks=pytest.mark.soak)]
SECONDS_OF = 0.004  # of CPU, a record of a hub: copies are compared with a sample of the others
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def detector(tmp_path: Path) -> Iterator[Detector]:
    made = Detector(EmbeddedEngine(str(tmp_path / "index")))
    yield made
    made.engine.close()


def arrive(detector: Detector, records: list[Record]) -> None:
    rows = [Occurrence(one, "made", at, at + 1) for at, one in enumerate(records)]
    Ingestion(detector.engine, lambda ids: detector.arrived()).run(rows)


def unlike(many: int) -> list[Record]:
    """Records that nothing ties."""
    choose = random.Random(5)
    return [
        dataclasses.replace(made_work(at, choose), record_id=f"made:{at:05d}") for at in range(many)
    ]


def alike(many: int) -> list[Record]:
    """One description, delivered again and again: all stand by the one of least id."""
    record = made_work(0, random.Random(5))
    return [dataclasses.replace(record, record_id=f"made:{at:05d}") for at in range(many)]


def said(left: str, right: str, verdict: Verdict, at: int = 0) -> Judgement:
    return Judgement(left, right, verdict, f"2026-01-01T{at:06d}", "ada")


def test_a_chain_of_a_thousand_judged_same_breaks_where_its_ends_are_judged_apart(
    detector: Detector,
) -> None:
    arrive(detector, unlike(CHAIN))
    detector.settle()
    ids = sorted(detector.engine.ids())
    links = [said(*pair, Verdict.DUPLICATE, at) for at, pair in enumerate(pairwise(ids))]
    judge(detector, links)
    assert [len(work.records) for work in detector.holdings.all_works()] == [CHAIN]

    began = time.process_time()
    judge(detector, [said(ids[0], ids[-1], Verdict.DISTINCT, CHAIN)])
    assert time.process_time() - began < 10

    first, last = detector.holdings.work_ids_of([ids[0], ids[-1]]).values()
    assert first != last
    (conflict,) = detector.holdings.conflicts()
    assert list(conflict.path) in (ids, ids[::-1])
    assert replayed(detector.engine) == stored(detector.engine)
    before = partition(detector.holdings)
    detector.whole()
    assert partition(detector.holdings) == before


@pytest.mark.parametrize("hub", HUBS)
def test_a_hub_of_copies_takes_one_more_and_parts_with_one(detector: Detector, hub: int) -> None:
    records = alike(hub)
    arrive(detector, records[:-1])
    detector.settle()
    (work,) = detector.holdings.all_works()
    assert len(work.records) == hub - 1
    began = time.process_time()

    arrive(detector, records[-1:])
    acted = judge(detector, [said("made:00000", "made:00007", Verdict.DISTINCT)])

    assert time.process_time() - began < 2 * SECONDS_OF * hub
    assert sorted(len(one.records) for one in detector.holdings.all_works()) == [1, hub - 1]
    assert [event["event"] for event in acted.events if event["event"] != "judged"] == [
        "left",
        "split",
    ]
    assert replayed(detector.engine) == stored(detector.engine)
    before = partition(detector.holdings)
    detector.whole()
    assert partition(detector.holdings) == before


@pytest.mark.parametrize("hub", HUBS)
def test_a_record_judged_the_same_as_thousands_is_one_work_with_them(
    detector: Detector, hub: int
) -> None:
    """The hub's judgements stand in one document; one more costs no more than reading it."""
    arrive(detector, unlike(hub))
    detector.settle()
    ids = sorted(detector.engine.ids())
    judge(
        detector, [said(ids[0], other, Verdict.DUPLICATE, at) for at, other in enumerate(ids[1:])]
    )
    assert [len(work.records) for work in detector.holdings.all_works()] == [hub]
    began = time.process_time()

    judge(detector, [said(ids[3], ids[7], Verdict.DISTINCT, hub)])

    assert time.process_time() - began < 2 * SECONDS_OF * hub
    homes = detector.holdings.work_ids_of([ids[3], ids[7]])
    assert len(set(homes.values())) == 2
    assert replayed(detector.engine) == stored(detector.engine)
    before = partition(detector.holdings)
    detector.whole()
    assert partition(detector.holdings) == before
