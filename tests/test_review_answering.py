"""Answers of the queue over both engines: they act at once, and taken back leave no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.review.alike import alike
from detector.review.answering import Answering
from detector.review.queue import Doubt
from indexer.feeds.formats import read_files
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Ingestion
from indexer.ingesting.runs import runs
from tests.both_engines import BOTH_ENGINES, one_of_both
from tests.one_shot import write
from tests.replaying import replayed, stored
from tests.test_review_alike import rows


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from one_of_both(request, tmp_path)


@pytest.fixture
def detector(engine: Engine, tmp_path: Path) -> Detector:
    file = write(tmp_path / "made.jsonl", rows())
    made = Detector(engine)
    Ingestion(engine).run(read_files([str(file)]))
    made.whole()
    return made


def asked(answering: Answering) -> Doubt:
    doubt = answering.next()
    assert doubt is not None
    return doubt


def test_an_answer_joins_works_and_taken_back_gives_them_their_ids_again(
    detector: Detector,
) -> None:
    before = list(detector.holdings.all_works())
    answering = Answering(detector, "ana")
    doubt = asked(answering)

    answer = answering.answer([doubt], Verdict.DUPLICATE)
    joined = list(detector.holdings.all_works())
    (said,) = detector.holdings.all_judgements()
    taken = answering.take_back()

    assert len(joined) == len(before) - 1
    assert {event["event"] for event in answer.acted.events} == {"merged", "redirected"}
    assert (said.by, said.said) == ("ana", f"review {doubt.decision.probability:.2f}")
    assert taken == answer
    assert list(detector.holdings.all_works()) == before
    assert list(detector.holdings.all_judgements()) == []
    assert asked(answering).pair == doubt.pair
    assert replayed(detector.engine) == stored(detector.engine)


def test_all_that_are_alike_are_joined_in_one_run_and_parted_again_by_one_undo(
    detector: Detector,
) -> None:
    before = list(detector.holdings.all_works())
    answering = Answering(detector, "ana")
    answering.skip(asked(answering))
    group = alike(detector, asked(answering), answering.passed)
    assert group is not None

    would = answering.preview(group.doubts, Verdict.VERSION)
    answer = answering.answer(group.doubts, Verdict.VERSION)

    assert len(group.doubts) == 4
    assert [event["work_id"] for event in would.events] == [
        event["work_id"] for event in answer.acted.events
    ]
    assert len(list(detector.holdings.all_works())) == len(before) - 4
    assert answering.next() is None
    answering.take_back()
    assert list(detector.holdings.all_works()) == before
    assert [(run.command, run.undoes) for run in runs(detector.engine)] == [
        ("review next", ""), (f"undo {answer.run}", answer.run)
    ]  # fmt: skip


def test_nothing_is_taken_back_where_nothing_was_answered(detector: Detector) -> None:
    assert Answering(detector, "ana").take_back() is None


def test_after_different_no_pair_between_the_two_works_is_asked(detector: Detector) -> None:
    answering = Answering(detector, "ana")
    first = asked(answering)
    answering.answer([first], Verdict.DISTINCT)

    others = Answering(detector, "ben")
    shown = set()
    while (doubt := others.next()) is not None:
        shown.add(doubt.pair)
        others.skip(doubt)

    assert first.pair not in shown
    assert len(shown) == 4
