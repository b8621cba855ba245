"""
Said changes: what people said in a run, as its notes have it.

    parts of a run  ->  judgements and choices that were made, and that were taken back

Does not: store or undo them (`undoing.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detector.works.judgements import Judgement
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.index.contract import Collection
from indexer.ingesting.runs import parts

Choices = tuple[tuple[FieldChoice, FieldChoice | None], ...]  # each with what it replaced


@dataclass(frozen=True, slots=True)
class SaidChanges:
    """What people said in a run, and what of it was taken back."""

    judged: tuple[Judgement, ...] = ()
    took_back: tuple[Judgement, ...] = ()
    chosen: Choices = ()
    unchosen: Choices = ()

    @property
    def records(self) -> set[str]:
        """The records that it is about."""
        pairs = {name for said in (*self.judged, *self.took_back) for name in said.pair}
        return pairs.union(choice.record for choice, _ in (*self.chosen, *self.unchosen))

    def of_number(self, number: int) -> SaidChanges:
        """The one of a number."""
        return SaidChanges(
            tuple(said for said in self.judged if said.number == number),
            tuple(said for said in self.took_back if said.number == number),
            tuple(pair for pair in self.chosen if pair[0].number == number),
            tuple(pair for pair in self.unchosen if pair[0].number == number),
        )


def said_in(collection: Collection, run: str) -> SaidChanges:
    """What people said in a run, by its notes."""
    judged: list[Judgement] = []
    took_back: list[Judgement] = []
    chosen: list[tuple[FieldChoice, FieldChoice | None]] = []
    unchosen: list[tuple[FieldChoice, FieldChoice | None]] = []
    for change in parts(collection, run):
        judged += map(Judgement.from_dict, change.get("judged", ()))
        took_back += map(Judgement.from_dict, change.get("took_back", ()))
        chosen += map(_choice, change.get("chosen", ()))
        unchosen += map(_choice, change.get("unchosen", ()))
    # a run that was gone on with may note the same twice
    return SaidChanges(
        tuple(dict.fromkeys(judged)),
        tuple(dict.fromkeys(took_back)),
        tuple(dict.fromkeys(chosen)),
        tuple(dict.fromkeys(unchosen)),
    )


def _choice(plain: Mapping[str, Any]) -> tuple[FieldChoice, FieldChoice | None]:
    before = plain.get("before")
    return FieldChoice(**plain["choice"]), FieldChoice(**before) if before else None
