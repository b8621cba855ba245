"""
Waiting: the lists of records that were stored and not judged yet.

    collection  ->  names of lists with their lengths  ->  as many lists as one step judges

A list is written with the records it names (`indexer.ingesting.ingest`) and taken out with what was
judged of them. Does not: judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import orjson

from indexer.index.contract import Collection
from indexer.ingesting.ingest import PENDING


def lists_of(collection: Collection) -> list[tuple[str, int]]:
    """The names of all lists, oldest first, and how many records are in each."""
    lists = collection.documents(PENDING)
    return [(name, len(orjson.loads(document.body))) for name, document in lists]


def together(lists: Iterable[tuple[str, int]], records: int) -> Iterator[list[str]]:
    """The names of lists, as many at a time as have about so many records."""
    names: list[str] = []
    held = 0
    for name, count in lists:
        if names and held + count > records:
            yield names
            names, held = [], 0
        names.append(name)
        held += count
    if names:
        yield names


def waiting_in(collection: Collection, names: Sequence[str]) -> tuple[list[str], set[str]]:
    """Which of these lists are still there, and the records in them."""
    left = collection.read(PENDING, names)
    return list(left), {one for stored in left.values() for one in orjson.loads(stored.body)}
