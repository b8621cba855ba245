"""Re-index on OpenSearch: under readers and writers, killed, and back again."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from indexer.errors import BackendOutOfDate, BackendUnavailable
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from indexer.ingesting import reindex as steps
from indexer.keys import version as keys_version
from indexer.keys.epoch import Epoch
from indexer.records import Record
from tests.made_records import made_collection

OpenEngine = Callable[[], OpenSearchEngine]

RUN = """
import sys
from indexer.ingesting import reindex
from indexer.index.opensearch import open_opensearch
reindex.BATCH = 50
reindex.reindex(open_opensearch(sys.argv[1]))
"""


@pytest.fixture
def open_engine(opensearch_url: str, opensearch_prefix: str) -> Iterator[OpenEngine]:
    """Opens an index of three shards; each call opens the same one once more."""
    opened: list[OpenSearchEngine] = []
    location = Location.parse(f"{opensearch_url}/{opensearch_prefix}", {})

    def make() -> OpenSearchEngine:
        opened.append(OpenSearchEngine(dataclasses.replace(location, shards=3)))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


def put(engine: OpenSearchEngine, *records: Record) -> None:
    engine.put(records, steps.keyed(records))


def made(number: int, **rest: object) -> Record:
    return Record(record_id=f"made:{number}", title=f"Made title {number}", **rest)  # type: ignore[arg-type]


def test_readers_and_writers_go_on_through_a_reindex(open_engine: OpenEngine) -> None:
    """Each reader's answer is the old index's or the new one's, and no writer loses a record."""
    engine, reading, writing = (open_engine() for _ in range(3))
    records = made_collection(21, 200)
    put(engine, *records)
    engine.make_visible()
    asked = steps.keyed(records[:20])
    whole = set(engine.candidates(asked, Epoch.empty()))
    ended = threading.Event()
    answers: list[bool] = []
    written: list[int] = []
    faults: list[BaseException] = []

    def read() -> None:
        while not ended.is_set():
            found = set(reading.candidates(asked, Epoch.empty()))
            answers.append(found >= whole)

    def write() -> None:
        while not ended.is_set():
            number = 10_000 + len(written)
            put(writing, made(number))
            written.append(number)

    def watched(step: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                step()
            except BaseException as fault:
                faults.append(fault)

        return run

    threads = [threading.Thread(target=watched(step)) for step in (read, write)]
    for thread in threads:
        thread.start()
    done = [steps.reindex(engine).records for _ in range(2)]
    ended.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert all(answers)
    assert len(answers) > 2
    assert len(written) > 2
    assert done[0] >= len(records)
    stored = {one.record_id for one in engine.scan()}
    assert {f"made:{number}" for number in written} <= stored
    assert engine.learn(1).records == len(stored)


@pytest.mark.parametrize("point", ["within-build:2", "after-build", "after-verify", "after-swap"])
def test_killed_reindex_ends_in_the_same_index_when_run_again(
    open_engine: OpenEngine, point: str
) -> None:
    """kill -9 and the same command again: nothing is lost, nobody stays locked out."""
    engine = open_engine()
    records = made_collection(22, 200)
    put(engine, *records)
    command = [sys.executable, "-c", RUN, engine.location]

    killed = subprocess.run(command, env={**os.environ, "SAMEWORK_DIE_AT": point})
    put(engine, made(20_000))
    again = subprocess.run(command, env=os.environ)

    assert (killed.returncode, again.returncode) == (-signal.SIGKILL, 0)
    stored = [one.record_id for one in engine.scan()]
    assert sorted(stored) == sorted({*(one.record_id for one in records), "made:20000"})
    assert engine.learn(1).records == len(stored)


def test_writer_opens_what_a_killed_swap_left_closed(open_engine: OpenEngine) -> None:
    """Between closing the old index and turning the aliases there is a moment to die in."""
    engine = open_engine()
    put(engine, made(1))
    engine._client.patience = 1.0
    engine._indices.block(engine._indices.names.records)

    with engine.lease("reindex", 60), pytest.raises(BackendUnavailable, match="re-index"):
        put(engine, made(2))
    put(engine, made(2))

    assert set(engine.get(["made:1", "made:2"])) == {"made:1", "made:2"}


def test_what_was_deleted_stays_deleted_behind_a_swap(open_engine: OpenEngine) -> None:
    """A tombstone goes along, so an older page of the feed still lifts nothing."""
    engine = open_engine()
    put(engine, *(made(n, updated="2024-05-01") for n in range(20)))
    build = engine.begin_build()
    steps.catch_up(build)
    put(engine, made(1, updated="2024-05-03", deleted=True))
    engine.delete(["made:2"])

    build.swap(steps.keyed)
    put(engine, made(1, updated="2024-05-02"))

    assert engine.get(["made:1", "made:2"]) == {}
    assert engine.totals().records == 18


def test_index_of_another_release_can_be_gone_back_to(
    open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records put since are in it; their keys that release must make."""
    engine = open_engine()
    put(engine, *(made(n) for n in range(10)))
    earlier = keys_version()
    monkeypatch.setattr("indexer.keys.version", lambda: "keys-next")
    with pytest.raises(BackendOutOfDate):
        engine.learn(1)
    steps.reindex(engine)
    put(engine, made(10))

    assert engine.roll_back() == earlier

    with pytest.raises(BackendOutOfDate):
        engine.learn(1)
    monkeypatch.undo()
    assert len(list(engine.scan())) == 11
    steps.reindex(engine)
    assert engine.learn(1).records == 11


def test_reader_that_goes_on_refuses_the_index_that_another_release_put_in_use(
    open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an index was made with is asked once; which index answers, every time."""
    engine, other = open_engine(), open_engine()
    put(engine, *(made(n) for n in range(10)))
    engine.make_visible()
    asked = steps.keyed([made(3), made(4)])
    assert len(engine.candidates(asked, Epoch.empty()))
    assert not len(engine.candidates(steps.keyed([]), Epoch.empty()))

    monkeypatch.setattr("indexer.keys.version", lambda: "keys-next")
    steps.reindex(other)
    other.make_visible()
    monkeypatch.undo()

    with pytest.raises(BackendOutOfDate):
        engine.candidates(asked, Epoch.empty())


def test_unfinished_build_of_another_release_is_begun_anew(
    open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an index of one release and half of another would be worse than none."""
    engine = open_engine()
    put(engine, *(made(n) for n in range(10)))
    monkeypatch.setattr("indexer.keys.version", lambda: "keys-next")
    unfinished = engine.begin_build()
    unfinished.add(unfinished.missing(5), steps.keyed([made(n) for n in range(10)]))
    monkeypatch.undo()

    build = engine.begin_build()

    assert build.counts() == (10, 0)
    build.discard()
    assert engine.learn(1).records == 10


def test_index_of_an_older_mapping_is_refused_until_it_is_made_anew(
    open_engine: OpenEngine, opensearch_url: str, opensearch_prefix: str
) -> None:
    """Without the field of title words a question would find nothing, and say nothing of it."""
    engine = open_engine()
    put(engine, made(1))
    url = f"{opensearch_url}/{opensearch_prefix}-records/_mapping"
    older = {"_meta": {"mapping": 1, "keys": keys_version()}}
    httpx.put(url, json=older, trust_env=False).raise_for_status()

    for use in (
        lambda: put(engine, made(2)),
        lambda: engine.ranked([1], Epoch.empty(), 1),
        lambda: engine.candidates(steps.keyed([]), Epoch.empty()),
    ):
        with pytest.raises(BackendOutOfDate, match=r"mapping 1.*mapping 2.*samework reindex"):
            use()
    steps.reindex(engine)
    put(engine, made(2))

    assert engine.totals().records == 2
