"""
Passing: all works in their order, each record read once for all outputs.

    Deduplication  ->  Span, Span, ...  ->  SaidOfSpan, SaidOfSpan, ...  in the same order

Several processes may share the spans; what is said is the same. Does not: write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from detector.reports.parts.sharing import fields_for
from detector.reports.parts.span import SaidOfSpan, Span, SpanStep
from detector.reports.standings import Keeping, RowVerdict
from detector.runs.one_shot import Deduplication

AT_ONCE: Final = 250  # works: of more the processor's caches hold none to its end


@dataclass(frozen=True, slots=True)
class Pass:
    """What is known before works are passed over."""

    run: Deduplication
    names: Mapping[str, str]
    keeping: Keeping
    piles: bool  # whether their rows are wanted
    alone: Mapping[str, RowVerdict]
    why: Mapping[str, str]
    shown: frozenset[str]  # records and works of the report

    def said(self) -> Iterator[SaidOfSpan]:
        """What the outputs say of each span of works."""
        detector = self.run.detector
        step = SpanStep(detector.engine.location, self.keeping, piles=self.piles)
        step.engine = detector.engine
        if detector.workers.count > 1:
            step.descriptors = (detector.fields.descriptor,)
        yield from detector.workers.each(step, self._spans())

    def _spans(self) -> Iterator[Span]:
        apart = self.run.detector.workers.count > 1
        choices = self.run.detector.holdings.all_choices()
        for rows in self.run.detection.works.works.parts(AT_ONCE):
            fields = fields_for(self.run.detector, rows.ids, again=False)
            names = [self.names[name] for name in rows.ids]
            since = list(map(self.run.since, rows.works())) if self.run.previous else ()
            span = Span(rows, fields, names, self.alone, self.why, self.shown, since, choices)
            yield self._apart(span) if apart else span

    @staticmethod
    def _apart(span: Span) -> Span:
        """The span with what is known of its own records alone, to be sent."""
        ids = span.rows.ids
        alone = {name: span.alone[name] for name in ids if name in span.alone}
        why = {name: span.why[name] for name in ids if name in span.why}
        own: frozenset[str] = frozenset()
        if span.shown:
            own = span.shown.intersection(chain(ids, (work.work_id for work in span.rows.works())))
        choices = {name: span.choices[name] for name in ids if name in span.choices}
        return span._replace(alone=alone, why=why, shown=own, choices=choices)
