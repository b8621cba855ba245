"""
Report data: what report.html shows, as plain values in the order in which it is asked for.

    ShownDetails, details by pair, record and work  ->  columns of the list (small, read at once),
                                                 details in chunks (on demand)

The list opens at once however many pairs there are; the details of a pair or a record
are packed in chunks that the report unpacks when they are first looked at. Does not: make
HTML, or details (`record_details.py`).
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import orjson

from detector.comparisons import COMPARISONS
from detector.decision.decided import VERDICTS, Rows, found_names
from detector.decision.weights import rows_of
from detector.reports.html.record_details import Details
from detector.reports.html.report_choice import ORDER, Choice
from detector.works.works import Work

PAIRS_A_CHUNK: Final = 512
RECORDS_A_CHUNK: Final = 256
WORKS_A_CHUNK: Final = 128
_COLUMNS: Final = ("title", "by", "more", "year", "source")


@dataclass(slots=True)
class ShownDetails:
    """What a report may show, as JSON, made while the other outputs were."""

    choice: Choice
    pairs: dict[int, bytes] = field(default_factory=dict)  # details by row
    columns: dict[str, bytes] = field(default_factory=dict)  # of the list, by record
    records: dict[str, bytes] = field(default_factory=dict)  # details by record
    works: dict[str, bytes] = field(default_factory=dict)  # merged records by work


@dataclass(slots=True)
class ReportData:
    """Everything the report shows of pairs, records and works."""

    shown: ShownDetails
    names: Mapping[str, str]
    rows: Rows  # of pairs
    works: Sequence[Work]  # of several records
    records: Sequence[str]  # ids of all that stand in these pairs and works
    number: Mapping[str, int]  # record id -> its place in `records`

    @classmethod
    def of(cls, shown: ShownDetails, choice: Choice, names: Mapping[str, str]) -> ReportData:
        """What is chosen of all that may be shown."""
        rows, works = choice.rows, choice.in_order
        ids = dict.fromkeys(record_id for work in works for record_id in work.records)
        pairs = choice.run.detection.decisions.pairs(rows)
        ids |= dict.fromkeys(record_id for pair in pairs for record_id in pair)
        number = {record_id: at for at, record_id in enumerate(ids)}
        return cls(shown, names, rows, works, list(ids), number)

    def listing(self) -> Details:
        """The columns that the list, the search and the filters need."""
        run = self.shown.choice.run
        weights, decisions = run.detector.weights, run.detection.decisions
        bits = np.unique(decisions.found_by[self.rows]).tolist()
        return {
            "records": self._record_columns(),
            "pairs": self._pair_columns(),
            "works": {
                "id": [work.work_id for work in self.works],
                "groups": [
                    [[self.number[name] for name in group] for group in work.version_groups]
                    for work in self.works
                ],
            },
            "finders": sorted({source for found in bits for source in found_names(found)}),
            "weights": {"prior": weights.prior, "levels": rows_of(weights.table)},
            "claims": {comparison.name: comparison.claim for comparison in COMPARISONS},
            "thresholds": {"merge": weights.merge_at, "review": weights.review_at},
            "chunks": {
                "pairs": PAIRS_A_CHUNK,
                "records": RECORDS_A_CHUNK,
                "works": WORKS_A_CHUNK,
            },
            "unlisted": len(decisions) - len(self.rows) - len(run.judged),
        }

    def chunks(self) -> Iterator[tuple[str, str]]:
        """(id, packed details) of all chunks."""
        shown = self.shown
        yield from _packed("pairs", [shown.pairs[row] for row in self.rows.tolist()], PAIRS_A_CHUNK)
        yield from _packed("records", [shown.records[n] for n in self.records], RECORDS_A_CHUNK)
        yield from _packed("works", [shown.works[w.work_id] for w in self.works], WORKS_A_CHUNK)

    def left_out(self) -> str:
        """A sentence on the pairs and works that stand elsewhere only; "" where all are shown."""
        run, pairs = self.shown.choice.run, len(self.rows)
        every = len(run.unjudged())
        several = int((run.detection.works.works.sizes > 1).sum())
        if pairs == every and len(self.works) == several:
            return ""
        return (
            f"Shown are {pairs:,} of {every:,} pairs and {len(self.works):,} of {several:,} works "
            "of several records: the pairs to check, the works whose decisions were nearest to "
            "the border and the largest ones, and then the pairs that were nearest to a border. "
            "All pairs stand in pairs.jsonl, all works in works.jsonl."
        )

    def _record_columns(self) -> Details:
        columns: Details = {name: [] for name in ("name", *_COLUMNS)}
        sources: dict[str, int] = {}
        for record_id in self.records:
            columns["name"].append(self.names.get(record_id, record_id))
            for name, value in zip(
                _COLUMNS, orjson.loads(self.shown.columns[record_id]), strict=True
            ):
                columns[name].append(value)
        columns["source"] = [sources.setdefault(one, len(sources)) for one in columns["source"]]
        columns["sources"] = list(sources)
        return columns

    def _pair_columns(self) -> Details:
        decisions = self.shown.choice.run.detection.decisions.take(self.rows)
        pairs = list(decisions.pairs())
        kinds: dict[str, int] = {"": 0}
        given = (decisions.kinds[code] for code in decisions.kind.tolist())
        return {
            "left": [self.number[left] for left, _ in pairs],
            "right": [self.number[right] for _, right in pairs],
            "verdict": [ORDER.index(VERDICTS[code]) for code in decisions.verdict.tolist()],
            "probability": [round(one, 5) for one in decisions.probability.tolist()],
            "kind": [kinds.setdefault(kind, len(kinds)) for kind in given],
            "verdicts": [str(verdict) for verdict in ORDER],
            "kinds": list(kinds),
        }


def _packed(name: str, details: Sequence[bytes], size: int) -> Iterator[tuple[str, str]]:
    for number, start in enumerate(range(0, len(details), size)):
        yield f"{name}-{number}", packed(b"[" + b",".join(details[start : start + size]) + b"]")


def packed(json: bytes) -> str:
    """JSON, gzipped, as base64: nothing of it can end the element that it stands in."""
    return base64.b64encode(gzip.compress(json, 4, mtime=0)).decode()
