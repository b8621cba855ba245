"""
Re-index: a new index of records, filled beside the one in use and swapped in.

    forwards    ->  the index behind "-building"  ->  behind "-records"
    roll_back   ->  the index behind "-before"    ->  behind "-records" again

Readers and writers name an alias, never an index. OpenSearch carries out all changes of
aliases in one request at one moment, so nobody meets both indices or none. The swap closes
the old index for writing, copies what is left, compares the counts and sends that request.
Writers wait meanwhile (`bulk.py` repeats what is refused), readers notice nothing. Killed at
any point, the next `begin_build` goes on or begins anew, and a writer that waits in vain
opens the index again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import xxhash

from indexer import keys as keys_module
from indexer.errors import BackendError
from indexer.index.contract import Keyed
from indexer.index.opensearch.candidates import candidates
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.copying import Copying, Route, note
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.mapping import MAPPING_VERSION, records_body
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.spelling import fetching, found_keys
from indexer.keys import Keys
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import Pairs
from indexer.records import Record

CATCH_UP: Final = 2_000
CATCH_UP_SECONDS: Final = 60.0  # with the old index closed


def forwards(client: ClusterClient, indices: Indices) -> Route:
    """The way into the unfinished build if this release began it, else into a new one."""
    names = indices.names
    (source,) = indices.behind(names.records)
    indices.unblock(source)  # a swap that was killed left it closed
    if route := unfinished(indices):
        return route
    for old in indices.all_records():
        if old != source:
            indices.drop(old)
    target = names.physical(names.records, MAPPING_VERSION, names.generation(source) + 1)
    route = Route(source, target, names.building, versioned=True)
    # a build of this name may have been begun before, and forgotten
    note(client, indices, route, {})
    shards = client.location.shards or indices.shards(source)
    indices.make(names.building, target, records_body(shards, keys_module.version()))
    return route


def unfinished(indices: Indices) -> Route | None:
    """The way into the build that this release began and nobody has put in use."""
    names = indices.names
    (source,) = indices.behind(names.records)
    for target in indices.behind(names.building):
        if indices.made_with(target) == indices.wanted():
            return Route(source, target, names.building, versioned=True)
    return None


class OpenSearchBuild(Copying):
    """New keys for all records, made beside those in use; see `contract.Build`."""

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """What the index will answer once the build is in use."""
        self._indices.refresh(self.route.target)
        return candidates(self._client, self.route.target, keys, epoch)

    def swap(self, keyed: Keyed) -> None:
        """Close the old index, catch up, compare, turn the aliases; see `Build.swap`."""
        names, route = self._indices.names, self.route
        _catch_up(self, keyed)
        _closed(self._indices, self, keyed)
        # what the new index has now is in the old one too: from here a roll-back copies
        back = Route(route.target, route.source, names.before, versioned=False)
        held = self._indices.checkpoints(route.target, "max_seq_no")
        note(self._client, self._indices, back, held)
        self._indices.change_aliases(
            [
                _remove(route.source, names.records),
                _remove(route.target, names.building),
                _add(route.target, names.records),
                _add(route.source, names.before),
            ]
        )

    def discard(self) -> None:
        """Forget the build; the index stays as it is."""
        self._indices.drop(self.route.target)


def roll_back(client: ClusterClient, indices: Indices) -> str:
    """Put the index before the last swap in use again; see `Rebuild.roll_back`."""
    names = indices.names
    indices_before = indices.behind(names.before)
    if not indices_before:
        raise BackendError(
            f"{client.location} has no earlier keys to go back to; "
            "only the last `samework reindex` can be undone, and only once"
        )
    (before,), (current,) = indices_before, indices.behind(names.records)
    indices.unblock(before)
    indices.unblock(current)
    made_with = indices.made_with(before)
    same = made_with == indices.made_with(current)
    keyed = _StoredKeys(client, indices, current) if same else _no_keys
    copying = Copying(client, indices, Route(current, before, names.before, versioned=False))
    _catch_up(copying, keyed)
    _closed(indices, copying, keyed)
    indices.change_aliases(
        [
            _remove(current, names.records),
            _remove(before, names.before),
            _add(before, names.records),
        ]
    )
    indices.drop(current)
    return str(indices.meta(before).get("keys", ""))


def _catch_up(copying: Copying, keyed: Keyed) -> None:
    while records := copying.missing(CATCH_UP):
        copying.add(records, keyed(records))
        if len(records) < CATCH_UP:
            return  # under a steady writer there would always be one more


def _closed(indices: Indices, copying: Copying, keyed: Keyed) -> None:
    """Close the source for writing with all it has in the target, or leave it open."""
    source = copying.route.source
    indices.block(source)
    try:
        end = time.monotonic() + CATCH_UP_SECONDS
        _catch_up(copying, keyed)
        while not copying.caught_up():
            if time.monotonic() > end:
                raise BackendError(
                    f"{source!r} is not whole on all its copies after {CATCH_UP_SECONDS:.0f} s; "
                    "nothing was swapped; run this again when the cluster is green"
                )
            time.sleep(0.1)
            _catch_up(copying, keyed)
        stored, built = copying.counts()
        if stored != built:
            raise BackendError(
                f"the new keys of {source!r} are of {built} records, expected {stored}; "
                "nothing was swapped; run `samework reindex` again, or `samework doctor` "
                "to see what is wrong"
            )
    except BaseException:
        indices.unblock(source)
        raise


class _StoredKeys:
    """The keys that records have in an index, for a copy with the same ones."""

    def __init__(self, client: ClusterClient, indices: Indices, index: str) -> None:
        self._client = client
        self._indices = indices
        self._index = index

    def __call__(self, records: Sequence[Record]) -> Keys:
        """The keys of these records."""
        names = [document_id(record.record_id) for record in records]
        search: dict[str, Any] = {
            "size": len(names),
            "query": {"ids": {"values": names}},
            "sort": ["_doc"],
            **fetching("blob"),
        }
        path = f"/{self._index}/_search?allow_partial_search_results=false"
        return found_keys(self._client.ask("POST", path, search).body["hits"]["hits"], "blob")


def _no_keys(records: Sequence[Record]) -> Keys:
    """Records that another release is to key: they are stored, and found by nothing yet."""
    ids = tuple(record.record_id for record in records)
    own = [xxhash.xxh3_64_intdigest(record_id.encode("utf-8", "replace")) >> 1 for record_id in ids]
    none = np.zeros(len(ids), np.uint64)
    starts = np.zeros(len(ids) + 1, np.int64)
    return Keys(ids, np.array(own, np.uint64), none, none, starts, np.empty(0, np.uint64))


def _add(index: str, alias: str) -> dict[str, Any]:
    return {"add": {"index": index, "alias": alias}}


def _remove(index: str, alias: str) -> dict[str, Any]:
    return {"remove": {"index": index, "alias": alias}}
