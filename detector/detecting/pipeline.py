"""
The pipeline: from an index to works, in one screen.

    index  ->  candidates  ->  comparisons  ->  decisions  ->  works

A run over whole files (`whole`), a batch that has just arrived (`arrived`) and a
scheduled settling (`settle`) are callers of the same steps. Records in any order or
batching end, after `settle`, in the works that one `whole` run would give.
Does not: read input or write reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from detector.decision.decision import Decider
from detector.decision.verdicts import Decision
from detector.decision.weights import Weights
from detector.detecting.deciding import (
    Judged,
    JudgingStep,
    Observer,
    ids_of,
    judge,
    judge_shared,
    proposed_by,
)
from detector.detecting.field_cache import FieldCache
from detector.store.holdings import Holdings
from detector.store.kept_works import keep_works, spoken_for, tied_to
from detector.store.waiting import lists_of, together, waiting_in
from detector.works.version_groups import facts_of
from detector.works.work_rules import WorkRules
from detector.works.works import Work, Works, form_works
from indexer.crash_points import reached
from indexer.index.contract import Engine
from indexer.ingesting.ingest import PENDING, batches, waiting_lists
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.keys.join import Pairs
from indexer.workers import Workers

WORKS_LEASE: Final = "works"  # one process at a time changes works
LEASE_SECONDS: Final = 600.0
AT_ONCE: Final = 5_000  # records judged in one step

Progress = Callable[[int, float], None]  # how many more pairs, and the share of all done


@dataclass(slots=True)
class Detection:
    """What a run found."""

    epoch: Epoch
    works: Works
    decisions: list[Decision] = field(default_factory=list)  # all but distinct
    proposed: int = 0  # pairs that a key proposed
    compared: int = 0  # of these, worth comparing

    def add(self, judged: Judged) -> None:
        """Count what was judged."""
        self.decisions += judged.decisions
        self.proposed += judged.proposed
        self.compared += judged.compared

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
    whole_from: float = 0.0  # share of records from which judging all anew is cheaper; 0: engine's
    fields: FieldCache = field(init=False)
    holdings: Holdings = field(init=False)
    judged: int = field(init=False, default=0)  # records, since this was made
    _decider: Decider | None = field(init=False, default=None, repr=False)
    _who: str = field(init=False, default_factory=lambda: uuid4().hex)
    _step: JudgingStep | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.whole_from = self.whole_from or self.engine.whole_from
        self.fields = FieldCache(self.engine)
        self.holdings = Holdings(self.engine)

    def whole(self, progress: Progress | None = None) -> Detection:
        """Judge every candidate pair of the collection and form all works anew."""
        with self._turn():
            return self._whole(None, progress)

    def arrived(self, record_ids: Sequence[str] = ()) -> int:
        """
        Judge these records and all that wait; nothing in a collection that never was judged.

        There they go on waiting for `settle`: judged under the counts of the first few
        records, all would have to be judged again.

        Returns:
            How many records were judged.

        Raises:
            BackendBusy: another process changes works; what waits goes on waiting.
        """
        if self.holdings.epoch() is None:
            return 0
        judged = set(record_ids)
        for names in together(lists_of(self.engine), AT_ONCE):
            with self._turn():
                left, waiting = waiting_in(self.engine, names)  # others judge lists too
                self._rejudge(sorted(waiting), left)
            judged |= waiting
            record_ids = [one for one in record_ids if one not in waiting]
        if record_ids:
            with self._turn():
                self._rejudge(sorted(record_ids), [])
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

        Raises:
            BackendBusy: see `arrived`.
        """
        before = self.holdings.epoch()
        grown = before is None or self.waiting() > self.whole_from * before.records
        if before is None or grown or self.outdated():
            return len(self.whole(progress).record_ids)
        self.arrived()
        with self._turn():
            before = self.holdings.epoch() or before
            epoch = self.engine.learn(before.number + 1)
            moved = epoch.moved(before)
            if moved is not None and not len(moved):
                return 0
            touched = self.engine.touched_by(moved) if moved is not None else None
            if touched is None or len(touched) > self.whole_from * epoch.records:
                return len(self._whole(epoch, progress).record_ids)
            with self.engine.atomically():
                self.engine.write(PENDING, waiting_lists(touched))
                self.holdings.keep_epoch(epoch)
        self.arrived()
        return len(touched)

    def waiting(self) -> int:
        """How many records wait to be judged; one that waits twice counts twice."""
        return sum(count for _, count in lists_of(self.engine))

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
        proposed = proposed_by(pairs)
        fields = self.fields.of(ids_of(proposed))
        found.add(judge(self.decider(epoch), fields, proposed, self.observe))

    def _judge_shared(self, pairs: Pairs, epoch: Epoch, found: Detection) -> None:
        """The same by the workers, a share of the pairs each."""
        if self._step is None or self._step.epoch is not epoch:
            by = (epoch, self.weights, self.rules.unique_sources)
            self._step = JudgingStep(self.engine.location, *by)
        for judged in judge_shared(self._step, self.workers, self.fields, pairs):
            found.add(judged)

    def _form(
        self, record_ids: Iterable[str], decisions: Iterable[Decision], epoch: Epoch
    ) -> Works:
        """The works of these records, as far as they still are stored."""
        stored = set(record_ids)
        decisions = [one for one in decisions if one.left in stored and one.right in stored]
        judgements = self.holdings.judgements(stored)
        # of a record that nothing ties to another no facts are asked
        tied = {one for decision in decisions for one in (decision.left, decision.right)}
        tied.update(*(judgement.pair for judgement in judgements))
        facts = {
            name: facts_of(one)
            for some in batches(sorted(tied & stored), AT_ONCE)
            for name, one in self.fields.of(some).items()
        }
        stored -= tied - facts.keys()  # deleted since
        decider = self.decider(epoch)

        def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
            fields = self.fields.of({one for pair in pairs for one in pair})
            judged = decider.decide([(fields[left], fields[right]) for left, right in pairs])
            return [
                self.rules.evidence(Decision("", "", verdict, probability=float(probability)))
                for verdict, probability in zip(judged.verdicts, judged.probability, strict=True)
            ]

        decisions = [one for one in decisions if one.left in stored and one.right in stored]
        return form_works(stored, decisions, score, facts, judgements, self.rules)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the one that changes works; forget what another may have changed since the last."""
        if not self.keep:
            yield
            return
        with self.engine.lease(WORKS_LEASE, LEASE_SECONDS):
            if not self.holdings.take_turn(self._who):
                self.fields.clear()
                self._decider = self._step = None
            yield

    def _whole(self, epoch: Epoch | None, progress: Progress | None) -> Detection:
        waiting = [name for name, _ in lists_of(self.engine)] if self.keep else []
        before = self.holdings.epoch()
        epoch = epoch or self.engine.learn(before.number + 1 if before else 1)
        found = Detection(epoch, Works(()))
        shared = self.workers.count > 1 and self.observe is None
        judge_them = self._judge_shared if shared else self._judge
        for pairs in self.engine.all_pairs(epoch):
            judge_them(pairs, epoch, found)
            if progress:
                progress(len(pairs), found.proposed / max(pairs.total, found.proposed))
        found.works = self._form(self.engine.ids(), found.decisions, epoch)
        self.judged += epoch.records
        if self.keep:
            self._keep_whole(found, waiting)
        return found

    def _rejudge(self, record_ids: list[str], waiting: list[str]) -> None:
        """Judge these records against the collection and form the works they touch anew."""
        epoch = self.holdings.epoch()
        if epoch is None or not record_ids:
            return
        self.fields.forget(record_ids)
        self.decider(epoch).comparer.forget(record_ids)
        found = Detection(epoch, Works(()))
        pairs = self._proposed(record_ids, epoch)
        if spoken := spoken_for(record_ids, pairs, self.holdings):
            record_ids = sorted({*record_ids, *spoken})
            pairs = self._proposed(record_ids, epoch)
        self._judge(pairs, epoch, found)
        self.judged += len(record_ids)
        with self.engine.atomically():
            touched = self.holdings.keep_decisions(record_ids, found.decisions)
            reached("within-works")
            concerned, decisions = tied_to(touched, self.holdings, self.rules)
            homes = set(self.holdings.work_ids_of(sorted(concerned)).values())
            before = self.holdings.works(sorted(homes))
            formed = self._form(self.fields.of(concerned), decisions, epoch)
            keep_works(self.holdings, before.values(), formed)
            self.engine.remove(PENDING, waiting)

    def _proposed(self, record_ids: Iterable[str], epoch: Epoch) -> Pairs:
        """The candidates of the stored records among these."""
        keys = keys_of(list(self.fields.of(record_ids).values()))
        return self.engine.candidates(keys, epoch)

    def _keep_whole(self, found: Detection, waiting: Iterable[str]) -> None:
        """Replace all that is stored of decisions and works."""
        with self.engine.atomically():
            self.holdings.replace_decisions(found.decisions)
            reached("within-works")
            before = self.holdings.all_works()
            keep_works(self.holdings, before, found.works, self.holdings.retired())
            self.engine.remove(PENDING, waiting)
            # last: killed before, on an engine without transactions, settling does all again
            self.holdings.keep_weights(self.weights.digest)
            self.holdings.keep_epoch(found.epoch)
        reached("after-works")
