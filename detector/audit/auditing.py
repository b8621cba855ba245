"""
Auditing: somebody's works held against those that we find of the same records.

    rows, Claims  ->  a one-shot run  ->  every pair inside their works  ->  Audit

Pairs inside a work of theirs that no key proposed may tie records after all; works are then
formed anew with them. Does not: read or write files, or store anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from detector.audit.agreement import Agreement, agreement_of
from detector.audit.claims import Claims
from detector.audit.findings import MOST_PAIRS, AuditedPair, AuditFinding, Error, Expected
from detector.audit.inside import HeldApart, Looked, each_with_its_own, held_apart, looked_at
from detector.audit.merged import Parting, parted
from detector.audit.splits import Split, splits_of
from detector.decision.decided import DecisionColumns, Rows
from detector.decision.decision import Decider
from detector.decision.guards import ALL_GUARDS
from detector.decision.verdicts import SAME_WORK, Decision
from detector.decision.weights import probability_of
from detector.detecting.pipeline import Detector
from detector.runs.one_shot import Deduplication, Progress, deduplicate
from indexer.ingesting.ingest import Row


@dataclass(slots=True)
class Audit:
    """What became of somebody's works."""

    findings: Sequence[AuditFinding]  # by error, the most probable first
    agreement: Agreement
    records: int
    without_work: int
    run: Deduplication
    expected: Mapping[Error, Expected] = field(init=False)

    def __post_init__(self) -> None:
        self.expected = {
            error: Expected.of(self.of(error)) for error in (Error.SPLIT, Error.MERGED)
        }

    def of(self, error: Error) -> list[AuditFinding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.error is error]

    @property
    def not_compared(self) -> int:
        """Pairs of works too large for all of theirs to be looked at."""
        return sum(finding.not_compared for finding in self.findings)

    def summary(self) -> dict[str, Any]:
        """The counts, as summary.json holds them."""
        return {
            "rows": {"read": self.run.counts.read, "rejected": self.run.counts.rejected},
            "records": self.records,
            "records_without_work": self.without_work,
            **self.agreement.to_dict(),
            **{str(error): told.to_dict() for error, told in self.expected.items()},
            "to_review": len(self.of(Error.REVIEW)),
            "no_evidence": len(self.of(Error.NO_EVIDENCE)),
            "pairs_not_compared": self.not_compared,
        }


def audit_of(
    rows: Iterable[Row], claims: Claims, detector: Detector, progress: Progress | None = None
) -> Audit:
    """
    Say which works of theirs are wrongly split and wrongly merged as we see it.

    Raises:
        ClaimsError: no record names a work.
    """
    run = deduplicate(claims.rows(rows), detector, progress)
    ids: list[str] = list(run.detection.record_ids)
    held = set(ids)
    claims.work_of = {name: work for name, work in claims.work_of.items() if name in held}
    if ids:
        claims.check()
    ours = _ours(run)
    apart = _held_apart(claims.work_of, ours)
    decider = detector.decider(run.detection.epoch)
    every = [pair for work in apart for pair in work.pairs]
    looked = list(looked_at(every, decider, detector.fields))
    if _tied_anew(run, looked):
        ours = _ours(run)
        apart = _held_apart(claims.work_of, ours)
        every = [pair for work in apart for pair in work.pairs]
        looked = list(looked_at(every, decider, detector.fields))
    agreement = agreement_of(claims.work_of, ours)
    told = _FindingTeller(run, decider, claims.work_of)
    findings = [*told.splits(_in_several(ours, claims.work_of))]
    findings += told.partings(apart, looked)
    order = list(Error)
    findings.sort(key=lambda one: (order.index(one.error), -one.probability, one.works))
    without = len(ids) - len(claims.work_of)
    return Audit(findings, agreement, len(ids), without, run)


def _ours(run: Deduplication) -> dict[str, int]:
    """The number of our work of each record."""
    works = run.detection.works.works
    return dict(zip(works.ids, works.homes().tolist(), strict=True))


def _held_apart(work_of: Mapping[str, str], ours: Mapping[str, int]) -> list[HeldApart]:
    """The works of theirs that lie in several of ours."""
    members: dict[str, dict[int, list[str]]] = {}
    for name in sorted(work_of):
        members.setdefault(work_of[name], {}).setdefault(ours[name], []).append(name)
    return [
        held_apart(work, sorted(groups.values(), key=lambda group: (-len(group), group)))
        for work, groups in members.items()
        if len(groups) > 1
    ]


def _in_several(ours: Mapping[str, int], work_of: Mapping[str, str]) -> dict[str, int]:
    """The records of our works that hold several of theirs."""
    held: dict[int, set[str]] = {}
    for name, work in work_of.items():
        held.setdefault(ours[name], set()).add(work)
    return {name: home for name, home in ours.items() if len(held.get(home, ())) > 1}


def _tied_anew(run: Deduplication, looked: Sequence[Looked]) -> bool:
    """Form the works again with the ties that no key proposed; whether there are any."""
    detector, detection = run.detector, run.detection
    ids = detection.works.works.ids
    before = detection.decisions.placed(ids)
    known = set(before.take(before.said(*SAME_WORK)).pairs())
    new = [
        Decision(one.left, one.right, one.verdict, probability=one.probability)
        for one in looked
        if one.verdict in SAME_WORK and (one.left, one.right) not in known
    ]
    if not new:
        return False
    joined = DecisionColumns.join([before, DecisionColumns.of(new, ids)])
    detection.decisions = joined.take(joined.by_pair())
    detection.works = replace(
        detection.works, works=detector.works_by_rules(detector.rules, detection)
    )
    return True


class _FindingTeller:
    """Makes findings of what was found, with records as outputs call them and reasons."""

    def __init__(self, run: Deduplication, decider: Decider, work_of: Mapping[str, str]) -> None:
        self._run, self._decider, self._work_of = run, decider, work_of
        self._names = run.names()
        self._prior = float(probability_of(np.array([decider.weights.prior]))[0])

    def splits(self, home: Mapping[str, int]) -> Iterator[AuditFinding]:
        """The works of theirs that are one."""
        detection, rules = self._run.detection, self._run.detector.rules
        rows: Rows = np.flatnonzero(rules.linking(detection.decisions))
        for split in splits_of(detection.decisions, rows, home, self._work_of):
            yield self._split(split)

    def _split(self, split: Split) -> AuditFinding:
        works = tuple(sorted(split.groups))
        # the pairs that it stands on before those that only add to them
        ties = dict.fromkeys((*split.needed, *split.ties))
        shown = [(tie.left, tie.right) for tie in ties][:MOST_PAIRS]
        groups = tuple(self._called(split.groups[work]) for work in works)
        pairs = tuple(self._pair(*two, against=False) for two in shown)
        return AuditFinding(
            Error.SPLIT,
            works,
            split.probability,
            groups,
            pairs,
            len(ties),
            split.verdict,
            len(split.needed),
        )

    def partings(
        self, apart: Sequence[HeldApart], looked: Sequence[Looked]
    ) -> Iterator[AuditFinding]:
        """The works of theirs that may be several."""
        for work, pairs in each_with_its_own(apart, iter(looked)):
            yield self._parting(parted(work, pairs, self._prior))

    def _parting(self, parting: Parting) -> AuditFinding:
        wrong = parting.error is Error.MERGED
        probability = 1 - parting.likeliest if wrong else 0.0
        telling = parting.telling if wrong else [*reversed(parting.telling)]
        return AuditFinding(
            parting.error,
            (parting.work.work,),
            probability,
            tuple(map(self._called, parting.groups)),
            tuple(self._pair(one.left, one.right, against=wrong) for one in telling[:MOST_PAIRS]),
            len(telling),
            not_compared=parting.work.left_out,
        )

    def _called(self, record_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._names[name] for name in record_ids)

    def _pair(self, left: str, right: str, *, against: bool) -> AuditedPair:
        """The pair with its reasons; those against alone, where there are any."""
        held = self._run.detector.fields.of((left, right))
        both = held[left], held[right]
        decided = self._decider.decide([both])
        decision = self._decider.decision(decided, 0)
        reasons = decision.reasons
        if against:
            reasons = self._against(both, decided.levels[0].tolist(), int(decided.guards[0]))
        return AuditedPair(
            self._names[left],
            self._names[right],
            (self._work_of.get(left, ""), self._work_of.get(right, "")),
            (both[0].title.text, both[1].title.text),
            decision.saying,
            decision.probability,
            reasons or decision.reasons,
        )

    def _against(self, both: Any, levels: Sequence[int], guards: int) -> tuple[str, ...]:
        """What speaks against one work: guards, then what weighs most against it."""
        teller, comparer = self._decider.teller, self._decider.comparer
        phrases = [one.phrase for at, one in enumerate(ALL_GUARDS) if guards >> at & 1]
        present = teller.weighed(levels, guards)[0]
        telling = [one for one in teller.telling(present) if one.bits < 0]
        sides = comparer.profile(both[0]), comparer.profile(both[1])
        return tuple(teller.reasons(phrases, telling, *sides))
