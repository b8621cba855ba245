"""
Holdings: what the detector stores in a collection, in its own terms.

    Collection (opaque documents)  <->  epoch, decisions, works, judgements

Decisions are stored short, one document a record with all decisions about it: reasons
and weights follow from the pair and the epoch and are made again when asked for.
Does not: decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision
from detector.store.events import events_of
from detector.store.short_decisions import document_of, documents_of, shorts
from detector.store.stored_choices import StoredChoices
from detector.store.stored_conflicts import StoredConflicts
from detector.store.stored_epoch import EPOCH, StoredEpoch
from detector.store.stored_ids import WORK, StoredIds
from detector.store.stored_judgements import StoredJudgements
from detector.works.work_rules import WorkRules
from detector.works.works import Work

WEIGHTS: Final = "weights"
RULES: Final = "rules"
TURN: Final = "turn"
DECISIONS: Final = "decisions"
TURN_DIGITS: Final = 18  # of a number; turns of earlier releases were names of 32 letters


Pair = tuple[str, str]


class GivenIds:
    """Whether a work id was ever given; the likely ones are read from the collection at once."""

    def __init__(self, holdings: Holdings, likely: Iterable[str]) -> None:
        self._holdings = holdings
        self._asked = set(likely)
        self._given = set(holdings.given(self._asked))

    def __contains__(self, work_id: object) -> bool:
        if isinstance(work_id, str) and work_id not in self._asked:
            self._asked.add(work_id)
            self._given |= self._holdings.given([work_id])
        return work_id in self._given


class Holdings(StoredEpoch, StoredIds, StoredJudgements, StoredConflicts, StoredChoices):
    """The detector's part of one collection: its epoch, decisions, works and judgements."""

    def turn(self) -> str:
        """A name of the last time that a detector changed works; "" where none did."""
        last = self.collection.read(TURN, [TURN])
        return last[TURN].body.decode() if last else ""

    def take_turn(self) -> str:
        """Note that a detector changes works now; the name of this time."""
        before = self.turn()
        now = str(int(before) + 1 if len(before) <= TURN_DIGITS and before.isdigit() else 1)
        self.collection.write(TURN, {TURN: now.encode()})
        return now

    def weights(self) -> str:
        """The digest of the weights that the stored decisions were made by; "" if not known."""
        stored = self.collection.read(WEIGHTS, [WEIGHTS])
        return stored[WEIGHTS].body.decode() if stored else ""

    def store_weights(self, digest: str) -> None:
        """Note the weights that decisions are made by."""
        self.collection.write(WEIGHTS, {WEIGHTS: digest.encode()})

    def rules(self) -> WorkRules:
        """The rules that the works were formed by: a one-shot run may have had its own."""
        stored = self.collection.read(WEIGHTS, [RULES])
        return WorkRules.from_dict(orjson.loads(stored[RULES].body)) if stored else WorkRules()

    def store_rules(self, rules: WorkRules) -> None:
        """Note them, so that whoever forms works of this index again does so by the same."""
        if rules == WorkRules():
            self.collection.remove(WEIGHTS, [RULES])
        else:
            self.collection.write(WEIGHTS, {RULES: orjson.dumps(rules.to_dict())})

    def was_detected(self) -> bool:
        """Whether works were ever formed here, by the keys of whatever release."""
        return self.collection.count(EPOCH) > 0

    def events(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """What became of works and what people said, behind the event of that number."""
        return events_of(self.collection, after)

    def decisions_about(self, record_ids: Iterable[str]) -> dict[Pair, Decision]:
        """All stored decisions about any of these records, by pair."""
        documents = self.collection.read(DECISIONS, list(record_ids)).values()
        return {
            decision.pair: decision
            for document in documents
            for decision in _decisions(document.body)
        }

    def all_decisions(self) -> Iterator[Decision]:
        """Every stored decision once, ascending by its left record."""
        for record_id, document in self.collection.documents(DECISIONS):
            yield from (one for one in _decisions(document.body) if one.left == record_id)

    def store_decisions(
        self, record_ids: Iterable[str], decisions: DecisionColumns
    ) -> frozenset[str]:
        """
        Make `decisions` all that is decided about these records.

        Returns:
            The records on either side of a decision that was there before or is now.
        """
        about = set(record_ids)
        before = self._stored_about(about)
        fresh = dict(
            zip(decisions.pairs(), shorts(decisions, np.arange(len(decisions))), strict=True)
        )
        touched = about.union(*before, *fresh)
        others = self._stored_about(touched)
        for pair in before:
            others.pop(pair, None)
        by_record: dict[str, list[Pair]] = {}
        stored = {pair: orjson.dumps(plain) for pair, plain in others.items()} | fresh
        for pair in sorted(stored):
            for record_id in pair:
                # documents of other records hold further decisions and stay as they are
                if record_id in touched:
                    by_record.setdefault(record_id, []).append(pair)
        bodies = {
            record_id: document_of([stored[pair] for pair in pairs])
            for record_id, pairs in by_record.items()
        }
        self.collection.write(DECISIONS, bodies)
        self.collection.remove(DECISIONS, touched - bodies.keys())
        return frozenset(touched)

    def replace_decisions(self, decisions: DecisionColumns) -> None:
        """Make `decisions`, of ascending ids, all that is decided in the collection."""
        before = {record_id for record_id, _ in self.collection.documents(DECISIONS)}
        for bodies in documents_of(decisions):
            self.collection.write(DECISIONS, bodies)
            before -= bodies.keys()
        self.collection.remove(DECISIONS, before)

    def _stored_about(self, record_ids: Iterable[str]) -> dict[Pair, Mapping[str, Any]]:
        documents = self.collection.read(DECISIONS, list(record_ids)).values()
        return {
            (plain["left"], plain["right"]): plain
            for document in documents
            for plain in orjson.loads(document.body)
        }

    def works(self, work_ids: Sequence[str]) -> dict[str, Work]:
        """The stored works among these ids, their decisions left out."""
        stored = self.collection.read(WORK, work_ids)
        return {work_id: _work(work_id, document.body) for work_id, document in stored.items()}

    def all_works(self) -> Iterator[Work]:
        """All stored works, ascending by id."""
        for work_id, document in self.collection.documents(WORK):
            yield _work(work_id, document.body)

    def store_works(self, works: Iterable[Work], gone: Iterable[str]) -> None:
        """Store works, and forget those of these ids."""
        self.collection.write(WORK, {work.work_id: _plain_work(work) for work in works})
        self.collection.remove(WORK, gone)


def _decisions(stored: bytes) -> Iterator[Decision]:
    return map(Decision.from_dict, orjson.loads(stored))


def _plain_work(work: Work) -> bytes:
    return orjson.dumps({"records": work.records, "version_groups": work.version_groups})


def _work(work_id: str, stored: bytes) -> Work:
    plain = orjson.loads(stored)
    groups = tuple(tuple(group) for group in plain["version_groups"])
    return Work(work_id, tuple(plain["records"]), groups)
