"""
Cards: all that a person needs to decide one pair of the queue.

    Doubt  ->  both records side by side with marks, why it is asked, which works would join

A blind card is the same without what the program or another person thinks of the pair.
Does not: draw it (the command does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from detector.detecting.pipeline import Detector
from detector.questions.event_words import judged
from detector.review.grounds import Grounds, grounds_of
from detector.review.marks import Spans, marked
from detector.review.queue import Doubt, links_of
from detector.works.joining.tied import Conflict
from detector.works.merging.united import repaired
from indexer.fields import Fields
from indexer.records import Record

BLIND_COLUMNS: Final = (
    "number", "left", "right", "works", "sizes", "records_moved", "fields",
)  # fmt: skip
CARD_COLUMNS: Final = (
    *BLIND_COLUMNS, "value", "verdict", "kind", "probability", "found_by", "why", "conflict",
)  # fmt: skip
ABSTRACT: Final = "abstract"
BESIDE_NOTHING: Final = 150  # characters of an abstract where the other record has none
LONGEST_TEXT: Final = 400  # characters of an abstract, or of a byline of hundreds


@dataclass(frozen=True, slots=True)
class CardRow:
    """One field of both records, and where the two texts differ."""

    name: str
    left: str
    right: str
    marks: tuple[Spans, Spans]

    @property
    def same(self) -> bool:
        """Both say the same."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Card:
    """One pair of the queue as a person sees it."""

    number: int  # its place in the queue
    doubt: Doubt
    rows: tuple[CardRow, ...]
    grounds: Grounds
    dispute: tuple[str, ...] = ()  # of a conflict: who said what, and what contradicts it

    def effect(self) -> str:
        """Which works an answer would join or part, and how many records that touches."""
        (ours, theirs), (many, others) = self.doubt.works, self.doubt.sizes
        if ours == theirs:
            return f"both are in {ours} of {_records(many)}; an answer may part it"
        return (
            f"would join {ours} ({_records(many)}) and {theirs} ({_records(others)}): "
            f"one work of {many + others} records"
        )

    def to_dict(self, *, blind: bool = False) -> dict[str, Any]:
        """The card as plain values; `blind` leaves out what is thought of the pair."""
        doubt = self.doubt
        plain: dict[str, Any] = {
            "number": self.number,
            "left": doubt.pair[0],
            "right": doubt.pair[1],
            "works": list(doubt.works),
            "sizes": list(doubt.sizes),
            "records_moved": doubt.moved,
            "fields": {
                row.name: {
                    "left": row.left,
                    "right": row.right,
                    "differs": [[list(span) for span in spans] for spans in row.marks],
                }
                for row in self.rows
            },
        }
        if blind:
            return plain
        decision = doubt.decision
        return plain | {
            "value": round(doubt.value, 4),
            "verdict": str(decision.verdict),
            "kind": decision.kind,
            "probability": decision.probability,
            "found_by": list(decision.found_by),
            "why": self.grounds.to_dict(),
            "conflict": _plain_conflict(doubt.conflict, self.dispute),
        }


def cards_of(detector: Detector, doubts: Sequence[Doubt], first: int = 1) -> Iterator[Card]:
    """
    The cards of these pairs, numbered from `first`; none for a pair whose record is gone.

    Its number is lost with it: what is behind keeps its own.
    """
    ids = sorted({record_id for doubt in doubts for record_id in doubt.pair})
    records, fields = detector.engine.get(ids), detector.fields.of(ids)
    grounds = grounds_of(detector, [doubt.pair for doubt in doubts])
    for number, (doubt, why) in enumerate(zip(doubts, grounds, strict=True), first):
        if why is not None and all(record_id in records for record_id in doubt.pair):
            sides = [dict(_shown(records[name], fields[name])) for name in doubt.pair]
            dispute = tuple(_dispute(detector, doubt.conflict)) if doubt.conflict else ()
            yield Card(number, doubt, tuple(_rows(*sides)), why, dispute)


def _dispute(detector: Detector, conflict: Conflict) -> Iterator[str]:
    """What two people, or a person and the evidence, say against each other."""
    asked = links_of(conflict)
    said = detector.holdings.judgements({record_id for pair in asked for record_id in pair})
    for judgement in said:
        if judgement.pair in asked:
            yield judged(judgement.to_dict())
    yield f"yet one leads to the other: {' - '.join(conflict.path)}"
    refused = tuple(sorted(conflict.bridge))
    if not any(judgement.pair == refused and judgement.same for judgement in said):
        tie = f"the program says one work, {conflict.probability:.2f}"
        yield f"refused was {' - '.join(conflict.bridge)} ({tie})"


def _plain_conflict(conflict: Conflict | None, dispute: Sequence[str]) -> dict[str, Any] | None:
    if conflict is None:
        return None
    return {
        "left": conflict.left,
        "right": conflict.right,
        "bridge": list(conflict.bridge),
        "path": list(conflict.path),
        "probability": conflict.probability,
        "reason": conflict.reason,
        "said": list(dispute),
    }


def _rows(left: Mapping[str, str], right: Mapping[str, str]) -> Iterator[CardRow]:
    for name, ours in left.items():
        theirs = right[name]
        if name == ABSTRACT and not (ours and theirs):  # there is nothing to hold it against
            ours, theirs = _short(ours, BESIDE_NOTHING), _short(theirs, BESIDE_NOTHING)
        if ours or theirs:
            marks = marked(ours, theirs) if ours and theirs and name != "record" else ((), ())
            yield CardRow(name, ours, theirs, marks)


def _shown(record: Record, fields: Fields) -> Iterator[tuple[str, str]]:
    """What is shown of a record, by the name of its row."""
    places = fields.places
    yield "record", record.record_id
    yield "title", fields.title.text
    yield "authors", _short("; ".join(name.text for name in fields.authors.names))
    yield "date", str(fields.date or "")
    yield "container", fields.container.text
    yield "volume", places.volume
    yield "issue", places.issue
    yield "pages", places.pages or places.article_number
    yield "type", " ".join(part for part in (fields.kind, fields.stage) if part)
    yield "identifiers", _short(", ".join(map(str, fields.identifiers)))
    yield ABSTRACT, _short(repaired(record.abstract))


def _short(text: str, longest: int = LONGEST_TEXT) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()} …"


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"
