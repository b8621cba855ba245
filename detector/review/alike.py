"""
Alike: pairs that wait for the same reason, to be looked at and answered together.

    one Doubt  ->  Alike(likeness, doubts)

Does not: answer them (`answering.py` does).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from detector.detecting.pipeline import Detector
from detector.review.grounds import Likeness, grounds_of
from detector.review.queue import Best, Doubt, ReviewQueue
from detector.store.holdings import Pair
from indexer.ingesting.ingest import batches

MOST_ALIKE: Final = 500  # answered together: a person looks them through, and one step stores them
AT_ONCE: Final = 2_000  # pairs compared together


@dataclass(frozen=True, slots=True)
class Alike:
    """The pairs that are like one, which stands first."""

    likeness: Likeness
    doubts: tuple[Doubt, ...]  # one for each two works, the best MOST_ALIKE
    pairs: int  # how many there are, those between the same works too


def alike(
    detector: Detector, doubt: Doubt, passed: Collection[Pair] = (), most: int = MOST_ALIKE
) -> Alike | None:
    """
    All pairs that wait and are like this one; None where one of its records is gone.

    A conflict is like no other pair: what contradicts whom is to be looked at one by one.
    """
    (grounds,) = grounds_of(detector, [doubt.pair])
    if grounds is None:
        return None
    best, pairs = Best(most), 0
    if doubt.conflict is None:
        for like in _like(detector, doubt, grounds.likeness):
            pairs += 1
            if like.pair not in passed and like.between != doubt.between:
                best.take([like])
    others = best.sorted()[: most - 1]
    return Alike(grounds.likeness, (doubt, *others), max(pairs, 1))


def _like(detector: Detector, doubt: Doubt, likeness: Likeness) -> Iterator[Doubt]:
    """Those that come out like this; compared are only those of the same kind and guards."""
    said = (doubt.decision.kind, doubt.decision.guards)
    waiting = ReviewQueue(detector.holdings).all()
    hopeful = (one for one in waiting if (one.decision.kind, one.decision.guards) == said)
    for doubts in batches(hopeful, AT_ONCE):
        told = grounds_of(detector, [one.pair for one in doubts])
        for one, grounds in zip(doubts, told, strict=True):
            if grounds is not None and grounds.likeness == likeness:
                yield one
