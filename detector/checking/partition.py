"""
Partition: is each record in one work, and is it filed there?

    Census  ->  faults: records in two works, in none, that are gone, that are filed elsewhere

A record that waits to be compared is in none yet, and one that was deleted may be in one still.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detector.checking.census import Census, Hashes, among, hashed
from detector.checking.findings import Fault
from detector.store.holdings import Holdings
from detector.works.works import Work
from indexer.index.contract import Engine


def partition_faults(engine: Engine, census: Census) -> Iterator[Fault]:
    """What is wrong of who is where."""
    holdings = Holdings(engine)
    held = np.unique(census.held)
    twice = np.unique(census.held[1:][census.held[1:] == census.held[:-1]])
    if len(twice):
        which = sorted(set(among(_held(holdings), twice)))
        yield Fault("in-two-works", "records are in two works", which,
                    again=_neighbours(holdings, which))  # fmt: skip
    lost = _without(held, census.records, census.waiting)
    if len(lost):
        which = sorted(set(among(_held(holdings), lost)))
        yield Fault("dangling", "records of works are not in the index", which,
                    again=_neighbours(holdings, which))  # fmt: skip
    homeless = _without(census.records, held, census.waiting)
    if len(homeless):
        which = among(engine.ids(), homeless)
        yield Fault("in-no-work", "records are in no work", which, again=which)
    yield from _filing_faults(holdings, census)
    yield from _group_faults(holdings)


def _filing_faults(holdings: Holdings, census: Census) -> Iterator[Fault]:
    elsewhere = _without(census.filed, census.homes)
    unfiled = _without(census.homes, census.filed)
    which = [
        name
        for name, home in (holdings.all_homes() if len(elsewhere) else ())
        if _stands(hashed(name, home.work_id), elsewhere)
    ]
    which += [
        name
        for work in (holdings.all_works() if len(unfiled) else ())
        for name in work.records
        if _stands(hashed(name, work.work_id), unfiled)
    ]
    if which:
        which = sorted(set(which))
        yield Fault("filed-elsewhere", "records are filed under another work than they are in",
                    which, again=_neighbours(holdings, which))  # fmt: skip


def _group_faults(holdings: Holdings) -> Iterator[Fault]:
    wrong = [work for work in holdings.all_works() if not _parted(work)]
    if wrong:
        yield Fault(
            "versions-not-its-records",
            "works have versions that are not their records",
            [work.work_id for work in wrong],
            again=[name for work in wrong for name in work.records],
        )


def _parted(work: Work) -> bool:
    """Whether its version groups are a partition of its records, of which there is one at least."""
    inside = sorted(name for group in work.version_groups for name in group)
    return bool(work.records) and inside == sorted(work.records) and all(work.version_groups)


def _held(holdings: Holdings) -> Iterator[str]:
    return (name for work in holdings.all_works() for name in work.records)


def _neighbours(holdings: Holdings, which: list[str]) -> list[str]:
    """All records of works that hold one of these or that one of these is filed under."""
    asked = frozenset(which)
    homes = frozenset(holdings.work_ids_of(which).values())
    near = {
        name
        for work in holdings.all_works()
        if work.work_id in homes or not asked.isdisjoint(work.records)
        for name in work.records
    }
    return sorted(near | asked)


def _without(hashes: Hashes, *others: Hashes) -> Hashes:
    """Those of these that are in none of the others."""
    left = hashes
    for known in others:
        left = left[~np.isin(left, known, kind="sort")]
    return left


def _stands(value: int, hashes: Hashes) -> bool:
    at = int(np.searchsorted(hashes, np.uint64(value)))
    return at < len(hashes) and int(hashes[at]) == value
