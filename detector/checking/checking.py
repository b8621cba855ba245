"""
Checking: everything that may be wrong of the works of an index, looked at once.

    Detector over an index  ->  Checked: faults, notes, how many of each there are

Reads only, and holds no lock: where works were changed meanwhile, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detector.checking.census import Census
from detector.checking.decided_levels import decision_faults, level_faults
from detector.checking.drift import SAMPLE, Sampled, sampled
from detector.checking.findings import Fault, Finding, Grade
from detector.checking.judged import judged_faults
from detector.checking.led import id_faults
from detector.checking.partition import partition_faults
from detector.checking.replay import replay_faults, unreadable_events
from detector.detecting.pipeline import Detector
from detector.store.holdings import Holdings
from detector.store.stored_ids import REDIRECT, WORK
from indexer.index.contract import Engine

MEANWHILE = "run it again: what was read is of two moments"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    works: int
    records: int
    redirects: int
    faults: tuple[Fault, ...]  # notes too
    sample: Sampled

    @property
    def well(self) -> bool:
        """Nothing is wrong."""
        return not any(fault.grade is Grade.FAULT for fault in self.faults)

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "well": self.well,
            "works": self.works,
            "records": self.records,
            "redirects": self.redirects,
            "sampled": {"works": self.sample.works, "records": self.sample.records},
            "findings": [fault.to_dict() for fault in self.faults],
        }


def check(detector: Detector, sample: int = SAMPLE, seed: int = 0) -> Checked:
    """
    Look at all that is stored of works, and recompute a sample of them.

    Args:
        detector: over the index, with the weights that it should be decided by.
        sample: how many works are recomputed; 0: none.
        seed: which.
    """
    engine, turn = detector.engine, detector.holdings.turn()
    census = Census.of(engine)
    faults = [*stored_faults(engine, census)]
    if detector.holdings.was_detected():
        faults += level_faults(detector)
    drawn = sampled(detector, census, sample, seed)
    faults += drawn.faults
    if faults and detector.holdings.turn() != turn:
        faults.append(Fault("changed-meanwhile", "works were changed while they were checked",
                            [turn], MEANWHILE, Grade.NOTE))  # fmt: skip
    works, redirects = engine.count(WORK), engine.count(REDIRECT)
    return Checked(works, len(census.records), redirects, tuple(faults), drawn)


def stored_faults(engine: Engine, census: Census) -> Iterator[Fault]:
    """What contradicts itself in what is stored, whatever decided it."""
    yield from whole_faults(engine, census)
    yield from id_faults(engine)
    yield from judged_faults(engine)
    yield from replay_faults(engine)
    yield from unreadable_events(engine)


def whole_faults(engine: Engine, census: Census) -> Iterator[Fault]:
    """What is not whole: works that are no partition, decisions about nothing."""
    yield from partition_faults(engine, census)
    yield from decision_faults(engine, census)


def works_are_whole(engine: Engine) -> bool:
    """Whether each record is in one work, and decisions name stored records alone."""
    return not any(whole_faults(engine, Census.of(engine)))


def works_findings(engine: Engine) -> Iterator[Finding]:
    """The same in words, for who looks over an index as a whole; nothing is recomputed."""
    holdings = Holdings(engine)
    if holdings.epoch() is None:
        advice = "`samework ingest FILE --detect` compares records as they come"
        yield Finding(Grade.NOTE, "works", "nothing was compared yet", advice)
        return
    census = Census.of(engine)
    told = list(stored_faults(engine, census))
    yield from (fault.finding for fault in told)
    if not any(fault.grade is Grade.FAULT for fault in told):
        works, redirects = engine.count(WORK), engine.count(REDIRECT)
        held = len(census.records)
        text = f"{works:,} works hold {held:,} records, each once; {redirects:,} old ids"
        yield Finding(Grade.WELL, "works", text)
