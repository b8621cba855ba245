"""
Mappings and settings of the indices, each line with its reason.

    names.py  ->  BODIES[alias]: the body an index is made with

Nothing here needs a plugin. A change to a mapping is a new MAPPING_VERSION, and
with it a new physical index that `samework reindex` fills.

Title words are keys like all others, made in Python, and stand in a text field of
their own that only splits at spaces. Two questions are asked of it: as terms, for
candidates, where a title hit is a predicate with the epoch's idf (`join.py`) and no
shard's own word counts come into it; and by BM25, for an ad-hoc question, where what
counts is who comes first (`ranked.py`). A word is spelled as its key, not as it is
written: a re-index and a roll-back have keys alone, no word is longer than 11 letters
whatever a feed sends, and it is the same word that the other engine looks up.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from indexer.keys.ranking import K1, B

MAPPING_VERSION: Final = 2

# read back through _source, never searched nor sorted by
_STORED: Final = {"type": "keyword", "index": False, "doc_values": False}
# found by, never sorted nor aggregated by: an inverted index alone, norms and positions off
_FOUND_BY: Final = {"type": "keyword", "doc_values": False}
# sorted and paged by
_ORDERED: Final = {"type": "keyword"}

_RECORDS: Final = {
    "id": _ORDERED,
    "updated": _STORED,
    "hash": _STORED,
    # a record's tombstone, or the hole where a record was taken out
    "deleted": {"type": "boolean", "doc_values": False},
    "keys": _FOUND_BY,  # all but the title words
    # ranked by: how often a word stands in a title (once) lets Lucene skip the titles that
    # cannot be among the best, the norm is the title's length; no positions, since no
    # phrase is ever asked for
    "words": {
        "type": "text",
        "analyzer": "whitespace",
        "index_options": "freqs",
        "similarity": "title",
    },
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
    "writer": _STORED,
    "entries": {"type": "binary"},
}
# what the joins read as doc values need not be stored a second time
_NOT_IN_SOURCE: Final = ["keys", "words", "twin", "blob", "terms"]
# the parameters and what they were measured on stand in docs/evaluation-appendix.md
_BM25: Final = {"title": {"type": "BM25", "k1": K1, "b": B}}


def records_body(shards: int, keys_version: str) -> dict[str, Any]:
    """How the index of records is made."""
    return {
        "settings": _settings(shards) | {"similarity": _BM25},
        "mappings": {
            "dynamic": "strict",
            "_source": {"excludes": _NOT_IN_SOURCE},
            "_meta": {"mapping": MAPPING_VERSION, "keys": keys_version},
            "properties": deepcopy(_RECORDS),
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
            "properties": deepcopy(properties),
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
