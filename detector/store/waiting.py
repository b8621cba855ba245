"""
Waiting: the queue of records that were stored and not compared yet, as lists of their ids.

    collection  ->  names of lists with their lengths  ->  as many lists as one step compares

A list is written in one step with its records (`indexer.ingesting.ingest`), and removed in one
step with the storing of their works. Does not: compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from detector.store.events import Occasion
from indexer.index.contract import Collection
from indexer.ingesting.ingest import PENDING, queued_by

REPAIR: Final = "repair"  # why records wait that a check found to be wrong


def lists_of(collection: Collection) -> list[tuple[str, int]]:
    """Return the names of all lists, oldest first, each with how many records it holds."""
    lists = collection.documents(PENDING)
    return [(name, len(orjson.loads(document.body))) for name, document in lists]


def batched(lists: Iterable[tuple[str, int]], records: int) -> Iterator[list[str]]:
    """Group list names into batches of about `records` records; a longer list is a batch alone."""
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


def waiting_in(collection: Collection, names: Sequence[str]) -> dict[str, list[str]]:
    """Return which of these lists are still there, each with its records."""
    left = collection.read(PENDING, names)
    return {name: orjson.loads(document.body) for name, document in left.items()}


def queued_by_epoch(number: int) -> str:
    """Why records wait that a new epoch touched."""
    return f"e{number}"


def occasion_of(names: Iterable[str], turn: int, **cause: Any) -> Occasion:
    """
    Why works are formed of what waits on these lists: whose arrival it is, or which epoch's.

    Args:
        names: of the lists.
        turn: of whoever changes works.
        cause: what else is a cause.
    """
    arrived: set[str] = set()
    undone: dict[str, str] = {}  # by the run that undoes
    for name in names:
        run, of = (*queued_by(name), "", "")[:2]
        if of:
            undone[run] = of
        elif run == REPAIR:
            cause["repair"] = True
        elif run.startswith("e"):
            cause["epoch"] = max(int(run[1:]), cause.get("epoch", 0))
        elif run:
            arrived.add(run)
    if arrived or not (undone or cause):
        cause["arrival"] = sorted(arrived)
    if undone:
        cause["undo"] = max(undone.values())
    runs = [*arrived, *undone]
    return Occasion.now(turn, runs[0] if len(runs) == 1 else "", **cause)
