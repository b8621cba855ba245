"""
Decided levels: does each decision stand at both its records, and was it made by what holds now?

    documents of decisions, epoch, weights, queue  ->  faults, and notes of what waits
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
import orjson

from detector.checking.census import Census, Hashes, hashed, waiting_records
from detector.checking.findings import FEW, Fault, Grade
from detector.detecting.pipeline import Detector
from detector.store.holdings import DECISIONS
from indexer.index.contract import Engine

MOST_LEARNT: Final = 100_000  # records: counting anew takes 1.6 kB each


def decision_faults(engine: Engine, census: Census) -> Iterator[Fault]:
    """Decisions about records that are gone, and those that one of two records does not have."""
    known = np.union1d(census.records, census.waiting)
    sides = np.fromiter((hashed(name) for _, pair in _told(engine) for name in pair), np.uint64)
    gone = np.setdiff1d(sides, known)
    if len(gone):
        absent = frozenset(gone.tolist())
        pairs = [pair for _, pair in _told(engine) if any(hashed(n) in absent for n in pair)]
        which = sorted({name for pair in pairs for name in pair if hashed(name) in absent})
        again = sorted({name for pair in pairs for name in pair})
        yield Fault("decided-and-gone", "records of decisions are not in the index", which,
                    again=again)  # fmt: skip
    lone = _lopsided(engine)
    if len(lone):
        single = frozenset(lone.tolist())
        pairs = [pair for _, pair in _told(engine) if hashed(*pair) in single]
        again = sorted({name for pair in pairs for name in pair})
        yield Fault("decided-at-one-side", "decisions stand at one of their two records alone",
                    [" and ".join(pair) for pair in pairs], again=again)  # fmt: skip


def level_faults(detector: Detector) -> Iterator[Fault]:
    """Decisions by other weights or keys than now; and what waits, which is no fault."""
    engine = detector.engine
    if old := detector.outdated():
        advice = "`samework reindex --if-needed` decides all of them by what holds now"
        yield Fault("old-levels", "reasons why all records should be compared again", old, advice)
    if some := sorted(islice(waiting_records(engine), FEW)):
        advice = "`samework works check --repair` compares them; so does the next `ingest --detect`"
        yield Fault("waiting", "records were stored and not compared", some, advice,
                    Grade.NOTE, many=detector.waiting())  # fmt: skip
    yield from _unsettled(detector)


def _unsettled(detector: Detector) -> Iterator[Fault]:
    """Records that are counted otherwise now; of a large collection those that came since."""
    engine, holdings = detector.engine, detector.holdings
    epoch = holdings.epoch()
    if epoch is None:
        return
    advice = "a job `settle` of `samework schedule` decides again what that moves, or a reindex"
    records = engine.totals().records
    if records > MOST_LEARNT:
        if came := holdings.changed():
            yield Fault("unsettled", "records were compared since words and titles were counted",
                        ["not counted anew: the collection is large"], advice, Grade.NOTE,
                        many=came)  # fmt: skip
        return
    moved = engine.learn(epoch.number).moved(epoch)
    touched = list(islice(engine.ids(), FEW)) if moved is None else engine.touched_by(moved)
    if touched:
        yield Fault("unsettled", "records carry words or titles that are counted otherwise than "
                    "when they were decided", touched[:FEW], advice, Grade.NOTE,
                    many=records if moved is None else len(touched))  # fmt: skip


def _told(engine: Engine) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each record that has decisions, with each pair that they are about."""
    for name, stored in engine.documents(DECISIONS):
        for one in orjson.loads(stored.body):
            yield name, (one["left"], one["right"])


def _lopsided(engine: Engine) -> Hashes:
    """The hashes of pairs that do not stand once at each of their records."""
    pairs = np.sort(np.fromiter((hashed(*pair) for _, pair in _told(engine)), np.uint64))
    distinct, times = np.unique(pairs, return_counts=True)
    lone: Hashes = distinct[times != 2]
    return lone
