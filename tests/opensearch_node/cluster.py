"""
Several OpenSearch nodes on loopback as one cluster.

    node.py  ->  Cluster: nodes that know each other's ports, one snapshot repository

It notices a dead node at once, by its closed connections, and a silent one in 5 s where a
cluster's own settings take 30 s, so that a test of a failure takes seconds. Sooner would be
too soon: on a busy machine a living node is silent for a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.opensearch_node.node import (
    LOOPBACK,
    START_SECONDS,
    Node,
    NodeFailed,
    NodeSettings,
    free_ports,
)


class Cluster:
    """Several nodes of one cluster, with a snapshot repository they share."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = tuple(nodes)

    @classmethod
    def make(cls, folder: Path, size: int = 3, heap: str = "512m", quick: bool = True) -> Cluster:
        """A cluster of *size* nodes below *folder*, not started."""
        ports = free_ports(2 * size)
        names = tuple(f"node-{number}" for number in range(1, size + 1))
        seeds = tuple(f"{LOOPBACK}:{port}" for port in ports[size:])
        noticing = {
            f"cluster.fault_detection.{who}_check.{what}": value
            for who in ("follower", "leader")
            for what, value in (("interval", "500ms"), ("timeout", "5s"), ("retry_count", 1))
        }
        made = []
        for name, http_port, transport_port in zip(names, ports[:size], ports[size:], strict=True):
            settings = NodeSettings(
                http_port=http_port,
                transport_port=transport_port,
                name=name,
                heap=heap,
                quick=quick,
                seeds=seeds,
                managers=names,
                repository=str(folder.resolve() / "repository"),
                extra=noticing,
            )
            made.append(Node(folder / name, settings))
        return cls(made)

    @property
    def urls(self) -> tuple[str, ...]:
        """The HTTP addresses of all nodes, the dead ones too."""
        return tuple(node.url for node in self.nodes)

    def start(self) -> None:
        """Start every node and wait until all see each other and the cluster is green."""
        for node in self.nodes:
            node.launch()
        self.wait()

    def wait(self, status: str = "green", seconds: float = START_SECONDS) -> None:
        """Wait until every living node sees all living nodes, and *status*."""
        living = [node for node in self.nodes if node.pid is not None]
        for node in living:
            node.wait(nodes=len(living), status=status, seconds=seconds)

    def manager(self) -> Node:
        """The node that the others elected, asked of any living one."""
        for node in self.nodes:
            if node.pid is None:
                continue
            rows = httpx.get(
                f"{node.url}/_cat/cluster_manager?format=json", timeout=10, trust_env=False
            ).json()
            return next(n for n in self.nodes if n.settings.name == rows[0]["node"])
        raise NodeFailed("no node of the cluster runs")

    def stop(self) -> None:
        """End every node."""
        for node in self.nodes:
            node.stop()
