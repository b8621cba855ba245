"""
Census: which records there are, which wait, and in which works they are filed, as numbers.

    documents of a collection, one after the other  ->  sorted arrays of hashes

A million records take some 40 MB so, whatever their ids. A fault is found among the hashes, and
only then are the documents read once more for its names. Does not: say what is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from detector.store.holdings import Holdings
from detector.works.works import Work
from indexer.index.contract import Engine
from indexer.ingesting.ingest import PENDING

Hashes = NDArray[np.uint64]
_BETWEEN: Final = "\x1f"


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """Who is where; each array ascends."""

    records: Hashes  # in the collection
    waiting: Hashes  # stored, changed or deleted, and not compared since
    held: Hashes  # records of works, as often as works hold them
    homes: Hashes  # (record, work) of the works
    filed: Hashes  # (record, work) as records are filed

    @classmethod
    def of(cls, engine: Engine) -> Census:
        """Read a collection once."""
        holdings = Holdings(engine)
        both = (number for work in holdings.all_works() for number in _of_work(work))
        pairs = np.fromiter(both, np.uint64).reshape(-1, 2)
        filed = (hashed(name, home.work_id) for name, home in holdings.all_homes())
        return cls(
            _sorted(hashed(name) for name in engine.ids()),
            np.unique(_sorted(hashed(name) for name in waiting_records(engine))),
            np.sort(pairs[:, 0]),
            np.sort(pairs[:, 1]),
            _sorted(filed),
        )


def hashed(*names: str) -> int:
    """The number that stands for a name, or for several together."""
    return xxh3_64_intdigest(_BETWEEN.join(names).encode())


def waiting_records(engine: Engine) -> Iterator[str]:
    """The records that wait to be compared; one on two lists twice."""
    for _, stored in engine.documents(PENDING):
        yield from orjson.loads(stored.body)


def among(names: Iterable[str], hashes: Hashes) -> list[str]:
    """Those of these names whose hashes are among these, which ascend."""
    if not len(hashes):
        return []
    wanted = frozenset(hashes.tolist())
    return [name for name in names if hashed(name) in wanted]


def _of_work(work: Work) -> Iterator[int]:
    for name in work.records:
        yield hashed(name)
        yield hashed(name, work.work_id)


def _sorted(hashes: Iterable[int]) -> Hashes:
    return np.sort(np.fromiter(hashes, np.uint64))
