"""
Judged works: what people say of the works of an open index, obeyed at once.

    OpenIndex.judge, import_judgements  ->  TakenUp: what was taken, events, conflicts

Does not: ask anything of the works (`living.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.ingesting.runs import person
from samework.opened.living import LivingWorks

if TYPE_CHECKING:  # every format, whose readers a question does not need
    from detector.judgements.taking_up import TakenUp
    from indexer.feeds.formats.in_memory import PathLike


class JudgedWorks(LivingWorks):
    """The works of an open index, as people judge them."""

    def judge(
        self, rows: Iterable[Mapping[str, Any]], *, by: str = "", dry_run: bool = False
    ) -> TakenUp:
        """
        Say which records or works are one and which are not; obeyed at once.

        Args:
            rows: dicts with `left`, `right` and `judgement` (or `verdict`): "same", "version",
                "duplicate", "related", "different" or "unsure"; and perhaps `by`, `at`, `why`.
                `left` and `right` are ids of records or of works.
            by: who judged, where a row does not say; "": SAMEWORK_BY, else the login name.
            dry_run: tell what would change, store nothing.

        Returns:
            `taken`, `unchanged`, `events`, `conflicts`, `run`; `unknown` and `faults` say of the
            rows that were left out why.

        Raises:
            BackendBusy: another process changes works.

        Example:
            >>> said = {"left": "a:1", "right": "b:2", "judgement": "same", "why": "same DOI"}
            >>> catalogue.judge([said], by="ada").events
        """
        from detector.judgements.judged_lines import rows_handed_in  # every format: 0.2 s
        from detector.judgements.taking_up import Taking, take_up  # the same

        taking = Taking("judge", by or person(), dry_run)
        return take_up(self._detector(), rows_handed_in(rows), taking)

    def import_judgements(self, sheet: PathLike, *, by: str = "", dry_run: bool = False) -> TakenUp:
        """
        Obey a sheet that people filled in, or JSON Lines; the same again changes nothing.

        Args:
            sheet: what `samework review export` wrote, a to-check.csv, or lines as `judge`
                takes dicts.
            by: as `judge` takes it.
            dry_run: as `judge` takes it.

        Returns:
            As `judge` returns it.

        Raises:
            JudgementError: the file cannot be read, or holds no judgements.
            BackendBusy: another process changes works.

        Example:
            >>> catalogue.import_judgements("to-judge.xlsx", by="ada").complete
        """
        from detector.judgements.judged_lines import read_judgements  # the same
        from detector.judgements.taking_up import Taking, take_up  # the same

        read = read_judgements(Path(fspath(sheet)))
        taking = Taking("import judgements", by or person(), dry_run)
        return take_up(self._detector(), read, taking)
