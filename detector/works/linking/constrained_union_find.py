"""
Constrained union-find: a partition that grows by joins and refuses those it must never make.

    joins, in order  ->  may_join()?  ->  join()  ->  groups()

Knows nothing of probabilities: `average_link.py` says what should be joined, this
says what may be. Two constraints: pairs that stay apart (a judgement "not the same"), and
marks that a group holds at most once (a source that promises to have no duplicates).
Both are held at the root of a group and follow it as it grows, so that a chain of joins
cannot bridge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


class ConstrainedUnionFind:
    """Groups of the numbers 0..n-1; two groups that may not be joined now never may."""

    def __init__(
        self, n: int, apart: Iterable[Pair] = (), marks: Mapping[int, str] | None = None
    ) -> None:
        self._parent = list(range(n))
        self._size = [1] * n
        self._apart: dict[int, set[int]] = {}  # root -> roots of groups it must not join
        self.part(apart)
        self._marks = {member: {mark} for member, mark in (marks or {}).items()}  # by root

    def find(self, member: int) -> int:
        """The root that stands for the group of this member; it changes with each join."""
        parent = self._parent
        while parent[member] != member:  # paths are halved on the way
            parent[member] = member = parent[parent[member]]
        return member

    def together(self, left: int, right: int) -> bool:
        """The two are in one group."""
        return self.find(left) == self.find(right)

    def size(self, member: int) -> int:
        """How many the group of this member holds."""
        return self._size[self.find(member)]

    def stay_apart(self, left: int, right: int) -> bool:
        """A pair of the two groups must never share one."""
        return self.find(right) in self._apart.get(self.find(left), ())

    def may_join(self, left: int, right: int) -> bool:
        """No constraint keeps the two groups apart; always true inside one group."""
        left, right = self.find(left), self.find(right)
        if left == right:
            return True
        ours, theirs = self._marks.get(left), self._marks.get(right)
        if ours and theirs and not ours.isdisjoint(theirs):
            return False
        return right not in self._apart.get(left, ())

    def join(self, left: int, right: int) -> None:
        """Make one group of the two; the caller has asked `may_join`."""
        left, right = self.find(left), self.find(right)
        if left == right:
            return
        if self._size[left] < self._size[right]:
            left, right = right, left
        self._parent[right] = left
        self._size[left] += self._size[right]
        if right in self._marks:
            self._marks.setdefault(left, set()).update(self._marks.pop(right))
        for other in self._apart.pop(right, ()):
            theirs = self._apart[other]
            theirs.discard(right)
            theirs.add(left)
            self._apart.setdefault(left, set()).add(other)

    def part(self, pairs: Iterable[Pair]) -> None:
        """Never join these pairs from now on; a pair that is in one group already stays there."""
        for pair in pairs:
            left, right = map(self.find, pair)
            if left != right:
                self._apart.setdefault(left, set()).add(right)
                self._apart.setdefault(right, set()).add(left)

    def groups(self, members: Iterable[int]) -> list[list[int]]:
        """The members by their groups, in the order in which they are given."""
        groups: dict[int, list[int]] = {}
        for member in members:
            groups.setdefault(self.find(member), []).append(member)
        return list(groups.values())
