"""
Explaining: everything that bears on one pair, found or not.

    two record ids  ->  keys shared and missed, every weight, guards, verdict, standing in works

A pair that no key proposed is compared all the same, so that "why not" has an answer.
Does not: print.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.candidates import worth_comparing
from detector.decision.verdicts import Decision
from detector.detecting.pipeline import Detector
from detector.errors import UnknownRecord
from indexer.fields import Fields
from indexer.keys import Kind, key, keys_of, kinds_of, spelled_keys
from indexer.keys.epoch import TERM_CAP, Epoch
from indexer.keys.join import cross_join, sources_of


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
        detector,
        (fields[left], fields[right]),
        epoch,
        (works.get(left, ""), works.get(right, "")),
        stored,
    )


def explain(
    detector: Detector,
    pair: tuple[Fields, Fields],
    epoch: Epoch,
    works: tuple[str, str] = ("", ""),
    stored: Decision | None = None,
) -> Explanation:
    """Everything about two records under an epoch."""
    ours, theirs = (keys_of([one]) for one in pair)
    _, _, bits = cross_join(ours, theirs, epoch)
    mask = int(bits[0]) if len(bits) else 0
    if int(ours.twins[0]) == int(theirs.twins[0]):
        mask |= 1
    decider = detector.decider(epoch)
    decision = decider.decision(decider.decide([pair]), 0).proposed_by(sources_of(mask))
    spelled = [{*spelled_keys(one)} for one in pair]
    common = sorted(spelled[0] & spelled[1])
    over = tuple(f"{kind.source}: {text}" for kind, text in common if _overfull(kind, text, epoch))
    shared: dict[str, list[str]] = {}
    for kind, text in common:
        shared.setdefault(kind.source, []).append(text)
    for kind in (Kind.TITLE_AUTHOR_BAND, Kind.TITLE_BAND, Kind.ABSTRACT_BAND):
        if count := _bands_shared(ours.values, theirs.values, kind):
            shared[kind.source] = [f"{count} buckets"]
    found = set(sources_of(mask))
    return Explanation(
        pair[0],
        pair[1],
        decision,
        {source: tuple(texts) for source, texts in shared.items()},
        tuple(kind.source for kind in Kind if kind.source not in found),
        over,
        bool(mask) and worth_comparing(*pair, mask),
        works,
        stored,
    )


def resolve(detector: Detector, name: str) -> str:
    """
    The record id that a person means: the id itself, or the id its input gave.

    Raises:
        UnknownRecord: no record, or several, are called this.
    """
    if detector.engine.get([name]):
        return name
    meant = [one.record_id for one in detector.engine.scan() if one.source_id == name]
    if len(meant) != 1:
        raise UnknownRecord(name, detector.engine.location, meant)
    return meant[0]


def _overfull(kind: Kind, text: str, epoch: Epoch) -> bool:
    if kind is Kind.TERM:
        return epoch.idf(text) <= epoch.top_idf - TERM_CAP.bit_length()
    return epoch.is_overfull(key(kind, text))


def _bands_shared(ours: NDArray[np.uint64], theirs: NDArray[np.uint64], kind: Kind) -> int:
    shared = np.intersect1d(ours, theirs)
    return int((kinds_of(shared) == kind).sum())
