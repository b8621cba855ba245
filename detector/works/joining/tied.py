"""
Tied records: components of links parted into works exactly, record by record.

    ids, decisions, judgements  ->  components  ->  verification  ->  groups, conflicts, cut pairs

Every component is verified as a whole; a judgement "not the same" is never violated, over
whatever chain, and what would bridge it is a conflict; a judgement "same" joins the works of its
two records. Asked only where that may matter (`works.py` says where). Does not: name works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detector.decision.decided import DecisionColumns
from detector.decision.guards import HOLD_IN_WORKS
from detector.decision.verdicts import Decision, Verdict
from detector.works.joining.version_ties import Groups, Ties
from detector.works.judgements import Judgement, standing
from detector.works.linking.constrained_union_find import ConstrainedUnionFind, Pair
from detector.works.linking.verification import Component, Evidence, verify
from detector.works.version_groups import NOTHING_STATED, VersionFacts, version_groups
from detector.works.work_rules import WorkLevel, WorkRules

# Probabilities of same work for pairs that no decision is about, as works take them:
# 0 where a guard says `related` or `distinct`.
Score = Callable[[Sequence[tuple[str, str]]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A pair that ties the works of two records judged not the same; for review."""

    left: str  # the two judged not the same
    right: str
    bridge: tuple[str, str]  # the pair that ties their works
    probability: float  # of the bridge, 1.0 where a person judged it the same
    reason: str
    path: tuple[str, ...] = ()  # from the one to the other, over pairs that would be joined


@dataclass(frozen=True, slots=True)
class PartedRecords:
    """Records parted into works, and what was kept apart."""

    works: tuple[Groups, ...]
    conflicts: tuple[Conflict, ...] = ()
    cut: tuple[tuple[str, str], ...] = ()  # linked pairs that verification kept apart


class TiedRecords:
    """Records of some components, numbered in the order of their ids."""

    def __init__(
        self,
        record_ids: Iterable[str],
        decisions: DecisionColumns,
        facts: Mapping[str, VersionFacts],
        judgements: Iterable[Judgement],
        rules: WorkRules,
    ) -> None:
        self.ids = sorted(record_ids)
        self.number = {record_id: at for at, record_id in enumerate(self.ids)}
        self.facts, self.rules = facts, rules
        self.judged = {
            (self.number[left], self.number[right]): judgement
            for (left, right), judgement in standing(judgements).items()
            if left in self.number and right in self.number
        }
        self.decisions = self._by_pair(decisions)
        self.links = [
            pair
            for pair, decision in self.decisions.items()
            if rules.links(decision) and not self._settled(pair)
        ]
        apart = [pair for pair, judgement in self.judged.items() if judgement.not_same]
        self.forest = ConstrainedUnionFind(len(self.ids), apart, self._marks())

    def parted(self, score: Score) -> PartedRecords:
        """Part the records into works; `score` says what is thought of pairs not decided."""
        same = self._judged_same()
        refused = self._join_judged(same)
        self.forest.part(self._barred())  # after people: what they join no guard parts
        components = self._components(same)
        known = {pair: self.rules.evidence(decided) for pair, decided in self.decisions.items()}
        evidence = Evidence(known, lambda pairs: score([self._names(pair) for pair in pairs]))
        verify(components, evidence, self.forest)
        cut = [pair for pair in self.links if not self.forest.together(*pair)]
        conflicts = self._conflicts(refused, cut)
        return PartedRecords(self._works(), conflicts, tuple(self._names(pair) for pair in cut))

    def _by_pair(self, decisions: DecisionColumns) -> dict[Pair, Decision]:
        """The decisions by pair, in the order of the pairs."""
        said = decisions.shorts(np.arange(len(decisions)))
        by_pair = {(self.number[one.left], self.number[one.right]): one for one in said}
        return dict(sorted(by_pair.items(), key=lambda item: item[0]))

    def _names(self, pair: Pair) -> tuple[str, str]:
        return self.ids[pair[0]], self.ids[pair[1]]

    def _settled(self, pair: Pair) -> bool:
        """A person has said whether this pair is the same."""
        judgement = self.judged.get(pair)
        return judgement is not None and (judgement.same or judgement.not_same)

    def _marks(self) -> dict[int, str]:
        """The records of sources that promise to have no duplicates."""
        if not self.rules.unique_sources:
            return {}
        sources = (self.facts.get(name, NOTHING_STATED).source for name in self.ids)
        unique = self.rules.unique_sources
        return {at: source for at, source in enumerate(sources) if source in unique}

    def _judged_same(self) -> list[Pair]:
        """Pairs judged the same, the latest first: where they contradict, it is obeyed."""
        same = sorted(pair for pair, judgement in self.judged.items() if judgement.same)
        return sorted(same, key=lambda pair: self.judged[pair].at, reverse=True)

    def _join_judged(self, same: Sequence[Pair]) -> list[Pair]:
        """Join pairs judged the same; return the pairs refused, which a "not the same" forbids."""
        refused = []
        for pair in same:
            if self.forest.stay_apart(*pair):
                refused.append(pair)
            else:
                self.forest.join(*pair)
        return refused

    def _barred(self) -> Iterator[Pair]:
        """Pairs that a guard keeps apart over whatever records stand between them."""
        for pair, decision in self.decisions.items():
            linked = self.rules.links(decision) or self._settled(pair)
            if not linked and not HOLD_IN_WORKS.isdisjoint(decision.guards):
                yield pair

    def _components(self, same: Sequence[Pair]) -> list[Component]:
        """Records tied by links, with the works that judgements join in one component."""
        tied = ConstrainedUnionFind(len(self.ids))
        for pair in (*self.links, *same):
            tied.join(*pair)
        links: dict[int, list[Pair]] = {}
        for pair in self.links:
            links.setdefault(tied.find(pair[0]), []).append(pair)
        members = sorted({record for pair in (*self.links, *same) for record in pair})
        groups = ((group, links.get(tied.find(group[0]))) for group in tied.groups(members))
        return [Component(group, inside) for group, inside in groups if inside]

    def _conflicts(self, refused: Sequence[Pair], cut: Sequence[Pair]) -> tuple[Conflict, ...]:
        """For each pair judged not the same, the strongest refused pair between their works."""
        find = self.forest.find
        apart: dict[frozenset[int], list[Pair]] = {}
        for pair, judgement in sorted(self.judged.items(), key=lambda item: item[0]):
            if judgement.not_same:
                apart.setdefault(frozenset(map(find, pair)), []).append(pair)
        strongest = sorted(cut, key=lambda pair: (-self.decisions[pair].probability, pair))
        conflicts = []
        for bridge in (*refused, *strongest):
            for pair in apart.pop(frozenset(map(find, bridge)), ()):
                conflicts.append(self._conflict(pair, bridge))
        return tuple(conflicts)

    def _conflict(self, pair: Pair, bridge: Pair) -> Conflict:
        left, right = self._names(pair)
        ours, theirs = self._names(bridge)
        judged = bridge in self.judged and self.judged[bridge].same
        who = "a person judged" if judged else "the evidence says"
        return Conflict(
            left=left,
            right=right,
            bridge=(ours, theirs),
            probability=1.0 if judged else self.decisions[bridge].probability,
            reason=f"judged not the same, but {who} that {ours} and {theirs} of their works are",
            path=self._path(*pair),
        )

    def _path(self, start: int, end: int) -> tuple[str, ...]:
        """The fewest records that lead from one to the other, each tied to the next."""
        came_from = {start: start}
        frontier = [start]
        while frontier and end not in came_from:
            near = [(one, other) for one in frontier for other in self._tied_to.get(one, ())]
            frontier = []
            for one, other in near:
                if other not in came_from:
                    came_from[other] = one
                    frontier.append(other)
        path = [end]
        while path[-1] != start:
            path.append(came_from[path[-1]])
        return tuple(self.ids[at] for at in reversed(path))

    @cached_property
    def _tied_to(self) -> dict[int, list[int]]:
        """The records that each is tied to, by links and by judgements, in their order."""
        same = (pair for pair, judgement in self.judged.items() if judgement.same)
        near: dict[int, list[int]] = {}
        for left, right in sorted({*self.links, *same}):
            near.setdefault(left, []).append(right)
            near.setdefault(right, []).append(left)
        return near

    def _works(self) -> tuple[Groups, ...]:
        """The groups of the forest as works, by what was decided and judged inside."""
        find, together = self.forest.find, self.forest.together
        decided: dict[int, list[Decision]] = {}
        for pair, decision in self.decisions.items():
            if together(*pair):
                decided.setdefault(find(pair[0]), []).append(decision)
        judged: dict[int, list[Judgement]] = {}
        for pair, judgement in self.judged.items():
            if together(*pair):
                judged.setdefault(find(pair[0]), []).append(judgement)
        works: list[Groups] = []
        for group in self.forest.groups(range(len(self.ids))):
            records, root = tuple(self.ids[at] for at in group), find(group[0])
            if len(records) == 1:
                works.append((records,))
            else:
                works += self._collapsed(records, decided.get(root, ()), judged.get(root, ()))
        return tuple(works)

    def _collapsed(
        self, records: tuple[str, ...], inside: Iterable[Decision], judged: Iterable[Judgement]
    ) -> list[Groups]:
        """One work, or as many as the policies make of its version groups."""
        telling = [
            decision
            for decision in inside
            if decision.verdict is Verdict.VERSION or self.rules.links(decision)
        ]
        judged = list(judged)
        groups = version_groups(records, telling, self.facts, judged)
        if self.rules.level is WorkLevel.VERSION:
            return [(group,) for group in groups]
        if not self.rules.apart or len(groups) == 1:
            return [groups]
        links = [judgement.pair for judgement in judged if judgement.same]
        links += [decision.pair for decision in telling if self.rules.links(decision)]
        return Ties(groups, self.facts, telling, links).works(self.rules.apart)
