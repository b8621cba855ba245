"""Undo: runs and judgements taken back exactly, also when works grew since; on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.reports.outputs import stored_work_lines
from detector.runs.incremental import Arrivals
from detector.runs.judging_run import judged_in_run
from detector.runs.undo_plan import plan_of
from detector.runs.undoing import undo
from detector.store.events import events_of
from detector.works.judgements import Judgement
from indexer.errors import CannotUndo, NoSuchRun
from indexer.index.contract import Engine
from indexer.ingesting.ingest import PENDING
from indexer.ingesting.runs import begin_run
from indexer.records import Record
from tests.made_records import made_collection
from tests.replaying import replayed, stored
from tests.works_compared import home, largest, loners, rows

RECORDS = made_collection(11, 30)


@pytest.fixture
def detector(engine: Engine) -> Detector:
    """Over an index of works of one to several records."""
    made = Detector(engine)
    ingest(made, RECORDS)
    return made


def ingest(detector: Detector, records: Sequence[Record], name: str = "made.ris") -> str:
    """Store records as `samework ingest` does, and compare them; the name of the run."""
    arrivals = Arrivals(detector, str, at_once=1)
    ingestion = arrivals.ingestion()
    with begin_run(detector.engine, f"ingest {name}", "ana") as ingestion.noted_in:
        ingestion.run(rows(list(records)))
    arrivals.settle()
    return ingestion.noted_in.run


def judge(detector: Detector, *said: tuple[str, str, Verdict], by: str = "ana") -> str:
    """Judge pairs as one run; its name."""
    judgements = [Judgement(left, right, verdict, by=by) for left, right, verdict in said]
    return judged_in_run(detector, judgements, "judge", by).run


def state(detector: Detector) -> dict[str, Any]:
    """All that an undo must leave as it was, and that the events must tell."""
    holdings = detector.holdings
    assert replayed(detector.engine) == stored(detector.engine)
    assert not detector.engine.count(PENDING)
    return {
        "works": stored(detector.engine),
        "homes": dict(holdings.all_homes()),
        "judgements": list(holdings.all_judgements()),
        "choices": holdings.all_choices(),
        "conflicts": sorted(map(repr, holdings.conflicts())),
        "canonical": [orjson.dumps(line) for line in stored_work_lines(detector)],
        "records": sorted(record.to_json() for record in detector.engine.scan()),
        "decisions": {d.pair: (d.verdict, d.kind) for d in holdings.all_decisions()},
    }


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of what is not the same."""
    return [name for name in before if before[name] != after[name]]


def like(detector: Detector, record_id: str, name: str) -> Record:
    """Another description of the same, from elsewhere."""
    held = detector.engine.get([record_id])[record_id]
    return replace(held, record_id=f"late:{name}", source="late", source_id=name)


@pytest.mark.parametrize("verdict", [Verdict.DUPLICATE, Verdict.VERSION, Verdict.DISTINCT])
def test_a_judgement_and_its_undo_leave_all_as_it_was(detector: Detector, verdict: Verdict) -> None:
    """By its run; the undo of the undo is the judgement again."""
    left, *_, right = largest(detector) if verdict == Verdict.DISTINCT else loners(detector)[:2]
    before = state(detector)
    run = judge(detector, (left, right, verdict))
    after = state(detector)
    assert "works" in differing(before, after)

    undone = undo(detector, run)

    assert differing(before, state(detector)) == []
    again = undo(detector, undone.run)
    assert differing(after, state(detector)) == []
    undo(detector, again.run)
    assert differing(before, state(detector)) == []


def test_one_judgement_of_an_import_is_undone_by_its_event(detector: Detector) -> None:
    """The others of its run stand."""
    first, second, third, fourth = loners(detector)[:4]
    run = judge(detector, (first, second, Verdict.DUPLICATE), (third, fourth, Verdict.DUPLICATE))
    alone, other = (e["number"] for e in events_of(detector.engine) if e["event"] == "judged")
    before = home(detector, third)

    undone = undo(detector, str(alone))

    (left,) = detector.holdings.all_judgements()
    assert {left.left, left.right} == {third, fourth}
    assert home(detector, first) != home(detector, second)
    assert home(detector, third) == home(detector, fourth) == before
    with pytest.raises(CannotUndo, match="was taken back already"):
        undo(detector, str(alone))
    undo(detector, undone.run)
    assert home(detector, first) == home(detector, second)
    undo(detector, str(other))
    rest = undo(detector, run)
    assert [said.pair for said in rest.plan.said.judged] == [tuple(sorted((first, second)))]
    assert not list(detector.holdings.all_judgements())
    undo(detector, rest.run)
    (left,) = detector.holdings.all_judgements()
    assert {left.left, left.right} == {first, second}


def test_an_ingest_and_its_undo_leave_all_as_it_was(detector: Detector) -> None:
    """Records that came, changed and were deleted, works that they joined and merged."""
    first, second = loners(detector)[:2]
    held = detector.engine.get(list(largest(detector)))
    before = state(detector)
    gone, moved, *_ = held.values()
    run = ingest(
        detector,
        [
            like(detector, first, "1"),
            replace(gone, deleted=True),
            replace(moved, title=detector.engine.get([second])[second].title, doi="", authors=()),
            Record("late:2", "late", "2", title="Otters of the Upper Danube", date="1911"),
        ],
    )
    after = state(detector)
    assert {"works", "records", "homes", "canonical"} <= set(differing(before, after))

    undone = undo(detector, run)

    assert differing(before, state(detector)) == []
    again = undo(detector, undone.run)
    assert differing(after, state(detector)) == []
    undo(detector, again.run)
    assert differing(before, state(detector)) == []


def test_a_record_that_bridged_two_works_is_undone_also_when_they_grew_since(
    detector: Detector,
) -> None:
    """Both get their ids again, and what came since stays with the one that it describes."""
    left, right = loners(detector)[:2]
    ours, theirs = home(detector, left), home(detector, right)
    run = judge(detector, (left, right, Verdict.DUPLICATE))
    ingest(detector, [like(detector, right, str(number)) for number in range(3)], "later.ris")
    assert home(detector, left) == home(detector, right) == home(detector, "late:0")

    undo(detector, run)

    assert home(detector, left) == ours
    assert {home(detector, f"late:{number}") for number in range(3)} == {theirs}
    assert home(detector, right) == theirs
    assert replayed(detector.engine) == stored(detector.engine)
    for work_id in (ours, theirs):
        assert detector.holdings.living(work_id).via == ()


def test_an_id_that_only_a_split_gave_leads_on_once_that_is_undone(detector: Detector) -> None:
    """An id that was ever given leads somewhere."""
    first, *_, last = largest(detector)
    run = judge(detector, (first, last, Verdict.DISTINCT))
    ids = {home(detector, first), home(detector, last)}

    undo(detector, run)

    (stays,) = {home(detector, first), home(detector, last)}
    (retired,) = ids - {stays}
    assert detector.holdings.living(retired).work_id == stays


def test_a_later_judgement_of_the_pair_stands_in_the_way_and_is_named(detector: Detector) -> None:
    """With who, when and the number of its event, by which it is undone first."""
    left, right = loners(detector)[:2]
    run = judge(detector, (left, right, Verdict.DUPLICATE))
    judge(detector, (right, left, Verdict.DISTINCT), by="ben")
    number = max(e["number"] for e in events_of(detector.engine) if e["event"] == "judged")
    before = state(detector)

    with pytest.raises(CannotUndo, match=rf"event {number} stands in the way: ben judged"):
        undo(detector, run)

    assert differing(before, state(detector)) == []
    undo(detector, str(number))
    undo(detector, run)
    assert not list(detector.holdings.all_judgements())


def test_a_later_judgement_on_a_record_that_came_stands_in_the_way_of_its_run(
    detector: Detector,
) -> None:
    """One that was said before it came does not."""
    left = loners(detector)[0]
    judge(detector, (left, "late:1", Verdict.DUPLICATE))
    run = ingest(detector, [like(detector, left, "1"), like(detector, left, "2")], "later.ris")
    assert plan_of(detector, run).records.brought == ("late:1", "late:2")
    second = judge(detector, (left, "late:2", Verdict.DISTINCT), by="ben")

    with pytest.raises(CannotUndo, match=r"ben judged .* late:2"):
        undo(detector, run)

    undo(detector, second)
    undo(detector, run)
    assert not detector.engine.get(["late:1", "late:2"])


def test_an_event_that_follows_from_a_run_names_it(detector: Detector) -> None:
    """It is not undone by itself."""
    run = ingest(detector, [like(detector, loners(detector)[0], "1")], "later.ris")
    joined = max(e["number"] for e in events_of(detector.engine) if e["event"] == "joined")

    with pytest.raises(CannotUndo, match=rf"only follows from {run}.*`samework undo {run}`"):
        undo(detector, str(joined))
    with pytest.raises(NoSuchRun, match="there is no event 99,999"):
        undo(detector, "99999")
    with pytest.raises(NoSuchRun, match="neither a run"):
        undo(detector, "yesterday")


def test_a_plan_says_what_the_undo_then_does_and_stores_nothing(detector: Detector) -> None:
    """Records that go, ids that come back, works that are formed."""
    left, right = loners(detector)[:2]
    retired = {home(detector, left), home(detector, right)}
    run = judge(detector, (left, right, Verdict.DUPLICATE))
    (comes_back,) = retired - {home(detector, left)}
    before, log = state(detector), list(detector.engine.log())

    plan = plan_of(detector, run)

    assert (differing(before, state(detector)), list(detector.engine.log())) == ([], log)
    assert plan.returning == (comes_back,)
    assert plan.lines[0].startswith(f"to undo: {run} (judge, ")
    assert any("judgements taken back: 1: ana judged" in line for line in plan.lines)
    assert any(f"ids that come back: 1: {comes_back}" in line for line in plan.lines)
    seen: list[list[str]] = []
    undone = undo(detector, run, shown=lambda shown: seen.append(shown.lines))
    assert seen == [plan.lines]
    assert plan.acted
    planned = [(e["event"], e["work_id"]) for e in plan.acted.events]
    assert planned == [(e["event"], e["work_id"]) for e in undone.events if e["event"] != "undone"]
    assert "undone" in {e["event"] for e in undone.events}
