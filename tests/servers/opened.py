"""
Our own side of the wire: feeds of the registry, opened at servers on loopback.

    feed, Answerer  ->  server  ->  its Reader
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from indexer.feeds.opening import client_of, configured, reader_of
from indexer.feeds.protocols.pages import Page, Reader, Window
from tests.servers import cursor_apis
from tests.servers.loopback import Answerer, Server, serving

ALL = Window()
QUICK: Mapping[str, Any] = {
    "rate": 0,
    "attempts": 2,
    "first_wait": 0.01,
    "longest_wait": 0.05,
    "failures": 1000,
}

# feed, its server, the rows' shape, the path its endpoint has
APIS: list[tuple[str, Callable[..., Answerer], str]] = [
    ("openalex", cursor_apis.openalex, "openalex"),
    ("crossref", cursor_apis.crossref, "crossref"),
    ("datacite", cursor_apis.datacite, "datacite"),
    ("core", cursor_apis.core, "core"),
    ("semantic_scholar", cursor_apis.semantic_scholar, "semantic_scholar"),
    ("arxiv_search", cursor_apis.arxiv, "arxiv"),
    ("fatcat_search", cursor_apis.fatcat_search, "fatcat"),
]
NAMES = [name for name, _, _ in APIS]


@contextmanager
def opened(name: str, answer: Answerer, **settings: Any) -> Iterator[tuple[Reader, Server]]:
    """The feed of the registry, at a loopback server: the same code at full speed."""
    with serving(answer) as server:
        places = {"endpoint": server.url + "/v0", "private_hosts": [server.host]}
        feed = configured(name, {**QUICK, **places, **settings})
        with client_of(feed) as client:
            yield reader_of(feed, client), server


def ids(pages: list[Page]) -> list[str]:
    return [r.record_id for page in pages for r in (*page.records, *page.deleted)]
