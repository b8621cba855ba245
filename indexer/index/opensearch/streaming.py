"""
The keys of all records, as a stream from the cluster.

    points in time, a slice a shard  ->  Stream (keys/gathered.py)

Where the node that holds the state dies, what was read of it is read again from the
beginning. Does not: keep what it read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.pagination import PointLost, paginated, point_in_time
from indexer.index.opensearch.spelling import fetching, found_keys
from indexer.keys import Keys
from indexer.keys.gathered import Stream

HITS_AT_ONCE: Final = 5_000
TRIES: Final = 3  # the node that holds the state may die; another has a copy

Read = TypeVar("Read")
LIVING: Final = {"term": {"deleted": False}}


def of_all_keys(
    client: ClusterClient, alias: str, shards: int, read: Callable[[Stream], Read]
) -> Read:
    """What `read` makes of the keys of all visible records, as they are now."""
    for _ in range(TRIES - 1):
        with suppress(PointLost):
            return read(lambda: _read(client, alias, shards))
    return read(lambda: _read(client, alias, shards))


def _read(client: ClusterClient, alias: str, shards: int) -> Iterator[Keys]:
    with point_in_time(client, alias) as point:
        for shard in range(shards):
            search = {
                "size": HITS_AT_ONCE,
                "query": LIVING,
                "sort": ["_doc"],  # of one shard: as many slices as shards are the shards
                **fetching("blob"),
            }
            if shards > 1:
                search["slice"] = {"id": shard, "max": shards}
            for hits in paginated(client, point, search):
                yield found_keys(hits, "blob")
