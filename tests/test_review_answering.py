"""Answers of the queue over both engines: they act at once, and taken back leave no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.review.alike import alike
from detector.review.answering import Answering
from detector.review.cards import cards_of
from detector.review.queue import Doubt, ReviewQueue
from detector.works.judgements import Judgement
from indexer.errors import CannotUndo
from indexer.feeds.formats import read_files
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import Ingestion
from indexer.ingesting.runs import runs
from tests.one_shot import write
from tests.replaying import replayed, stored
from tests.test_review_alike import rows


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


def test_an_answer_that_somebody_contradicted_since_is_not_taken_back(detector: Detector) -> None:
    answering = Answering(detector, "ana")
    doubt = asked(answering)
    answering.answer([doubt], Verdict.DUPLICATE)
    judge(detector, [Judgement(*doubt.pair, Verdict.DISTINCT, by="ben")])

    with pytest.raises(CannotUndo, match="ben"):
        answering.take_back()

    assert len(list(detector.holdings.all_judgements())) == 2
    assert len(answering.answers) == 1


def test_a_record_that_another_process_corrected_is_shown_as_it_is_now(
    detector: Detector, tmp_path: Path
) -> None:
    """A person thinks for minutes, and a feed goes on arriving."""
    answering = Answering(detector, "ana")
    doubt = asked(answering)
    (card,) = cards_of(detector, [doubt])
    assert card.rows[1].left == "Counting eels in muddy water"
    eels = next(row for row in rows() if row["id"] == doubt.pair[0][-2:])
    file = write(tmp_path / "made.jsonl", [{**eels, "title": "Counting eels in muddy waters"}])

    other = Detector(detector.engine)
    Ingestion(other.engine).run(read_files([str(file)]))
    other.arrived()

    asked(answering)
    (card,) = cards_of(detector, [doubt])
    assert card.rows[1].left == "Counting eels in muddy waters"
    assert card.rows[1].marks[0] == ((28, 29),)


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


VERDICTS = st.sampled_from(list(Verdict))
STEPS = st.lists(
    st.tuples(st.sampled_from(("answer", "alike", "skip", "undo")), VERDICTS), max_size=8
)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Detector]:
    """One index for all histories: each leaves it as it was."""
    folder = tmp_path_factory.mktemp("answers")
    write(folder / "made.jsonl", contradicted())
    made = Detector(EmbeddedEngine(str(folder / "index")))
    Ingestion(made.engine).run(read_files([str(folder / "made.jsonl")]))
    made.whole()
    judge(made, [Judgement("made.jsonl:ya", "made.jsonl:yb", Verdict.DISTINCT, by="ben")])
    yield made
    made.engine.close()


def contradicted() -> list[dict[str, Any]]:
    """Three records of one paper, beside pairs that wait."""
    paper = {"title": "Salt roads of the high plateau of Made", "authors": ["Haddad, Omar"],
             "container": "Road Studies", "volume": "3", "pages": "12-34", "year": 2011,
             "doi": "10.5555/roads.12"}  # fmt: skip
    # equal ones would all be paired with the first alone
    others = [{**paper, "id": "yb", "issue": "2"}, {**paper, "id": "yc", "publisher": "Made Press"}]
    return [*rows(), {**paper, "id": "ya", "authors": ["Haddad, O."]}, *others]


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_whatever_was_answered_all_taken_back_is_as_if_nobody_had_come(
    lasting: Detector, steps: list[tuple[str, Verdict]]
) -> None:
    """Works with their ids and versions, conflicts, judgements, and the order of the queue."""
    before = state(lasting)
    answering = Answering(lasting, "ana")
    for step, verdict in steps:
        if step == "undo":
            answering.take_back()
        elif (doubt := answering.next()) is None:
            continue
        elif step == "skip":
            answering.skip(doubt)
        else:
            group = alike(lasting, doubt, answering.passed) if step == "alike" else None
            answering.answer(group.doubts if group else [doubt], verdict)
    while answering.take_back() is not None:
        pass

    assert before[1] != []
    assert state(lasting) == before
    assert replayed(lasting.engine) == stored(lasting.engine)


def state(detector: Detector) -> list[object]:
    holdings = detector.holdings
    return [
        list(holdings.all_works()),
        holdings.conflicts(),
        list(holdings.all_judgements()),
        ReviewQueue(holdings).best(20),
    ]
