"""
First works: what is stored of works in a collection that had none.

    WorkColumns  ->  events in the order of the records, documents in the order of their names

All works are created, under the ids that they have. No `Work` is made: JSON is put together of
ids that are quoted once, at 4 µs a work where it took 9. Documents are written in order, many at
once: a tree that is filled in order touches each of its pages once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import numpy as np
import orjson

from detector.store.events import Occasion, log_entries
from detector.store.stored_ids import MEMBER, WORK, Home
from detector.works.work_ids import written
from detector.works.works import WorkColumns, WorkRows
from indexer.index.contract import Collection
from indexer.keys.gathered import ids_at

AT_ONCE: Final = 20_000  # works, or records


def store_first(collection: Collection, works: WorkColumns, occasion: Occasion) -> None:
    """Log works as created, and store them and the work and arrival of each record."""
    numbers = works.numbers()
    behind = occasion.members() + b"}"
    for start in range(0, len(works), AT_ONCE):
        part = np.arange(start, min(start + AT_ONCE, len(works)))
        names = list(map(written, numbers[part].tolist()))
        records = _records(works.rows(part))
        log_entries(
            collection,
            [
                b'{"event":"created","work_id":"%b","came":[%b]%b%b'
                % (name.encode(), b",".join(quoted), _told_groups(quoted, groups), behind)
                for name, (quoted, groups) in zip(names, records, strict=True)
            ],
            ([name] for name in names),
        )
    order = np.argsort(numbers)  # that of their names
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE]
        names = list(map(written, numbers[part].tolist()))
        bodies = (_body(*records) for records in _records(works.rows(part)))
        collection.write(WORK, dict(zip(names, bodies, strict=True)))
    homes = numbers[works.homes()]
    for start in range(0, len(homes), AT_ONCE):
        part = np.arange(start, min(start + AT_ONCE, len(homes)))
        told = (Home(written(number), occasion.turn).to_bytes() for number in homes[part].tolist())
        collection.write(MEMBER, dict(zip(ids_at(works.ids, part.tolist()), told, strict=True)))


def _records(rows: WorkRows) -> Iterator[tuple[list[bytes], list[int]]]:
    """The records of each work as JSON, and the version group of each."""
    quoted = list(map(orjson.dumps, rows.ids))
    for end, size in zip(accumulate(rows.sizes), rows.sizes, strict=True):
        yield quoted[end - size : end], rows.groups[end - size : end]


def _body(records: list[bytes], groups: list[int]) -> bytes:
    """The document of a work, as `holdings` reads it."""
    every = b",".join(records)
    inside = _groups(records, groups) if any(groups) else b"[%b]" % every
    return b'{"records":[%b],"version_groups":[%b]}' % (every, inside)


def _told_groups(records: list[bytes], groups: list[int]) -> bytes:
    """The version groups as an event says them: where they are several."""
    return b',"groups":[%b]' % _groups(records, groups) if any(groups) else b""


def _groups(records: list[bytes], groups: list[int]) -> bytes:
    parts: dict[int, list[bytes]] = {}
    for record, group in zip(records, groups, strict=True):
        parts.setdefault(group, []).append(record)
    return b",".join(b"[%b]" % b",".join(part) for part in parts.values())
