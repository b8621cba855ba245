"""
Version ties: which version groups of a work are one work still where a policy parts some.

    version groups, what ties them  ->  Ties.works(kinds kept apart)  ->  works

Two groups are tied where a link goes from one to the other, and everything that is told of
them is joined: the kinds that decisions say, and the forms and versions that they state. So
one kind more kept apart takes ties away, and works only split; one less only joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detector.decision.forms import PREPRINT
from detector.decision.verdicts import Decision, Verdict
from detector.works.linking.constrained_union_find import ConstrainedUnionFind, Pair
from detector.works.version_groups import NOTHING_STATED, VersionFacts

Groups = tuple[tuple[str, ...], ...]  # the version groups of one work: a partition of its records


class Ties:
    """The version groups of one work, and what stands between each two of them."""

    def __init__(
        self,
        groups: Groups,
        facts: Mapping[str, VersionFacts],
        decisions: Iterable[Decision],
        links: Sequence[tuple[str, str]],
    ) -> None:
        self.groups = groups
        self.place = {name: at for at, group in enumerate(groups) for name in group}
        self.linked = {pair for ends in links if (pair := self._between(ends))}
        self.told: dict[Pair, set[str]] = {}
        for decision in decisions:
            pair = self._between(decision.pair)
            if pair and decision.verdict in (Verdict.VERSION, Verdict.REVIEW):
                self.told.setdefault(pair, set()).add(decision.kind)
        self.stated = [_stated(group, facts) for group in groups]

    def works(self, apart: frozenset[str]) -> list[Groups]:
        """The works that these groups are where versions of some kinds are works of their own."""
        forest = ConstrainedUnionFind(len(self.groups))
        for pair in sorted(self.linked):
            if self._kinds(pair).isdisjoint(apart):
                forest.join(*pair)
        works = forest.groups(range(len(self.groups)))
        return [tuple(self.groups[at] for at in work) for work in works]

    def _between(self, ends: tuple[str, str]) -> Pair | None:
        ours, theirs = sorted(self.place[name] for name in ends)
        return None if ours == theirs else (ours, theirs)

    def _kinds(self, pair: Pair) -> set[str]:
        """All that makes the two groups two versions; "" where nothing says what it is."""
        ours, theirs = self.stated[pair[0]], self.stated[pair[1]]
        kinds = {kind for kind in self.told.get(pair, ()) if kind}
        if ours.form and theirs.form and ours.form != theirs.form:
            kinds.add("preprint" if PREPRINT in (ours.form, theirs.form) else "manuscript")
        elif not ours.agrees_with(theirs):
            kinds.add("revision")
        return kinds or {""}


def _stated(group: Sequence[str], facts: Mapping[str, VersionFacts]) -> VersionFacts:
    """What the records of a group state together."""
    both = NOTHING_STATED
    for name in group:
        both = both.joined(facts.get(name, NOTHING_STATED))
    return both
