"""
The keys of all records, read once from the cluster and then as often as needed.

    points in time, a slice a shard  ->  a spool on local disk  ->  Stream (epoch.py)

`learn` and `self_join` pass over all keys several times, in one order. The spool
makes the order, and spares the cluster the passes: 600 bytes a record. Does not:
hold it in memory beyond SPOOL_IN_MEMORY.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import numpy as np
import orjson

from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.pagination import PointLost, paginated, point_in_time
from indexer.index.opensearch.spelling import fetching, found_keys
from indexer.keys import Keys
from indexer.keys.learning import Stream

HITS_AT_ONCE: Final = 5_000
SPOOL_IN_MEMORY: Final = 64 << 20
TRIES: Final = 3  # the node that holds the state may die; another has a copy

LIVING: Final = {"term": {"deleted": False}}


@contextmanager
def all_keys(client: ClusterClient, alias: str, shards: int) -> Iterator[Stream]:
    """A stream of the keys of all visible records, as they are now."""
    with SpooledTemporaryFile(max_size=SPOOL_IN_MEMORY) as file:
        for attempt in range(TRIES):
            spool = _Spool(file)
            try:
                for batch in _read(client, alias, shards):
                    spool.add(batch)
                break
            except PointLost:
                if attempt == TRIES - 1:
                    raise
        yield spool.batches


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


class _Spool:
    """Batches of keys, in the order they were added."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        file.truncate()
        self._file = file
        self._sizes: list[tuple[int, int]] = []

    def add(self, batch: Keys) -> None:
        """Append a batch."""
        ids = orjson.dumps(batch.ids)
        arrays = b"".join(
            array.astype("<u8").tobytes()
            for array in (batch.twins, batch.titles, batch.firsts, batch.starts, batch.values)
        )
        self._file.write(ids + arrays)
        self._sizes.append((len(ids), len(arrays)))

    def batches(self) -> Iterator[Keys]:
        """All batches from the beginning; several passes must not overlap."""
        self._file.seek(0)
        for id_bytes, array_bytes in self._sizes:
            ids = orjson.loads(self._file.read(id_bytes))
            words = np.frombuffer(self._file.read(array_bytes), "<u8")
            count = len(ids)
            twins, titles, firsts, starts, values = np.split(
                words, (count, 2 * count, 3 * count, 4 * count + 1)
            )
            yield Keys(tuple(ids), twins, titles, firsts, starts.astype(np.int64), values)
