"""
Explaining: everything that bears on one pair, found or not.

    two record ids  ->  keys shared and missed, every weight, guards, verdict, standing in works

A pair that no key proposed is compared all the same, so that "why not" has an answer.
Does not: print, or store anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.candidates import worth_comparing
from detector.decision.decision import Decider
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.errors import UnknownRecord
from indexer.fields import Fields, fields_of
from indexer.keys import Kind, key, keys_of, kinds_of, spelled_keys
from indexer.keys.epoch import TERM_CAP, Epoch
from indexer.keys.join import cross_join
from indexer.keys.pairs import sources_of
from indexer.records import Record

LEAST_PART: Final = 4  # letters of an id by which a record may be called; "7" is in many


@dataclass(frozen=True, slots=True)
class Explanation:
    """One pair from every side."""

    left: Fields
    right: Fields
    decision: Decision  # with found_by as the index would find it now
    shared: dict[str, tuple[str, ...]]  # candidate source -> the keys shared, spelled
    missed: tuple[str, ...]  # candidate sources that do not propose the pair
    overfull: tuple[str, ...]  # keys shared that too many records carry
    compared: bool  # False: the pair would be cut before it is compared
    works: tuple[str, str]  # the works the two are in, "" when in none yet
    stored: Decision | None  # what was decided when they were compared

    @property
    def verdict(self) -> Verdict:
        """What is said of the two."""
        return self.decision.verdict

    @property
    def probability(self) -> float:
        """That both describe one work, in the natural mix of candidates."""
        return self.decision.probability

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences, the strongest evidence first."""
        return self.decision.reasons

    @property
    def weights(self) -> Mapping[str, float]:
        """Match weights in bits; they add up to the log2 odds of the probability."""
        return self.decision.weights

    def to_dict(self) -> dict[str, Any]:
        """All but the two records, as plain values."""
        return {
            **self.decision.to_dict(),
            "keys_shared": {source: list(texts) for source, texts in self.shared.items()},
            "keys_missed": list(self.missed),
            "keys_overfull": list(self.overfull),
            "compared": self.compared,
            "works": list(self.works),
            "stored_verdict": str(self.stored.verdict) if self.stored else None,
        }

    def __str__(self) -> str:
        return "\n".join(explained(self))


def explain_stored(detector: Detector, left: str, right: str) -> Explanation:
    """
    Everything about two records of the detector's index.

    Raises:
        UnknownRecord: the index does not hold one of them.
    """
    left, right = sorted((left, right))
    fields = detector.fields.of((left, right))
    for record_id in (left, right):
        if record_id not in fields:
            raise UnknownRecord(record_id, detector.engine.location)
    epoch = detector.holdings.epoch() or Epoch.empty()
    works = detector.holdings.work_ids_of([left, right])
    stored = detector.holdings.decisions_about([left]).get((left, right))
    return explain(
        detector.decider(epoch),
        (fields[left], fields[right]),
        (works.get(left, ""), works.get(right, "")),
        stored,
    )


def explain_alone(left: Record, right: Record, weights: Weights) -> Explanation:
    """Everything about two records of no collection; they are called a and b."""
    pair = fields_of(replace(left, record_id="a")), fields_of(replace(right, record_id="b"))
    return explain(Decider(Epoch.empty(), weights), pair)


def explain(
    decider: Decider,
    pair: tuple[Fields, Fields],
    works: tuple[str, str] = ("", ""),
    stored: Decision | None = None,
) -> Explanation:
    """Everything about two records, under the epoch that they are decided under."""
    epoch = decider.epoch
    ours, theirs = (keys_of([fields]) for fields in pair)
    _, _, bits = cross_join(ours, theirs, epoch)
    mask = int(bits[0]) if len(bits) else 0
    if int(ours.twins[0]) == int(theirs.twins[0]):
        mask |= 1
    decision = decider.decision(decider.decide([pair]), 0).proposed_by(sources_of(mask))
    spelled = [{*spelled_keys(fields)} for fields in pair]
    common = sorted(spelled[0] & spelled[1])
    over = tuple(f"{kind.source}: {text}" for kind, text in common if _overfull(kind, text, epoch))
    shared: dict[str, list[str]] = {}
    for kind, text in common:
        shared.setdefault(kind.source, []).append(text)
    for kind in (Kind.TITLE_AUTHOR_BAND, Kind.TITLE_BAND, Kind.ABSTRACT):
        spelling = shared.get(kind.source, [])
        if buckets := _keys_shared(ours.values, theirs.values, kind) - len(spelling):
            shared[kind.source] = [f"{buckets} buckets", *spelling]
    finding = set(sources_of(mask))
    return Explanation(
        pair[0],
        pair[1],
        decision,
        {source: tuple(texts) for source, texts in shared.items()},
        tuple(kind.source for kind in Kind if kind.source not in finding),
        over,
        bool(mask) and worth_comparing(*pair, mask),
        works,
        stored,
    )


def explained(pair: Explanation) -> Iterator[str]:
    """An explanation as lines for a person."""
    decision = pair.decision
    yield f"{decision.saying}  probability {decision.probability:.4f}"
    yield ""
    for name, left, right in _beside(pair.left, pair.right):
        yield f"  {name:11} {left}"
        if right != left:
            yield f"  {'':11} {right}"
    yield ""
    yield from (f"  - {reason}" for reason in decision.reasons)
    yield ""
    yield "  weight in bits (they add up to the log2 odds of the probability)"
    for name, bits in sorted(decision.weights.items(), key=lambda row: -abs(row[1])):
        if name == "prior" or bits:
            level = decision.levels.get(name, "")
            yield f"  {bits:+7.2f}  {name:16} {level}"
    if decision.guards:
        yield f"  guards: {', '.join(decision.guards)}"
    yield ""
    yield from _keys_explained(pair)


def _keys_explained(pair: Explanation) -> Iterator[str]:
    found_by = pair.decision.found_by
    if found_by:
        yield f"  found by {', '.join(found_by)}"
        for source, texts in pair.shared.items():
            yield f"    {source:13} {'; '.join(texts)}"
    else:
        yield "  no key finds this pair: an index would not propose it"
    if pair.missed:
        yield f"  not by {', '.join(pair.missed)}"
    for text in pair.overfull:
        yield f"  too many records carry the key {text}: it proposes nothing"
    if found_by and not pair.compared:
        yield "  titles share too few letters for a pair that only LSH proposes: not compared"
    if any(pair.works):
        same = pair.works[0] == pair.works[1]
        yield f"  {'one work' if same else 'two works'}: {', '.join(dict.fromkeys(pair.works))}"


def _beside(left: Fields, right: Fields) -> list[tuple[str, str, str]]:
    """The rows of the two records as people read them."""
    rows = [
        ("record", left.record_id, right.record_id),
        ("title", left.title.text, right.title.text),
        ("authors", _authors(left), _authors(right)),
        ("date", str(left.date or ""), str(right.date or "")),
        ("container", left.container.text, right.container.text),
        ("identifiers", _identifiers(left), _identifiers(right)),
    ]
    return [(name, ours or "-", theirs or "-") for name, ours, theirs in rows if ours or theirs]


def _authors(fields: Fields) -> str:
    return "; ".join(name.text for name in fields.authors.names)


def _identifiers(fields: Fields) -> str:
    return ", ".join(f"{identifier} ({identifier.learnt})" for identifier in fields.identifiers)


def resolve(detector: Detector, name: str) -> str:
    """
    The record id that a person means: the id, that which its input gave, or a part of it.

    A part has at least `LEAST_PART` letters and is in no other id; ids alone are read for it.

    Raises:
        UnknownRecord: no record, or several, are called this.
    """
    if detector.engine.get([name]):
        return name
    holding = [record_id for record_id in detector.engine.ids() if name in record_id]
    meant = [record_id for record_id in holding if record_id.endswith(f":{name}")]
    if not meant and len(name) >= LEAST_PART:
        meant = holding
    if len(meant) != 1:
        raise UnknownRecord(name, detector.engine.location, meant)
    return meant[0]


def _overfull(kind: Kind, text: str, epoch: Epoch) -> bool:
    if kind is Kind.TERM:
        return epoch.idf(text) <= epoch.top_idf - TERM_CAP.bit_length()
    return epoch.is_overfull(key(kind, text))


def _keys_shared(ours: NDArray[np.uint64], theirs: NDArray[np.uint64], kind: Kind) -> int:
    shared = np.intersect1d(ours, theirs)
    return int((kinds_of(shared) == kind).sum())
