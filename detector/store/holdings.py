"""
Holdings: what the detector stores in a collection, in its own terms.

    Collection (opaque documents)  <->  epoch, decisions, works, judgements

Decisions are stored short, one document a record with all decisions about it: reasons
and weights follow from the pair and the epoch and are made again when asked for.
Does not: decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import numpy as np
import orjson

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.store.short_decisions import document_of, documents_of, shorts
from detector.store.stored_epoch import EPOCH, StoredEpoch
from detector.works.judgements import Judgement
from detector.works.works import Work

WEIGHTS: Final = "weights"
TURN: Final = "turn"
DECISIONS: Final = "decisions"
WORK: Final = "work"
MEMBER: Final = "member"
JUDGEMENT: Final = "judgement"
REDIRECT: Final = "redirect"

EVENT_COLUMNS: Final = ("number", "event", "work_id", "records", "origin")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the works: an event."""

    kind: str  # created, joined, merged, split, reduced (a record is gone), deleted
    work: str
    records: tuple[str, ...]  # of the work after the change
    origin: tuple[str, ...] = ()  # works that were merged into it, or that it was split from

    def to_json(self) -> bytes:
        """The event as a log entry."""
        return orjson.dumps(
            {
                "event": self.kind,
                "work_id": self.work,
                "records": list(self.records),
                "origin": list(self.origin),
            }
        )


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


class Holdings(StoredEpoch):
    """The detector's part of one collection: its epoch, decisions, works and judgements."""

    def turn(self) -> str:
        """A name of the last time that a detector changed works; "" where none did."""
        last = self.collection.read(TURN, [TURN])
        return last[TURN].body.decode() if last else ""

    def take_turn(self) -> str:
        """Note that a detector changes works now; the name of this time."""
        now = uuid4().hex
        self.collection.write(TURN, {TURN: now.encode()})
        return now

    def weights(self) -> str:
        """The digest of the weights that the stored decisions were made by; "" if not known."""
        stored = self.collection.read(WEIGHTS, [WEIGHTS])
        return stored[WEIGHTS].body.decode() if stored else ""

    def store_weights(self, digest: str) -> None:
        """Note the weights that decisions are made by."""
        self.collection.write(WEIGHTS, {WEIGHTS: digest.encode()})

    def was_detected(self) -> bool:
        """Whether works were ever formed here, by the keys of whatever release."""
        return self.collection.count(EPOCH) > 0

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

    def work_ids_of(self, record_ids: Sequence[str]) -> dict[str, str]:
        """The work each of these records is in."""
        members = self.collection.read(MEMBER, record_ids)
        return {record_id: document.body.decode() for record_id, document in members.items()}

    def works(self, work_ids: Sequence[str]) -> dict[str, Work]:
        """The stored works among these ids, their decisions left out."""
        stored = self.collection.read(WORK, work_ids)
        return {work_id: _work(work_id, document.body) for work_id, document in stored.items()}

    def all_works(self) -> Iterator[Work]:
        """All stored works, ascending by id."""
        for work_id, document in self.collection.documents(WORK):
            yield _work(work_id, document.body)

    def store_works(self, works: Iterable[Work], gone: Iterable[str]) -> None:
        """Store works and who is in them; forget the works and records that are gone."""
        works = tuple(works)
        now = {work.work_id for work in works}
        old = [work_id for work_id in gone if work_id not in now]
        members = {record for work in works for record in work.records}
        left = [r for work in self.works(old).values() for r in work.records if r not in members]
        self.collection.write(WORK, {work.work_id: _plain_work(work) for work in works})
        self.collection.write(
            MEMBER, {record: work.work_id.encode() for work in works for record in work.records}
        )
        self.collection.remove(WORK, old)
        self.collection.remove(MEMBER, left)

    def retired(self) -> frozenset[str]:
        """Work ids that redirect to another and are never given again."""
        return frozenset(name for name, _ in self.collection.documents(REDIRECT))

    def given(self, work_ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids name a work now, or redirect."""
        asked = list(work_ids)
        named = (self.collection.read(kind, asked) for kind in (WORK, REDIRECT))
        return frozenset().union(*named)

    def store_redirects(self, redirects: Mapping[str, str]) -> None:
        """Let old work ids lead to the works that took them in."""
        self.collection.write(REDIRECT, {old: new.encode() for old, new in redirects.items()})

    def judgements(self, record_ids: Iterable[str] | None = None) -> list[Judgement]:
        """All judgements, or those about any of these records."""
        about = None if record_ids is None else set(record_ids)
        return [
            judgement
            for judgement in map(_judgement, self.collection.documents(JUDGEMENT))
            if about is None or judgement.left in about or judgement.right in about
        ]

    def store_judgement(self, judgement: Judgement) -> None:
        """Store what a person said of a pair."""
        name = "\x1f".join((*judgement.pair, judgement.at, judgement.by))
        plain = {"verdict": str(judgement.verdict), "at": judgement.at}
        plain |= {"left": judgement.left, "right": judgement.right}
        plain |= {"by": judgement.by, "why": judgement.why}
        self.collection.write(JUDGEMENT, {name: orjson.dumps(plain)})

    def log_changes(self, changes: Iterable[Change]) -> None:
        """Append events."""
        entries = [change.to_json() for change in changes]
        if entries:
            self.collection.append(entries)

    def events(self, since: int = 0) -> Iterator[dict[str, Any]]:
        """What became of works, in order, behind the event of that number."""
        for number, entry in self.collection.log(since):
            yield {"number": number, **orjson.loads(entry)}


def _decisions(stored: bytes) -> Iterator[Decision]:
    return map(Decision.from_dict, orjson.loads(stored))


def _plain_work(work: Work) -> bytes:
    return orjson.dumps({"records": work.records, "version_groups": work.version_groups})


def _work(work_id: str, stored: bytes) -> Work:
    plain = orjson.loads(stored)
    groups = tuple(tuple(group) for group in plain["version_groups"])
    return Work(work_id, tuple(plain["records"]), groups)


def _judgement(stored: tuple[str, Any]) -> Judgement:
    plain = orjson.loads(stored[1].body)
    return Judgement(**{**plain, "verdict": Verdict(plain["verdict"])})
