"""What the OpenSearch engine promises beyond the contract: scale, order, agreement, refusals."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from indexer import keys as keys_module
from indexer.errors import BackendBusy, BackendError, BackendOutOfDate, BackendUnavailable
from indexer.fields import fields_of
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opensearch import OpenSearchEngine, candidates, open_opensearch
from indexer.index.opensearch.location import Location
from indexer.index.opensearch.mapping import records_body
from indexer.keys import keys_of
from indexer.records import Author, Record
from tests.made_records import made_collection
from tests.opensearch_node.proxies import Answer, Proxy, Request
from tests.test_backend_contract import asked_one_by_one, pair_set, put

OpenEngine = Callable[[], OpenSearchEngine]


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


def made(number: int, title: str = "", **rest: object) -> Record:
    name = f"made:{number}"
    return Record(record_id=name, title=title or f"Made title {number}", **rest)  # type: ignore[arg-type]


def test_both_engines_give_the_same_candidates(open_engine: OpenEngine, tmp_path: Path) -> None:
    """One rule over keys and an epoch: deletions, shards and their counts do not come into it."""
    engines: list[Engine] = [open_engine(), EmbeddedEngine(str(tmp_path / "index"))]
    records = made_collection(11, 300)
    for engine in engines:
        put(engine, *records)
        engine.delete([one.record_id for one in records[::7]])
        engine.make_visible()
    ours, theirs = engines
    epoch = ours.learn(1)
    stored = list(ours.scan())

    assert epoch.to_bytes() == theirs.learn(1).to_bytes()
    assert stored == list(theirs.scan())
    everything = pair_set(ours, epoch)
    assert everything == pair_set(theirs, epoch)
    assert everything == asked_one_by_one(ours, stored, epoch, step=40)


def test_candidates_beyond_one_answer_are_paged_to_the_end(
    open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit on hits would make A find B and not B find A."""
    engine = open_engine()
    records = made_collection(12, 150)
    put(engine, *records)
    engine.make_visible()
    epoch = engine.learn(1)
    whole = asked_one_by_one(engine, records, epoch, step=50)

    monkeypatch.setattr(candidates, "HITS", 3)

    assert asked_one_by_one(engine, records, epoch, step=50) == whole


def test_hostile_values_are_stored_and_found(open_engine: OpenEngine) -> None:
    """Ids of 4 kB, query syntax, NUL, bidi, a title of 5,000 words, 10,000 authors."""
    engine = open_engine()
    words = " ".join(f"wort{number}" for number in range(5_000))
    hostile = [
        Record(record_id="made:" + "x" * 4_000, title="A title with a long identifier"),
        Record(record_id='made:"*:*" OR _exists_:id\\', title='"romanian" AND (* OR _exists_:id)'),
        Record(record_id="made:\x00nul\u202e", title="A title\x00 with \u202eNUL and bidi"),
        Record(record_id="made:words", title=words),
        Record(
            record_id="made:authors", authors=tuple(Author(name=f"N{n} A") for n in range(10**4))
        ),
    ]
    again = [dataclasses.replace(one, record_id=f"again:{n}") for n, one in enumerate(hostile)]

    put(engine, *hostile)
    engine.make_visible()
    epoch = engine.learn(1)

    assert engine.get([one.record_id for one in hostile]) == {r.record_id: r for r in hostile}
    asked = keys_of([fields_of(one) for one in again])
    found = {
        left if right.startswith("again") else right
        for left, right, _ in engine.candidates(asked, epoch)
    }
    assert {one.record_id for one in hostile[:4]} <= found


def test_two_writers_of_the_same_records_count_each_once(open_engine: OpenEngine) -> None:
    """The same page may be delivered to two machines at once; the counts still close."""
    first, second = open_engine(), open_engine()
    records = [made(number) for number in range(1_500)]
    keys = keys_of([fields_of(one) for one in records])

    with ThreadPoolExecutor(2) as both:
        counts = list(both.map(lambda engine: engine.put(records, keys), (first, second)))

    assert sum(one.new for one in counts) == len(records)
    assert sum(one.unchanged for one in counts) == len(records)
    assert first.totals().records == len(records)


def test_newer_version_wins_whichever_writer_comes_last(open_engine: OpenEngine) -> None:
    """Versions raced by four writers end as if they had come one after another."""
    versions = [
        [made(n, f"Version {day}", updated=f"2024-05-{day:02d}") for n in range(40)]
        for day in range(1, 9)
    ]
    engines = [open_engine() for _ in range(4)]

    def write(number: int) -> None:
        put(engines[number % 4], *versions[number])

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(8)))

    assert {one.title for one in engines[0].scan()} == {"Version 8"}


def test_deliveries_of_one_record_in_one_batch_are_judged_in_order(open_engine: OpenEngine) -> None:
    """A page may hold a record, its correction and an old copy of it."""
    engine = open_engine()
    page = [
        made(1, "First", updated="2024-05-01"),
        made(1, "Third", updated="2024-05-03"),
        made(1, "Second", updated="2024-05-02"),
        made(1, "Third", updated="2024-05-03"),
    ]

    counts = engine.put(page, keys_of([fields_of(one) for one in page]))

    assert (counts.new, counts.updated, counts.older, counts.unchanged) == (1, 1, 1, 1)
    assert engine.get(["made:1"])["made:1"].title == "Third"


def test_record_taken_out_can_be_put_again_as_an_older_version(open_engine: OpenEngine) -> None:
    """`delete` forgets the version too, unlike a feed's own word that a record is gone."""
    engine = open_engine()
    put(engine, made(1, updated="2024-05-02"))

    assert engine.delete(["made:1", "made:2"]) == 1
    assert engine.delete(["made:1"]) == 0
    counts = engine.put([made(1, updated="2024-05-01")], keys_of([fields_of(made(1))]))

    assert counts.new == 1


def test_log_of_many_writers_has_no_gap_and_loses_nothing(open_engine: OpenEngine) -> None:
    """Events are numbered by all writers together; a cursor must not jump over one."""
    engines = [open_engine() for _ in range(4)]

    def append(writer: int) -> list[int]:
        return [engines[writer].append([b"%d-%d" % (writer, n), b"second"]) for n in range(8)]

    with ThreadPoolExecutor(4) as writers:
        ends = [end for each in writers.map(append, range(4)) for end in each]

    entries = list(engines[0].log())
    assert [number for number, _ in entries] == list(range(1, 65))
    assert sorted(ends) == list(range(2, 65, 2))
    firsts = [body for _, body in entries if body != b"second"]
    assert sorted(firsts) == sorted(b"%d-%d" % (w, n) for w in range(4) for n in range(8))
    assert engines[0].append([]) == 64


def test_lease_is_renewed_for_as_long_as_its_block_runs(open_engine: OpenEngine) -> None:
    """A re-index takes longer than any lease that should lapse soon after a death."""
    first, second = open_engine(), open_engine()
    with first.lease("reindex", 1.0):
        time.sleep(2.5)
        with pytest.raises(BackendBusy, match="held by"), second.lease("reindex", 1.0):
            pass


def test_holder_that_lost_its_lease_is_told(open_engine: OpenEngine) -> None:
    """After a long pause another may have taken over: what followed is not to be trusted."""
    first, second = open_engine(), open_engine()
    held = first.lease("reindex", 1.2)
    held.__enter__()
    second.remove("lease", ["reindex"])
    with second.lease("reindex", 60):
        time.sleep(1.2)

    with pytest.raises(BackendBusy, match="taken over"):
        held.__exit__(None, None, None)


def test_index_of_other_keys_is_refused_with_the_command_that_helps(
    open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys of two versions never meet: candidates would be missed in silence."""
    engine = open_engine()
    put(engine, made(1))
    monkeypatch.setattr(keys_module, "version", lambda: "keys-0 of another release")

    for use in (lambda: put(engine, made(2)), lambda: engine.learn(1)):
        with pytest.raises(BackendOutOfDate, match="samework reindex"):
            use()
    assert list(engine.get(["made:1"])) == ["made:1"]


def test_index_that_is_not_there_is_not_made_by_a_reader(opensearch_url: str) -> None:
    """A typing error in --index must not leave an empty index behind."""
    with pytest.raises(BackendUnavailable, match="there is no index"):
        open_opensearch(f"{opensearch_url}/samework-test-nowhere", create=False)

    listed = httpx.get(f"{opensearch_url}/_cat/indices/samework-test-nowhere*", trust_env=False)
    assert listed.text == ""


def test_two_processes_that_begin_at_once_make_one_index(open_engine: OpenEngine) -> None:
    """The index and its alias come into being in one request."""
    with ThreadPoolExecutor(4) as starters:
        engines = list(starters.map(lambda _: open_engine(), range(4)))

    put(engines[0], made(1))
    assert [list(one.get(["made:1"])) for one in engines] == [["made:1"]] * 4


def test_nothing_but_the_mapping_is_indexed(
    open_engine: OpenEngine, opensearch_url: str, opensearch_prefix: str
) -> None:
    """A feed's fields must not grow the mapping: that is how clusters die."""
    engine = open_engine()
    put(engine, made(1, versions=({"anything": {"at": "all"}},)))
    url = f"{opensearch_url}/{opensearch_prefix}-records/_mapping"

    (index,) = httpx.get(url, trust_env=False).json().values()

    wanted = records_body(1, "")["mappings"]["properties"]
    assert set(index["mappings"]["properties"]) == set(wanted)


@pytest.mark.parametrize(
    ("version", "complaint"),
    [
        (b'{"version": {"distribution": "opensearch", "number": "1.3.20"}}', "opensearch 1.3.20"),
        (b'{"version": {"number": "8.1.0"}}', "no OpenSearch 8.1.0"),
        (b"<html>welcome</html>", "no OpenSearch"),
    ],
)
def test_cluster_of_another_kind_is_refused(version: bytes, complaint: str) -> None:
    """Points in time came with 2.4; an older one would fail in the middle of a run."""

    class Other(Proxy):
        def answer(self, request: Request) -> Answer:
            return Answer(200, version)

    with (
        Other("http://127.0.0.1:1") as server,
        pytest.raises(BackendError, match=complaint) as refusal,
    ):
        open_opensearch(f"{server.url}/papers")

    assert "2.4" in str(refusal.value)


def test_reader_within_a_scan_sees_one_state(open_engine: OpenEngine) -> None:
    """A scan goes on over the state it began with, whatever is written meanwhile."""
    engine = open_engine()
    put(engine, *(made(number) for number in range(30)))
    scan = engine.scan()
    first = next(scan)

    worker = threading.Thread(target=lambda: engine.delete([f"made:{n}" for n in range(30)]))
    worker.start()
    worker.join()
    engine.make_visible()

    assert len([first, *scan]) == 30
    assert list(engine.scan()) == []
