"""
OpenSearch's `Collection`: opaque documents, read by id and written under conditions.

    kind, id  ->  _id "kind:id"  ->  body

A document's version is its sequence number and primary term in one number.
OpenSearch has no transaction over documents: `write` with `expected` checks all
before it stores any, and each again as it is stored, so what a race leaves behind
is a part of the documents, never a lost change. A caller that needs several
together holds a lease. Does not: know what a body means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from indexer.errors import BackendError, WriteConflict
from indexer.index.contract import Document
from indexer.index.opensearch.bulk import CONFLICT, Write, write
from indexer.index.opensearch.event_log import OpenSearchLog
from indexer.index.opensearch.leases import lease
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.pagination import all_hits, count, get_all
from indexer.index.opensearch.sources import body_of, document

HITS_AT_ONCE: Final = 1_000
TERM_SHIFT: Final = 48  # a primary term above, a sequence number below


class OpenSearchCollection(OpenSearchLog):
    """Opaque documents by kind and id, an append-only log, and leases."""

    def read(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """The documents there are among these ids."""
        names = [document_id(kind, name) for name in ids]
        hits = get_all(self._client, self._documents, names, ("body",))
        return {
            name: Document(body_of(hit), _version(hit))
            for name, hit in zip(ids, hits, strict=True)
            if hit is not None
        }

    def write(
        self,
        kind: str,
        bodies: Mapping[str, bytes],
        expected: Mapping[str, int] | None = None,
    ) -> None:
        """Store documents; see `Collection.write`."""
        wanted = dict(expected or {})
        if wanted:
            self._check(kind, wanted)
        names = list(bodies)
        writes = [self._write_of(kind, name, bodies[name], wanted.get(name)) for name in names]
        for name, done in zip(names, write(self._client, writes), strict=True):
            if done.status == CONFLICT:
                stored = self.read(kind, [name]).get(name)
                if done.repeated and stored is not None and stored.body == bodies[name]:
                    continue  # it was stored by the try whose answer was lost
                raise WriteConflict.of(kind, name, stored.version if stored else 0, wanted[name])
            if not done.stored:
                raise BackendError(
                    f"{self._client.location} refused {kind} {name!r}: {done.reason}"
                )

    def remove(self, kind: str, ids: Iterable[str]) -> int:
        """Take documents out; how many there were."""
        writes = [Write(self._documents, document_id(kind, name), None) for name in ids]
        return sum(done.stored for done in write(self._client, writes))

    def documents(self, kind: str, after: str = "") -> Iterator[tuple[str, Document]]:
        """All documents of a kind, ascending by id, as they were when the reading began."""
        self._indices.refresh(self._documents)
        search: dict[str, Any] = {
            "size": HITS_AT_ONCE,
            "query": {"term": {"kind": kind}},
            "sort": ["id"],
            "_source": ["id", "body"],
            "seq_no_primary_term": True,
        }
        if after:
            search["search_after"] = [after]
        for hit in all_hits(self._client, self._documents, search):
            yield hit["_source"]["id"], Document(body_of(hit), _version(hit))

    def count(self, kind: str) -> int:
        """How many documents of a kind there are."""
        self._indices.refresh(self._documents)
        return count(self._client, self._documents, {"term": {"kind": kind}})

    def lease(self, name: str, seconds: float) -> AbstractContextManager[None]:
        """Hold a name for the block; see `Collection.lease`."""
        return lease(self._client, self._documents, name, seconds)

    def atomically(self) -> AbstractContextManager[None]:
        """The writes of the block in their order: this engine has no transaction."""
        return nullcontext()

    @property
    def _documents(self) -> str:
        return self._indices.names.documents

    def _check(self, kind: str, expected: Mapping[str, int]) -> None:
        stored = self.read(kind, list(expected))
        for name, version in expected.items():
            current = stored[name].version if name in stored else 0
            if current != version:
                raise WriteConflict.of(kind, name, current, version)

    def _write_of(self, kind: str, name: str, body: bytes, expected: int | None) -> Write:
        source = document(kind, name, body)
        seen = _seen(expected) if expected else None
        blind = expected is None
        return Write(self._documents, document_id(kind, name), source, seen, blind)


def _version(hit: Mapping[str, Any]) -> int:
    return int(hit["_primary_term"]) << TERM_SHIFT | int(hit["_seq_no"])


def _seen(version: int) -> tuple[int, int]:
    return version & ((1 << TERM_SHIFT) - 1), version >> TERM_SHIFT
