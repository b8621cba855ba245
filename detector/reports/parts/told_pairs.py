"""
Told pairs: every decision made readable once, for all outputs that say something of it.

    decisions by row  ->  TellShare  ->  TellStep  ->  SaidOfPairs: lines, and what the other
                                                       outputs want of some of them

To tell a pair is what it costs to write it: its reasons are made of the fields of both
records. Several processes may share the pairs; what is said is the same. Does not: choose
which pairs an output has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np

from detector.decision.decided import DecisionColumns, Rows
from detector.decision.told_lines import LineTeller, ToldLine
from detector.decision.weights import Weights
from detector.reports.parts.sharing import Packed, bodies_of, fields_for
from detector.runs.one_shot import Deduplication
from detector.store.holdings import Pair
from detector.works.judgements import Judgement
from indexer.fields import Fields
from indexer.fields.packing import unpacked_lazily
from indexer.keys.epoch import Epoch
from indexer.running.timings import timed

AT_ONCE: Final = 2_000  # pairs
REASONS: Final = 3  # in duplicates.csv
_LINE, _REVIEW, _WHY, _SHEET, _SHOWN = (1 << bit for bit in range(5))


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which decisions, by row, an output wants told."""

    every: bool = True  # for pairs.jsonl
    review: Collection[int] = ()  # for review.jsonl
    why: Collection[int] = ()  # for duplicates.csv
    sheet: Collection[int] = ()  # for to-check.csv
    shown: Collection[int] = ()  # for the report

    def bits(self, count: int) -> Rows:
        """For each of so many rows, which outputs want it."""
        bits = np.full(count, _LINE if self.every else 0, np.int64)
        some = ((_REVIEW, self.review), (_WHY, self.why))
        for bit, rows in (*some, (_SHEET, self.sheet), (_SHOWN, self.shown)):
            bits[np.fromiter(rows, np.int64, len(rows))] |= bit
        return bits


class TellShare(NamedTuple):
    """Pairs in their order, with what is known of them and their records."""

    rows: list[int]
    bits: list[int]  # which outputs want each
    columns: DecisionColumns  # of these pairs alone
    fields: Packed
    names: Mapping[str, str]
    judged: Mapping[Pair, Judgement]


@dataclass(slots=True)
class ToldPairs:
    """What outputs say of decisions, by row."""

    review: dict[int, bytes] = field(default_factory=dict)  # lines
    why: dict[int, str] = field(default_factory=dict)
    sheet: dict[int, str] = field(default_factory=dict)  # all reasons
    shown: dict[int, bytes] = field(default_factory=dict)  # details of the report

    def told(
        self, run: Deduplication, names: Mapping[str, str], wanted: RowsWanted
    ) -> Iterator[bytes]:
        """The lines of pairs.jsonl in blocks, while all that is wanted of them is taken."""
        detector = run.detector
        step = TellStep(run.detection.epoch, detector.weights)
        if detector.workers.count > 1:
            step.descriptors = (detector.fields.descriptor,)
        for lines, more in detector.workers.each(step, _shares(run, names, wanted)):
            self.review |= more.review
            self.why |= more.why
            self.sheet |= more.sheet
            self.shown |= more.shown
            yield lines

    def take(self, row: int, said: ToldLine, bits: int) -> None:
        """Take what outputs other than pairs.jsonl want of a decision."""
        if bits & _REVIEW:
            self.review[row] = said.ended()
        if bits & _WHY:
            self.why[row] = "; ".join(said.reasons[:REASONS])
        if bits & _SHEET:
            self.sheet[row] = "; ".join(said.reasons)
        if bits & _SHOWN:
            self.shown[row] = said.details()


class TellStep:
    """What is made of each share; another process reads the epoch's counts anew."""

    def __init__(self, epoch: Epoch, weights: Weights) -> None:
        self.descriptors: tuple[int, ...] = ()  # of the file of fields, where spans name it
        self._teller: LineTeller | None = None
        self._tells_by = (epoch, weights)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_teller": None}

    def __call__(self, share: TellShare) -> tuple[bytes, ToldPairs]:
        """The lines of these pairs, and what other outputs want of them."""
        with timed("pairs"):
            return self._said(share)

    def _said(self, share: TellShare) -> tuple[bytes, ToldPairs]:
        if self._teller is None:
            self._teller = LineTeller(*self._tells_by)
        told = ToldPairs()
        lines: list[bytes] = []
        columns, bodies = share.columns, bodies_of(share.fields, self.descriptors)
        fields = [_lazily(bodies.get(name)) for name in columns.ids]
        names = [share.names[name] for name in columns.ids]
        said = self._teller.lines(columns, fields, names)
        judged = share.judged
        pairs = columns.pairs() if judged else repeat(None)
        for row, bits, one, pair in zip(share.rows, share.bits, said, pairs, strict=False):
            if bits & _LINE:
                judgement = judged.get(pair) if pair else None
                lines += (one.ended(str(judgement.verdict) if judgement else ""), b"\n")
            if bits & ~_LINE:
                told.take(row, one, bits)
        return b"".join(lines), told


def _lazily(fields: Fields | bytes | None) -> Fields | None:
    return unpacked_lazily(fields) if isinstance(fields, bytes) else fields


def _shares(
    run: Deduplication, names: Mapping[str, str], wanted: RowsWanted
) -> Iterator[TellShare]:
    """The pairs that are wanted, in their order."""
    columns = run.detection.decisions
    order, bits = columns.by_pair(), wanted.bits(len(columns))
    order = order[bits[order] > 0]
    for start in range(0, len(order), AT_ONCE):
        rows = order[start : start + AT_ONCE]
        some = columns.take(rows)
        held = np.unique(np.concatenate((some.left, some.right)))
        ids = [columns.ids[at] for at in held.tolist()]
        left, right = (np.searchsorted(held, ends) for ends in (some.left, some.right))
        own = replace(some, ids=ids, left=left.astype(np.int32), right=right.astype(np.int32))
        pairs = own.pairs() if run.judged else ()
        judged = {pair: run.judged[pair] for pair in pairs if pair in run.judged}
        yield TellShare(
            rows.tolist(),
            bits[rows].tolist(),
            own,
            fields_for(run.detector, ids, again=True),
            {name: names[name] for name in ids},
            judged,
        )
