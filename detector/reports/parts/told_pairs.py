"""
Told pairs: every decision made readable once, for all outputs that say something of it.

    decisions by row  ->  lines of pairs.jsonl, and what the other outputs want of some of them

To tell a pair is what it costs to write it: its reasons are made of the fields of both
records. Does not: choose which pairs an output has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import orjson

from detector.decision.decided import Rows
from detector.decision.verdicts import Decision
from detector.reports.outputs import judged_line, pair_line
from detector.runs.one_shot import Deduplication
from indexer.ingesting.ingest import batches

LINES_AT_ONCE: Final = 1_000
REASONS: Final = 3  # in duplicates.csv


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which decisions, by row, an output wants told."""

    every: bool = True  # for pairs.jsonl
    review: Collection[int] = ()  # for review.jsonl
    why: Collection[int] = ()  # for duplicates.csv
    sheet: Collection[int] = ()  # for to-check.csv
    shown: Collection[int] = ()  # for the report


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
        rows = _rows(run, wanted)
        pairs = zip(rows.tolist(), run.decisions(rows), strict=True)
        for batch in batches(pairs, LINES_AT_ONCE):
            for row, decision in batch:
                self._take(row, decision, names, wanted)
            if wanted.every:
                lines = (judged_line(decision, names, run) for _, decision in batch)
                yield b"".join(map(_line, lines))

    def _take(
        self, row: int, decision: Decision, names: Mapping[str, str], wanted: RowsWanted
    ) -> None:
        if row in wanted.review:
            self.review[row] = _line(pair_line(decision, names))
        if row in wanted.why:
            self.why[row] = "; ".join(decision.reasons[:REASONS])
        if row in wanted.sheet:
            self.sheet[row] = "; ".join(decision.reasons)
        if row in wanted.shown:
            self.shown[row] = orjson.dumps(
                {
                    "reasons": decision.reasons,
                    "levels": decision.levels,
                    "found_by": decision.found_by,
                    "guards": decision.guards,
                }
            )


def _rows(run: Deduplication, wanted: RowsWanted) -> Rows:
    """The rows to tell, in the order of their pairs."""
    order = run.detection.decisions.by_pair()
    if wanted.every:
        return order
    some = {*wanted.review, *wanted.why, *wanted.sheet, *wanted.shown}
    return order[np.isin(order, np.fromiter(some, np.int64, len(some)))]


def _line(line: Mapping[str, object]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
