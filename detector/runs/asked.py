"""
What a run of `dedupe` is asked for, before anything is read.

Does not: say what of its answer is written (`reports/parts/wanted.py` does).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from detector.works.work_rules import WorkRules
from indexer.running.workers import AUTO

if TYPE_CHECKING:  # what is judged is read above the runs
    from detector.judgements.judged_index import SaidInIndex
    from detector.judgements.judgement_sheet import Sheet


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for, before anything is read."""

    files: tuple[str, ...]
    rules: WorkRules = field(default_factory=WorkRules)
    weights: str = ""  # a file; "": those shipped
    workers: int | str = AUTO
    sheets: tuple[Path | Sheet | SaidInIndex, ...] = ()  # of judgements
    labels: tuple[str, ...] = ()  # columns of screening decisions beside those told by name
    own: Path | None = None  # a folder of files that nobody named: values in memory
    since: Path | None = None  # an earlier answer, which this one goes on from

    def shown(self, file: str) -> str:
        """What a person is told that a file is called."""
        return Path(file).name if self.own and Path(file).parent == self.own else file
