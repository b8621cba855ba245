"""
OpenSearch on loopback for people and benchmarks.

    python -m tests.opensearch_node start DIR [--port 9200] [--heap 1g] [--nodes 3]
    python -m tests.opensearch_node stop DIR
    python -m tests.opensearch_node fetch

`start` prints the address on stdout once the cluster is green, one line a node,
and leaves it running until `stop`. When root, DIR must be passable by `nobody`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.opensearch_node.cluster import Cluster
from tests.opensearch_node.distribution import NodeUnavailable, distribution
from tests.opensearch_node.node import Node, NodeFailed, NodeSettings, free_ports


def main() -> int:
    """Run the command line; 0 done, 1 the node could not be had or did not start."""
    arguments = _parser().parse_args()
    try:
        if arguments.command == "fetch":
            print(distribution())
        elif arguments.command == "start":
            _start(arguments)
        else:
            for node in _found(arguments.folder):
                node.kill() if arguments.kill else node.stop()
    except (NodeUnavailable, NodeFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _start(arguments: argparse.Namespace) -> None:
    folder: Path = arguments.folder
    began = time.monotonic()
    if arguments.nodes > 1:
        cluster = Cluster.make(folder, arguments.nodes, arguments.heap, quick=False)
    else:
        http_port, transport_port = free_ports(2)
        settings = NodeSettings(
            arguments.port or http_port, transport_port, heap=arguments.heap, quick=False
        )
        cluster = Cluster([Node(folder, settings)])
    cluster.start()
    print(f"green after {time.monotonic() - began:.1f} s", file=sys.stderr)
    print(*cluster.urls, sep="\n")


def _found(folder: Path) -> list[Node]:
    states = [folder / "node.json", *sorted(folder.glob("*/node.json"))]
    return [Node.attach(state.parent) for state in states if state.exists()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.opensearch_node",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch", help="assemble the distribution into the cache, print its folder")
    start = commands.add_parser("start", help="start a node or a cluster and leave it running")
    start.add_argument("folder", type=Path)
    start.add_argument("--port", type=int, help="HTTP port of a single node; a free one if unsaid")
    start.add_argument("--heap", default="1g", help="Java heap of each node")
    start.add_argument("--nodes", type=int, default=1, help="how many nodes")
    stop = commands.add_parser("stop", help="stop what was started in a folder")
    stop.add_argument("folder", type=Path)
    stop.add_argument("--kill", action="store_true", help="kill -9 instead")
    return parser


if __name__ == "__main__":
    sys.exit(main())
