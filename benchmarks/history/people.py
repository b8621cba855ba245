"""
People: what is judged in a made year, most of it by the truth and some of it wrongly.

    records of a night, what the program says of them  ->  judgements; which of them are undone when

Pairs that are left to a person come first, then pairs that the program joined, and records of
one work, or of works of one series, of which it may have said nothing. Of those who judge
wrongly, half take it back some nights later, and half are contradicted by somebody else.
Does not: store a judgement or take one back (`running.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from benchmarks.history.year import Night, Year
from benchmarks.records.works import FAMILY
from detector.decision.verdicts import SAME_WORK, Decision, Verdict
from detector.store.events import EventKind
from detector.store.holdings import Holdings
from detector.works.judgements import Judgement

A_RECORD: Final = 2_000 / 300_000  # judgements
TAKEN_BACK: Final = 40 / 2_000  # of judgements
LOOKED_AT: Final = 200  # records of a night, among which pairs are looked for
LATER: Final = 20  # nights, at most, until a mistake is noticed
OF_REVIEW: Final = 0.6  # of a night's judgements, while there are pairs to review
JUDGES: Final = ("ada", "bo", "chi")
SECOND: Final = "dee"  # who contradicts the others

Pair = tuple[str, str]


@dataclass(slots=True)
class People:
    """Who judge in a year."""

    year: Year
    judgements: int  # in the whole year
    undos: int  # of judgements
    standing: set[int] = field(init=False, default_factory=set)  # numbers of what was not undone
    _choose: Random = field(init=False)
    _of_family: dict[int, list[str]] = field(init=False, default_factory=dict)
    # night -> the events and numbers of the judgements that are taken back in it
    _regretted: dict[int, list[tuple[int, int]]] = field(init=False, default_factory=dict)
    _doubted: dict[int, list[Judgement]] = field(init=False, default_factory=dict)
    _count: int = field(init=False, default=0)  # of judgements
    _made: int = field(init=False, default=0)  # of them not contradicting any
    _mistakes: int = field(init=False, default=0)
    _said: set[Pair] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._choose = Random(self.year.seed + 1)

    @classmethod
    def of(cls, year: Year, judgements: int | None = None) -> People:
        """As many as a year of so many records has, or of so many judgements."""
        if judgements is None:
            judgements = round(year.records * A_RECORD)
        return cls(year, judgements, round(judgements * TAKEN_BACK))

    def night(self, night: Night, holdings: Holdings) -> list[Judgement]:
        """What is said in this night; nothing is said twice by one person."""
        self._meet(self.year.ids(night.new))
        said = [self._contradicted(one, night) for one in self._doubted.pop(night.number, ())]
        due = self._due(night.number + 1) - self._count - len(said)
        for pair, decided in self._pairs(night, holdings, max(due, 0)):
            said.append(self._said_of(pair, decided, night, len(said)))
        self._count += len(said)
        return said

    def note(self, night: Night, events: Iterable[Mapping[str, Any]]) -> None:
        """Note which of the judgements that these events tell of are mistakes."""
        for event in events:
            if event["event"] != EventKind.JUDGED:
                continue
            judgement = Judgement.from_dict(event["said"])
            self.standing.add(judgement.number)
            if self._is_true(judgement):
                continue
            noticed = min(night.number + self._choose.randint(1, LATER), self.year.nights - 1)
            self._mistakes += 1
            if self._mistakes % 2:
                self._regretted.setdefault(noticed, []).append((event["number"], judgement.number))
            else:
                self._doubted.setdefault(noticed, []).append(judgement)

    def regretted(self, night: Night) -> list[int]:
        """The events of the judgements that are taken back in this night."""
        due = self._regretted.pop(night.number, [])
        self.standing.difference_update(number for _, number in due)
        return [event for event, _ in due]

    def _due(self, nights: int) -> int:
        """How many judgements there are before this night."""
        return self.judgements * nights // self.year.nights

    def _pairs(self, night: Night, holdings: Holdings, many: int) -> list[tuple[Pair, str]]:
        """Pairs of a night's records that nobody has judged, with what the program says of them."""
        there = self.year.ids([at for at in night.places if self.year.standing[at].living])
        records = self._choose.sample(there, min(LOOKED_AT, len(there)))
        decided = holdings.decisions_about(records)
        unsure = [pair for pair, one in decided.items() if one.verdict is Verdict.REVIEW]
        joined = [pair for pair, one in decided.items() if one.verdict in SAME_WORK]
        others = [*joined, *self._relatives(records)]
        for pairs in (unsure, others):
            pairs.sort()
            self._choose.shuffle(pairs)
        chosen: dict[Pair, str] = {}
        for pair in (*unsure[: round(OF_REVIEW * many)], *others, *unsure):
            if len(chosen) < many and pair not in self._said:
                chosen.setdefault(pair, _verdict_of(decided.get(pair)))
        self._said.update(chosen)
        return list(chosen.items())

    def _relatives(self, records: Sequence[str]) -> list[Pair]:
        """Each of these records with one of its work, or of a neighbour of its work."""
        pairs = []
        for record, work in zip(records, self.year.works_of(records), strict=True):
            family = [one for one in self._of_family.get(work // FAMILY, ()) if one != record]
            if family:
                other = self._choose.choice(family)
                pairs.append((min(record, other), max(record, other)))
        return pairs

    def _meet(self, records: Sequence[str]) -> None:
        for record, work in zip(records, self.year.works_of(records), strict=True):
            self._of_family.setdefault(work // FAMILY, []).append(record)

    def _said_of(self, pair: Pair, decided: str, night: Night, place: int) -> Judgement:
        left, right = self.year.works_of(pair)
        mistaken = self._errs()
        if (left == right) is not mistaken:
            verdict = Verdict.VERSION if decided == Verdict.VERSION else Verdict.DUPLICATE
        else:
            verdict = self._choose.choice((Verdict.DISTINCT, Verdict.RELATED))
        at = f"{night.day}T08:{place // 60:02d}:{place % 60:02d}+00:00"
        return Judgement(*pair, verdict, at, self._choose.choice(JUDGES), "looked at both")

    def _errs(self) -> bool:
        """Whether the next judgement is a mistake: spread evenly over those not contradicting."""
        mistakes, judgements = 2 * self.undos, max(self.judgements - self.undos, 1)
        self._made += 1
        return self._made * mistakes // judgements > (self._made - 1) * mistakes // judgements

    def _contradicted(self, judgement: Judgement, night: Night) -> Judgement:
        """The same pair, judged by somebody who knows."""
        verdict = Verdict.DISTINCT if judgement.same else Verdict.DUPLICATE
        at = f"{night.day}T07:00:00+00:00"
        return Judgement(*judgement.pair, verdict, at, SECOND, f"{judgement.by} was mistaken")

    def _is_true(self, judgement: Judgement) -> bool:
        left, right = self.year.works_of(judgement.pair)
        return (left == right) is judgement.same


def _verdict_of(decided: Decision | None) -> str:
    return str(decided.verdict) if decided else ""
