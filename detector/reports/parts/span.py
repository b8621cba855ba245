"""
A span: works that follow one another, and all that outputs say of them and their records.

    Span  ->  SpanStep: each record read once, its fields taken as they lie  ->  SaidOfSpan: bytes

A pure function of the span and the stored records, so that other processes may do it: what
comes back are bytes of files and names of records, no objects. Does not: write (`answer.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from detector.reports.exports.cells import csv_block
from detector.reports.html.record_details import columns_of, details_of, merged_details
from detector.reports.outputs import work_bytes
from detector.reports.parts.sharing import Packed, bodies_of, held
from detector.reports.piles import Row, duplicate_rows, unique_row
from detector.reports.standings import Keeping, RowVerdict
from detector.runs.previous import Since, of_all
from detector.works.members import Member, members_of
from detector.works.merging.canonical import alone, merged_of, renamed
from detector.works.merging.choices_of_fields import (
    NOTHING_CHOSEN,
    ChosenFields,
    FieldChoice,
    standing_choices,
)
from detector.works.merging.keepers import kept_of
from detector.works.merging.lone import Plain, lone
from detector.works.works import Work, WorkRows
from indexer.fields import Fields
from indexer.fields.packing import FlatFields, flat_of, unpacked
from indexer.index.contract import Records
from indexer.index.opening import open_engine
from indexer.records import Record
from indexer.running.timings import timed


class Span(NamedTuple):
    """Works that follow one another, with what is known of their records."""

    rows: WorkRows
    fields: Packed  # of their records
    names: list[str]  # what outputs call their records, in the order of these
    alone: Mapping[str, RowVerdict]  # of records without company that are not unique
    why: Mapping[str, str]  # of records of several: the reasons of their strongest decision
    shown: frozenset[str]  # records and works that the report shows
    # What each version of each work is since an earlier answer; none where there is none.
    since: Sequence[Sequence[str]] = ()
    choices: Mapping[str, Sequence[FieldChoice]] = {}  # of people, by record


class SaidOfSpan(NamedTuple):
    """What the outputs say of a span."""

    passed: int  # how many works
    works: bytes  # lines of works.jsonl
    new: bytes  # those of works that an earlier answer did not have
    unique: bytes  # rows of piles
    duplicates: bytes
    kept: Sequence[str]  # of the works of several records, in their order
    columns: Mapping[str, bytes]  # of records that the report shows: those of its list
    records: Mapping[str, bytes]  # and what a case shows of them
    merged: Mapping[str, bytes]  # what it shows of works


class SpanStep:
    """What is made of each span; for other processes, where it stores an index."""

    def __init__(self, location: str, keeping: Keeping, *, piles: bool) -> None:
        self.descriptors: tuple[int, ...] = ()  # of the file of fields, where spans name it
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
        packed = bodies_of(span.fields, self.descriptors)
        told = _Told(span, packed, self.engine.plain(span.rows.ids))
        lines, new = list[bytes](), list[bytes]()
        unique: list[Row] = []
        duplicates: list[Row] = []
        kept: list[str] = []
        merged: dict[str, bytes] = {}
        for work, said in zip(span.rows.works(), span.since or repeat(()), strict=False):
            if len(work.records) == 1:
                (name,) = work.records
                flat = flat_of(packed[name])
                canonical = told.lone(name, flat)
                if self._piles:
                    verdict = span.alone.get(name, RowVerdict.UNIQUE)
                    unique.append(unique_row(work, flat, verdict, told.names[name], said))
            else:
                members = told.members(work)
                canonical = merged_of(work, members, told.chosen(work))
                canonical["origin"] = renamed(canonical["origin"], told.names)
                kept.append(kept_of(members, self._keeping.rule, self._keeping.trust))
                if self._piles:
                    duplicates += duplicate_rows(work, kept[-1], packed, told.names, span.why, said)
            lines.append(work_bytes(work, canonical, told.names, of_all(said)))
            new += lines[-1:] if Since.NEW in said else []
            if work.work_id in span.shown:
                merged[work.work_id] = held(merged_details(canonical))
        shown = [name for name in span.rows.ids if name in span.shown] if span.shown else ()
        return SaidOfSpan(
            len(lines),
            b"".join(lines),
            b"".join(new),
            csv_block(unique),
            csv_block(duplicates),
            kept,
            {name: held(columns_of(told.fields(name))) for name in shown},
            {name: held(details_of(told.record(name), told.fields(name))) for name in shown},
            merged,
        )


class _Told:
    """What is known of the records of a span, made of plain values where it is asked for."""

    def __init__(
        self, span: Span, packed: Mapping[str, Fields | bytes], plain: Mapping[str, Plain]
    ) -> None:
        self.names = dict(zip(span.rows.ids, span.names, strict=True))
        self._choices = span.choices
        self._packed = packed
        self._plain = plain
        self._records: dict[str, Record] = {}
        self._fields: dict[str, Fields] = {}

    def record(self, name: str) -> Record:
        """A record as an object."""
        record = self._records.get(name)
        if record is None:
            record = self._records[name] = Record.from_dict(self._plain[name])
        return record

    def fields(self, name: str) -> Fields:
        """Its fields as an object."""
        fields = self._fields.get(name)
        if fields is None:
            packed = self._packed[name]
            fields = unpacked(packed) if isinstance(packed, bytes) else packed
            self._fields[name] = fields
        return fields

    def lone(self, name: str, flat: FlatFields) -> dict[str, Any]:
        """The merged record of a record that is a work alone."""
        merged = lone(self._plain[name], flat, self.names[name])
        if merged is None:
            merged = alone(self.record(name), self.fields(name))
            merged["origin"] = renamed(merged["origin"], self.names)
        return merged

    def chosen(self, work: Work) -> ChosenFields:
        """Which record each field of a work is taken from, where a person said so."""
        said = [choice for name in work.records for choice in self._choices.get(name, ())]
        return standing_choices(said, work.records) if said else NOTHING_CHOSEN

    def members(self, work: Work) -> Sequence[Member]:
        """The members of a work of several."""
        records = {name: self.record(name) for name in work.records}
        return members_of(work, records, {name: self.fields(name) for name in work.records})
