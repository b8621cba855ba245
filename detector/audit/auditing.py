"""
Auditing: somebody's works held against those that we find of the same records.

    rows, Claims  ->  a one-shot run  ->  every pair inside their works  ->  Audit

Pairs inside a work of theirs that no key proposed may tie records after all; works are then
formed anew with them. Does not: read or write files, or store anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from detector.audit.agreement import Agreement, agreement_of
from detector.audit.audited_pairs import PairTeller, ToTell
from detector.audit.claims import Claims
from detector.audit.findings import MOST_PAIRS, AuditFinding, Error, Expected
from detector.audit.inside import HeldApart, Looked, each_with_its_own, held_apart, looked_at
from detector.audit.merged import Parting, parted
from detector.audit.splits import splits_of
from detector.decision.decided import DecisionColumns, Rows
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
    unmet: Sequence[str] = ()  # records of a list of works that none of the rows is
    notes: list[str] = field(default_factory=list)  # what a person should know
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
    names = run.names()
    prior = float(probability_of(np.array([decider.weights.prior]))[0])
    each = each_with_its_own(apart, iter(looked))
    partings = [parted(work, pairs, prior) for work, pairs in each]
    drafts = [*_of_splits(run, _in_several(ours, claims.work_of), claims.work_of)]
    drafts += _of_partings(partings, names)
    teller = PairTeller(decider, detector.fields, names, claims.work_of)
    findings = [*_in_words(drafts, teller)]
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
        detection.works, works=detector.works_by_rules(detector.rules, detection).works
    )
    return True


class _Draft(NamedTuple):
    """A finding whose pairs are not in words yet."""

    finding: AuditFinding
    pairs: Sequence[ToTell]


def _in_words(drafts: Sequence[_Draft], teller: PairTeller) -> Iterator[AuditFinding]:
    """The findings with their pairs."""
    told = teller.told([pair for draft in drafts for pair in draft.pairs])
    for draft in drafts:
        yield replace(draft.finding, pairs=tuple(islice(told, len(draft.pairs))))


def _of_splits(
    run: Deduplication, home: Mapping[str, int], work_of: Mapping[str, str]
) -> Iterator[_Draft]:
    """The works of theirs that are one."""
    decisions, names = run.detection.decisions, run.names()
    rows: Rows = np.flatnonzero(run.detector.rules.linking(decisions))
    for split in splits_of(decisions, rows, home, work_of):
        works = tuple(sorted(split.groups))
        # the pairs that it stands on before those that only add to them
        ties = dict.fromkeys((*split.needed, *split.ties))
        finding = AuditFinding(
            Error.SPLIT,
            works,
            split.probability,
            tuple(tuple(names[one] for one in split.groups[work]) for work in works),
            (),
            len(ties),
            split.verdict,
            len(split.needed),
        )
        yield _Draft(finding, [ToTell(tie.left, tie.right) for tie in ties][:MOST_PAIRS])


def _of_partings(partings: Iterable[Parting], names: Mapping[str, str]) -> Iterator[_Draft]:
    """The works of theirs that may be several."""
    for parting in partings:
        wrong = parting.error is Error.MERGED
        telling = parting.telling if wrong else [*reversed(parting.telling)]
        finding = AuditFinding(
            parting.error,
            (parting.work.work,),
            1 - parting.likeliest if wrong else 0.0,
            tuple(tuple(names[one] for one in group) for group in parting.groups),
            (),
            len(telling),
            not_compared=parting.work.left_out,
        )
        pairs = [ToTell(one.left, one.right, wrong, True) for one in telling[:MOST_PAIRS]]
        yield _Draft(finding, pairs)
