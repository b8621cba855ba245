"""
Health: is all well with an index, and if not, what to do?

    engine  ->  Finding, Finding, ...

Reads only (a lease is taken for a moment to see whether somebody holds it). Each check
is a function over the engine and one row of CHECKS. Does not: repair anything.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from detector.checking.checking import works_findings
from detector.checking.findings import Finding, Grade
from detector.detecting.pipeline import WORKS_LEASE
from indexer.errors import BackendBusy, BackendDamaged, BackendError
from indexer.harvesting.checkpoints import COMPLETE, RUNNING, ledgers
from indexer.harvesting.harvest import harvest_lease
from indexer.index.contract import Engine
from indexer.index.embedded.damage import damage_of
from indexer.ingesting.dead_letters import KIND as DEAD_LETTER
from indexer.ingesting.ingest import PENDING
from indexer.keys import version as keys_version

MOST_CHECKED: Final = 200_000  # records whose works are checked unless all are asked for
CLOCK_SLACK: Final = 120.0  # seconds
LEAST_FREE: Final = 1 << 30  # bytes, beside as much as the index takes
LEAST_TO_WRITE: Final = 1 << 20  # bytes, of one small transaction


Findings = Iterator[Finding]
Check = Callable[[Engine], Findings]


def examine(engine: Engine, everything: bool = False) -> Findings:
    """All findings, subject by subject."""
    damaged = list(_file(engine, everything))
    yield from damaged
    if damaged:
        yield from _disk(engine)
        return
    seen: set[str] = set()  # a full disk is reported once
    checks: list[Check] = [*CHECKS, partial(_works_of, everything=everything)]
    for check in checks:
        try:
            yield from check(engine)
        except BackendError as fault:
            if str(fault) not in seen:
                seen.add(str(fault))
                yield ill(fault)


def ill(fault: BackendError) -> Finding:
    """The finding that an index cannot be read, wholly or in part."""
    text, _, advice = str(fault).partition("; ")
    return Finding(Grade.FAULT, "index", text, advice)


def _file(engine: Engine, everything: bool) -> Findings:
    """Whether the file of an embedded index is whole; nothing where it is."""
    path = Path(engine.location) / "samework.sqlite"
    if not path.is_file():
        return
    try:
        small = everything or engine.totals().records <= MOST_CHECKED
        faults = damage_of(path, contents=small)
    except BackendDamaged as damaged:
        faults = [damaged.found]
    except BackendError:
        return  # the checks after this one meet it too, and report it
    if faults:
        yield ill(BackendDamaged(str(path), "; ".join(faults)))


def _works_of(engine: Engine, everything: bool) -> Findings:
    records = engine.totals().records
    if records > MOST_CHECKED and not everything:
        text = f"{records:,} records: their works were not checked one by one"
        yield Finding(Grade.NOTE, "works", text, "`samework doctor --everything` does")
        return
    yield from works_findings(engine)


def _engine(engine: Engine) -> Findings:
    totals = engine.totals()
    size = f"{totals.bytes / 1e6:,.1f} MB"
    text = f"{engine.location}: {totals.records:,} records, {size}"
    yield Finding(Grade.WELL, "index", text)
    if totals.keys_version == keys_version():
        yield Finding(Grade.WELL, "keys", f"made as this release makes them ({keys_version()})")
    else:
        text = f"made with {totals.keys_version}, this release uses {keys_version()}"
        yield Finding(
            Grade.FAULT, "keys", text, f"run `samework reindex --index {engine.location}`"
        )


def _cluster(engine: Engine) -> Findings:
    for check in engine.checks():
        fault = Grade.NOTE if check.note else Grade.FAULT
        grade = fault if check.advice else Grade.WELL
        yield Finding(grade, check.subject, check.text, check.advice)


def _clock(engine: Engine) -> Findings:
    folder = Path(engine.location)
    if not folder.is_dir():
        return
    ahead = max(file.stat().st_mtime for file in folder.iterdir()) - time.time()
    if ahead > CLOCK_SLACK:
        text = f"the index was written {ahead:.0f} s in the future of this machine's clock"
        yield Finding(Grade.FAULT, "clock", text, "set the clock: leases and schedules go by it")


def _disk(engine: Engine) -> Findings:
    folder = Path(engine.location)
    if not folder.is_dir():
        return
    size = sum(file.stat().st_size for file in folder.glob("samework.sqlite*"))
    free, needed = shutil.disk_usage(folder).free, size + LEAST_FREE
    text = f"{free / 1e9:,.1f} GB free"
    if free < LEAST_TO_WRITE:
        text = f"the disk is full: {free / 1e6:,.1f} MB free"
        yield Finding(Grade.FAULT, "disk", text, "make room; what is stored is safe")
        return
    if free >= needed:
        yield Finding(Grade.WELL, "disk", text)
    else:
        text += f", a re-index wants {needed / 1e9:,.1f}"
        yield Finding(Grade.NOTE, "disk", text, "make room, or move the index: it is one folder")


def _leases(engine: Engine) -> Findings:
    try:
        with engine.lease(WORKS_LEASE, 5.0):
            yield Finding(Grade.WELL, "locks", "nobody holds the works or is writing")
    except BackendBusy as busy:
        yield Finding(Grade.NOTE, "locks", str(busy), "wait; if that process is gone, it lapses")


def _waiting(engine: Engine) -> Findings:
    letters = engine.count(DEAD_LETTER)
    if letters:
        see = f"`samework dead-letters list --index {engine.location}`, then replay or drop"
        yield Finding(Grade.NOTE, "dead letters", f"{letters:,} rows could not be used", see)
    else:
        yield Finding(Grade.WELL, "dead letters", "none")
    pending = {
        record_id
        for _, stored in engine.documents(PENDING)
        for record_id in orjson.loads(stored.body)
    }
    if pending:
        yield Finding(
            Grade.NOTE,
            "comparing",
            f"{len(pending):,} records were stored and not compared: a run was stopped",
            f"the next `samework ingest FILE --detect --index {engine.location}` compares them",
        )


def _harvests(engine: Engine) -> Findings:
    """The last account of each feed."""
    last = {ledger.feed: ledger for ledger in ledgers(engine)}
    for feed, ledger in sorted(last.items()):
        when = (ledger.finished or ledger.started)[:19]
        again = f"`samework harvest {feed} --index {engine.location}` goes on from there"
        if ledger.state == RUNNING:
            try:
                with engine.lease(harvest_lease(feed), 5.0):
                    text = f"{ledger.line}; began {when} and was killed"
                    yield Finding(Grade.NOTE, "harvest", text, again)
            except BackendBusy:
                yield Finding(Grade.WELL, "harvest", f"{ledger.line}; since {when}")
        elif ledger.state == COMPLETE:
            yield Finding(Grade.WELL, "harvest", f"{ledger.line}; {when}")
        else:
            yield Finding(Grade.NOTE, "harvest", f"{ledger.line}; {when}", again)


CHECKS: Final[tuple[Check, ...]] = (
    _engine,
    _cluster,
    _clock,
    _disk,
    _leases,
    _waiting,
    _harvests,
)
