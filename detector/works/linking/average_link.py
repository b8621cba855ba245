"""
Average link: which parts of a component hold together as wholes.

    summed probabilities between nodes  ->  joins in a ConstrainedUnionFind

A node is a record or a group of records already joined. The two nodes with the
highest mean probability over all pairs between them are joined first, as long as the
mean is above CUT; a pair with no known probability counts as 0. So a chain whose ends
disagree is cut where it is weakest. Means are held as sums, so that a join adds two rows
of sums and looks at no pair of records again; the heap holds means as they were when they
were ranked, and an entry is checked against the mean of now when its turn comes.

Does not: choose the pairs to be scored, or know verdicts (`verification.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Final

from detector.works.linking.constrained_union_find import ConstrainedUnionFind, Pair

# Best of twelve rules on the development sets; a mean of one half is also what the
# calibrated probability means: rather one work than two.
CUT: Final = 0.5
_ROUNDING: Final = 1e-9  # a tie is no reason to join, whatever the last digit of a sum
# A mean that fell by less since it was ranked keeps its rank. Without it a hub of n records
# that grows by one at a time would be ranked n * n times.
_STALE: Final = 0.01

Ranked = tuple[float, int, int]  # (minus the mean, node, node): the lowest is joined first


class AverageLink:
    """The agglomeration of one component; nodes are positions in `heads`."""

    def __init__(
        self, heads: Sequence[int], sizes: Sequence[int], forest: ConstrainedUnionFind
    ) -> None:
        self._heads, self._forest = heads, forest  # heads: any record of each node
        self._sizes = list(sizes)  # records of each node
        self._totals: list[dict[int, float]] = [{} for _ in heads]  # node -> sum over all pairs
        self._linked: list[set[int]] = [set() for _ in heads]
        self._alive = [True] * len(heads)  # False: folded into another node

    def add(self, totals: Mapping[Pair, float], links: set[Pair]) -> None:
        """Take the summed probabilities between nodes, and which nodes a link ties."""
        for (left, right), total in totals.items():
            self._totals[left][right] = self._totals[right][left] = total
        for left, right in links:
            self._linked[left].add(right)
            self._linked[right].add(left)

    def run(self) -> int:
        """
        Join in the forest what holds together; return the number of joins.

        Only nodes tied by a link are joined: high probabilities of pairs that no
        decision accepted confirm a work and never make one.

        A join changes the means of the node that grows. Those that a link ties to it are
        ranked again at once, so an entry of the heap is wrong in one of two ways only: its
        mean rose since, and a newer entry stands before it, or its mean fell, and it
        belongs further back.
        """
        heap = [
            (-self._mean(left, right), left, right)
            for left, linked in enumerate(self._linked)
            for right in linked
            if left < right
        ]
        heapify(heap)
        joins = 0
        while heap:
            ranked, left, right = heappop(heap)
            was = -ranked
            if not (self._alive[left] and self._alive[right]):
                continue
            mean = self._mean(left, right)
            if mean <= CUT + _ROUNDING:
                continue
            if mean > was:  # a newer entry with the higher mean has been taken before
                continue
            if mean < was - _STALE:
                heappush(heap, (-mean, left, right))
            elif self._forest.may_join(self._heads[left], self._heads[right]):
                self._join(left, right, heap)
                joins += 1
        return joins

    def _mean(self, left: int, right: int) -> float:
        return self._totals[left].get(right, 0.0) / (self._sizes[left] * self._sizes[right])

    def _join(self, grown: int, gone: int, heap: list[Ranked]) -> None:
        """Fold the node with fewer neighbours into the other, so that hubs stay cheap."""
        if len(self._totals[grown]) < len(self._totals[gone]):
            grown, gone = gone, grown
        self._forest.join(self._heads[grown], self._heads[gone])
        self._alive[gone] = False
        self._sizes[grown] += self._sizes[gone]
        totals, linked = self._totals[grown], self._linked[grown]
        totals.pop(gone, None)
        linked |= self._linked[gone]
        linked -= {grown, gone}
        for other, total in self._totals[gone].items():
            if other == grown:
                continue
            theirs = self._totals[other]
            del theirs[gone]
            theirs[grown] = totals[other] = totals.get(other, 0.0) + total
            if other in linked:
                self._linked[other].discard(gone)
                self._linked[other].add(grown)
                pair = (min(grown, other), max(grown, other))
                heappush(heap, (-self._mean(*pair), *pair))
        self._totals[gone], self._linked[gone] = {}, set()
