"""
Ad-hoc questions to OpenSearch: titles by BM25.

    words, epoch  ->  one search  ->  ids and title words of the best  ->  ranking.py

OpenSearch ranks by its own BM25 over the text field of title words, with counts taken
from all shards, and so decides which records are among the best `limit`; their scores
are then made from the epoch, as for the other engine: OpenSearch's counts still hold
what was deleted, and its scores are of another scale in each major version.
"""

from __future__ import annotations

from typing import Any, Final

from indexer.errors import BackendError
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.spelling import fetching, found_keys, spelled
from indexer.keys import ranking
from indexer.keys.epoch import Epoch, HashArray

MOST: Final = 10_000  # as many as OpenSearch gives at once


def ranked(
    client: ClusterClient, alias: str, asked: HashArray, epoch: Epoch, limit: int
) -> list[tuple[str, float]]:
    """The best titles for these words; see `Candidates.ranked`."""
    words = ranking.looked_up(asked, epoch)
    if not len(words):
        return []
    search: dict[str, Any] = {
        "size": min(limit, MOST),
        "query": {"match": {"words": " ".join(map(spelled, words.tolist()))}},
        "track_total_hits": False,
        **fetching("terms"),
    }
    path = f"/{alias}/_search?search_type=dfs_query_then_fetch&allow_partial_search_results=false"
    reply = client.ask("POST", path, search).body
    if reply["timed_out"]:
        raise BackendError(f"{client.location} took too long; run this again")
    return ranking.ranked(asked, found_keys(reply["hits"]["hits"], "terms"), epoch, limit)
