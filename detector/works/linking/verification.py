"""
Verification: every component is decided again as a whole before it becomes a work.

    components of links  ->  missing pairs scored  ->  average link  ->  joins

Two records joined by a link stay joined. In a component of three or more, all pairs
count: those that were never candidates are scored too. Work is bounded by the number
of records and links, not by the square of a component:

- up to LIMIT records: every missing pair is scored, at most LIMIT / 2 a record;
- beyond (a hub, a chain of thousands): the component is cut into blocks of at most
  LIMIT, strongest links first; each block is verified as above; then groups tied by
  a link are compared by SAMPLE pairs spread over both, in at most ROUNDS rounds; groups
  that no link ties count as 0 in a round, so in each a group at most doubles about.

Does not: decide what a link is, or remember scores (`works.py` says what is known).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from detector.works.linking.average_link import AverageLink
from detector.works.linking.constrained_union_find import ConstrainedUnionFind, Pair

LIMIT: Final = 128  # records whose pairs are all scored: cora's largest work has 64
SAMPLE: Final = 32  # pairs that stand for all pairs between two groups of a giant component
BATCH: Final = 100_000  # missing pairs scored in one call, so that memory stays bounded
ROUNDS: Final = 12  # LIMIT * 2**12: half a million records in one work
_GOLDEN: Final = 0.618033988749895  # steps of this part of a list cover it evenly

ScorePairs = Callable[[Sequence[Pair]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of pairs of numbered records, the smaller number first."""

    known: Mapping[Pair, float]  # the probability of same work that a decision gave
    score: ScorePairs  # the same of pairs that no decision is about


@dataclass(frozen=True, slots=True)
class Component:
    """Records tied by links, directly or over others; both sorted."""

    members: Sequence[int]
    links: Sequence[Pair]


def verify(
    components: Sequence[Component], evidence: Evidence, forest: ConstrainedUnionFind
) -> None:
    """Join in the forest the records of each component that hold together."""
    giants = [component for component in components if len(component.members) > LIMIT]
    blocks = chain.from_iterable(_blocks(giant, evidence.known) for giant in giants)
    small = (component for component in components if len(component.members) <= LIMIT)
    for parts in _batches(chain(small, blocks), evidence.known):
        _verify_parts(parts, evidence, forest)
    for giant in giants:
        rounds = 0
        while _tie_groups(giant, evidence, forest) and rounds < ROUNDS:
            rounds += 1


def _batches(
    parts: Iterator[Component], known: Mapping[Pair, float]
) -> Iterator[list[tuple[Component, list[Pair]]]]:
    """Group parts, with their pairs that want a score, until they fill one call of `score`."""
    batch: list[tuple[Component, list[Pair]]] = []
    waiting = 0
    for part in parts:
        pairs = combinations(part.members, 2)
        missing = [] if len(part.members) == 2 else [pair for pair in pairs if pair not in known]
        batch.append((part, missing))
        waiting += len(missing)
        if waiting >= BATCH:
            yield batch
            batch, waiting = [], 0
    yield batch


def _verify_parts(
    parts: Sequence[tuple[Component, list[Pair]]], evidence: Evidence, forest: ConstrainedUnionFind
) -> None:
    missing = [pair for _, pairs in parts for pair in pairs]
    probability = _with_scores(evidence, missing)
    for part, _ in parts:
        members = part.members
        if len(members) == 2:
            if part.links and forest.may_join(*members):
                forest.join(*members)
            continue
        position = {record: at for at, record in enumerate(members)}
        totals = {
            (position[left], position[right]): probability(left, right)
            for left, right in combinations(members, 2)
        }
        linkage = AverageLink(members, [1] * len(members), forest)
        linkage.add(totals, {(position[left], position[right]) for left, right in part.links})
        linkage.run()


def _blocks(giant: Component, known: Mapping[Pair, float]) -> Iterator[Component]:
    """Cut a component into blocks of at most LIMIT records, strongest links first."""
    position = {record: at for at, record in enumerate(giant.members)}
    blocks = ConstrainedUnionFind(len(giant.members))
    for left, right in sorted(giant.links, key=lambda pair: (-known[pair], pair)):
        ours, theirs = position[left], position[right]
        if blocks.size(ours) + blocks.size(theirs) <= LIMIT:
            blocks.join(ours, theirs)
    inside: dict[int, list[Pair]] = {}
    for left, right in giant.links:
        block = blocks.find(position[left])
        if block == blocks.find(position[right]):
            inside.setdefault(block, []).append((left, right))
    for group in blocks.groups(range(len(giant.members))):
        if len(group) > 1:
            members = [giant.members[at] for at in group]
            yield Component(members, inside[blocks.find(group[0])])


def _tie_groups(giant: Component, evidence: Evidence, forest: ConstrainedUnionFind) -> bool:
    """Average link between the groups of a giant component; whether any were joined."""
    groups = forest.groups(giant.members)
    group_of = {record: at for at, group in enumerate(groups) for record in group}
    ends = ((group_of[left], group_of[right]) for left, right in giant.links)
    ties = sorted({(min(a, b), max(a, b)) for a, b in ends if a != b})
    totals: dict[Pair, float] = {}
    step = BATCH // SAMPLE
    for start in range(0, len(ties), step):
        totals.update(_sampled_totals(ties[start : start + step], groups, evidence))
    linkage = AverageLink([group[0] for group in groups], [len(group) for group in groups], forest)
    linkage.add(totals, set(ties))
    return linkage.run() > 0


def _sampled_totals(
    ties: Sequence[Pair], groups: Sequence[Sequence[int]], evidence: Evidence
) -> dict[Pair, float]:
    """The summed probability between two groups, from a sample of their pairs."""
    samples = {tie: _sample(groups[tie[0]], groups[tie[1]]) for tie in ties}
    asked = {pair for pairs in samples.values() for pair in pairs}
    probability = _with_scores(evidence, sorted(asked - evidence.known.keys()))
    totals = {}
    for (ours, theirs), pairs in samples.items():
        total = sum(probability(*pair) for pair in pairs)
        totals[ours, theirs] = total * (len(groups[ours]) * len(groups[theirs]) / len(pairs))
    return totals


def _with_scores(evidence: Evidence, missing: Sequence[Pair]) -> Callable[[int, int], float]:
    """Score the missing pairs; return what gives the probability of these and of the known."""
    known = evidence.known
    scored = dict(zip(missing, evidence.score(missing), strict=True)) if missing else {}

    def probability(left: int, right: int) -> float:
        pair = (left, right)
        return known[pair] if pair in known else scored[pair]

    return probability


def _sample(ours: Sequence[int], theirs: Sequence[int]) -> list[Pair]:
    """All pairs between two groups, or SAMPLE of them spread evenly; never at random."""
    if len(ours) * len(theirs) <= SAMPLE:
        pairs = {(min(a, b), max(a, b)) for a in ours for b in theirs}
    else:
        pairs = set()
        for step in range(SAMPLE):
            mine = ours[step * len(ours) // SAMPLE]
            other = theirs[int(step * _GOLDEN % 1 * len(theirs))]
            pairs.add((min(mine, other), max(mine, other)))
    return sorted(pairs)
