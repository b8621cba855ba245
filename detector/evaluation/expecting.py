"""
Expecting: the mistakes to expect of a run or an index, from what was decided and judged there.

    Deduplication, or Detector  ->  joins and what is left apart, as columns  ->  ExpectedMistakes

A judged pair is no guess: it ties before all others do, and what it tied is not counted; two works
between which somebody said "not the same" are not missed. Pairs that were never compared have no
probability: how many of the true ones that may be, candidate recall says (docs/evaluation.md).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from detector.checking.judged import all_standing
from detector.decision.decided import DecisionColumns, Rows
from detector.decision.decision import LIKELY
from detector.decision.verdicts import SAME_WORK, Decision, Verdict
from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.evaluation.expected import ExpectedMistakes, JoinsTaken, expected_of, strongest
from detector.evaluation.reliability import Reliability
from detector.runs.one_shot import Deduplication
from detector.store.holdings import Holdings
from detector.works.judgements import Judgement
from detector.works.work_rules import WorkRules

LEFT: Final = 0x7FFF_FFFF_FFFF_FFFF  # bits of a hash that a whole number has room for
Judged = tuple[int, int, Judgement]  # places of both records among those of the run


class How(IntEnum):
    """What ties two records, the strongest first."""

    PERSON = 0
    AUTOMATIC = 1
    POLICY = 2  # joined though they are two works by default
    REVIEW = 3
    APART = 4
    NOTHING = 5  # told to be two works by more than a probability


@dataclass(frozen=True, slots=True, eq=False)
class PairTies:
    """Pairs as columns, records and works being any numbers."""

    left: NDArray[np.int64]  # records
    right: NDArray[np.int64]
    works: tuple[NDArray[np.int64], NDArray[np.int64]]  # of both
    probability: NDArray[np.float64]
    how: NDArray[np.int8]  # codes of How

    def take(self, rows: Rows) -> PairTies:
        """These rows alone."""
        return PairTies(
            self.left[rows],
            self.right[rows],
            (self.works[0][rows], self.works[1][rows]),
            self.probability[rows],
            self.how[rows],
        )

    def joins(self) -> Rows:
        """The rows that hold the works together."""
        inside = np.flatnonzero((self.works[0] == self.works[1]) & (self.how <= How.POLICY))
        rank = self.probability[inside] - 2.0 * self.how[inside]
        return inside[strongest(self.left[inside], self.right[inside], rank)]

    def open(self, parted: Iterable[tuple[int, int]] = ()) -> Rows:
        """The rows that would join works; `parted` are pairs of works that a person keeps apart."""
        undecided = (self.how == How.REVIEW) | (self.how == How.APART)
        rows = np.flatnonzero((self.works[0] != self.works[1]) & undecided)
        ours, theirs = self.works[0][rows], self.works[1][rows]
        if known := {frozenset(pair) for pair in parted}:
            pairs = zip(ours.tolist(), theirs.tolist(), strict=True)
            free = np.array([frozenset(pair) not in known for pair in pairs], bool)
            rows, ours, theirs = rows[free], ours[free], theirs[free]
        return rows[strongest(ours, theirs, self.probability[rows])]

    def taken(self, parted: Iterable[tuple[int, int]] = ()) -> JoinsTaken:
        """What these ties joined and left."""
        joins, left = self.joins(), self.open(parted)

        def said(rows: Rows, how: How) -> NDArray[np.float64]:
            told: NDArray[np.float64] = self.probability[rows[self.how[rows] == how]]
            return told

        return JoinsTaken(
            said(joins, How.AUTOMATIC),
            said(left, How.REVIEW),
            said(left, How.APART),
            by_people=len(said(joins, How.PERSON)),
            by_policy=len(said(joins, How.POLICY)),
        )


def expected_in(run: Deduplication) -> ExpectedMistakes:
    """The mistakes to expect of a one-shot run."""
    judged = _judged(run)
    home = run.detection.works.works.first_of(run.detection.works.works.ids).tolist()
    parted = [(home[left], home[right]) for left, right, said in judged if said.not_same]
    taken = ties_of(run, judged).taken(parted)
    return expected_of(taken, Reliability.of(run.detector.weights))


def _judged(run: Deduplication) -> list[Judged]:
    """The judgements on two records of the run."""
    names = {name for pair in run.judged for name in pair}
    place = {name: at for at, name in enumerate(run.detection.record_ids) if name in names}
    return [
        (place[said.left], place[said.right], said)
        for said in run.judged.values()
        if {said.left, said.right} <= place.keys()
    ]


def ties_of(run: Deduplication, judged: Sequence[Judged] = ()) -> PairTies:
    """All that ties records of a run: decisions, what was distinct and likely, judgements."""
    detection, rules = run.detection, run.detector.rules
    ids = detection.record_ids
    decided = detection.decisions.take(run.unjudged()).among(ids)
    apart = detection.apart.among(ids)
    how, linked = how_told(decided, run.detector.weights), rules.linking(decided)
    how[linked & (how != How.AUTOMATIC)] = How.POLICY
    how[~linked & (how == How.AUTOMATIC)] = How.NOTHING
    ends = np.array([judgement[:2] for judgement in judged], np.int64).reshape(-1, 2)
    said = [How.PERSON if judgement.same else How.NOTHING for _, _, judgement in judged]
    left = np.concatenate((decided.left, apart.left, ends[:, 0])).astype(np.int64)
    right = np.concatenate((decided.right, apart.right, ends[:, 1])).astype(np.int64)
    home = detection.works.works.first_of(ids)
    return PairTies(
        left,
        right,
        (home[left], home[right]),
        np.concatenate((decided.probability, apart.probability, np.ones(len(ends)))),
        np.concatenate((how, np.full(len(apart), How.APART), said)).astype(np.int8),
    )


def how_told(decided: DecisionColumns, weights: Weights) -> NDArray[np.int8]:
    """What decisions by themselves tie or leave; where policies ask for more is not told."""
    how = np.full(len(decided), How.NOTHING, np.int8)
    unlikely = (decided.probability >= LIKELY) & (decided.probability < weights.review_at)
    how[decided.said(Verdict.RELATED) & unlikely] = How.APART
    how[decided.said(Verdict.REVIEW)] = How.REVIEW
    how[decided.said(*SAME_WORK)] = How.AUTOMATIC
    return how


def expected_of_index(detector: Detector) -> ExpectedMistakes:
    """The mistakes to expect of an index; pairs called distinct are not stored there."""
    holdings, rules = detector.holdings, detector.rules
    rows, pairs = array("q"), array("q")
    probability, how = array("d"), array("b")
    for decision in holdings.all_decisions():
        rows.extend(map(_number, decision.pair))
        pairs.append(_number("\x1f".join(decision.pair)))
        probability.append(decision.probability)
        how.append(_how_stored(decision, rules, detector.weights))
    decided, apart = len(how), []
    for said in all_standing(holdings):
        rows.extend(map(_number, said.pair))
        pairs.append(_number("\x1f".join(said.pair)))
        probability.append(1.0)
        how.append(How.PERSON if said.same else How.NOTHING)
        apart.append(said.not_same)
    ends, told = np.array(rows, np.int64).reshape(-1, 2), np.array(how, np.int8)
    names = np.array(pairs, np.int64)
    told[:decided][np.isin(names[:decided], names[decided:])] = How.NOTHING  # a person has said
    works = _works_of(holdings, ends)
    ties = PairTies(ends[:, 0], ends[:, 1], works, np.array(probability), told)
    rows_apart = decided + np.flatnonzero(np.array(apart, bool))
    parted = zip(works[0][rows_apart].tolist(), works[1][rows_apart].tolist(), strict=True)
    return expected_of(ties.taken(parted), Reliability.of(detector.weights))


def _number(name: str) -> int:
    return xxh3_64_intdigest(name.encode()) & LEFT


def _how_stored(decision: Decision, rules: WorkRules, weights: Weights) -> How:
    """What a stored decision ties or leaves."""
    if rules.links(decision):
        return How.AUTOMATIC if decision.verdict in SAME_WORK else How.POLICY
    if decision.verdict is Verdict.REVIEW:
        return How.REVIEW
    likely = LIKELY <= decision.probability < weights.review_at
    return How.APART if decision.verdict is Verdict.RELATED and likely else How.NOTHING


def _works_of(
    holdings: Holdings, ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The works of both sides, as numbers; a record that is in none is a work of its own."""
    homes = array("q")
    for name, home in holdings.all_homes():
        homes.extend((_number(name), _number(home.work_id)))
    filed = np.array(homes, np.int64).reshape(-1, 2)
    filed = filed[np.argsort(filed[:, 0])]
    left, right = (_looked_up(filed, ends[:, side]) for side in (0, 1))
    return left, right


def _looked_up(filed: NDArray[np.int64], records: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(filed):
        return records
    at = np.minimum(np.searchsorted(filed[:, 0], records), len(filed) - 1)
    works: NDArray[np.int64] = np.where(filed[at, 0] == records, filed[at, 1], records)
    return works
