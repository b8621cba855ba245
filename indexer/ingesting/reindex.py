"""
Re-index: new keys for all records, built beside those in use and swapped at one moment.

    plan  ->  build from the records themselves  ->  catch up  ->  verify  ->  swap

Readers see the old keys or the new, never a mixture; writers go on, and what they
write is caught up with before the swap. A run that was killed goes on where it
ended. Does not: compare records again (`detector.runs.reindexing` does).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from indexer.errors import BackendError
from indexer.fields import fields_of_batch
from indexer.index.contract import Build, Engine, Keyed
from indexer.keys import Keys, Kind, keys_of, kinds_of
from indexer.keys.epoch import Epoch
from indexer.records import Record
from indexer.running.crash_points import reached
from indexer.running.workers import Workers

BATCH: Final = 2_000
SAMPLE: Final = 3_000  # records read and keyed for a plan
ASKED: Final = 200  # records asked of the new keys before they are put in use
LEASE: Final = "reindex"
LEASE_SECONDS: Final = 300.0  # until that of a dead re-index is free; renewed meanwhile

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ReindexPlan:
    """What a re-index would do and why, and what it takes by the measure of a sample."""

    records: int
    reasons: tuple[str, ...]  # what this release makes otherwise
    built: int  # records of a build that was begun and not put in use
    seconds: float  # to read all records and make their keys; writing them comes on top
    bytes: int  # on disk beside the index, until the re-index after this one begins


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What a re-index did."""

    records: int
    asked: int  # records whose candidates were compared before the swap
    seconds: float


def plan(engine: Engine, workers: int = 1) -> ReindexPlan:
    """What a re-index would do; a sample of records is read and keyed to tell how long."""
    totals = engine.totals()
    build = engine.unfinished_build()
    scan = engine.scan()
    sample = list(islice(scan, 1))  # what it costs to begin does not grow with the records
    began = time.perf_counter()
    sample += islice(scan, SAMPLE - 1)
    read = time.perf_counter() - began
    keyed(sample)
    spent = read + (time.perf_counter() - began - read) / workers
    return ReindexPlan(
        records=totals.records,
        reasons=engine.drift(),
        built=build.counts()[1] if build else 0,
        seconds=totals.records * spent / max(len(sample), 1),
        bytes=totals.bytes,
    )


def reindex(
    engine: Engine, progress: Progress | None = None, workers: Workers | None = None
) -> Reindexed:
    """
    Build, catch up, verify and swap, under a lock of its own.

    Raises:
        BackendBusy: another re-index runs.
        BackendError: the new keys do not hold what they should; nothing was swapped.
    """
    began = time.perf_counter()
    with engine.lease(LEASE, LEASE_SECONDS):
        build = engine.begin_build()
        catch_up(build, progress, workers)
        reached("after-build")
        asked = verify(engine, build)
        reached("after-verify")
        build.swap(keyed)
        reached("after-swap")
    return Reindexed(engine.totals().records, asked, time.perf_counter() - began)


def discard(engine: Engine) -> int:
    """Forget the unfinished build; how many records it held."""
    with engine.lease(LEASE, LEASE_SECONDS):
        build = engine.unfinished_build()
        if build is None:
            return 0
        built = build.counts()[1]
        build.discard()
        return built


def catch_up(
    build: Build, progress: Progress | None = None, workers: Workers | None = None
) -> None:
    """Add records until the build lacked less than a batch; the swap adds what came meanwhile."""
    made = _keyed_by(workers or Workers())
    while records := build.missing(BATCH):
        build.add(records, made(records))
        reached("within-build")
        if progress:
            progress(len(records))
        if len(records) < BATCH:
            return  # under a steady writer there would always be one more


def verify(engine: Engine, build: Build) -> int:
    """
    Ask the build for the candidates of a sample: each record must at least meet itself.

    A record's own keys are asked under another id, so the record itself must answer
    unless a record equal in every field stands for it.

    Raises:
        BackendError: the build does not answer for a record that it should hold.
    """
    sample = list(islice(engine.scan(), ASKED))
    if not sample:
        return 0
    keys = _without_words(keyed(sample))
    other = replace(keys, ids=tuple(f"\x00{record_id}" for record_id in keys.ids))
    answered = set()
    for left, right, _ in build.candidates(other, Epoch.empty()):
        answered.add(left.removeprefix("\x00"))
        answered.add(right)
    silent = [
        record.record_id
        for row, record in enumerate(sample)
        if record.record_id not in answered and len(keys.of(row))
    ]
    if silent:
        raise BackendError(
            f"the new keys do not find {len(silent)} of {len(sample)} records asked for, "
            f"{silent[0]!r} first; nothing was swapped; run `samework reindex` again"
        )
    return len(sample)


def _without_words(keys: Keys) -> Keys:
    """
    The same records without the keys of their title words.

    The new keys have no epoch yet: every word would count as rare and bring all the
    records that have it.
    """
    return keys.only(kinds_of(keys.values) != Kind.TERM)


def keyed(records: Sequence[Record]) -> Keys:
    """The keys of records by this release."""
    return keys_of(fields_of_batch(records))


def _keyed_by(workers: Workers) -> Keyed:
    """`keyed`, each worker making an equal share of the keys of a batch."""

    def made(records: Sequence[Record]) -> Keys:
        share = -(-len(records) // workers.count)
        shares = [records[at : at + share] for at in range(0, len(records), share)]
        return Keys.join(list(workers.each(keyed, shares)))

    return made
