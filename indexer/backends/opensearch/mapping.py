"""
Mappings and settings of the indices, each line with its reason.

    names.py  ->  BODIES[alias]: the body an index is made with

Nothing here needs a plugin. A change to a mapping is a new MAPPING_VERSION, and
with it a new physical index that `samework reindex` fills.

There is no analysed text: title words are keys like all others, made in Python,
so that a title hit is the same rule on every engine (`join.py`) and no shard's
own word counts come into it. That rule is BM25 at k1 = 0, b = 0, with the
epoch's idf. Full-text fields would cost bytes and rank otherwise on each shard.
"""

from __future__ import annotations

from typing import Any, Final

MAPPING_VERSION: Final = 1

# read back through _source, never searched nor sorted by
_KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}
# found by, never sorted nor aggregated by: an inverted index alone, norms and positions off
_FOUND_BY: Final = {"type": "keyword", "doc_values": False}
# sorted and paged by
_ORDERED: Final = {"type": "keyword"}

_RECORDS: Final = {
    "id": _ORDERED,
    "updated": _KEPT,
    "hash": _KEPT,
    # a record's tombstone, or the hole where a record was taken out
    "deleted": {"type": "boolean", "doc_values": False},
    "keys": _FOUND_BY,
    "twin": _FOUND_BY,
    # all keys as they were made, for the joins in Python: as doc values, since reading one
    # from there leaves the compressed source alone
    "blob": {"type": "binary", "doc_values": True},
    # the title words among them once more: what most hits of a title are told from, at a
    # tenth of the bytes
    "terms": {"type": "binary", "doc_values": True},
    "record": {"type": "object", "enabled": False},  # as harvested; parsed by nobody
}
_DOCUMENTS: Final = {
    "kind": _ORDERED,
    "id": _ORDERED,
    "body": {"type": "binary"},
}
_LOG: Final = {
    "first": {"type": "long"},
    "last": {"type": "long"},
    "writer": _KEPT,
    "entries": {"type": "binary"},
}
# what the joins read as doc values need not be stored a second time
_NOT_IN_SOURCE: Final = ["keys", "twin", "blob", "terms"]


def records_body(shards: int, keys_version: str) -> dict[str, Any]:
    """How the index of records is made."""
    return {
        "settings": _settings(shards),
        "mappings": {
            "dynamic": "strict",
            "_source": {"excludes": _NOT_IN_SOURCE},
            "_meta": {"mapping": MAPPING_VERSION, "keys": keys_version},
            "properties": _RECORDS,
        },
    }


def documents_body() -> dict[str, Any]:
    """How the index of documents is made."""
    return _small(_DOCUMENTS)


def log_body() -> dict[str, Any]:
    """How the index of the log is made."""
    return _small(_LOG)


def _small(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "settings": _settings(1),
        "mappings": {
            "dynamic": "strict",
            "_meta": {"mapping": MAPPING_VERSION},
            "properties": properties,
        },
    }


def _settings(shards: int) -> dict[str, Any]:
    return {
        "number_of_shards": shards,
        # one copy more as soon as there is a second node, and green without one
        "auto_expand_replicas": "0-1",
        # DEFLATE: JSON of records shrinks by a half against the default, reading it is rare
        "codec": "best_compression",
        # whoever needs to see what was written refreshes (`make_visible`); this is for a
        # person who looks with another tool
        "refresh_interval": "30s",
    }
