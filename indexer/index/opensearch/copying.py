"""
Copying one index of records into another while writers go on.

    source, by sequence number  ->  records for new keys  ->  target, under those numbers

Each shard numbers its operations. It is noted how far each was read, and read on
up to the number that every copy has (the global checkpoint): what is below it
stands, whatever node dies. A copy is written under its number as an external
version, so that repeating one, or an older one late, changes nothing.

Does not: choose the indices or put one in use (swapping.py does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from indexer.errors import BackendError
from indexer.index.opensearch.bulk import CONFLICT, Write, write
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.pagination import count, get_all
from indexer.index.opensearch.sources import VERSION_FIELDS, Sources, body_of, document, version_of
from indexer.index.opensearch.streaming import LIVING
from indexer.keys import Keys
from indexer.records import Record

KIND: Final = "build"
NAME: Final = "records"


@dataclass(frozen=True, slots=True)
class Route:
    """Which index is copied into which, and under which alias that is written to."""

    source: str
    target: str
    alias: str
    versioned: bool  # the target knows no versions but the source's numbers


class Copying:
    """From one index of records into another: what changed, and how far that is done."""

    def __init__(self, client: ClusterClient, indices: Indices, route: Route) -> None:
        self._client = client
        self._indices = indices
        self.route = route
        self._given: dict[str, dict[str, Any]] = {}  # record id -> hit, given and not yet added
        self._done = self._noted()
        self._read = dict(self._done)

    def missing(self, limit: int) -> list[Record]:
        """Records that changed since their shard was read; what was deleted is copied at once."""
        checkpoints = self._indices.checkpoints(self.route.source)
        self._indices.refresh(self.route.source)
        self._read = dict(self._done)
        living: list[dict[str, Any]] = []
        for shard, checkpoint in checkpoints.items():
            while self._read.get(shard, -1) < checkpoint and len(living) < limit:
                wanted = limit - len(living)
                hits = self._changed(shard, checkpoint, wanted)
                self._copy_deleted([hit for hit in hits if hit["_source"]["deleted"]])
                living += [hit for hit in hits if not hit["_source"]["deleted"]]
                self._read[shard] = hits[-1]["_seq_no"] if len(hits) == wanted else checkpoint
        self._given = {hit["_source"]["id"]: hit for hit in living}
        if not living:
            self._note()
        return [Record.from_dict(hit["_source"]["record"]) for hit in living]

    def add(self, records: Sequence[Record], keys: Keys) -> None:
        """Store what `missing` gave under its new keys, and note how far that is."""
        sources = Sources(keys)
        writes = []
        for at, record in enumerate(records):
            hit = self._given.pop(record.record_id, None)
            version = version_of(hit["_source"]) if hit else None
            if hit is None or version is None:
                raise ValueError(f"{record.record_id!r} was not given by `missing`")
            writes.append(
                self._write(hit, sources.living(record.record_id, version, record.to_json(), at))
            )
        self._store(writes)
        if not self._given:
            self._note()

    def counts(self) -> tuple[int, int]:
        """(records of the source, records of the target)."""
        both = (self.route.source, self.route.target)
        for index in both:
            self._indices.refresh(index)
        stored, built = (count(self._client, index, LIVING) for index in both)
        return stored, built

    def caught_up(self) -> bool:
        """Whether the build has read every operation that there is."""
        checkpoints = self._indices.checkpoints(self.route.source, "max_seq_no")
        return all(self._done.get(shard, -1) >= last for shard, last in checkpoints.items())

    def _changed(self, shard: int, checkpoint: int, limit: int) -> list[dict[str, Any]]:
        between = {"gt": self._done.get(shard, -1), "lte": checkpoint}
        search = {
            "size": limit,
            "query": {"range": {"_seq_no": between}},
            "sort": ["_seq_no"],
            "_source": ["id", "record", *VERSION_FIELDS],
            "seq_no_primary_term": True,
            "track_total_hits": False,
        }
        path = f"/{self.route.source}/_search?preference=_shards:{shard}"
        path += "&allow_partial_search_results=false"
        hits: list[dict[str, Any]] = self._client.ask("POST", path, search).body["hits"]["hits"]
        return hits

    def _copy_deleted(self, hits: Sequence[dict[str, Any]]) -> None:
        self._store([self._write(hit, orjson.dumps(hit["_source"])) for hit in hits])

    def _write(self, hit: dict[str, Any], source: bytes) -> Write:
        if not self.route.versioned:
            return Write(self.route.alias, hit["_id"], source, blind=True)
        return Write(self.route.alias, hit["_id"], source, version=int(hit["_seq_no"]))

    def _store(self, writes: Sequence[Write]) -> None:
        for done in write(self._client, writes):
            if not done.stored and done.status != CONFLICT:  # a later one is there already
                raise BackendError(f"{self._client.location} refused a copy: {done.reason}")

    def _noted(self) -> dict[int, int]:
        """The last operation read of each shard, on this route."""
        alias = self._indices.names.documents
        (hit,) = get_all(self._client, alias, [document_id(KIND, NAME)], ("body",))
        if hit is None:
            return {}
        noted = orjson.loads(body_of(hit))
        if (noted["source"], noted["target"]) != (self.route.source, self.route.target):
            return {}
        return {int(shard): last for shard, last in noted["done"].items()}

    def _note(self) -> None:
        if self._read != self._done:
            note(self._client, self._indices, self.route, self._read)
            self._done = dict(self._read)


def note(client: ClusterClient, indices: Indices, route: Route, done: dict[int, int]) -> None:
    """Note the last operation of each shard that the target of a route holds."""
    content = {
        "source": route.source,
        "target": route.target,
        "done": {str(shard): last for shard, last in done.items()},
    }
    place = (indices.names.documents, document_id(KIND, NAME))
    source = document(KIND, NAME, orjson.dumps(content))
    (noted,) = write(client, [Write(*place, source, blind=True)])
    if not noted.stored:
        raise BackendError(f"{client.location} refused a note: {noted.reason}")
