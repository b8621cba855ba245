"""
Documents as OpenSearch stores them, each one line of JSON.

    record, its version, its keys  ->  a document of the index of records
    kind, name, body               <-> a document of the collection

A living record carries its keys three times: spelled, to be found by, the title
words apart from the others; whole, for the joins; and its title words alone, for what
most title hits are told from. A tombstone is a record that its feed took back; a hole
is where one was taken out.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson

from indexer.index.opensearch.spelling import SpelledKeys, parted, spelled
from indexer.index.ordering import Version
from indexer.keys import Keys

VERSION_FIELDS: Final = ("updated", "hash", "deleted")


class Sources:
    """The documents of a batch of records, by the row of their keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._others, self._words = parted(keys)
        self._spelled_others = SpelledKeys(self._others.values)
        self._spelled_words = SpelledKeys(self._words.values)
        self._blobs = list(keys.blobs())
        self._terms = list(self._words.blobs())
        self._rows = {name: row for row, name in enumerate(keys.ids)}

    def living(self, record_id: str, version: Version, json: bytes, at: int) -> bytes:
        """A record with its keys: those of row *at*, where these are its own, else by its id."""
        keys = self._keys
        mine = at < len(keys) and keys.ids[at] == record_id
        row = at if mine else self._rows[record_id]
        return b"".join(
            (
                _head(record_id, version),
                b',"twin":"',
                spelled(int(keys.twins[row])).encode(),
                b'","keys":',
                self._spelled_others.array(*self._others.span(row)),
                self._word_text(row),
                b',"blob":"',
                b64encode(self._blobs[row]),
                b'","terms":"',
                b64encode(self._terms[row]),
                b'","record":',
                json,
                b"}",
            )
        )

    def _word_text(self, row: int) -> bytes:
        """The field of title words; none without words: a roll-back may be to a mapping before."""
        start, end = self._words.span(row)
        return b',"words":' + self._spelled_words.text(start, end) if start < end else b""


def tombstone(record_id: str, version: Version, json: bytes) -> bytes:
    """A record that its feed took back; it is kept to be compared with older versions."""
    return _head(record_id, version) + b',"record":' + json + b"}"


def hole(record_id: str) -> bytes:
    """What is left of a record that was taken out: a re-index learns of it, nothing else."""
    return orjson.dumps({"id": record_id, "deleted": True})


def version_of(source: Mapping[str, Any]) -> Version | None:
    """The version of a stored document; None of a hole."""
    if "hash" not in source:
        return None
    return (str(source["updated"]), str(source["hash"]), bool(source["deleted"]))


def document(kind: str, name: str, body: bytes) -> bytes:
    """A document of the collection, its body opaque to OpenSearch."""
    return orjson.dumps({"kind": kind, "id": name, "body": b64encode(body).decode()})


def body_of(hit: Mapping[str, Any]) -> bytes:
    """The body of a document of the collection."""
    return b64decode(hit["_source"]["body"])


def _head(record_id: str, version: Version) -> bytes:
    values = dict(zip(VERSION_FIELDS, version, strict=True))
    return orjson.dumps({"id": record_id, **values})[:-1]
