"""What a person said outlives whatever becomes of the records, on both engines."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.runs.reindexing import Reindexing, Wish
from indexer.index.contract import Engine
from indexer.records import Record
from tests.replaying import replayed, stored
from tests.test_judging import said
from tests.test_reindexing import wary
from tests.works_compared import RECORDS, arrive, homes, largest, loners

What = Callable[[Detector, list[Record]], Detector]


def updated(detector: Detector, records: list[Record]) -> Detector:
    """All records concerned are corrected."""
    arrive(detector, [
        dataclasses.replace(one, title=f"{one.title}, corrected", updated="2027-01-01")
        for one in records
    ])  # fmt: skip
    return detector


def harvested_again(detector: Detector, records: list[Record]) -> Detector:
    """The whole feed is read anew."""
    arrive(detector, RECORDS)
    detector.settle()
    return detector


def reindexed(detector: Detector, records: list[Record]) -> Detector:
    """Keys are built anew, and all is decided and formed as a whole."""
    Reindexing(detector, Wish()).build()
    detector.whole()
    return detector


def weighed_otherwise(detector: Detector, records: list[Record]) -> Detector:
    """Weights by which the program joins hardly anything by itself."""
    other = Detector(detector.engine, wary(detector.weights))
    other.settle()
    return other


def deleted_and_back(detector: Detector, records: list[Record]) -> Detector:
    """A feed withdraws the records, and brings them again."""
    arrive(detector, [
        dataclasses.replace(one, deleted=True, updated="2027-01-01") for one in records
    ])  # fmt: skip
    assert not detector.holdings.work_ids_of([one.record_id for one in records])
    arrive(detector, [dataclasses.replace(one, updated="2027-02-01") for one in records])
    return detector


@pytest.mark.parametrize(
    "happens", [updated, harvested_again, reindexed, weighed_otherwise, deleted_and_back]
)
def test_judgements_stand_whatever_becomes_of_the_records(happens: What, engine: Engine) -> None:
    detector = Detector(engine)
    arrive(detector, RECORDS)
    detector.settle()
    first, *_, last = largest(detector)
    one, other = loners(detector)[:2]
    judge(detector, [
        said(first, last, Verdict.DISTINCT), said(one, other, Verdict.DUPLICATE)
    ])  # fmt: skip
    kept = list(detector.holdings.all_judgements())
    records = engine.get([first, last, one, other])

    after = happens(detector, [records[name] for name in (first, last, one, other)])

    assert list(after.holdings.all_judgements()) == kept
    assert len(set(homes(after, first, last))) == 2
    assert len(set(homes(after, one, other))) == 1
    assert replayed(engine) == stored(engine)


def test_a_third_record_that_would_bridge_two_becomes_a_conflict(engine: Engine) -> None:
    """It arrives long after, one night and then another, and joins one of the two at most."""
    detector = Detector(engine)
    arrive(detector, RECORDS)
    detector.settle()
    first, *_, last = largest(detector)
    judge(detector, [said(first, last, Verdict.DISTINCT)])
    records = engine.get([first, last])

    for night, like in enumerate((first, last), 1):
        late = dataclasses.replace(
            records[like], record_id=f"late:{night}", source="late", source_id=str(night)
        )
        arrive(detector, [late])
        assert len(set(homes(detector, first, last))) == 2
        detector.settle()
        assert len(set(homes(detector, first, last))) == 2

    (conflict,) = detector.holdings.conflicts()
    assert {conflict.left, conflict.right} == {first, last}
    assert (conflict.path[0], conflict.path[-1]) == (conflict.left, conflict.right)
    assert replayed(engine) == stored(engine)
