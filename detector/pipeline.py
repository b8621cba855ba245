"""
The pipeline: from an index to works, in one screen.

    index  ->  candidates  ->  comparisons  ->  decisions  ->  works

A run over whole files (`whole`), a batch that has just arrived (`arrived`) and a
scheduled settling (`settle`) are callers of the same steps. Records in any order or
batching end, after `settle`, in the works that one `whole` run would give.
Does not: read input or write reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from detector.candidates import worth_comparing
from detector.changes import changes_between
from detector.decision.decision import Decider, Decisions
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import Weights
from detector.field_cache import FieldCache
from detector.holdings import Holdings
from detector.works.version_groups import facts_of
from detector.works.work_ids import Known
from detector.works.work_rules import WorkRules
from detector.works.works import Work, Works, form_works
from indexer.backends.base import Engine
from indexer.ingest import PENDING, waiting_lists
from indexer.interruptions import reached
from indexer.keys import TWIN_SOURCE, keys_of
from indexer.keys.epoch import Epoch
from indexer.keys.join import Pairs, sources_of
from indexer.workers import Workers

WORKS_LEASE: Final = "works"  # one process at a time changes works
LEASE_SECONDS: Final = 600.0

Progress = Callable[[int, float], None]  # how many more pairs, and the share of all done
Observer = Callable[[Sequence[int], Decisions], None]  # found_by masks, and what is said


@dataclass(slots=True)
class Detection:
    """What a run found."""

    epoch: Epoch
    works: Works
    decisions: list[Decision] = field(default_factory=list)  # all but distinct
    proposed: int = 0  # pairs that a key proposed
    compared: int = 0  # of these, worth comparing

    @property
    def record_ids(self) -> list[str]:
        """All records of the works."""
        return [record_id for work in self.works.works for record_id in work.records]


@dataclass(slots=True)
class Detector:
    """The steps over one engine, with one table of weights and one set of rules."""

    engine: Engine
    weights: Weights = field(default_factory=Weights.load)
    rules: WorkRules = field(default_factory=WorkRules)
    keep: bool = True  # False: say what would be, store nothing
    observe: Observer | None = None  # told of every pair compared, the distinct ones too
    workers: Workers = field(default_factory=Workers)  # that judge a whole collection
    whole_from: float = 0.3  # share of records from which judging all anew is cheaper
    fields: FieldCache = field(init=False)
    holdings: Holdings = field(init=False)
    _decider: Decider | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.fields = FieldCache(self.engine)
        self.holdings = Holdings(self.engine)

    def whole(self, progress: Progress | None = None) -> Detection:
        """Judge every candidate pair of the collection and form all works anew."""
        waiting = [name for name, _ in self.engine.documents(PENDING)]  # later ones stay
        before = self.holdings.epoch()
        epoch = self.engine.learn(before.number + 1 if before else 1)
        found = Detection(epoch, Works(()))
        for pairs in self.engine.all_pairs(epoch):
            self._judge(pairs, epoch, found)
            if progress:
                progress(len(pairs), found.proposed / max(pairs.total, found.proposed))
        found.works = self._form(self.engine.ids(), found.decisions, epoch)
        if self.keep:
            self._keep_whole(found, waiting)
        return found

    def arrived(self, record_ids: Sequence[str]) -> int:
        """
        Judge what has just been put, and all that an interrupted run left unjudged.

        Returns:
            How many records were judged.
        """
        judged = set(record_ids)
        epoch = self.holdings.epoch() or self.engine.learn(1)
        for name, document in list(self.engine.documents(PENDING)):
            waiting = orjson.loads(document.body)
            self._rejudge(waiting, epoch, [name])
            judged.difference_update(waiting)
        if judged:
            self._rejudge(sorted(judged), epoch, [])
        reached("after-works")
        return len(judged)

    def outdated(self) -> tuple[str, ...]:
        """Why all that was judged should be judged again, a phrase each."""
        if not self.holdings.was_judged():
            return ()
        if self.holdings.epoch() is None:
            return ("records were judged by other keys",)
        before, now = self.holdings.weights() or "unknown", self.weights.digest
        return () if before == now else (f"weights: {before} -> {now}",)

    def settle(self, progress: Progress | None = None) -> int:
        """
        Learn the epoch of the collection as it is now; judge again what that changes.

        All of it is judged again when the weights are others than before.

        Returns:
            How many records were judged again.
        """
        if self.outdated():
            return len(self.whole(progress).record_ids)
        self.arrived(())
        before = self.holdings.epoch()
        epoch = self.engine.learn(before.number + 1 if before else 1)
        moved = epoch.moved(before) if before else None
        if moved is not None and not len(moved):
            return 0
        touched = self.engine.touched_by(moved) if moved is not None else None
        if touched is None or len(touched) > self.whole_from * epoch.records:
            return len(self.whole(progress).record_ids)
        with self.engine.atomically():
            self.engine.write(PENDING, waiting_lists(touched))
            self.holdings.keep_epoch(epoch)
        self.arrived(())
        return len(touched)

    def decider(self, epoch: Epoch) -> Decider:
        """What decides under this epoch: one as long as it stands, with the profiles it made."""
        if self._decider is None or self._decider.epoch is not epoch:
            self._decider = Decider(epoch, self.weights, self.rules.unique_sources)
        return self._decider

    def decide_with(self, decider: Decider) -> None:
        """Take this for the decider of its epoch, where it must not be the usual one."""
        self._decider = decider

    def formed_by(self, rules: WorkRules, found: Detection) -> tuple[Work, ...]:
        """The works that other rules would form of a detection's decisions."""
        other = Detector(self.engine, self.weights, rules, keep=False)
        other.fields = self.fields
        if rules.unique_sources == self.rules.unique_sources:
            other._decider = self._decider
        return other._form(found.record_ids, found.decisions, found.epoch).works

    def _judge(self, pairs: Pairs, epoch: Epoch, found: Detection) -> None:
        decider = self.decider(epoch)
        ids = pairs.ids
        rows = zip(pairs.left.tolist(), pairs.right.tolist(), pairs.found_by.tolist(), strict=True)
        proposed = [(ids[left], ids[right], bits) for left, right, bits in rows]
        fields = self.fields.of({one for pair in proposed for one in pair[:2]})
        kept = [
            (fields[left], fields[right], bits)
            for left, right, bits in proposed
            if worth_comparing(fields[left], fields[right], bits)
        ]
        decisions = decider.decide([(left, right) for left, right, _ in kept])
        found.proposed += len(proposed)
        found.compared += len(kept)
        if self.observe:
            self.observe([bits for _, _, bits in kept], decisions)
        for row, verdict in enumerate(decisions.verdicts):
            if verdict is not Verdict.DISTINCT:
                decision = decider.decision(decisions, row)
                found.decisions.append(decision.found(sources_of(kept[row][2])))

    def _form(
        self, record_ids: Iterable[str], decisions: Iterable[Decision], epoch: Epoch
    ) -> Works:
        record_ids = sorted(record_ids)
        facts = {name: facts_of(one) for name, one in self.fields.of(record_ids).items()}
        decider = self.decider(epoch)

        def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
            fields = self.fields.of({one for pair in pairs for one in pair})
            judged = decider.decide([(fields[left], fields[right]) for left, right in pairs])
            return [
                self.rules.evidence(Decision("", "", verdict, probability=float(probability)))
                for verdict, probability in zip(judged.verdicts, judged.probability, strict=True)
            ]

        judgements = self.holdings.judgements(record_ids)
        return form_works(record_ids, decisions, score, facts, judgements, self.rules)

    def _rejudge(self, record_ids: list[str], epoch: Epoch, pending: Iterable[str]) -> Detection:
        """Judge these records against the collection and form the works they touch anew."""
        self.fields.forget(record_ids)
        self.decider(epoch).comparer.forget(record_ids)
        found = Detection(epoch, Works(()))
        pairs = self._proposed(record_ids, epoch)
        if spoken := self._spoken_for(record_ids, pairs):
            record_ids = sorted({*record_ids, *spoken})
            pairs = self._proposed(record_ids, epoch)
        self._judge(pairs, epoch, found)
        if not self.keep:
            return found
        with self.engine.lease(WORKS_LEASE, LEASE_SECONDS), self.engine.atomically():
            if self.holdings.epoch() is None:
                self.holdings.keep_epoch(epoch)
                self.holdings.keep_weights(self.weights.digest)
            touched = self.holdings.keep_decisions(record_ids, found.decisions)
            reached("within-works")
            concerned, decisions = self._component(touched)
            before = self.holdings.works(
                sorted(set(self.holdings.work_ids_of(sorted(concerned)).values()))
            )
            stored = self.engine.get(sorted(concerned)).keys()
            found.works = self._form(stored, decisions, epoch)
            self._keep_works(before.values(), found.works)
            self.engine.remove(PENDING, list(pending))
        return found

    def _proposed(self, record_ids: Iterable[str], epoch: Epoch) -> Pairs:
        """The candidates of the stored records among these."""
        keys = keys_of(list(self.fields.of(record_ids).values()))
        return self.engine.candidates(keys, epoch)

    def _spoken_for(self, record_ids: Iterable[str], pairs: Pairs) -> set[str]:
        """
        Records that one of these stands for now, or did until it changed.

        Their other pairs go by the record that stands for them: they are judged again.
        """
        leads = set(record_ids)
        now = {right for left, right, by in pairs if TWIN_SOURCE in by and left in leads}
        before = {
            right
            for (left, right), one in self.holdings.decisions_about(leads).items()
            if TWIN_SOURCE in one.found_by and left in leads
        }
        return (now | before) - leads

    def _component(self, record_ids: Iterable[str]) -> tuple[set[str], list[Decision]]:
        """All records tied to these by decisions, works or judgements, and what ties them."""
        reached_ids: set[str] = set()
        frontier = set(record_ids)
        decisions: dict[tuple[str, str], Decision] = {}
        judged = [set(judgement.pair) for judgement in self.holdings.judgements()]
        while frontier:
            reached_ids |= frontier
            about = self.holdings.decisions_about(frontier)
            decisions.update(about)
            ties = (one for one in about.values() if self.rules.links(one))
            beyond = {record_id for one in ties for record_id in (one.left, one.right)}
            homes = set(self.holdings.work_ids_of(sorted(frontier)).values())
            beyond |= {r for w in self.holdings.works(sorted(homes)).values() for r in w.records}
            beyond.update(*(pair for pair in judged if pair & frontier))
            frontier = beyond - reached_ids
        inside = [d for d in decisions.values() if {d.left, d.right} <= reached_ids]
        return reached_ids, inside

    def _keep_whole(self, found: Detection, waiting: Iterable[str]) -> None:
        """Replace all that is stored of decisions and works."""
        with self.engine.lease(WORKS_LEASE, LEASE_SECONDS), self.engine.atomically():
            self.holdings.replace_decisions(found.decisions)
            reached("within-works")
            self._keep_works(list(self.holdings.all_works()), found.works)
            self.engine.remove(PENDING, waiting)
            # last: killed before, on an engine without transactions, settling does all again
            self.holdings.keep_weights(self.weights.digest)
            self.holdings.keep_epoch(found.epoch)
        reached("after-works")

    def _keep_works(self, before: Iterable[Work], formed: Works) -> None:
        before = list(before)
        known = Known(
            work_of={record: work.work_id for work in before for record in work.records},
            retired=self.holdings.retired(),
        )
        changed = changes_between(before, formed.works, known)
        self.holdings.log_changes(changed.events)
        self.holdings.keep_works(changed.works, changed.gone)
        self.holdings.keep_redirects(changed.redirects)
