"""Undo is the identity: whatever was before, whatever is undone, and whatever came in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.errors import UnusableChoice
from detector.runs.choosing import choose
from detector.runs.undoing import undo
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.errors import CannotUndo
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.runs import begin_run, runs
from indexer.records import Record
from tests.both_engines import one_of_both
from tests.made_records import made_collection
from tests.test_undoing import differing, ingest, judge, state

POOL: Final = made_collection(5, 9)
QUIET: Final = settings(deadline=None, suppress_health_check=list(HealthCheck))
Step = tuple[Any, ...]

places = st.integers(0, len(POOL) - 1)
changes = st.sampled_from(["as it is", "gone", "another's title", "no identifiers"])
steps = st.one_of(
    st.tuples(st.just("put"), st.lists(st.tuples(places, changes), min_size=1, max_size=6)),
    st.tuples(
        st.just("judge"),
        st.lists(
            st.tuples(
                places,
                places,
                st.sampled_from([Verdict.DUPLICATE, Verdict.VERSION, Verdict.DISTINCT]),
            ),
            min_size=1,
            max_size=3,
        ),
    ),
    st.tuples(st.just("choose"), places),
    st.tuples(st.just("undo"), st.integers(0, 5)),
)


def taken(detector: Detector, step: Step) -> str:
    """Take a step of a history; the name of its run, "" where it changed nothing."""
    before = {account.run for account in runs(detector.engine)}
    match step:
        case "put", puts:
            ingest(detector, [changed(at, how) for at, how in puts])
        case "judge", said:
            pairs = ((POOL[a].record_id, POOL[b].record_id, how) for a, b, how in said if a != b)
            judge(detector, *pairs)
        case "choose", at:
            chosen(detector, POOL[at].record_id)
        case "undo", back:
            names = [account.run for account in runs(detector.engine)]
            if back < len(names):
                with suppress(CannotUndo):
                    undo(detector, names[-1 - back])
    (fresh,) = {account.run for account in runs(detector.engine)} - before or {""}
    return fresh


def changed(at: int, how: str) -> Record:
    """A record of the pool, as a feed may send it."""
    held = POOL[at]
    if how == "gone":
        return replace(held, deleted=True)
    if how == "another's title":
        other = POOL[(at + 7) % len(POOL)]
        return replace(held, title=other.title, authors=other.authors, doi=other.doi)
    if how == "no identifiers":
        return replace(held, doi="", pages="", volume="")
    return held


def chosen(detector: Detector, record_id: str) -> None:
    """Choose the title of a work of several records."""
    home = detector.holdings.work_ids_of([record_id]).get(record_id, "")
    for work in detector.holdings.works([home]).values():
        with suppress(UnusableChoice), begin_run(detector.engine, "works choose", "ana") as run:
            choose(detector, work, FieldChoice(record_id, "title", "ana"), run)


@contextmanager
def opened(folder: Path) -> Iterator[Detector]:
    with closing(EmbeddedEngine(str(folder))) as engine:
        yield Detector(engine)


def holds_identity(detector: Detector, history: list[Step], last: Step) -> None:
    """Apply then undo, undo of that, and undo again: each leaves what was before the other."""
    for step in history:
        taken(detector, step)
    before = state(detector)
    run = taken(detector, last)
    assume(run)
    after = state(detector)

    undone = undo(detector, run)
    assert differing(before, state(detector)) == []
    again = undo(detector, undone.run)
    assert differing(after, state(detector)) == []
    undo(detector, again.run)
    assert differing(before, state(detector)) == []


@settings(QUIET, max_examples=20)
@given(history=st.lists(steps, max_size=5), last=steps)
def test_apply_then_undo_is_the_identity(
    history: list[Step], last: Step, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On works, ids, arrivals, judgements, choices, conflicts, merged records and decisions."""
    with opened(tmp_path_factory.mktemp("undo") / "index") as detector:
        taken(detector, ("put", [(at, "as it is") for at in range(0, len(POOL), 2)]))
        holds_identity(detector, history, last)


@pytest.mark.opensearch
@settings(QUIET, max_examples=3)
@given(history=st.lists(steps, min_size=1, max_size=2), last=steps)
def test_apply_then_undo_is_the_identity_in_opensearch(
    history: list[Step], last: Step, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Each example over the records that the one before left: any history will do."""
    request.param = "opensearch"
    made: Iterator[Engine] = one_of_both(request, tmp_path)
    with closing(next(made)) as engine:
        detector = Detector(engine)
        taken(detector, ("put", [(at, "as it is") for at in range(0, len(POOL), 2)]))
        holds_identity(detector, history, last)


@settings(QUIET, max_examples=20)
@given(
    history=st.lists(steps, max_size=3), last=steps, since=st.lists(steps, min_size=1, max_size=3)
)
def test_what_came_since_stays_when_what_was_before_it_is_undone(
    history: list[Step],
    last: Step,
    since: list[Step],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """
    As if what is undone had never been: the works, what people said, and ids of works that grew.

    Where records moved since, a work that is not touched keeps the id that it has by now.
    """
    folder = tmp_path_factory.mktemp("since")
    since = [other for step in since if (other := beside(step, last))]
    with opened(folder / "with") as detector:
        taken(detector, ("put", [(at, "as it is") for at in range(0, len(POOL), 2)]))
        for step in history:
            taken(detector, step)
        before = state(detector)
    shutil.copytree(folder / "with", folder / "without")
    with opened(folder / "with") as detector:
        run = taken(detector, last)
        assume(run)
        for step in since:
            taken(detector, step)
        there = state(detector)
        try:
            undo(detector, run)
        except CannotUndo:
            assert differing(there, state(detector)) == []
            return
        undone = state(detector)
        led = {name: detector.holdings.living(name) for name in there["works"]}
        assert all(one.known for one in led.values())
    with opened(folder / "without") as detector:
        for step in since:
            taken(detector, step)
        never = state(detector)
    assert partition(undone) == partition(never)
    assert undone["records"] == never["records"]
    assert said(undone) == said(never)
    if all(step[0] == "put" and growth(step) for step in since):
        for work_id in before["works"].keys() & never["works"].keys():
            assert undone["works"].get(work_id) == never["works"][work_id]


def beside(step: Step, last: Step) -> Step | None:
    """
    The step as far as it does not repeat what is undone.

    What a later run finds unchanged it does not store: it goes with the run that brought it.
    """
    if step[0] == "undo":
        return None
    if step[0] == last[0] == "put":
        repeated = {at for at, _ in last[1]}
        puts = [(at, how) for at, how in step[1] if at not in repeated]
        return ("put", puts) if puts else None
    return step


def growth(step: Step) -> bool:
    """Whether records only come."""
    return all(how == "as it is" for _, how in step[1])


def partition(held: dict[str, Any]) -> set[frozenset[frozenset[str]]]:
    """The works, without their ids."""
    return set(held["works"].values())


def said(held: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What people said, without when."""
    return sorted((one.left, one.right, str(one.verdict)) for one in held["judgements"])
