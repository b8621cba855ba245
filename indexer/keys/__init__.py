"""
Blocking keys: what candidates are found by, and the rule by which they propose a pair.

    Fields  ->  Keys (keys.py, signatures.py, batch.py)
    Keys of a collection  ->  Epoch (learning.py, epoch.py)
    Keys, Epoch  ->  Pairs (join.py, pairs.py)
"""

from indexer.keys.batch import Keys
from indexer.keys.keys import (
    STOP_WORDS,
    TWIN_SOURCE,
    Kind,
    identifier_key,
    key,
    keys_of,
    kinds_of,
    spelled_keys,
    term_key,
    terms_of,
    title_hash,
    version,
)

__all__ = [
    "STOP_WORDS",
    "TWIN_SOURCE",
    "Keys",
    "Kind",
    "identifier_key",
    "key",
    "keys_of",
    "kinds_of",
    "spelled_keys",
    "term_key",
    "terms_of",
    "title_hash",
    "version",
]
