"""
Pagination: all hits of a search, so many at a time, from a state that stands still.

    alias, query, order  ->  a point in time  ->  hits behind the last ones (`search_after`)

A request is repeated while the cluster is busy; when the point in time itself is lost
(its node died), PointLost is raised and the caller begins anew or gives up. Documents are
read by id here too. Does not: refresh (the caller decides what must be visible).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from indexer.errors import BackendError, BackendUnavailable
from indexer.index.opensearch.client import ClusterClient, departed, quoted, reason_of
from indexer.index.opensearch.retries import TryAgain, retrying

KEEP_ALIVE: Final = "10m"  # between two pages; the reader may compare what it has read meanwhile
TRIES: Final = 8  # of documents whose node has just died: 23 s
IDS_AT_ONCE: Final = 1_000
_GONE: Final = frozenset({404})


class PointLost(BackendUnavailable):
    """A point in time was lost with the node that held it."""


@contextmanager
def point_in_time(client: ClusterClient, alias: str) -> Iterator[str]:
    """A state of an index, held for as long as the block runs."""
    path = f"/{alias}/_search/point_in_time?keep_alive={KEEP_ALIVE}"
    point = client.ask("POST", path).body["pit_id"]
    try:
        yield point
    finally:
        with suppress(BackendError):  # it lapses by itself
            held = {"pit_id": [point]}
            client.ask("DELETE", "/_search/point_in_time", held, accept=_GONE, patience=2)


def paginated(
    client: ClusterClient, point: str, search: dict[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    """
    The hits of a search within a point in time, `search["size"]` at a time.

    Args:
        client: of the cluster.
        point: what `point_in_time` gave.
        search: its query, its sort (by what differs for each document), what to fetch.
    """
    body = {
        **search,
        "pit": {"id": point, "keep_alive": KEEP_ALIVE},
        "track_total_hits": False,
    }
    path = "/_search?allow_partial_search_results=false"
    while True:
        reply = client.ask("POST", path, body, accept=_GONE)
        if reply.status == 404:
            raise PointLost(
                f"{client.location} lost the state that was being read "
                f"({reason_of(reply.body)}); run this again"
            )
        hits = reply.body["hits"]["hits"]
        if hits:
            yield hits
        if len(hits) < search["size"]:
            return
        body["search_after"] = hits[-1]["sort"]


def all_hits(client: ClusterClient, alias: str, search: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each hit of a search as the index is now; see `paginated`."""
    with point_in_time(client, alias) as point:
        for hits in paginated(client, point, search):
            yield from hits


def count(client: ClusterClient, alias: str, query: dict[str, Any]) -> int:
    """How many visible documents a query finds."""
    reply = client.ask("POST", f"/{alias}/_count", {"query": query}).body
    failed = reply["_shards"]["failed"]
    if failed:  # a count of the other shards would pass for the whole
        raise BackendUnavailable(f"{failed} shards of {alias!r} did not count; run this again")
    return int(reply["count"])


def get_all(
    client: ClusterClient, alias: str, names: list[str], fields: tuple[str, ...]
) -> list[dict[str, Any] | None]:
    """
    Documents by _id as of the last write, in the order of *names*; None for missing ones.

    Unlike a search this needs no refresh.
    """
    documents: list[dict[str, Any] | None] = []
    path = (
        f"/{alias}/_mget?_source_includes={quoted(','.join(fields))}"
        "&filter_path=docs.found,docs.error,docs._seq_no,docs._primary_term,docs._source"
    )
    for start in range(0, len(names), IDS_AT_ONCE):
        documents += _documents(client, path, names[start : start + IDS_AT_ONCE])
    return documents


def _documents(client: ClusterClient, path: str, names: list[str]) -> list[dict[str, Any] | None]:
    for attempt in retrying(tries=TRIES):
        with attempt:
            documents = client.ask("POST", path, {"ids": names}).body["docs"]
            failed = [document for document in documents if "error" in document]
            if not failed:
                return [document if document["found"] else None for document in documents]
            unread = BackendError(
                f"{client.location} could not read {len(failed)} documents "
                f"({reason_of(failed[0])}); expected their shards to be there: `samework doctor` "
                "says what is amiss"
            )
            raise TryAgain(unread) if all(map(departed, failed)) else unread
    raise AssertionError  # the last try has returned or raised
