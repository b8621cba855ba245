"""
Our own side of the wire: an OAI-PMH reader at a provider on loopback, at full speed.

    Provider  ->  server  ->  OaiReader  ->  its pages
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from indexer.feeds.protocols.oai.reader import OaiReader, OaiSettings
from indexer.feeds.protocols.oai.repository import Repository
from indexer.feeds.protocols.pages import Page, Window
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.politeness import Politeness
from tests.servers.loopback import Server, serving
from tests.servers.oai_provider import Provider

ALL = Window()


def polite(server: Server, idle_pages: int = 100) -> Politeness:
    return Politeness(
        idle_pages=idle_pages,
        rate=0,
        attempts=3,
        first_wait=0.01,
        longest_wait=0.05,
        private_hosts=frozenset({server.host}),
    )


@contextmanager
def reading(
    provider: Provider, idle_pages: int = 100, **settings: Any
) -> Iterator[tuple[OaiReader, Server]]:
    with serving(provider) as server, HttpClient(polite(server, idle_pages)) as client:
        asked = OaiSettings(source="made", **settings)
        yield OaiReader(Repository(client, server.url + "/oai"), asked), server


def harvested(provider: Provider, window: Window = ALL, **settings: Any) -> list[Page]:
    with reading(provider, **settings) as (reader, _):
        return list(reader.pages(None, window))


def ids(pages: list[Page]) -> list[str]:
    return [r.source_id for page in pages for r in (*page.records, *page.deleted)]
