"""
Forming again: the works of some records, formed anew from what is stored of them.

    records  ->  all that is tied to them  ->  works  ->  what became of the works before

A work may lose records by what was decided or judged, so what is formed is the whole of what
hangs together with the records, over any number of steps. Nothing is stored before `store`, so
what a judgement would do can be looked at first. Does not: decide on pairs that keys propose
(`pipeline.py` does).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from detector.detecting.forming import Forming
from detector.store.changes import Changed
from detector.store.events import Occasion
from detector.store.holdings import Holdings
from detector.store.stored_ids import Home
from detector.store.stored_works import store_changed, tied_to, works_changed
from detector.store.ties import TiesInside
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement
from indexer.running.timings import timed

NO_HOMES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class FormedAgain:
    """What became of some works, or would."""

    changed: Changed
    homes: Mapping[str, Home]  # of the records of works that changed
    conflicts: tuple[Conflict, ...]  # all of the records concerned
    concerned: frozenset[str]  # all records that the works were formed of

    @property
    def events(self) -> list[dict[str, Any]]:
        """What became of works, as the log tells it; no numbers, for they may not be stored."""
        return [event.to_dict() for event in self.changed.events]


@dataclass(frozen=True, slots=True)
class FormingAgain:
    """Forms works anew; what is stored says `occasion`."""

    forming: Forming
    holdings: Holdings
    occasion: Occasion = field(default_factory=Occasion)

    def works(
        self,
        record_ids: Iterable[str],
        more: Sequence[Judgement] = (),
        homes_before: Mapping[str, str] = NO_HOMES,
        without: Collection[Judgement] = (),
        absent: Container[str] = (),
    ) -> FormedAgain:
        """
        The works of these records and of all that is tied to them.

        Args:
            record_ids: whose decisions or judgements changed.
            more: judgements that are not stored.
            homes_before: records that get back the work ids which they had once.
            without: judgements that are stored, as if they were not.
            absent: records, as if they were not.
        """
        holdings, rules = self.holdings, self.forming.rules
        concerned, decisions = tied_to(record_ids, holdings, rules, more)
        ordered = sorted(concerned)
        before = holdings.works(sorted(set(holdings.work_ids_of(ordered).values())))
        stored = holdings.judgements(ordered)
        judgements = [*(said for said in stored if said not in without), *more]
        with timed("forming works", len(ordered)):
            alive = self.forming.fields.of(r for r in ordered if r not in absent)
            formed = self.forming.works(alive, decisions, judgements)
        ties = TiesInside(decisions, judgements)
        changed, homes = works_changed(
            holdings, before.values(), formed, self.occasion, ties, homes_before
        )
        return FormedAgain(changed, homes, formed.conflicts, frozenset(concerned))

    def store(self, formed: FormedAgain) -> list[int]:
        """Log and store what became of the works; the numbers of the events."""
        numbers = store_changed(self.holdings, formed.changed, formed.homes, self.occasion)
        self.holdings.store_conflicts(formed.conflicts, formed.concerned)
        return numbers
