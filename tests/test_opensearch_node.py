"""The tests' own OpenSearch: it starts, and survives what tests do to it."""

from __future__ import annotations

import json
import socket
import ssl
import time
from pathlib import Path

import httpx
import pytest
import trustme

from tests.opensearch_node import distribution
from tests.opensearch_node.fixtures import StartCluster, StartNode
from tests.opensearch_node.node import Node, free_ports
from tests.opensearch_node.proxies import FaultProxy, Faults, TlsProxy

TITLE = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"  # the seed case


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=60, trust_env=False)


def bulk_of(index: str, count: int) -> bytes:
    lines = []
    for number in range(count):
        lines.append(json.dumps({"index": {"_index": index, "_id": str(number)}}))
        lines.append(json.dumps({"title": TITLE}))
    return ("\n".join(lines) + "\n").encode()


def put_bulk(url: str, body: bytes) -> httpx.Response:
    with client(url) as http:
        return http.post("/_bulk", content=body, headers={"Content-Type": "application/x-ndjson"})


def test_the_shared_node_indexes_and_finds(opensearch_url: str, opensearch_prefix: str) -> None:
    """Everything else rests on this: a real index answers a real query."""
    with client(opensearch_url) as http:
        http.put(f"/{opensearch_prefix}").raise_for_status()
        http.put(f"/{opensearch_prefix}/_doc/1?refresh=true", json={"title": TITLE})
        found = http.post(
            f"/{opensearch_prefix}/_search", json={"query": {"match": {"title": "romanian"}}}
        ).json()

    assert found["hits"]["total"]["value"] == 1


def test_a_killed_node_comes_back_with_what_it_acknowledged(start_node: StartNode) -> None:
    """A kill -9 and restart in the same folder: tests of crash safety stand on it."""
    node = start_node()
    with client(node.url) as http:
        http.put("/kept/_doc/1", json={"title": TITLE}).raise_for_status()

    node.kill()
    gone = node.pid is None
    node.start()

    with client(node.url) as http:
        assert gone
        assert http.get("/kept/_doc/1").json()["_source"] == {"title": TITLE}


def test_a_paused_node_answers_nothing_until_it_goes_on(start_node: StartNode) -> None:
    """A silent node is not a dead one: the connection stands and nothing comes."""
    node = start_node()

    node.pause()
    with client(node.url) as http, pytest.raises(httpx.ReadTimeout):
        http.get("/", timeout=0.5)
    node.resume()

    with client(node.url) as http:
        assert http.get("/").status_code == 200


def test_a_node_of_another_process_is_found_by_its_folder(start_node: StartNode) -> None:
    """Workers of one run, and the next run after a crash, meet a node by its folder only."""
    node = start_node()

    found = Node.attach(node.folder)

    assert found.url == node.url
    assert found.pid == node.pid


def test_a_cluster_of_three_survives_the_death_of_its_manager(start_cluster: StartCluster) -> None:
    """The failure tests need a cluster that elects anew and takes snapshots."""
    cluster = start_cluster()
    first = cluster.manager()
    with client(first.url) as http:
        settings = {"number_of_shards": 3, "number_of_replicas": 1}
        http.put("/kept", json={"settings": settings}).raise_for_status()
        http.put("/kept/_doc/1?refresh=true", json={"title": TITLE}).raise_for_status()

    cluster.wait()  # until the replicas hold it too

    first.kill()
    began = time.monotonic()
    cluster.wait(status="yellow", seconds=60)
    survivor = cluster.manager()

    with client(survivor.url) as http:
        assert survivor.url != first.url
        assert http.get("/kept/_count").json()["count"] == 1
        place = {"type": "fs", "settings": {"location": str(survivor.repository)}}
        http.put("/_snapshot/kept", json=place).raise_for_status()
        taken = http.put("/_snapshot/kept/one?wait_for_completion=true").json()
        assert taken["snapshot"]["state"] == "SUCCESS", taken
    assert time.monotonic() - began < 60


def test_the_tls_proxy_wants_its_own_authority_and_password(opensearch_url: str) -> None:
    """A wrong CA, a missing password and a wrong path each fail in their own way."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    with TlsProxy(opensearch_url, server, "reader", "secret", path="/search") as proxy:
        with httpx.Client(verify=trusting, trust_env=False) as http:
            right = http.get(f"{proxy.url}/", auth=("reader", "secret"))
            wrong = http.get(f"{proxy.url}/", auth=("reader", "guess"))
            elsewhere = http.get(f"https://localhost:{proxy.port}/", auth=("reader", "secret"))
        with httpx.Client(trust_env=False) as stranger, pytest.raises(httpx.ConnectError):
            stranger.get(proxy.url)

    assert right.json()["version"]["number"].startswith("3.")
    assert [wrong.status_code, elsewhere.status_code] == [401, 404]


def test_the_fault_proxy_refuses_its_share(opensearch_url: str) -> None:
    """The share is drawn from a seed, so a storm is the same storm each time."""
    storm = Faults(refused=0.5, retry_after="1")
    with FaultProxy(opensearch_url, storm) as proxy, client(proxy.url) as http:
        answers = [http.get("/") for _ in range(40)]

    refused = [a for a in answers if a.status_code in (429, 503)]
    assert 10 < len(refused) < 30
    assert {a.headers["Retry-After"] for a in refused} == {"1"}
    assert proxy.counts["refused"] == len(refused)


def test_a_lost_answer_was_still_done(opensearch_url: str, opensearch_prefix: str) -> None:
    """A cut connection leaves the client not knowing; the node has the document."""
    with (
        FaultProxy(opensearch_url, Faults(lost=1.0)) as proxy,
        client(proxy.url) as http,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        http.put(f"/{opensearch_prefix}/_doc/1", json={"title": TITLE})

    with client(opensearch_url) as http:
        assert http.get(f"/{opensearch_prefix}/_doc/1").json()["found"]


def test_refused_items_leave_the_rest_of_a_bulk_alone(
    opensearch_url: str, opensearch_prefix: str
) -> None:
    """HTTP 200 with single items at 429 is how a full queue answers a bulk."""
    with FaultProxy(opensearch_url, Faults(items=0.3)) as proxy:
        answer = put_bulk(proxy.url, bulk_of(opensearch_prefix, 50)).json()

    statuses = [item["index"]["status"] for item in answer["items"]]
    assert answer["errors"]
    assert [item["index"]["_id"] for item in answer["items"]] == [str(n) for n in range(50)]
    with client(opensearch_url) as http:
        http.post(f"/{opensearch_prefix}/_refresh")
        stored = http.get(f"/{opensearch_prefix}/_count").json()["count"]
    assert stored == statuses.count(201)
    assert 0 < statuses.count(429) == 50 - stored


def test_a_machine_without_maven_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The skip names what to install."""
    monkeypatch.setenv("SAMEWORK_NODE_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(distribution, "passable", lambda path: True)

    with pytest.raises(distribution.NodeUnavailable, match=r"Maven \(mvn\) is not on the PATH"):
        distribution.distribution()


def test_an_old_java_is_named_and_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Java 17 starts and then dies of a class file version: refuse it by name instead."""
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk 17.0.15 2025-04-15'\n")
    old.chmod(0o755)
    monkeypatch.setattr(distribution, "_java_candidates", lambda: iter([old]))

    with pytest.raises(distribution.NodeUnavailable, match=f"{old} is 17"):
        distribution.java()


def test_free_ports_are_free_and_differ() -> None:
    """Three nodes need six ports at once."""
    ports = free_ports(6)

    assert len(set(ports)) == 6
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
