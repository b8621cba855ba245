"""
Detection: what a run found, as decisions in columns and the works formed of them.

Does not: find anything (`pipeline.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from detector.decision.decided import Rows
from detector.decision.decision import Decider
from detector.decision.verdicts import Decision
from detector.detecting.deciding import DecidedPairs
from detector.detecting.field_cache import FieldCache
from detector.works.works import WorkColumns, Works
from indexer.keys.epoch import Epoch

TOLD_AT_ONCE: Final = 5_000  # pairs


@dataclass(slots=True)
class Detection(DecidedPairs):
    """What a run found: decisions, and the works formed of them."""

    epoch: Epoch = field(kw_only=True)
    works: Works = field(default=Works(WorkColumns.none()), kw_only=True)

    @classmethod
    def joined(cls, parts: Sequence[DecidedPairs], epoch: Epoch) -> Detection:
        """What was decided of all parts."""
        every = DecidedPairs.join(parts)
        return cls(every.decisions, every.proposed, every.compared, every.apart, epoch=epoch)

    @property
    def record_ids(self) -> Sequence[str]:
        """All records of the works, ascending."""
        return self.works.works.ids

    def told(self, rows: Rows, decider: Decider, fields: FieldCache) -> Iterator[Decision]:
        """The decisions of these rows, readable, in their order."""
        columns, teller = self.decisions, decider.teller
        for start in range(0, len(rows), TOLD_AT_ONCE):
            batch = rows[start : start + TOLD_AT_ONCE]
            held = np.unique(np.concatenate((columns.left[batch], columns.right[batch])))
            made = fields.of(columns.ids[at] for at in held.tolist())
            yield from teller.decisions(columns, batch, made)
