"""
The pipeline: from an index to works, in one screen.

    index  ->  candidates  ->  comparisons  ->  decisions  ->  works

A run over whole files (`whole`), a batch that has just arrived (`arrived`) and a
scheduled settling (`settle`) are callers of the same steps. Records in any order or
batching end, after `settle`, in the works that one `whole` run would give.
Does not: read input or write reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from detector.decision.decision import Decider
from detector.decision.weights import Weights
from detector.detecting.arriving import Arriving
from detector.detecting.deciding import (
    DecidedPairs,
    DecidingStep,
    Observer,
    decide_pairs,
    decide_shared,
    ids_in,
)
from detector.detecting.detection import Detection
from detector.detecting.field_cache import FieldCache
from detector.detecting.forming import Forming
from detector.detecting.forming_again import FormingAgain
from detector.detecting.storing import store_whole
from detector.store.holdings import Holdings
from detector.store.stored_works import twins_of
from detector.store.waiting import (
    batched,
    lists_of,
    occasion_of,
    queued_by_epoch,
    waiting_in,
)
from detector.works.work_rules import AS_STORED, WorkRules
from detector.works.works import Works
from indexer.index.contract import Engine
from indexer.ingesting.ingest import PENDING, queue_entries
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import Pairs
from indexer.running.crash_points import reached
from indexer.running.timings import counted, each_timed, timed
from indexer.running.workers import Workers

WORKS_LEASE: Final = "works"  # one process at a time changes works
LEASE_SECONDS: Final = 600.0
AT_ONCE: Final = 5_000  # records compared in one step

Progress = Callable[[int, float], None]  # how many more pairs, and the share of all done


@dataclass(slots=True)
class Detector:
    """The steps over one engine, with one table of weights and one set of rules."""

    engine: Engine
    weights: Weights = field(default_factory=Weights.load)
    rules: WorkRules = AS_STORED  # those that the works of the engine were formed by
    stores: bool = True  # False: tell what would be found, store nothing
    observe: Observer | None = None  # told of every pair compared, the distinct ones too
    workers: Workers = field(default_factory=Workers)  # that decide on a whole collection
    whole_from: float = 0.0  # of all records, from which comparing all is cheaper; 0: engine's
    fields: FieldCache = field(init=False)
    holdings: Holdings = field(init=False)
    arriving: Arriving = field(init=False)
    records_compared: int = field(init=False, default=0)  # since this detector was made
    _decider: Decider | None = field(init=False, default=None, repr=False)
    _turn_before: str = field(init=False, default="")  # the last that this detector knows of
    _step: DecidingStep | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.whole_from = self.whole_from or self.engine.whole_from
        self.fields = FieldCache(self.engine)
        self.holdings = Holdings(self.engine)
        if self.rules is AS_STORED:
            self.rules = self.holdings.rules()
        self.arriving = Arriving(self.fields)

    def notice_others(self) -> None:
        """
        Drop what is remembered of records if another detector changed works since the last turn.

        Asked before anything is stored, what a first batch was stored with is remembered.
        """
        last = self.holdings.turn()
        if last != self._turn_before:
            self.arriving.clear()
            self._decider = self._step = None
            self._turn_before = last

    def whole(self, progress: Progress | None = None) -> Detection:
        """Decide every candidate pair of the collection and form all works anew."""
        with self.taking_turn():
            return self._whole(None, progress)

    def arrived(self, record_ids: Sequence[str] = ()) -> int:
        """
        Compare these records and all that wait, and form the works they touch anew.

        Nothing is done in a collection without an epoch: there all wait for `settle`.
        Compared under the counts of the first few records, all would be compared again.

        Returns:
            How many records were compared.

        Raises:
            BackendBusy: another process changes works; what waits goes on waiting.
        """
        if self.holdings.epoch() is None:
            return 0
        compared = set(record_ids)
        for names in batched(lists_of(self.engine), AT_ONCE):
            with self.taking_turn():
                lists = waiting_in(self.engine, names)  # others take lists too
                waiting = set[str]().union(*lists.values())
                self.arriving.taken_in_turn(lists)
                self._decide_again(sorted(waiting), list(lists))
            compared |= waiting
            record_ids = [record_id for record_id in record_ids if record_id not in waiting]
        if record_ids:
            with self.taking_turn():
                self.arriving.forget(record_ids)
                self._decide_again(sorted(record_ids), [])
        reached("after-works")
        return len(compared)

    def outdated(self) -> tuple[str, ...]:
        """Why all records should be compared again, a phrase for each reason."""
        if not self.holdings.was_detected():
            return ()
        if self.holdings.epoch() is None:
            return ("records were compared by other keys",)
        before, now = self.holdings.weights() or "unknown", self.weights.digest
        return () if before == now else (f"weights: {before} -> {now}",)

    def settle(self, progress: Progress | None = None) -> int:
        """
        Learn the epoch of the collection as it is now; compare again what that changes.

        All records are compared again when the weights are others than before.

        Returns:
            How many records were compared again.

        Raises:
            BackendBusy: see `arrived`.
        """
        before = self.holdings.epoch()
        grown = before is None or self.waiting() > self.whole_from * before.records
        if before is None or grown or self.outdated():
            return len(self.whole(progress).record_ids)
        self.arrived()
        with self.taking_turn():
            before = self.holdings.epoch() or before
            epoch = self.engine.learn(before.number + 1)
            moved = epoch.moved(before)
            if moved is not None and not len(moved):
                return 0
            touched = self.engine.touched_by(moved) if moved is not None else None
            if touched is None or len(touched) > self.whole_from * epoch.records:
                return len(self._whole(epoch, progress).record_ids)
            with self.engine.atomically():
                self.engine.write(PENDING, queue_entries(touched, queued_by_epoch(epoch.number)))
                self.holdings.store_epoch(epoch)
        self.arrived()
        return len(touched)

    def waiting(self) -> int:
        """How many records wait to be compared; one on two lists counts twice."""
        return sum(count for _, count in lists_of(self.engine))

    def decider(self, epoch: Epoch) -> Decider:
        """The decider for this epoch, made once for each: it holds the profiles it made."""
        if self._decider is None or self._decider.epoch is not epoch:
            self._decider = Decider(epoch, self.weights, self.rules.unique_sources)
        return self._decider

    def use_decider(self, decider: Decider) -> None:
        """Decide by this decider, in place of a new one, as long as its epoch is asked for."""
        self._decider = decider

    def works_by_rules(self, rules: WorkRules, detection: Detection) -> Works:
        """The works that other rules would form of a detection's decisions; nothing is stored."""
        epoch, unique = detection.epoch, rules.unique_sources
        same = unique == self.rules.unique_sources
        decider = self.decider(epoch) if same else Decider(epoch, self.weights, unique)
        forming = Forming(decider, self.fields, rules)
        judgements = self.holdings.all_judgements()
        return forming.works(detection.record_ids, detection.decisions, judgements)

    def _decide(self, pairs: Pairs, epoch: Epoch) -> Iterator[DecidedPairs]:
        """What is decided of these pairs; the fields of so many at once take some 30 MB."""
        for part in pairs.parts(AT_ONCE):
            fields = self.fields.of(ids_in(part))
            yield decide_pairs(self.decider(epoch), fields, part, self.observe)

    def _decide_shared(self, pairs: Pairs, epoch: Epoch) -> Iterator[DecidedPairs]:
        """The same by the workers, a share of the pairs each."""
        if self._step is None or self._step.epoch is not epoch:
            by = (epoch, self.weights, self.rules.unique_sources)
            self._step = DecidingStep(self.engine.location, *by, self.fields.descriptor)
        return decide_shared(self._step, self.workers, self.fields, pairs)

    def forming(self, epoch: Epoch) -> Forming:
        """What forms works under this epoch."""
        return Forming(self.decider(epoch), self.fields, self.rules)

    @contextmanager
    def taking_turn(self) -> Iterator[int]:
        """
        Hold the lease of whoever changes works; the number of this turn.

        Where another detector held it since, what this one remembers of records is dropped.
        """
        if not self.stores:
            yield 0
            return
        with self.engine.lease(WORKS_LEASE, LEASE_SECONDS):
            self.notice_others()
            self._turn_before = self.holdings.take_turn()
            yield int(self._turn_before)

    def _whole(self, epoch: Epoch | None, progress: Progress | None) -> Detection:
        waiting = [name for name, _ in lists_of(self.engine)] if self.stores else []
        self.arriving.all_taken(waiting_in(self.engine, self.arriving.of_others(waiting)))
        before = self.holdings.epoch()
        if epoch is None:
            with timed("learning"):
                epoch = self.engine.learn(before.number + 1 if before else 1)
                counted(epoch.records)
        shared = self.workers.count > 1 and self.observe is None
        decide = self._decide_shared if shared else self._decide
        parts: list[DecidedPairs] = []
        proposed = 0
        for pairs in each_timed("joining", self.engine.all_pairs(epoch), len):
            parts += decide(pairs, epoch)
            proposed += len(pairs)
            if progress:
                progress(len(pairs), proposed / max(pairs.total, proposed))
        # Each holds what it remembered on the way, some 300 MB, while works take most memory
        # here; those that write later are begun anew.
        self.workers.close()
        detection = Detection.joined(parts, epoch)
        # decided as they hang together, told and stored in the order of their records
        detection.decisions = detection.decisions.take(detection.decisions.by_pair())
        with timed("forming works", epoch.records):
            judgements = self.holdings.all_judgements()
            forming = self.forming(epoch)
            detection.works = forming.works(self.engine.ids(), detection.decisions, judgements)
        self.records_compared += epoch.records
        if self.stores:
            with timed("storing works", epoch.records):
                occasion = occasion_of(waiting, int(self._turn_before), epoch=epoch.number)
                store_whole(self.holdings, detection, self.weights.digest, waiting, occasion)
        return detection

    def _decide_again(self, record_ids: list[str], waiting: list[str]) -> None:
        """
        Compare these records with the collection and form the works they touch anew.

        What is decided of their pairs takes the place of all that was decided of them
        before. A work may lose records by that, so what is formed anew is the whole of
        what is tied to them, over any number of steps, by what was decided or is now.

        Args:
            record_ids: records that were put, changed, deleted or touched by a new epoch.
            waiting: names of the lists they waited on, which go with this transaction.
        """
        epoch = self.holdings.epoch()
        if epoch is None or not record_ids:
            return
        self.decider(epoch).comparer.forget(record_ids)
        pairs = self._candidates(record_ids, epoch)
        if twins := twins_of(record_ids, pairs, self.holdings):
            record_ids = sorted({*record_ids, *twins})
            pairs = Pairs.united([pairs, self._candidates(sorted(twins), epoch)])
        detection = Detection.joined(list(self._decide(pairs, epoch)), epoch)
        self.records_compared += len(record_ids)
        with timed("storing works", len(record_ids)), self.engine.atomically():
            touched = self.holdings.store_decisions(record_ids, detection.decisions)
            reached("within-works")
            occasion = occasion_of(waiting, int(self._turn_before))
            again = FormingAgain(self.forming(epoch), self.holdings, occasion)
            again.store(again.works(touched))
            self.engine.remove(PENDING, waiting)

    def _candidates(self, record_ids: Sequence[str], epoch: Epoch) -> Pairs:
        with timed("joining"):
            pairs = self.engine.candidates(self.arriving.keys(record_ids), epoch)
            counted(len(pairs))
        return pairs
