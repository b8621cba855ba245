"""Re-index: readers see the old keys or the new, and nothing written meanwhile is lost."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from indexer.errors import BackendBusy, BackendError, BackendOutOfDate
from indexer.fields import fields_of
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting import reindex as steps
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Record
from tests.made_records import made_collection


def put(engine: Engine, records: list[Record]) -> None:
    engine.put(records, keys_of([fields_of(one) for one in records]))


def pairs_of(engine: Engine, epoch: Epoch) -> set[tuple[str, str, tuple[str, ...]]]:
    return {pair for batch in engine.all_pairs(epoch) for pair in batch}


def asked(engine: Engine, records: list[Record], epoch: Epoch) -> set[tuple[str, str]]:
    found = engine.candidates(keys_of([fields_of(one) for one in records]), epoch)
    return {(left, right) for left, right, _ in found}


def test_reindexed_answers_as_before(engine: Engine) -> None:
    """With the same release, a re-index changes nothing that can be asked."""
    records = made_collection(1, 60)
    put(engine, records)
    engine.make_visible()
    epoch = engine.learn(1)
    before = pairs_of(engine, epoch), asked(engine, records, epoch)

    done = steps.reindex(engine)

    assert done.records == len(records)
    assert (pairs_of(engine, epoch), asked(engine, records, epoch)) == before


def test_written_during_the_build_is_in_both(engine: Engine) -> None:
    """Writers go on; the swap catches up with new, changed and deleted records."""
    records = made_collection(2, 40)
    late, records = records[:5], records[5:]
    put(engine, records)
    build = engine.begin_build()
    steps.catch_up(build)
    put(engine, late)
    put(engine, [dataclasses.replace(records[0], title="A title that changed meanwhile")])
    engine.delete([records[1].record_id])

    build.swap(steps.keyed)

    epoch = engine.learn(1)
    stored = list(engine.scan())
    assert len(stored) == len(records) + len(late) - 1
    everything = {(left, right) for left, right, _ in pairs_of(engine, epoch)}
    assert everything == asked(engine, stored, epoch)


def test_killed_build_goes_on_where_it_ended(engine: Engine) -> None:
    """A build begun again lacks only what it had not added."""
    records = made_collection(3, 40)
    put(engine, records)
    first = engine.begin_build()
    some = first.missing(10)
    first.add(some, steps.keyed(some))

    again = engine.begin_build()

    assert len(again.missing(1000)) == len(records) - 10
    assert again.counts() == (len(records), 10)


def test_incomplete_build_is_never_put_in_use(tmp_path: Path) -> None:
    """Counts are compared within the swap; a build that lacks a record is refused."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    records = made_collection(4, 20)
    put(engine, records)
    build = engine.begin_build()
    steps.catch_up(build)
    engine._database.connection.execute("DELETE FROM keys_2 WHERE seq = 1")

    with pytest.raises(BackendError, match="nothing was swapped"):
        build.swap(steps.keyed)

    assert engine.learn(1).records == len(records)


def test_rolled_back_index_holds_what_was_put_since(engine: Engine) -> None:
    """Going back must not lose a night's records."""
    records = made_collection(5, 30)
    put(engine, records[:-5])
    steps.reindex(engine)
    put(engine, records[-5:])

    engine.roll_back()

    epoch = engine.learn(1)
    everything = {(left, right) for left, right, _ in pairs_of(engine, epoch)}
    assert epoch.records == len(records)
    assert everything == asked(engine, records, epoch)
    with pytest.raises(BackendError, match="no earlier keys"):
        engine.roll_back()


def test_index_of_other_keys_is_refused_with_the_command_that_helps(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys of two releases never meet; the message says what to run, and it helps."""
    put(engine, made_collection(6, 10))
    for module in ("index", "build", "engine"):
        monkeypatch.setattr(f"indexer.index.embedded.{module}.keys_version", lambda: "keys-next")
    monkeypatch.setattr("indexer.keys.version", lambda: "keys-next")

    with pytest.raises(BackendOutOfDate, match="samework reindex"):
        engine.learn(1)

    steps.reindex(engine)
    assert engine.learn(1).records == len(list(engine.scan()))


def test_two_reindexers_never_run_at_once(engine: Engine) -> None:
    """A lease keeps them apart."""
    put(engine, made_collection(7, 10))

    with (
        engine.lease(steps.LEASE, 60),
        pytest.raises(BackendBusy, match="reindex"),
    ):
        steps.reindex(engine)


def test_plan_tells_how_long_and_does_nothing(engine: Engine) -> None:
    """`--plan` is for deciding when to run it."""
    put(engine, made_collection(8, 20))

    planned = steps.plan(engine)

    assert planned.records == len(list(engine.scan()))
    assert planned.seconds > 0
    assert planned.bytes == engine.totals().bytes
    assert (planned.reasons, planned.built) == ((), 0)
    assert engine.unfinished_build() is None
