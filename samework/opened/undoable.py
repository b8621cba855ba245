"""
Undoable: the runs of an open index, each command's storing, and how they are taken back.

    OpenIndex.runs, undo

Does not: know what stands in the way of an undo (`detector/runs` does).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from detector.runs.incremental import PATIENCE
from detector.runs.undo_plan import UndoPlan, plan_of
from detector.runs.undoing import Undone, undo
from indexer.ingesting.runs import RUN, RunAccount, runs
from samework.opened.engine import Opened
from samework.tables import Table

RUN_COLUMNS: Final = tuple(RunAccount.__dataclass_fields__)


class UndoableRuns(Opened):
    """What was stored in an open index, run by run."""

    def runs(self) -> Table:
        """
        One row a run, as they began: what one command stored, who gave it, by what it is undone.

        Example:
            >>> last = catalogue.runs().to_dicts()[-1]["run"]
        """
        return Table(
            RUN_COLUMNS,
            lambda: map(asdict, runs(self._detector().engine)),
            lambda: self._detector().engine.count(RUN),
        )

    def undo(
        self,
        name: str,
        *,
        dry_run: bool = False,
        by: str | None = None,
        shown: Callable[[UndoPlan], object] = bool,
        patience: float = PATIENCE,
        told: Callable[[str], object] = str,
    ) -> Undone:
        """
        Take back a run, or what one event says; works, ids and records are as before it.

        Args:
            name: of a run, or the number of an event.
            dry_run: only say what would change.
            by: who; None: SAMEWORK_BY of the environment, else the login name.
            shown: is given what will change before it does.
            patience: seconds to wait for another process that changes works.
            told: is given sentences for a person who waits.

        Returns:
            What was to change (`plan`), by which `run` it was undone, and the `events`.

        Raises:
            NoSuchRun: there is no such run or event.
            CannotUndo: something later stands in the way, which the message names.

        Example:
            >>> catalogue.undo("r000012", dry_run=True).plan.lines
        """
        detector = self._detector()
        if dry_run:
            plan = plan_of(detector, name)
            shown(plan)
            return Undone(plan)
        return undo(detector, name, by=by, shown=shown, patience=patience, say=told)
