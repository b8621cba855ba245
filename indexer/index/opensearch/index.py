"""
OpenSearch's `Records` and `Candidates`: records with their keys in one document each.

    put           ->  writing.py, under the stored version's sequence number
    candidates    ->  candidates.py, searches by key
    ranked        ->  ranked.py, a search by title words
    all_pairs     ->  streaming.py, every record's keys through `self_join`

What is read by id (`get`) is as of the last write; searches see what was made
visible. Does not: hold anything between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.index.contract import Totals
from indexer.index.opensearch.candidates import candidates
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.pagination import all_hits, count, get_all
from indexer.index.opensearch.ranked import ranked
from indexer.index.opensearch.sources import VERSION_FIELDS, version_of
from indexer.index.opensearch.streaming import LIVING, Read, of_all_keys
from indexer.index.opensearch.swapping import OpenSearchBuild, forwards, roll_back, unfinished
from indexer.index.opensearch.writing import OpenSearchWriting
from indexer.index.ordering import Form
from indexer.keys import Keys
from indexer.keys.epoch import Epoch
from indexer.keys.gathered import GatheredKeys, Stream
from indexer.keys.learning import learn, touched_by
from indexer.keys.pairs import Pairs
from indexer.keys.self_join import self_join
from indexer.records import Record

RECORDS_AT_ONCE: Final = 1_000
IDS_AT_ONCE: Final = 10_000  # as many as OpenSearch gives at once


class OpenSearchIndex(OpenSearchWriting):
    """The records of one collection, searchable by their keys."""

    def get(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """The stored records among these ids."""
        plain = self.plain(record_ids)
        return {record_id: Record.from_dict(values) for record_id, values in plain.items()}

    def plain(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The same as plain values."""
        names = [document_id(record_id) for record_id in record_ids]
        hits = get_all(self._client, self._records, names, ("record", "deleted"))
        return {
            record_id: hit["_source"]["record"]
            for record_id, hit in zip(record_ids, hits, strict=True)
            if hit is not None and not hit["_source"]["deleted"]
        }

    def stored(self, record_ids: Sequence[str]) -> dict[str, Form]:
        """Version and JSON of the records stored among these, tombstones too."""
        names = [document_id(record_id) for record_id in record_ids]
        hits = get_all(self._client, self._records, names, (*VERSION_FIELDS, "record"))
        return {
            record_id: (version, orjson.dumps(hit["_source"]["record"]))
            for record_id, hit in zip(record_ids, hits, strict=True)
            if hit is not None and (version := version_of(hit["_source"])) is not None
        }

    def ids(self) -> Iterator[str]:
        """The ids of all records, ascending."""
        self.make_visible()
        search: dict[str, Any] = {
            "size": IDS_AT_ONCE,
            "query": LIVING,
            "sort": ["id"],
            "stored_fields": "_none_",
            "docvalue_fields": ["id"],
        }
        for hit in all_hits(self._client, self._records, search):
            yield hit["fields"]["id"][0]

    def scan(self, after: str = "") -> Iterator[Record]:
        """All records, ascending by id."""
        self.make_visible()
        search: dict[str, Any] = {
            "size": RECORDS_AT_ONCE,
            "query": LIVING,
            "sort": ["id"],
            "_source": ["record"],
        }
        if after:
            search["search_after"] = [after]
        for hit in all_hits(self._client, self._records, search):
            yield Record.from_dict(hit["_source"]["record"])

    def filling(self) -> AbstractContextManager[None]:
        """Nothing is done otherwise here; see `Records.filling`."""
        return nullcontext()

    def make_visible(self, *, more_comes: bool = False) -> None:
        """Let searches see all that was put."""
        self._indices.refresh(self._records)

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """The stored records that may describe the same works as these."""
        indices = self._indices
        if not indices.any_checked:  # an index of another mapping may not know what is asked
            indices.check_keys()
        return candidates(self._client, self._records, keys, epoch, indices.check_keys_of)

    def all_pairs(self, epoch: Epoch) -> Iterator[Pairs]:
        """Each pair that `candidates` of every stored record would give, once."""
        yield from self_join(self._all_keys(GatheredKeys.of), epoch)

    def learn(self, number: int) -> Epoch:
        """The epoch of the collection as it is now."""
        return learn(self._all_keys(GatheredKeys.of), number)

    def touched_by(self, hashes: NDArray[np.uint64]) -> list[str]:
        """The ids of all records that carry one of these hashes."""
        return self._all_keys(partial(touched_by, hashes=hashes))

    def ranked(self, words: Sequence[int], epoch: Epoch, limit: int) -> list[tuple[str, float]]:
        """At most `limit` visible records by BM25 of their titles, best first."""
        self._indices.check_keys()
        asked = np.array(words, np.uint64)
        return ranked(self._client, self._records, asked, epoch, limit)

    def totals(self) -> Totals:
        """How much the index holds."""
        self.make_visible()
        names = self._indices.names
        everything = f"{names.records},{names.documents},{names.log}"
        path = f"/{everything}/_stats/store?filter_path=_all.primaries.store.size_in_bytes"
        stats = self._client.ask("GET", path).body
        return Totals(
            records=count(self._client, self._records, LIVING),
            bytes=int(stats["_all"]["primaries"]["store"]["size_in_bytes"]),
            keys_version=str(self._indices.meta(self._records).get("keys", "")),
        )

    def drift(self) -> tuple[str, ...]:
        """What this release makes otherwise than it was made here."""
        return self._indices.drift()

    def unfinished_build(self) -> OpenSearchBuild | None:
        """The build that this release began and nobody has put in use."""
        route = unfinished(self._indices)
        return OpenSearchBuild(self._client, self._indices, route) if route else None

    def begin_build(self) -> OpenSearchBuild:
        """The unfinished build of new keys beside those in use, or a new one."""
        return OpenSearchBuild(self._client, self._indices, forwards(self._client, self._indices))

    def roll_back(self) -> str:
        """Go back to the keys that the last swap replaced; see `Rebuild.roll_back`."""
        return roll_back(self._client, self._indices)

    def _all_keys(self, read: Callable[[Stream], Read]) -> Read:
        """What is read of the keys of all records, as they are now."""
        self._indices.check_keys()
        self.make_visible()
        shards = self._indices.shards(self._records)
        return of_all_keys(self._client, self._records, shards, read)
