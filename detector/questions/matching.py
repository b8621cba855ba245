"""
Matching: which of these records are there already? Stores nothing.

    rows  ->  candidates of an index  ->  decisions  ->  Match, one a row

The rows are compared with the index; with each other in `repeats.py`. The same keys,
comparisons and weights as everywhere: a row gets the verdict that it would get if it
were ingested. Does not: read files or print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from detector.candidates import worth_comparing
from detector.decision.verdicts import SAME_WORK, Decision, Verdict
from detector.detecting.deciding import proposed_by
from detector.detecting.pipeline import Detector
from indexer.fields import Fields, fields_of
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import sources_of
from indexer.records import Occurrence, Record

BATCH: Final = 2_000
ASKED: Final = "asked\x1f"  # begins the ids of records that are asked about: no feed's id does
MATCH_COLUMNS: Final = ("id", "file", "row", "title", "verdict", "repeats", "matches")
NEW: Final = "new"  # what is said of a row that nothing of the index comes near
# The strongest thing said of a row is what is said of it.
_ORDER: Final = (Verdict.DUPLICATE, Verdict.VERSION, Verdict.REVIEW, Verdict.RELATED)
# What a person is told of a row, by its verdict.
WORDS: Final = {
    "duplicate": "have it",
    "version": "another version",
    "review": "to check",
    "related": "related",
    "new": "new",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored record that a row was compared with, and what was decided."""

    record_id: str
    work_id: str  # "" where the index has no works yet
    decision: Decision


@dataclass(frozen=True, slots=True)
class Match:
    """One row and all that the index has to say of it, strongest first."""

    row: Occurrence
    hits: tuple[Hit, ...] = ()
    repeats: Occurrence | None = None  # the earlier row of the same work, of rows not there

    @property
    def says(self) -> str:
        """The verdict on the row: duplicate, version, review, related or new."""
        return str(self.hits[0].decision.verdict) if self.hits else NEW

    @property
    def there(self) -> bool:
        """The work is there already, in this version or another."""
        return bool(self.hits) and self.hits[0].decision.verdict in SAME_WORK

    @property
    def fresh(self) -> bool:
        """The work is not there, and no row before this one was of it."""
        return not self.there and not self.repeats

    @property
    def words(self) -> str:
        """What a person is told of the row."""
        return WORDS[self.says]

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values."""
        record, first = self.row.record, self.repeats
        return {
            "id": _name(self.row),
            "file": self.row.file,
            "row": self.row.row,
            "title": record.title,
            "verdict": self.says,
            "repeats": {"id": _name(first), "file": first.file, "row": first.row} if first else {},
            "matches": [_plain(hit) for hit in self.hits],
        }


def _name(row: Occurrence) -> str:
    return row.given_id or row.record.record_id


def matches(rows: Iterable[Occurrence], detector: Detector) -> Iterator[Match]:
    """What the detector's index has of each row, in the order of the rows."""
    epoch = epoch_of(detector)
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        hits_by_row = hits_of([row.record for row in batch], detector, epoch)
        yield from (Match(row, tuple(hits)) for row, hits in zip(batch, hits_by_row, strict=True))


def epoch_of(detector: Detector) -> Epoch:
    """The epoch of the stored decisions, or what can be learnt from it now."""
    return detector.holdings.epoch() or detector.engine.learn(1)


def hits_of(records: Sequence[Record], detector: Detector, epoch: Epoch) -> list[list[Hit]]:
    """For each record the stored ones that are not distinct from it, strongest first."""
    asked = [asked_fields(record, at) for at, record in enumerate(records)]
    place = {fields.record_id: at for at, fields in enumerate(asked)}
    pairs = detector.engine.candidates(keys_of(asked), epoch)
    near: list[tuple[int, str, int]] = []
    for left, right, bits in proposed_by(pairs):
        ours, theirs = (left, right) if left in place else (right, left)
        near.append((place[ours], theirs, bits))
    decided = decisions_on(asked, near, detector, epoch)
    works = detector.holdings.work_ids_of(sorted({theirs for _, theirs, _ in near}))
    hits_by_record: list[list[Hit]] = [[] for _ in records]
    for at, theirs, decision in decided:
        if decision.verdict is not Verdict.DISTINCT:
            hits_by_record[at].append(Hit(theirs, works.get(theirs, ""), decision))
    for hits in hits_by_record:
        hits.sort(key=_strength)
    return hits_by_record


def asked_fields(record: Record, at: int) -> Fields:
    """The fields of a record under an id that no feed gives, so that its stored copy is a hit."""
    return fields_of(replace(record, record_id=f"{ASKED}{at}"))


def decisions_on(
    asked: Sequence[Fields],
    near: Iterable[tuple[int, str, int]],
    detector: Detector,
    epoch: Epoch,
) -> list[tuple[int, str, Decision]]:
    """The decisions on (row of `asked`, stored id, found_by mask), distinct ones too."""
    rows = list(near)
    stored: Mapping[str, Fields] = detector.fields.of({theirs for _, theirs, _ in rows})
    rows = [
        row
        for row in rows
        if row[1] in stored and worth_comparing(asked[row[0]], stored[row[1]], row[2])
    ]
    decider = detector.decider(epoch)
    decided = decider.decide([(asked[at], stored[theirs]) for at, theirs, _ in rows])
    return [
        (at, theirs, decider.decision(decided, row).proposed_by(sources_of(bits)))
        for row, (at, theirs, bits) in enumerate(rows)
    ]


def _strength(hit: Hit) -> tuple[int, float, str]:
    return _ORDER.index(hit.decision.verdict), -hit.decision.probability, hit.record_id


def _plain(hit: Hit) -> dict[str, Any]:
    decision = hit.decision
    return {
        "record": hit.record_id,
        "work_id": hit.work_id,
        "verdict": str(decision.verdict),
        "kind": decision.kind,
        "probability": decision.probability,
        "found_by": list(decision.found_by),
        "reasons": list(decision.reasons),
    }
