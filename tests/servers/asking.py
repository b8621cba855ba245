"""
Our own side of the wire: the polite client at a server on loopback, at full speed.

    Answerer  ->  server  ->  HttpClient
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from indexer.feeds.transport.bodies import BodyLimits
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.pace import Hosts
from indexer.feeds.transport.politeness import Key, Politeness
from tests.servers.loopback import Answerer, Server, serving

QUICK = Politeness(
    rate=0,
    attempts=3,
    first_wait=0.01,
    longest_wait=0.05,
    longest_retry_after=2.0,
    connect_timeout=20.0,
    read_timeout=20.0,
    deadline=60.0,
    body=BodyLimits(packed=200_000, unpacked=4_000_000, ratio=200),
)


@contextmanager
def asking(
    answer: Answerer, politeness: Politeness = QUICK, keys: Mapping[str, Key] | None = None
) -> Iterator[tuple[HttpClient, Server]]:
    with serving(answer) as server:
        polite = replace(politeness, private_hosts=frozenset({server.host}))
        with HttpClient(polite, Hosts(), keys) as client:
            yield client, server
