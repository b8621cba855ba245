"""
Merged: one work of theirs of which we make several, and what we can say of that.

    our works inside one of theirs, what is said of the pairs between them  ->  Parting

That we do not join two records is no claim that they are two works. Three things are told apart:
the evidence speaks against (a guard, a relation such as an erratum, or more against than
for), it conflicts or is thin (review, or a join that the other records of a work did not
bear), or there is none. Only the first is an error of theirs. Its probability holds among pairs
that keys propose: who joined by evidence that no record shows is right more often. Does not:
compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from detector.audit.findings import Error
from detector.audit.inside import Groups, HeldApart, Looked
from detector.decision.verdicts import SAME_WORK, Verdict
from detector.works.linking.constrained_union_find import ConstrainedUnionFind


class Says(IntEnum):
    """What is known of two groups of records; the greater is said where both are."""

    NOTHING = 0
    AGAINST = 1
    CONFLICT = 2


@dataclass(frozen=True, slots=True)
class Parting:
    """What is said of one work of theirs."""

    work: HeldApart
    error: Error
    groups: Groups  # that we propose: those that we cannot tell apart stay together
    telling: Sequence[Looked]  # for each group the pair with another that is most alike

    @property
    def likeliest(self) -> float:
        """The probability that the group least like the others belongs to them after all."""
        return min((pair.probability for pair in self.telling), default=1.0)


def says(pair: Looked, prior: float) -> Says:
    """What one pair says; `prior` is the probability of a pair of which nothing is known."""
    if pair.verdict is Verdict.REVIEW or pair.verdict in SAME_WORK:
        return Says.CONFLICT
    if pair.verdict is Verdict.RELATED or pair.probability < prior:
        return Says.AGAINST
    return Says.NOTHING


def parted(work: HeldApart, looked: Iterable[Looked], prior: float) -> Parting:
    """What is said of a work of theirs, by what is said of its pairs."""
    group_of = {name: at for at, group in enumerate(work.groups) for name in group}
    said: dict[tuple[int, int], Says] = {}
    alike: dict[tuple[int, int], Looked] = {}
    for pair in looked:
        a, b = sorted((group_of[pair.left], group_of[pair.right]))
        said[a, b] = max(said.get((a, b), Says.NOTHING), says(pair, prior))
        if (a, b) not in alike or alike[a, b].probability < pair.probability:
            alike[a, b] = pair
    forest = ConstrainedUnionFind(len(work.groups))
    for (a, b), what in said.items():
        if what is not Says.AGAINST:
            forest.join(a, b)
    clumps = forest.groups(range(len(work.groups)))
    if len(clumps) > 1:
        groups = [[name for at in clump for name in work.groups[at]] for clump in clumps]
        between = [pair for (a, b), pair in alike.items() if not forest.together(a, b)]
        clump_of = {name: at for at, group in enumerate(groups) for name in group}
        return Parting(work, Error.MERGED, groups, _most_alike(between, clump_of))
    conflict = Says.CONFLICT in said.values()
    error = Error.REVIEW if conflict else Error.NO_EVIDENCE
    wanted = Says.CONFLICT if conflict else Says.NOTHING
    telling = [pair for ends, pair in alike.items() if said[ends] is wanted]
    return Parting(work, error, work.groups, _most_alike(telling, group_of))


def _most_alike(pairs: Sequence[Looked], group_of: dict[str, int]) -> list[Looked]:
    """For each group the likeliest pair with any other, the least likely first."""
    best: dict[int, Looked] = {}
    for pair in pairs:
        for group in (group_of[pair.left], group_of[pair.right]):
            if group not in best or best[group].probability < pair.probability:
                best[group] = pair
    unique = {(pair.left, pair.right): pair for pair in best.values()}
    return sorted(unique.values(), key=lambda pair: (pair.probability, pair.left, pair.right))
