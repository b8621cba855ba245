"""
The append-only log of events: blocks of entries, numbered without a gap by all writers together.

    append(entries)  ->  a block whose _id is the number of its first entry

A block is created, never replaced, at the number behind the last one, so of two
writers one is refused and moves on. Where the log ends is noted beside it, as a
hint that may lag behind and never runs ahead: a writer walks from there. Does not:
know what an entry means.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import uuid4

import orjson

from indexer.errors import BackendError
from indexer.index.opensearch.bulk import CONFLICT, Write, write
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.pagination import all_hits, get_all

BLOCK_BYTES: Final = 4 << 20
BLOCKS_AT_ONCE: Final = 100
NUMBERS_AT_ONCE: Final = 100  # of entries, in one search
END: Final = "end"  # _id of the hint


class OpenSearchLog:
    """The part of a `Collection` that is its log."""

    _client: ClusterClient
    _indices: Indices

    def append(self, entries: Sequence[bytes]) -> int:
        """Append in order; the number of the last entry of the log."""
        last = self._last_entry()
        for block in _blocks(entries):
            last = self._create_block(last, block)
        if entries:
            self._hint(last)
        return last

    def log(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The entries behind a number, in order."""
        self._indices.refresh(self._log_alias)
        search: dict[str, Any] = {
            "size": BLOCKS_AT_ONCE,
            "query": {"bool": {"filter": [{"exists": {"field": "first"}}, _behind(after)]}},
            "sort": ["first"],
            "_source": ["first", "entries"],
        }
        for hit in all_hits(self._client, self._log_alias, search):
            yield from _numbered(hit["_source"], after)

    def entries(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The entries of these numbers, in order; only the blocks that hold one are read."""
        self._indices.refresh(self._log_alias)
        found: dict[int, bytes] = {}
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), NUMBERS_AT_ONCE):
            part = wanted[start : start + NUMBERS_AT_ONCE]
            search: dict[str, Any] = {
                "size": BLOCKS_AT_ONCE,
                "query": {"bool": {"should": [_holding(number) for number in part]}},
                "sort": ["first"],
                "_source": ["first", "entries"],
            }
            asked = frozenset(part)
            for hit in all_hits(self._client, self._log_alias, search):
                told = _numbered(hit["_source"], 0)
                found.update((number, entry) for number, entry in told if number in asked)
        return found

    @property
    def _log_alias(self) -> str:
        return self._indices.names.log

    def _create_block(self, last: int, block: Sequence[bytes]) -> int:
        """Store a block behind the entry *last*, or behind what others stored there."""
        writer = uuid4().hex
        while True:
            first, end = last + 1, last + len(block)
            encoded = [b64encode(entry).decode() for entry in block]
            source = {"first": first, "last": end, "writer": writer, "entries": encoded}
            (done,) = write(
                self._client, [Write(self._log_alias, _name(first), orjson.dumps(source))]
            )
            if done.stored:
                return end
            if done.status != CONFLICT:
                raise BackendError(f"{self._client.location} refused the log: {done.reason}")
            there = self._block(first)
            if there["writer"] == writer:  # ours, by the try whose answer was lost
                return end
            last = int(there["last"])

    def _last_entry(self) -> int:
        """The number of the last entry: from the hint, then along the blocks behind it."""
        (hint,) = get_all(self._client, self._log_alias, [END], ("last",))
        last = int(hint["_source"]["last"]) if hint else 0
        while True:
            (block,) = get_all(self._client, self._log_alias, [_name(last + 1)], ("last",))
            if block is None:
                return last
            last = int(block["_source"]["last"])

    def _block(self, first: int) -> dict[str, Any]:
        (hit,) = get_all(self._client, self._log_alias, [_name(first)], ("writer", "last"))
        if hit is None:
            raise BackendError(f"{self._client.location} lost entry {first} of the log")
        source: dict[str, Any] = hit["_source"]
        return source

    def _hint(self, last: int) -> None:
        # a number as the version, so that a slower writer's hint is refused
        path = f"/{self._log_alias}/_doc/{END}?version={last}&version_type=external"
        path += "&require_alias=true"
        self._client.ask("PUT", path, {"last": last}, accept=frozenset({CONFLICT}))


def _name(first: int) -> str:
    return f"{first:020d}"


def _behind(after: int) -> dict[str, Any]:
    return {"range": {"last": {"gt": after}}}


def _holding(number: int) -> dict[str, Any]:
    """What finds the block that an entry is in."""
    bounds = ({"first": {"lte": number}}, {"last": {"gte": number}})
    return {"bool": {"filter": [{"range": bound} for bound in bounds]}}


def _numbered(block: dict[str, Any], after: int) -> Iterator[tuple[int, bytes]]:
    for number, entry in enumerate(block["entries"], start=block["first"]):
        if number > after:
            yield number, b64decode(entry)


def _blocks(entries: Sequence[bytes]) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    size = 0
    for entry in entries:
        if block and size + len(entry) > BLOCK_BYTES:
            yield block
            block, size = [], 0
        block.append(entry)
        size += len(entry)
    if block:
        yield block
