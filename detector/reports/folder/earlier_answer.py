"""
Earlier answers: what people said in an answer that a later search goes on from.

    OUT of then  ->  judgements.jsonl, sheets filled in since, what was judged in its index

Reads only. Does not: begin an index with that of then (`runs/previous.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from detector.detecting.pipeline import Detector
from detector.errors import PreviousError
from detector.judgements.judged_index import said_in_index
from detector.judgements.judgement_memory import JUDGEMENTS_FILE, JudgementMemory
from detector.judgements.judgement_sheet import is_sheet
from detector.reports.folder.manifest import HIDDEN, MANIFEST, SET_ASIDE, Manifest, Stamp
from detector.runs.asked import Asked
from detector.runs.previous import Previous, index_of, previous_of
from indexer.running.timings import counted, timed

SHEET: Final = "piles/to-check.csv"  # people write into it: its judgements are taken up
READY: Final = "ready"  # of an answer that is whole and not in its place yet
_TWICE: Final = (
    "--unique-source {} is not held to: {} has records of it, and one that was corrected since is "
    "another record of the same work"
)
_OTHERWISE: Final = (
    "{} counted as one work {}; this run does {}: works of then may be joined or parted by that"
)
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


def with_judged(asked: Asked, out: Path | None = None) -> Asked:
    """
    A run with what people judged in the answer that it goes on from.

    Where that lies in the folder which the run writes into, it is read from there anyway.
    """
    if asked.since is None:
        return asked
    index = index_of(asked.since)
    if out is not None and out.exists() and out.samefile(index.parent):
        return asked
    return replace(asked, sheets=(*but_for(judged_in(asked.since), asked.sheets), *asked.sheets))


def going_on(
    asked: Asked, detector: Detector, memory: JudgementMemory
) -> tuple[Asked, Previous | None]:
    """What the index was begun with; what people said there is obeyed by this run and after it."""
    if asked.since is None:
        return asked, None
    with timed("previous"):
        previous = previous_of(detector, asked.since, asked.labels)
        counted(len(previous.places))
        said = said_in_index(detector, asked.since / "index")
    memory.add(said)
    before, now = previous.summary.get("policy"), ["duplicate", *detector.rules.policies]
    if before and before != now:
        memory.notes.append(_OTHERWISE.format(asked.since, ", ".join(before), ", ".join(now)))
    if kept := detector.rules.unique_sources & previous.sources:
        detector.rules = replace(
            detector.rules, unique_sources=detector.rules.unique_sources - kept
        )
        memory.notes.append(_TWICE.format(", ".join(sorted(kept)), asked.since))
    return replace(asked, sheets=(*asked.sheets, said)), previous


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
