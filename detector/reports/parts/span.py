"""
A span: works that follow one another, and all that outputs say of them and their records.

    Span  ->  SpanStep: each record read once, its fields taken as they lie  ->  SaidOfSpan: bytes

A pure function of the span and the stored records, so that other processes may do it: what
comes back are bytes of files and names of records, no objects. Does not: write (`answer.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson

from detector.reports.exports.cells import csv_block
from detector.reports.html.record_details import columns_of, details_of, merged_details
from detector.reports.outputs import work_line
from detector.reports.parts.sharing import Packed, held, unpacked_fields
from detector.reports.piles import Row, duplicate_rows, unique_row
from detector.reports.standings import Keeping, RowVerdict
from detector.works.members import members_of
from detector.works.merging.canonical import alone, merged_of
from detector.works.merging.keepers import kept_of
from detector.works.works import Work
from indexer.index.contract import Records
from indexer.index.opening import open_engine
from indexer.running.timings import timed


class Span(NamedTuple):
    """Works that follow one another, with what is known of their records."""

    works: Sequence[Work]  # without their decisions
    fields: Packed  # of their records
    names: Mapping[str, str]  # what outputs call their records
    alone: Mapping[str, RowVerdict]  # of records without company that are not unique
    why: Mapping[str, str]  # of records of several: the reasons of their strongest decision
    shown: frozenset[str]  # records and works that the report shows


class SaidOfSpan(NamedTuple):
    """What the outputs say of a span."""

    passed: int  # how many works
    works: bytes  # lines of works.jsonl
    unique: bytes  # rows of piles
    duplicates: bytes
    kept: Sequence[str]  # of the works of several records, in their order
    columns: Mapping[str, bytes]  # of records that the report shows: those of its list
    records: Mapping[str, bytes]  # and what a case shows of them
    merged: Mapping[str, bytes]  # what it shows of works


class SpanStep:
    """What is made of each span; for other processes, where it stores an index."""

    def __init__(self, location: str, keeping: Keeping, *, piles: bool) -> None:
        self.engine: Records | None = None  # opened where it is first needed
        self._location = location
        self._keeping = keeping
        self._piles = piles

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "engine": None}

    def __call__(self, span: Span) -> SaidOfSpan:
        """What the outputs say of these works."""
        with timed("works"):
            return self._said(span)

    def _said(self, span: Span) -> SaidOfSpan:
        if self.engine is None:
            self.engine = open_engine(self._location, create=False)
        records = self.engine.get([name for work in span.works for name in work.records])
        fields = unpacked_fields(span.fields)
        lines: list[bytes] = []
        unique: list[Row] = []
        duplicates: list[Row] = []
        kept: list[str] = []
        merged: dict[str, bytes] = {}
        for work in span.works:
            if len(work.records) == 1:
                (name,) = work.records
                canonical = alone(records[name], fields[name])
                if self._piles:
                    verdict = span.alone.get(name, RowVerdict.UNIQUE)
                    unique.append(unique_row(work, fields[name], verdict, span.names))
            else:
                members = members_of(work, records, fields)
                canonical = merged_of(work, members)
                kept.append(kept_of(members, self._keeping.rule, self._keeping.trust))
                if self._piles:
                    duplicates += duplicate_rows(work, kept[-1], fields, span.names, span.why)
            line = work_line(work, canonical, span.names)
            lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            if work.work_id in span.shown:
                merged[work.work_id] = held(merged_details(canonical))
        shown = span.shown & records.keys()
        return SaidOfSpan(
            len(lines),
            b"".join(lines),
            csv_block(unique),
            csv_block(duplicates),
            kept,
            {name: held(columns_of(fields[name])) for name in shown},
            {name: held(details_of(records[name], fields[name])) for name in shown},
            merged,
        )
