"""
Inside: the pairs of one of their works that we do not hold for one, compared each with each.

    their works, our works of the same records  ->  Looked pairs, and how many were left out

A pair that no key proposed says nothing about a work that somebody made of it, so all are
compared. The price of a large work is bounded: beyond MOST_COMPARED pairs every one of our
works in it is compared with the largest of them, and the largest with each other, by their
first records. Does not: judge what was found (`merged.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Final, NamedTuple

from detector.decision.decision import Decider
from detector.decision.verdicts import Verdict
from detector.detecting.field_cache import FieldCache
from indexer.ingesting.ingest import batches

MOST_COMPARED: Final = 8_128  # pairs of one work of theirs: all of 128 records
_LARGEST: Final = 100  # of our works in one of theirs whose first records are all compared
_AT_ONCE: Final = 5_000  # pairs
Groups = Sequence[Sequence[str]]  # of record ids, the largest first
Pair = tuple[str, str]


class Looked(NamedTuple):
    """What is said of a pair, whoever proposed it."""

    left: str  # record id, the smaller
    right: str
    verdict: Verdict
    probability: float
    guards: int  # bits in the order of ALL_GUARDS
    levels: Sequence[int]


@dataclass(frozen=True, slots=True)
class HeldApart:
    """A work of theirs of which we make several."""

    work: str
    groups: Groups
    pairs: Sequence[Pair]  # that are compared
    left_out: int  # pairs between the groups that are not


def held_apart(work: str, groups: Groups) -> HeldApart:
    """What is compared of a work of theirs, and how much is not."""
    sizes = [len(group) for group in groups]
    total = (sum(sizes) ** 2 - sum(size * size for size in sizes)) // 2
    if total <= MOST_COMPARED:
        pairs = [pair for two in combinations(groups, 2) for pair in product(*two)]
    else:
        firsts = [group[0] for group in groups]
        pairs = list(combinations(firsts[:_LARGEST], 2))
        pairs += [(firsts[0], first) for first in firsts[_LARGEST:]]
    ordered = sorted((min(pair), max(pair)) for pair in pairs)
    return HeldApart(work, groups, ordered, total - len(ordered))


def looked_at(pairs: Sequence[Pair], decider: Decider, fields: FieldCache) -> Iterator[Looked]:
    """What is said of each pair, in their order."""
    for batch in batches(pairs, _AT_ONCE):
        held = fields.of({record_id for pair in batch for record_id in pair})
        decided = decider.decide([(held[left], held[right]) for left, right in batch])
        columns = (
            decided.verdicts,
            decided.probability.tolist(),
            decided.guards.tolist(),
            decided.levels.tolist(),
        )
        for (left, right), *said in zip(batch, *columns, strict=True):
            yield Looked(left, right, *said)


def each_with_its_own(
    works: Sequence[HeldApart], looked: Iterator[Looked]
) -> Iterator[tuple[HeldApart, list[Looked]]]:
    """Each work with what was said of its pairs; `looked` follows the pairs of all in order."""
    for work in works:
        yield work, list(islice(looked, len(work.pairs)))
