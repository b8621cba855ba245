"""Runs: each command's storing is noted, and can be taken back exactly; over both engines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import CannotUndo, NoSuchRun
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import PENDING, IngestCounts, Ingestion, queue_entries, queued_by
from indexer.ingesting.runs import (
    BROKE_OFF,
    BY,
    DONE,
    KILLED,
    OPEN,
    PART,
    RUN,
    RUNNING,
    OpenRun,
    RunAccount,
    begin_run,
    parts,
    person,
    runs,
)
from indexer.ingesting.taking_back import (
    begin_undo,
    changes_of,
    refuse_where_changed_since,
    take_back,
    undoable,
)
from indexer.records import Occurrence, Record


def record(name: str, title: str = "Eels", updated: str = "", *, deleted: bool = False) -> Record:
    return Record(f"made:{name}", "made", name, title=title, updated=updated, deleted=deleted)


def store(engine: Engine, *records: Record, command: str = "ingest made.ris") -> str:
    """Put records as a command does; the name of its run."""
    with begin_run(engine, command, "ana") as run:
        ingested(engine, run, records)
    return run.run


def ingested(engine: Engine, run: OpenRun, records: Sequence[Record]) -> IngestCounts:
    rows = [Occurrence(one, "made.ris", at, at) for at, one in enumerate(records)]
    return Ingestion(engine, noted_in=run).run(rows)


def taken_back(engine: Engine, run: str) -> RunAccount:
    """Undo what a run did to records, and nothing else: works are formed by `detector`."""
    account = undoable(engine, run)
    refuse_where_changed_since(engine, account, changes_of(engine, run))
    with begin_undo(engine, run) as undo, engine.atomically():
        take_back(engine, run, undo)
    return undo.account


def state(engine: Engine, names: Sequence[str] = "abcdefgh") -> dict[str, bytes]:
    """All that is stored of these records, tombstones too."""
    stored = engine.stored([f"made:{name}" for name in names])
    return {name: orjson.dumps([form[0], form[1].decode()]) for name, form in stored.items()}


def test_a_run_says_who_stored_what_and_how_many(engine: Engine) -> None:
    """And a second one what it changed, with what was there before."""
    first = store(engine, record("a"), record("b"))
    second = store(engine, record("a", "Eels again"), record("b"), record("c"))

    assert [account.told() for account in runs(engine)] == [
        f"{account.run} (ingest made.ris, {account.began} by ana)" for account in runs(engine)
    ]
    assert [(a.run, a.state, a.counts) for a in runs(engine)] == [
        (first, DONE, {"new": 2}),
        (second, DONE, {"new": 1, "before": 1}),
    ]
    new, before = parts(engine, second)
    assert new == {"new": ["made:c"]}
    assert before["before"]["made:a"] == record("a").to_dict()


def test_a_run_that_changed_nothing_leaves_nothing(engine: Engine) -> None:
    """A feed that is asked every quarter of an hour mostly has nothing new."""
    store(engine, record("a"))
    store(engine, record("a"))

    assert (engine.count(RUN), engine.count(PART), engine.count(OPEN)) == (1, 1, 0)


def test_names_of_runs_are_never_given_twice(engine: Engine) -> None:
    """Not even where the run before left nothing."""
    store(engine, record("a"))
    store(engine, record("a"))

    assert store(engine, record("b")) == "r000003"


def test_a_run_that_fails_is_closed_as_broken_off(engine: Engine) -> None:
    """What it stored before stays, and can be undone."""
    with suppress(ZeroDivisionError), begin_run(engine, "ingest made.ris") as run:
        ingested(engine, run, [record("a")])
        raise ZeroDivisionError

    assert [(a.state, a.counts) for a in runs(engine)] == [(BROKE_OFF, {"new": 1})]
    taken_back(engine, run.run)
    assert state(engine) == {}


def test_a_run_in_hand_is_running_and_cannot_be_undone(engine: Engine) -> None:
    """Another that begins beside it leaves it open."""
    with begin_run(engine, "ingest made.ris") as run:
        ingested(engine, run, [record("a")])
        other = store(engine, record("b"))
        assert {a.run: a.state for a in runs(engine)} == {run.run: RUNNING, other: DONE}
        with pytest.raises(CannotUndo, match="has not ended"):
            taken_back(engine, run.run)


def test_entries_of_the_queue_say_which_run_put_their_records(engine: Engine) -> None:
    """Old entries, which have no run in their names, are of none."""
    run = store(engine, record("a"))

    assert [queued_by(name) for name, _ in engine.documents(PENDING)] == [(run,)]
    assert [queued_by(name) for name in queue_entries(["made:a"])] == [()]
    assert queued_by("x") == ()


def test_entries_of_the_queue_stay_in_the_order_of_time() -> None:
    """Whatever run they are of."""
    names = [name for run in ("r000009", "", "r000001") for name in queue_entries(["a"], run)]

    assert sorted(names) == names


def test_taken_back_removes_what_came_and_puts_back_what_was_there(engine: Engine) -> None:
    """New, updated and deleted records and lifted tombstones alike; dates do not matter."""
    store(
        engine,
        record("a", updated="2026-01-01"),
        record("b"),
        record("c", updated="2026-01-01", deleted=True),
    )
    before = state(engine)
    run = store(
        engine,
        record("a", "Eels again", "2026-02-01"),
        record("b", deleted=True),
        record("c", "Eels are back", "2026-02-01"),
        record("d"),
        record("e", deleted=True),
    )
    after = state(engine)

    undo = taken_back(engine, run)

    assert state(engine) == before
    assert len(before) == 3
    assert len(after) == 5
    assert (undo.undoes, undo.state) == (run, DONE)
    assert (undo.run, run) in {queued_by(name) for name, _ in engine.documents(PENDING)}

    taken_back(engine, undo.run)

    assert state(engine) == after


def test_undone_twice_is_refused_and_brought_back_by_an_undo_of_the_undo(engine: Engine) -> None:
    """The message names the undo."""
    run = store(engine, record("a"))
    undo = taken_back(engine, run)

    with pytest.raises(CannotUndo, match=f"undone already, by {undo.run}"):
        taken_back(engine, run)

    again = taken_back(engine, undo.run)
    undone = {account.run: account.undone_by for account in runs(engine)}
    assert undone == {run: "", undo.run: again.run, again.run: ""}
    taken_back(engine, run)
    assert state(engine) == {}


def test_a_later_run_on_the_same_record_stands_in_the_way_until_it_is_undone(
    engine: Engine,
) -> None:
    """It is named, with the records; what it did to other records does not matter."""
    first = store(engine, record("a"), record("b"))
    store(engine, record("c"), command="ingest other.ris")
    later = store(engine, record("a", "Eels again"), command="harvest made")

    with pytest.raises(CannotUndo, match=rf"{later} \(harvest made, .* by ana\).* made:a;"):
        taken_back(engine, first)

    taken_back(engine, later)
    taken_back(engine, first)
    assert set(state(engine)) == {"made:c"}


def test_a_record_that_a_run_changed_twice_comes_back_as_it_was_first(engine: Engine) -> None:
    """One harvest may hold two versions of a record on two pages."""
    store(engine, record("a", "First"))
    before = state(engine)
    with begin_run(engine, "harvest made") as run:
        for title in ("Second", "Third"):
            ingested(engine, run, [record("a", title), record("b", title)])
        ingested(engine, run, [record("a", "Fourth"), record("a", "Fifth")])

    assert changes_of(engine, run.run).replaced == ("made:a",)
    taken_back(engine, run.run)
    assert state(engine) == before


def test_a_name_that_no_run_has_is_refused_with_those_there_are(engine: Engine) -> None:
    """So that a slip is seen at once."""
    with pytest.raises(NoSuchRun, match="nothing was stored by any"):
        taken_back(engine, "r000009")
    run = store(engine, record("a"))
    with pytest.raises(NoSuchRun, match=f"the last are {run}"):
        taken_back(engine, "r000009")


def test_a_run_of_thousands_of_records_is_noted_in_parts(engine: Engine) -> None:
    """No document holds more than 250 of them."""
    many = [record(f"{number}", f"Eels {number}") for number in range(600)]
    run = store(engine, *many)

    assert [len(part["new"]) for part in parts(engine, run)] == [250, 250, 100]
    taken_back(engine, run)
    assert list(engine.scan()) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    histories=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("abcd"),
                st.sampled_from(["Eels", "Trout", "Carp"]),
                st.sampled_from(["", "2026-01-01", "2026-02-01"]),
                st.booleans(),
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_runs_taken_back_last_first_leave_every_state_they_found(
    histories: list[list[tuple[str, str, str, bool]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was put in whatever order; and each undo taken back brings it forth again."""
    engine = EmbeddedEngine(str(tmp_path_factory.mktemp("runs") / "index"))
    states, names = [state(engine)], []
    for history in histories:
        put = [record(name, title, date, deleted=gone) for name, title, date, gone in history]
        names.append(store(engine, *put))
        states.append(state(engine))
    known = {account.run for account in runs(engine)}  # others changed nothing
    for at in reversed(range(len(histories))):
        if names[at] not in known:
            assert states[at] == states[at + 1]
            continue
        undo = taken_back(engine, names[at])
        assert state(engine) == states[at]
        again = taken_back(engine, undo.run)
        assert state(engine) == states[at + 1]
        taken_back(engine, again.run)
        assert state(engine) == states[at]
    engine.close()


@pytest.mark.parametrize("point", ["within-put", "after-put"])
def test_a_run_that_was_killed_is_closed_by_the_next_and_can_be_undone(
    point: str, tmp_path: Path
) -> None:
    """What its last whole step stored is noted; of a step that was not committed nothing is."""
    rows = [record(f"{number}", f"Eels {number}") for number in range(30)]
    feed = tmp_path / "made.jsonl"
    feed.write_bytes(b"".join(one.to_json() + b"\n" for one in rows))
    index = tmp_path / "index"
    killed = subprocess.run(
        [sys.executable, "-m", "samework.cli", "ingest", feed, "--index", index, "--batch", "10"],
        env={**os.environ, "SAMEWORK_DIE_AT": f"{point}:2", BY: "ana"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    engine = EmbeddedEngine(str(index))
    there = {one.record_id for one in engine.scan()}
    assert [account.state for account in runs(engine)] == [RUNNING]

    other = store(engine, record("other"))

    first, second = runs(engine)
    assert (first.state, first.by, first.counts) == (KILLED, "ana", {"new": len(there)})
    assert second.run == other
    taken_back(engine, first.run)
    assert [one.record_id for one in engine.scan()] == ["made:other"]
    engine.close()


def test_an_undo_that_was_killed_is_gone_on_with(engine: Engine) -> None:
    """Where the engine has no transactions half of it may be done; the whole can be undone."""
    run = store(engine, record("a"), record("b", deleted=True))
    after = state(engine)
    killed = begin_undo(engine, run)
    killed.note({"new": [], "before": {"made:a": record("a").to_dict()}})
    engine.delete(["made:a"])
    killed.end(KILLED)

    undo = taken_back(engine, run)

    assert undo.run == killed.run
    assert state(engine) == {}
    taken_back(engine, undo.run)
    assert state(engine) == after


def test_who_gives_commands_is_told_or_is_who_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared account names who sits at it."""
    monkeypatch.setenv(BY, " ana ")
    assert person() == "ana"
    monkeypatch.delenv(BY)
    monkeypatch.setenv("LOGNAME", "ben")
    assert person() == "ben"
