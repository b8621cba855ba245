"""
Detection: what a run found, as decisions in columns and the works formed of them.

Does not: find anything (`pipeline.py` does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from detector.detecting.deciding import DecidedPairs
from detector.works.works import Works
from indexer.keys.epoch import Epoch


@dataclass(slots=True)
class Detection(DecidedPairs):
    """What a run found: decisions, and the works formed of them."""

    epoch: Epoch = field(kw_only=True)
    works: Works = field(default=Works(()), kw_only=True)

    @classmethod
    def joined(cls, parts: Sequence[DecidedPairs], epoch: Epoch) -> Detection:
        """What was decided of all parts."""
        every = DecidedPairs.join(parts)
        return cls(every.decisions, every.proposed, every.compared, epoch=epoch)

    @property
    def record_ids(self) -> list[str]:
        """All records of the works."""
        return [record_id for work in self.works.works for record_id in work.records]
