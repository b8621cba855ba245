"""
The queue: the pairs that wait for a person, first those whose answer changes most.

    stored conflicts, decisions, works, judgements  ->  Doubt, Doubt, ...  ->  the best so many

Conflicts come first: there a person was contradicted. Of the others an answer is worth what it
tells, in bits, times the records that it would move. The decisions are read as a stream and only
the best are held. Does not: say why a pair is asked (`grounds.py`) or obey an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, log2
from typing import Final

import orjson

from detector.decision.verdicts import Decision, Verdict
from detector.store.holdings import DECISIONS, Holdings, Pair
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement, standing
from detector.works.works import Work
from indexer.ingesting.ingest import batches

AT_ONCE: Final = 2_000  # pairs whose works are read together
_REVIEW: Final = b'"verdict":"review"'  # as the stored decisions have it

Between = frozenset[str]  # the works of the two records: one id where they share it


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair that waits for a person, and what hangs on it."""

    decision: Decision  # as it is stored: without reasons and weights
    works: tuple[str, str]  # of its two records
    sizes: tuple[int, int]  # of these works, in records
    conflict: Conflict | None = None  # that an answer may end

    @property
    def pair(self) -> Pair:
        """The two records, the smaller id first."""
        return self.decision.pair

    @property
    def between(self) -> Between:
        """The works that the answer would join, or the one that it would part."""
        return frozenset(self.works)

    @property
    def moved(self) -> int:
        """
        How many records would change their work: the smaller of two works that would join.

        Where the two are in one work, "different" takes at least one record out of it.
        """
        return min(self.sizes) if len(self.between) == 2 else 1

    @property
    def value(self) -> float:
        """What an answer tells, in bits, times the records that it would move."""
        return entropy(self.decision.probability) * self.moved

    @property
    def rank(self) -> tuple[bool, float, Pair]:
        """Sort key: conflicts first, those that touch most records, then the best."""
        worth = self.value if self.conflict is None else float(self.moved)
        return self.conflict is None, -worth, self.pair


def entropy(probability: float) -> float:
    """
    The uncertainty of a probability, in bits: what an answer is expected to tell.

    Not p(1-p), which falls faster towards both ends: pairs that only a guard holds back stand
    near 1, where it gives a pair of 0.99 a 25th of one of 0.5, and the entropy a 12th.
    """
    rest = 1.0 - probability
    if probability <= 0.0 or rest <= 0.0:
        return 0.0
    return -probability * log2(probability) - rest * log2(rest)


class ReviewQueue:
    """What waits for a person in one collection; asked anew each time, as it changes."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def best(self, count: int, passed: Collection[Pair] = ()) -> list[Doubt]:
        """
        The best so many, one for each two works, in their order; `passed` are not asked again.

        Of the pairs between two works the most doubtful is asked: the answer settles them all.
        """
        best = Best(count)
        best.take(doubt for doubt in self.conflicts() if doubt.pair not in passed)
        for doubts, works in self._batches():
            hopeful = [d for d in doubts if d.value > best.floor and d.pair not in passed]
            best.take(self._free(hopeful, works))
        return best.sorted()

    def conflicts(self, record_ids: Iterable[str] | None = None) -> list[Doubt]:
        """The conflicts, or those about these records, each with the pair that may end it."""
        conflicts = self._holdings.conflicts(record_ids)
        if not conflicts:
            return []
        about = {
            record_id for conflict in conflicts for pair in links_of(conflict) for record_id in pair
        }
        stands = standing(self._holdings.judgements(about))
        asked = [_asked(conflict, stands) for conflict in conflicts]
        decided = self._holdings.decisions_about(sorted({pair[0] for pair in asked}))
        # of a pair without a stored decision the program says that it is none
        decisions = [decided.get(pair) or Decision(*pair, Verdict.DISTINCT) for pair in asked]
        placed = {doubt.pair: doubt for doubt in self._placed(decisions)[0]}
        return [
            replace(placed[pair], conflict=conflict)
            for pair, conflict in zip(asked, conflicts, strict=True)
            if pair in placed
        ]

    def all(self) -> Iterator[Doubt]:
        """Every pair that waits, conflicts left out, in the order of their records."""
        for doubts, works in self._batches():
            yield from self._free(doubts, works)

    def still(self, doubt: Doubt) -> Doubt | None:
        """The same pair as it stands now; None where it need not be asked any more."""
        if doubt.conflict is not None:
            now = self.conflicts([doubt.conflict.left])
            return next((one for one in now if one.pair == doubt.pair), None)
        decision = self._holdings.decisions_about([doubt.pair[0]]).get(doubt.pair)
        if decision is None or decision.verdict is not Verdict.REVIEW:
            return None
        return next(self._free(*self._placed([decision])), None)

    def _batches(self) -> Iterator[tuple[list[Doubt], Mapping[str, Work]]]:
        return map(self._placed, batches(self._doubtful(), AT_ONCE))

    def _doubtful(self) -> Iterator[Decision]:
        """The stored decisions that ask for a person; documents without one are not taken apart."""
        for record_id, document in self._holdings.collection.documents(DECISIONS):
            if _REVIEW in document.body:
                for plain in orjson.loads(document.body):
                    if plain["left"] == record_id and plain["verdict"] == Verdict.REVIEW:
                        yield Decision.from_dict(plain)

    def _placed(self, decisions: Iterable[Decision]) -> tuple[list[Doubt], Mapping[str, Work]]:
        """These pairs with the works of their records; without those of records that are gone."""
        decisions = list(decisions)
        records = sorted({record_id for decision in decisions for record_id in decision.pair})
        homes = self._holdings.work_ids_of(records)
        works = self._holdings.works(sorted(set(homes.values())))
        doubts = []
        for decision in decisions:
            ours, theirs = (works.get(homes.get(record_id, "")) for record_id in decision.pair)
            if ours and theirs:
                sizes = len(ours.records), len(theirs.records)
                doubts.append(Doubt(decision, (ours.work_id, theirs.work_id), sizes))
        return doubts, works

    def _free(self, doubts: Iterable[Doubt], works: Mapping[str, Work]) -> Iterator[Doubt]:
        """
        Those of these pairs between whose works nobody has judged a pair.

        Judgements are read by the records of the smaller work, whatever the number of all.
        """
        doubts = list(doubts)
        smaller = [
            min((works[work_id] for work_id in doubt.works), key=lambda work: len(work.records))
            for doubt in doubts
        ]
        asked = sorted({record_id for work in smaller for record_id in work.records})
        said: dict[str, set[str]] = {}
        for judgement in self._holdings.judgements(asked) if asked else ():
            for one, other in (judgement.pair, judgement.pair[::-1]):
                said.setdefault(one, set()).add(other)
        for doubt, near in zip(doubts, smaller, strict=True):
            judged = set[str]().union(*(said.get(record_id, ()) for record_id in near.records))
            first, second = doubt.works
            far = works[second if near.work_id == first else first]
            if judged.isdisjoint(far.records):
                yield doubt


def links_of(conflict: Conflict) -> list[Pair]:
    """The pairs of which one is wrong: the bridge, the links of the path, and what was judged."""
    links = [conflict.bridge, *pairwise(conflict.path), (conflict.left, conflict.right)]
    return list(dict.fromkeys((min(link), max(link)) for link in links))


def _asked(conflict: Conflict, stands: Mapping[Pair, Judgement]) -> Pair:
    """
    The pair whose answer may end a conflict.

    The first that nobody judged; where all are judged, people contradict each other, and what
    was said first is asked again.
    """
    links = links_of(conflict)
    unjudged = [link for link in links if link not in stands]
    return unjudged[0] if unjudged else min(links, key=lambda link: stands[link].at)


class Best:
    """The best so many doubts, one for each two works; holds at most twice as many."""

    def __init__(self, count: int) -> None:
        self.floor = -1.0  # what is worth no more than this is not among them
        self._count = count
        self._held: dict[Between, Doubt] = {}

    def take(self, doubts: Iterable[Doubt]) -> None:
        """Hold those of these that are among the best."""
        for doubt in doubts:
            held = self._held.get(doubt.between)
            if held is None or doubt.rank < held.rank:
                self._held[doubt.between] = doubt
        if len(self._held) > 2 * self._count:
            best = self.sorted()
            self._held = {doubt.between: doubt for doubt in best}
            last = best[-1]
            self.floor = last.value if last.conflict is None else inf

    def sorted(self) -> list[Doubt]:
        """The best, in their order."""
        return sorted(self._held.values(), key=lambda doubt: doubt.rank)[: self._count]
