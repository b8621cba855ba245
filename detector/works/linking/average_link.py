"""
Average link: which parts of a component hold together as wholes.

    summed probabilities between nodes  ->  joins in a Bounds

A node is a record or a group of records already joined. The two nodes with the
highest mean probability over all pairs between them are joined first, as long as the
mean is above CUT; a pair with no known probability counts as 0. So a chain whose ends
disagree is cut where it is weakest.

Does not: choose the pairs to be scored, or know verdicts (`verification.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Final

from detector.works.linking.constrained_union_find import Bounds, Pair

# Best of twelve rules on the development sets; a mean of one half is also what the
# calibrated probability means: rather one work than two.
CUT: Final = 0.5
_ROUNDING: Final = 1e-9  # a tie is no reason to join, whatever the last digit of a sum
# A mean that fell by less since it was ranked keeps its rank. Without it a hub of n records
# that grows by one at a time would be ranked n * n times.
_STALE: Final = 0.01

Entry = tuple[float, int, int]  # (minus the mean, node, node): the heap's order breaks ties


class AverageLink:
    """The agglomeration of one component; nodes are positions in `heads`."""

    def __init__(self, heads: Sequence[int], sizes: Sequence[int], bounds: Bounds) -> None:
        self._heads, self._bounds = heads, bounds  # heads: any record of each node
        self._sizes = list(sizes)
        self._totals: list[dict[int, float]] = [{} for _ in heads]
        self._linked: list[set[int]] = [set() for _ in heads]
        self._alive = [True] * len(heads)

    def add(self, totals: Mapping[Pair, float], links: set[Pair]) -> None:
        """Take the summed probabilities between nodes, and which nodes a link ties."""
        for (left, right), total in totals.items():
            self._totals[left][right] = self._totals[right][left] = total
        for left, right in links:
            self._linked[left].add(right)
            self._linked[right].add(left)

    def run(self) -> int:
        """
        Join in the bounds what holds together; the number of joins.

        Only nodes tied by a link are joined: high probabilities of pairs that no
        decision accepted confirm a work and never make one.
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
            told, left, right = heappop(heap)
            if not (self._alive[left] and self._alive[right]):
                continue
            mean = self._mean(left, right)
            if mean <= CUT + _ROUNDING:
                continue
            if mean > -told:  # it rose since, and was ranked again when it did
                continue
            if mean < -told - _STALE:
                heappush(heap, (-mean, left, right))
            elif self._bounds.may_join(self._heads[left], self._heads[right]):
                self._join(left, right, heap)
                joins += 1
        return joins

    def _mean(self, left: int, right: int) -> float:
        return self._totals[left].get(right, 0.0) / (self._sizes[left] * self._sizes[right])

    def _join(self, kept: int, gone: int, heap: list[Entry]) -> None:
        """Fold the node with fewer neighbours into the other, so that hubs stay cheap."""
        if len(self._totals[kept]) < len(self._totals[gone]):
            kept, gone = gone, kept
        self._bounds.join(self._heads[kept], self._heads[gone])
        self._alive[gone] = False
        self._sizes[kept] += self._sizes[gone]
        totals, linked = self._totals[kept], self._linked[kept]
        totals.pop(gone, None)
        linked |= self._linked[gone]
        linked -= {kept, gone}
        for other, total in self._totals[gone].items():
            if other == kept:
                continue
            theirs = self._totals[other]
            del theirs[gone]
            theirs[kept] = totals[other] = totals.get(other, 0.0) + total
            if other in linked:
                self._linked[other].discard(gone)
                self._linked[other].add(kept)
                entry = (min(kept, other), max(kept, other))
                heappush(heap, (-self._mean(*entry), *entry))
        self._totals[gone], self._linked[gone] = {}, set()
