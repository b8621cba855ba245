"""OpenSearch in trouble: what is refused, lost, slow, full, dead or not who it says it is."""

from __future__ import annotations

import dataclasses
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, takewhile
from pathlib import Path

import httpx
import pytest
import trustme

from indexer.errors import BackendError, BackendUnavailable
from indexer.fields import fields_of
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch import client as client_module
from indexer.index.opensearch.location import Location
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Record
from tests.made_records import made_collection
from tests.opensearch_node.fixtures import StartCluster, StartNode
from tests.opensearch_node.node import Node
from tests.opensearch_node.proxies import FaultProxy, Faults, TlsProxy

OpenAt = Callable[..., OpenSearchEngine]


@pytest.fixture
def open_at() -> Iterator[OpenAt]:
    """Opens the engine at an address, with as much patience as a test has."""
    opened: list[OpenSearchEngine] = []

    def make(url: str, patience: float = 30.0, **settings: object) -> OpenSearchEngine:
        location = dataclasses.replace(Location.parse(url, {}), **settings)  # type: ignore[arg-type]
        engine = OpenSearchEngine(location)
        engine._client.patience = patience
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.close()


def records_of(number: int) -> list[Record]:
    return [Record(record_id=f"made:{n}", title=f"Made title {n}") for n in range(number)]


def put(engine: OpenSearchEngine, records: list[Record]) -> int:
    return engine.put(records, keys_of([fields_of(one) for one in records])).new


def test_storm_of_refusals_and_lost_answers_loses_and_doubles_nothing(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt
) -> None:
    """Every third item refused, requests refused and cut: the counts are those of a calm day."""
    records = records_of(600)
    storm = Faults(refused=0.2, lost=0.2, items=0.3, only="_bulk", retry_after="0.1", seed=3)
    with FaultProxy(opensearch_url, storm) as proxy:
        engine = open_at(f"{proxy.url}/{opensearch_prefix}")
        counts = engine.put(records, keys_of([fields_of(one) for one in records]))
        numbers = [engine.append([b"entry %d" % n]) for n in range(10)]
        engine.write("work", {"w1": b"one"}, {"w1": 0})

    assert proxy.counts["lost"]
    assert proxy.counts["items refused"]
    assert (counts.new, counts.unchanged) == (600, 0)
    assert engine.totals().records == 600
    assert numbers == list(range(1, 11))


def test_busy_searches_are_asked_again(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt
) -> None:
    """A query that a full queue refused is not an empty answer."""
    records = made_collection(4, 60)
    with FaultProxy(opensearch_url, Faults()) as proxy:
        engine = open_at(f"{proxy.url}/{opensearch_prefix}")
        put(engine, records)
        engine.make_visible()
        calm = engine.learn(1)
        whole = len(engine.candidates(keys_of([fields_of(one) for one in records]), calm))
        proxy.faults = Faults(refused=0.5, lost=0.2, seed=5)

        assert len(engine.candidates(keys_of([fields_of(one) for one in records]), calm)) == whole
        assert engine.learn(1).to_bytes() == calm.to_bytes()


def test_reads_that_met_a_node_just_dead_are_made_again(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt
) -> None:
    """Until the cluster has noticed, other nodes pass searches on to the dead one."""
    records = made_collection(4, 60)
    keys = keys_of([fields_of(one) for one in records])
    with FaultProxy(opensearch_url, Faults()) as proxy:
        engine = open_at(f"{proxy.url}/{opensearch_prefix}")
        put(engine, records)
        engine.make_visible()
        epoch = engine.learn(1)
        whole = list(engine.candidates(keys, epoch))
        proxy.faults = Faults(departed=0.3, seed=7)

        assert list(engine.candidates(keys, epoch)) == whole
        assert len(engine.get([one.record_id for one in records])) == len(records)
        assert len(list(engine.all_pairs(epoch))) > 0
        assert len(list(engine.scan())) == len(records)
    assert proxy.counts["departed"]


def test_patience_ends_with_what_was_expected(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt
) -> None:
    """A cluster that refuses for ever must end a run, not hang it."""
    with FaultProxy(opensearch_url, Faults()) as proxy:
        engine = open_at(f"{proxy.url}/{opensearch_prefix}", patience=1.0)
        proxy.faults = Faults(refused=1.0, statuses=(429,), only="_bulk")
        with pytest.raises(BackendUnavailable, match=r"429.*samework doctor"):
            put(engine, records_of(3))
        proxy.faults = Faults(items=1.0)
        with pytest.raises(BackendUnavailable, match="refused 3 documents"):
            put(engine, records_of(3))
        proxy.faults = Faults()

        assert put(engine, records_of(3)) == 3


def test_nobody_there_is_said_soon() -> None:
    """A wrong port is a typing error, not something to wait a minute for."""
    began = time.monotonic()

    with pytest.raises(BackendUnavailable, match=r"no answer.*expected a running OpenSearch"):
        OpenSearchEngine(Location.parse("http://127.0.0.1:9/papers", {}))

    assert time.monotonic() - began < 10


def test_silent_node_is_given_up_and_found_again(
    start_node: StartNode, open_at: OpenAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that hangs keeps its connections: only a clock tells."""
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 1.0)
    node = start_node()
    engine = open_at(f"{node.url}/papers", patience=3.0)

    node.pause()
    with pytest.raises(BackendUnavailable, match="timed out"):
        put(engine, records_of(3))
    node.resume()
    engine._client.patience = 30.0

    put(engine, records_of(3))
    assert engine.totals().records == 3


def test_full_disk_is_a_clear_error_and_ends_with_its_cause(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt
) -> None:
    """The flood-stage block of a full disk is lifted by the node itself when there is room."""
    engine = open_at(f"{opensearch_url}/{opensearch_prefix}", patience=2.0)
    url = f"{opensearch_url}/{opensearch_prefix}-records/_settings"
    block = {"index.blocks.read_only_allow_delete": True}
    httpx.put(url, json=block, trust_env=False).raise_for_status()

    with pytest.raises(BackendError, match="free disk space"):
        put(engine, records_of(3))
    assert engine.get(["made:1"]) == {}
    lifted = {"index.blocks.read_only_allow_delete": None}
    httpx.put(url, json=lifted, trust_env=False).raise_for_status()

    assert put(engine, records_of(3)) == 3


def test_password_authority_and_path_of_a_gateway_are_used(
    opensearch_url: str, opensearch_prefix: str, open_at: OpenAt, tmp_path: Path
) -> None:
    """TLS by one's own authority, basic authentication, the API behind a path."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    trusted = {"user": "wörter", "authority": str(tmp_path / "ca.pem")}

    with TlsProxy(opensearch_url, server, "wörter", "geheim", path="/search") as proxy:
        url = f"{proxy.url}/{opensearch_prefix}"
        engine = open_at(url, **trusted, password="geheim")
        assert put(engine, records_of(3)) == 3

        with pytest.raises(BackendError, match="SAMEWORK_OPENSEARCH_PASSWORD") as refusal:
            open_at(url, **trusted, password="geraten")
        assert "geraten" not in str(refusal.value)
        with pytest.raises(BackendUnavailable, match="SAMEWORK_OPENSEARCH_CA"):
            open_at(url, user="wörter", password="geheim")


def kill_and_ask(engine: OpenSearchEngine, node: Node) -> float:
    """Kill a node; the seconds until a search is answered by the others."""
    node.kill()
    began = time.monotonic()
    engine.ranked([1], Epoch.empty(), 1)
    return time.monotonic() - began


@contextmanager
def ingesting(engine: OpenSearchEngine) -> Iterator[list[str]]:
    """Put records all the time in a thread; the ids of those acknowledged, whole at the end."""
    acknowledged: list[str] = []
    ended = threading.Event()

    def ingest() -> None:
        for batch in takewhile(lambda _: not ended.is_set(), count()):
            records = [
                Record(record_id=f"made:{batch}-{n}", title=f"Made title {n}") for n in range(50)
            ]
            put(engine, records)
            acknowledged.extend(one.record_id for one in records)

    with ThreadPoolExecutor(1) as writer:
        written = writer.submit(ingest)
        try:
            yield acknowledged
        finally:
            ended.set()
        written.result()  # an error of the thread is one of the test


@pytest.mark.timeout(400)
def test_death_of_a_node_and_of_the_manager_loses_nothing_acknowledged(
    start_cluster: StartCluster, open_at: OpenAt
) -> None:
    """kill -9 during ingest and during queries: queries are back within ten seconds."""
    cluster = start_cluster()
    hosts = ",".join(url.removeprefix("http://") for url in cluster.urls)
    engine = open_at(f"http://{hosts}/papers", patience=60.0, shards=3)

    with ingesting(engine) as acknowledged:
        time.sleep(1.0)
        cluster.wait()
        manager = cluster.manager()
        back_after = [kill_and_ask(engine, manager)]
        manager.launch()
        cluster.wait()
        other = next(node for node in cluster.nodes if node is not cluster.manager())
        back_after.append(kill_and_ask(engine, other))
        cluster.wait(status="yellow")

    assert max(back_after) < 10
    found = engine.get(acknowledged)
    assert len(acknowledged) > 100
    assert set(acknowledged) == set(found)
    assert engine.totals().records == len(found)


def test_new_index_has_its_second_copy_before_the_first_record(
    start_cluster: StartCluster, open_at: OpenAt
) -> None:
    """Else a node that dies in the first second takes what was acknowledged with it."""
    cluster = start_cluster()

    open_at(f"{cluster.urls[0]}/papers", shards=3)
    url = f"{cluster.urls[0]}/_cat/shards/papers-*?format=json"
    copies = httpx.get(url, timeout=10, trust_env=False).json()

    assert {one["prirep"] for one in copies} == {"p", "r"}
    assert {one["state"] for one in copies} == {"STARTED"}
