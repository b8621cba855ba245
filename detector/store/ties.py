"""
Ties: why records are in one work, as an event says it.

    what came, all that are in the work  ->  the strongest tie of each that came

Reads decisions, and what people judged the same. Does not: say what ties (`WorkRules` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import SAME_WORK
from detector.store.events import Tie
from detector.works.judgements import Judgement, standing
from indexer.keys.batch import positions

TOLD: Final = 8  # ties of an event, the strongest; the others follow from the decisions
JUDGED: Final = "judged "  # before the verdict where a person said it


class TiesInside:
    """The ties among records that decisions and judgements are about."""

    def __init__(self, decisions: DecisionColumns, judgements: Iterable[Judgement] = ()) -> None:
        self._decisions = decisions
        self._judged = [said for said in standing(judgements).values() if said.same]
        self._rows = np.flatnonzero(decisions.said(*SAME_WORK))
        ends = np.concatenate((decisions.left[self._rows], decisions.right[self._rows]))
        self._order = np.argsort(ends, kind="stable")
        self._ends = ends[self._order]

    def __call__(self, came: Sequence[str], records: Sequence[str]) -> tuple[Tie, ...]:
        """The strongest tie of each record that came to another of the work, strongest first."""
        inside, fresh = set(records), set(came)
        best: dict[str, Tie] = {}
        for tie in sorted(self._among(inside, fresh), key=lambda tie: (-tie[3], tie)):
            for record in fresh.intersection(tie[:2]):
                best.setdefault(record, tie)
        told = dict.fromkeys(sorted(best.values(), key=lambda tie: (-tie[3], tie)))
        return tuple(told)[:TOLD]

    def _among(self, inside: set[str], fresh: set[str]) -> Iterable[Tie]:
        for said in self._judged:
            if inside.issuperset(said.pair) and not fresh.isdisjoint(said.pair):
                yield (*said.pair, f"{JUDGED}{said.verdict}", 1.0)
        for decision in self._decisions.shorts(self._about(fresh)):
            if inside.issuperset(decision.pair):
                yield (*decision.pair, str(decision.verdict), round(decision.probability, 4))

    def _about(self, records: Iterable[str]) -> NDArray[np.int64]:
        """The decisions on these records that say same work."""
        places = [self._place[name] for name in records if name in self._place]
        begins = np.searchsorted(self._ends, places, "left")
        ends = np.searchsorted(self._ends, places, "right")
        at = self._order[positions(begins, ends - begins)] % max(len(self._rows), 1)
        return self._rows[np.unique(at)]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self._decisions.ids)}
