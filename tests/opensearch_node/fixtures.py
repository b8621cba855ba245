"""
Fixtures that give a test a real OpenSearch, registered as a plugin by tests/conftest.py.

    opensearch_url     a node that the whole run shares, started at first use
    opensearch_prefix  a name for a test's own indices in it, deleted afterwards
    start_node         a function that starts nodes of the test's own, to be hurt
    start_cluster      the same for a cluster of three

OPENSEARCH_URL given, the cluster it names is the shared node. Without Maven or Java the test skips
and says why, which a run with REQUIRE_REAL_PARTS=1 turns into a failure. Under
pytest-xdist all workers share one node: the first that needs it starts it, the
run's main process stops it. Every node of a run lives below one folder named by
that process, so the next run finds and ends what a killed one left behind.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import pytest

from indexer.index.opensearch.location import Location
from tests.opensearch_node.cluster import Cluster
from tests.opensearch_node.distribution import (
    NodeUnavailable,
    cache_folder,
    distribution,
    java,
    locked,
)
from tests.opensearch_node.node import Node, single_node

FIXTURES: Final = {"opensearch_url", "opensearch_prefix", "start_node", "start_cluster"}
SHARED_HEAP: Final = "1g"
RUN: Final = "opensearch_run"  # the key by which a worker is told its run's name
_RUN_NAME: Final = pytest.StashKey[str]()

StartNode = Callable[..., Node]
StartCluster = Callable[[], Cluster]


def pytest_configure(config: pytest.Config) -> None:
    """Name the run by its main process, of which a worker is told."""
    worker = getattr(config, "workerinput", {})
    config.stash[_RUN_NAME] = worker.get(RUN, f"run-{os.getpid()}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist which run it belongs to."""
    node.workerinput[RUN] = node.config.stash[_RUN_NAME]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's nodes, once all workers are done."""
    if not hasattr(config, "workerinput"):
        name = config.stash.get(_RUN_NAME, "")
        try:
            folder = cache_folder() / name
        except NodeUnavailable:
            return
        if name and folder.exists():
            _clear(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need an OpenSearch."""
    for item in items:
        if FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.opensearch)


@pytest.fixture(scope="session")
def opensearch_run(pytestconfig: pytest.Config) -> Path:
    """The folder of this run's nodes; skips where no node can be had."""
    try:
        with locked(cache_folder() / "runs.lock"):
            _clear_dead_runs()
            folder = cache_folder() / pytestconfig.stash[_RUN_NAME]
            folder.mkdir(mode=0o755, exist_ok=True)
            unavailable = folder / "unavailable"
            if unavailable.exists():
                pytest.skip(unavailable.read_text())
            try:
                distribution()
                java()
            except NodeUnavailable as reason:
                unavailable.write_text(f"no OpenSearch: {reason}")
                raise
    except NodeUnavailable as reason:
        pytest.skip(f"no OpenSearch: {reason}")
    return folder


@pytest.fixture(scope="session")
def opensearch_url(request: pytest.FixtureRequest) -> str:
    """The address of the node that the run shares."""
    given = os.environ.get("OPENSEARCH_URL")
    if given:
        where = Location.parse(given, {})
        return str(where).removesuffix(f"/{where.prefix}")
    run: Path = request.getfixturevalue("opensearch_run")
    with locked(run / "shared.lock"):
        if (run / "shared" / "node.json").exists():
            node = Node.attach(run / "shared")
        else:
            node = single_node(run / "shared", SHARED_HEAP)
            node.launch()
        node.wait(status="yellow")
    return node.url


@pytest.fixture
def opensearch_prefix(opensearch_url: str) -> Iterator[str]:
    """A prefix for a test's own indices; they are deleted after it."""
    with own_prefix(opensearch_url) as prefix:
        yield prefix


@contextmanager
def own_prefix(opensearch_url: str) -> Iterator[str]:
    """A prefix for indices that are deleted at the end of the block."""
    prefix = f"samework-test-{uuid.uuid4().hex[:12]}"
    yield prefix
    with httpx.Client(base_url=opensearch_url, timeout=60, trust_env=False) as client:
        listed = client.get(f"/_cat/indices/{prefix}*", params={"format": "json", "h": "index"})
        for row in listed.raise_for_status().json():
            client.delete(f"/{row['index']}").raise_for_status()


@pytest.fixture
def start_node(opensearch_run: Path) -> Iterator[StartNode]:
    """A function that starts a node of the test's own, with further lines of opensearch.yml."""
    nodes: list[Node] = []

    def start(extra: Mapping[str, Any] | None = None, heap: str = "512m") -> Node:
        node = single_node(opensearch_run / uuid.uuid4().hex[:12], heap, extra)
        nodes.append(node)
        node.start()
        return node

    yield start
    for node in nodes:
        node.kill()
        shutil.rmtree(node.folder)


@pytest.fixture
def start_cluster(opensearch_run: Path) -> Iterator[StartCluster]:
    """A function that starts a cluster of three of the test's own."""
    made: list[tuple[Cluster, Path]] = []

    def start() -> Cluster:
        folder = opensearch_run / uuid.uuid4().hex[:12]
        cluster = Cluster.make(folder)
        made.append((cluster, folder))
        cluster.start()
        return cluster

    yield start
    for cluster, folder in made:
        for node in cluster.nodes:
            node.kill()
        shutil.rmtree(folder)


def _clear_dead_runs() -> None:
    for folder in cache_folder().glob("run-*"):
        if not psutil.pid_exists(int(folder.name.removeprefix("run-"))):
            _clear(folder)


def _clear(run: Path) -> None:
    for state in run.rglob("node.json"):
        Node.attach(state.parent).kill()
    shutil.rmtree(run)
