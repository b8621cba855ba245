"""
Report data: what report.html shows, as plain values in the order in which it is asked for.

    Deduplication  ->  columns of the list (small, read at once), details in chunks (on demand)

The list opens at once however many pairs there are; the details of a pair or a record
are packed in chunks that the report unpacks when they are first looked at. Text is given
repaired, and as harvested beside it where that differs. Does not: make HTML.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import orjson

from detector.comparisons import COMPARISONS
from detector.decision.decided import VERDICTS, Rows
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import rows_of
from detector.runs.one_shot import Deduplication
from detector.works.works import Work
from indexer.fields import Fields
from indexer.fields.text.folding import repair
from indexer.records import Record

MOST_PAIRS: Final = 200_000  # in the list; pairs.jsonl has all
PAIRS_A_CHUNK: Final = 512
RECORDS_A_CHUNK: Final = 256
WORKS_A_CHUNK: Final = 128
LONGEST_ABSTRACT: Final = 1_500  # characters shown
MOST_AUTHORS: Final = 60
MOST_URLS: Final = 12
LISTED_AUTHORS: Final = 3
SEARCHED: Final = frozenset({"doi", "arxiv", "pmid"})
_ORDER: Final = (Verdict.REVIEW, Verdict.RELATED, Verdict.VERSION, Verdict.DUPLICATE)

Details = dict[str, Any]


@dataclass(slots=True)
class ReportData:
    """Everything the report shows of pairs, records and works."""

    run: Deduplication
    names: Mapping[str, str]
    pairs: list[Decision]
    works: list[Work]  # of several records
    records: list[str]  # ids of all that stand in these pairs and works
    number: dict[str, int] = field(default_factory=dict)  # record id -> its place in `records`

    @classmethod
    def of(cls, run: Deduplication) -> ReportData:
        """The pairs that nobody judged, up to MOST_PAIRS, and all works of several records."""
        detection = run.detection
        pairs = list(run.decisions(_listed(run)[:MOST_PAIRS]))
        works = [work for work in detection.works.works if len(work.records) > 1]
        ids = dict.fromkeys(record_id for work in works for record_id in work.records)
        ids |= dict.fromkeys(record_id for pair in pairs for record_id in pair.pair)
        number = {record_id: at for at, record_id in enumerate(ids)}
        return cls(run, run.names(), pairs, works, list(ids), number)

    def listing(self) -> Details:
        """The columns that the list, the search and the filters need."""
        weights = self.run.detector.weights
        finders = sorted({source for pair in self.pairs for source in pair.found_by})
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
            "finders": finders,
            "weights": {"prior": weights.prior, "levels": rows_of(weights.table)},
            "claims": {comparison.name: comparison.claim for comparison in COMPARISONS},
            "thresholds": {"merge": weights.merge_at, "review": weights.review_at},
            "chunks": {
                "pairs": PAIRS_A_CHUNK,
                "records": RECORDS_A_CHUNK,
                "works": WORKS_A_CHUNK,
            },
            "unlisted": len(self.run.detection.decisions) - len(self.pairs) - len(self.run.judged),
        }

    def chunks(self) -> Iterator[tuple[str, str]]:
        """(id, packed details) of all chunks."""
        yield from _packed("pairs", self.pairs, PAIRS_A_CHUNK, self._pair_details)
        yield from _packed("records", self.records, RECORDS_A_CHUNK, self._record_details)

    def _record_columns(self) -> Details:
        names_of_columns = ("name", "title", "by", "more", "year", "source")
        columns: Details = {name: [] for name in names_of_columns}
        sources: dict[str, int] = {}
        for start in range(0, len(self.records), 5_000):
            batch = self.records[start : start + 5_000]
            fields = self.run.detector.fields.of(batch)
            for record_id in batch:
                said = fields[record_id]
                columns["name"].append(self.names.get(record_id, record_id))
                columns["title"].append(said.title.text)
                names = [name.text for name in said.authors.names]
                more = " …" if len(names) > LISTED_AUTHORS else ""
                columns["by"].append("; ".join(names[:LISTED_AUTHORS]) + more)
                columns["more"].append(_more(said, names))
                columns["year"].append(said.date.year if said.date else 0)
                columns["source"].append(sources.setdefault(said.source, len(sources)))
        columns["sources"] = list(sources)
        return columns

    def _pair_columns(self) -> Details:
        kinds: dict[str, int] = {"": 0}
        return {
            "left": [self.number[pair.left] for pair in self.pairs],
            "right": [self.number[pair.right] for pair in self.pairs],
            "verdict": [_ORDER.index(pair.verdict) for pair in self.pairs],
            "probability": [round(pair.probability, 5) for pair in self.pairs],
            "kind": [kinds.setdefault(pair.kind, len(kinds)) for pair in self.pairs],
            "verdicts": [str(verdict) for verdict in _ORDER],
            "kinds": list(kinds),
        }

    def _pair_details(self, pairs: Sequence[Decision]) -> list[Details]:
        return [
            {
                "reasons": pair.reasons,
                "levels": pair.levels,
                "found_by": pair.found_by,
                "guards": pair.guards,
            }
            for pair in pairs
        ]

    def _record_details(self, ids: Sequence[str]) -> list[Details]:
        records = self.run.detector.engine.get(ids)
        fields = self.run.detector.fields.of(ids)
        return [details_of(records[name], fields[name]) for name in ids]


class MergedRecords:
    """The merged records that the report shows, packed while works.jsonl is written."""

    def __init__(self) -> None:
        self._packed: list[str] = []
        self._batch: list[Details] = []

    def take(self, line: Mapping[str, Any]) -> None:
        """Take a line of works.jsonl; of a work of one record nothing is shown."""
        if len(line["records"]) > 1:
            merged = {**line["canonical"]}
            merged.pop("versions")
            merged["abstract"] = _short(merged.get("abstract", ""))
            self._batch.append(merged)
            if len(self._batch) == WORKS_A_CHUNK:
                self._pack()

    def chunks(self) -> Iterator[tuple[str, str]]:
        """(id, packed records) of all chunks."""
        if self._batch:
            self._pack()
        return ((f"works-{number}", text) for number, text in enumerate(self._packed))

    def _pack(self) -> None:
        self._packed.append(packed(self._batch))
        self._batch = []


def details_of(record: Record, fields: Fields) -> Details:
    """What a case shows of a record; `raw` has the harvested text where it differs."""
    names = [name.text for name in fields.authors.names]
    given = [author.display for author in record.authors]
    places = fields.places
    shown = {
        "title": fields.title.text,
        "authors": names[:MOST_AUTHORS],
        "date": str(fields.date or ""),
        "container": fields.container.text,
        "volume": places.volume,
        "issue": places.issue,
        "pages": places.pages or places.article_number,
        "type": " ".join(part for part in (fields.kind, fields.stage) if part),
        "identifiers": [f"{given} ({given.learnt})" for given in fields.identifiers],
        "urls": list(record.urls[:MOST_URLS]),
        "abstract": _short(repair(record.abstract)),
    }
    harvested = {
        "title": record.title,
        "authors": given[:MOST_AUTHORS],
        "date": record.date or record.year,
        "container": record.container,
        "pages": record.pages or record.article_number,
        "abstract": _short(record.abstract),
    }
    details: Details = {name: value for name, value in shown.items() if value}
    details["raw"] = {
        name: value for name, value in harvested.items() if value and value != shown[name]
    }
    if len(names) > MOST_AUTHORS:
        details["more_authors"] = len(names) - MOST_AUTHORS
    return details


def _more(fields: Fields, names: Sequence[str]) -> str:
    """Further words that the search of the list looks at: other authors, identifiers."""
    ids = (given.value for given in fields.identifiers if given.scheme in SEARCHED)
    return " ".join((*names[LISTED_AUTHORS:MOST_AUTHORS], *ids))


def _listed(run: Deduplication) -> Rows:
    """Pairs to check first, the likeliest of them first; then the least sure ones."""
    columns, rows = run.detection.decisions, run.unjudged()
    place = np.array([_ORDER.index(one) if one in _ORDER else 0 for one in VERDICTS])
    order, likely = place[columns.verdict[rows]], columns.probability[rows]
    likely = np.where(columns.said(Verdict.REVIEW)[rows], -likely, likely)
    return rows[np.lexsort((columns.right[rows], columns.left[rows], likely, order))]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ABSTRACT else f"{text[:LONGEST_ABSTRACT]} …"


def _packed(
    name: str,
    values: Sequence[Any],
    size: int,
    details: Callable[[Sequence[Any]], list[Details]],
) -> Iterator[tuple[str, str]]:
    for number, start in enumerate(range(0, len(values), size)):
        yield f"{name}-{number}", packed(details(values[start : start + size]))


def packed(value: Any) -> str:
    """JSON, gzipped, as base64: nothing of it can end the element that it stands in."""
    return base64.b64encode(gzip.compress(orjson.dumps(value), 4, mtime=0)).decode()
