"""
Earlier answers: what a folder holds that a later search goes on from, beside its index.

    OUT of then  ->  judgements.jsonl, sheets that people filled in since

Reads only. Does not: read the index (`runs/previous.py` does), or what is in a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from detector.errors import PreviousError
from detector.judgements.judgement_memory import JUDGEMENTS_FILE
from detector.judgements.judgement_sheet import is_sheet
from detector.reports.folder.manifest import HIDDEN, MANIFEST, SET_ASIDE, Manifest, Stamp

SHEET: Final = "piles/to-check.csv"  # people write into it: its judgements are taken up
READY: Final = "ready"  # of an answer that is whole and not in its place yet
_SHEETS: Final = (".csv", ".xlsx")


def judged_in(out: Path) -> list[Path]:
    """
    Every file of an answer folder that says what people judged.

    Raises:
        PreviousError: a run that was interrupted has left two answers there.
    """
    if (out / HIDDEN / READY).exists():
        raise PreviousError(
            str(out), "holds the answer of an interrupted run, which the next run into it finishes"
        )
    kept = [out / JUDGEMENTS_FILE] if (out / JUDGEMENTS_FILE).exists() else []
    return [*kept, *filled_sheets(out, Manifest.read(out / HIDDEN / MANIFEST).files)]


def filled_sheets(out: Path, ours: Mapping[str, Stamp]) -> list[Path]:
    """The to-check pile where people wrote into it, and what they saved beside it as sheets."""
    pile = out / SHEET
    if SHEET not in ours:
        return []
    beside = [
        path
        for path in sorted(pile.parent.glob(f"{pile.stem}*"))
        if path.suffix in _SHEETS and SET_ASIDE not in path.name and path != pile
    ]
    filled = [pile] if pile.exists() and not ours[SHEET].fits(pile) else []
    return [*filled, *filter(is_sheet, beside)]


def but_for(sheets: Iterable[Path], named: Iterable[object]) -> list[Path]:
    """Those of these sheets that are not named too."""
    paths = [sheet for sheet in named if isinstance(sheet, Path) and sheet.exists()]
    return [sheet for sheet in sheets if not any(path.samefile(sheet) for path in paths)]
