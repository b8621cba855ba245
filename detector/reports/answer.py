"""
The answer of a one-shot run: everything that `dedupe --out DIR` leaves for people.

    Deduplication, Wanted  ->  JSON Lines, report.html, marked/, piles/, exports, kept/

Each part is a module of its own; this one knows which are wanted and where they go.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from detector.dedupe import Deduplication
from detector.reports.exports import MERGED, ONE, Exporting, entry_of, kept_entries
from detector.reports.marked import write_marked
from detector.reports.outputs import write_outputs
from detector.reports.page import write_page
from detector.reports.piles import write_piles
from detector.reports.standings import (
    ONE_A_WORK,
    Keeping,
    Standing,
    rows_with_standing,
    standings,
)

REPORT: Final = "report.html"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run should leave beside works, pairs, review and summary."""

    files: tuple[str, ...] = ()  # the input, to be marked
    exports: tuple[str, ...] = ()  # keys of EXPORTS
    keep: str = MERGED
    keeping: Keeping = field(default_factory=Keeping)
    rows: bool = True  # marked/ and piles/
    report: bool = True


def write_answer(
    found: Deduplication, out: Path, wanted: Wanted, seconds: Mapping[str, float]
) -> tuple[dict[str, Any], list[str]]:
    """The summary, and the names of what was written, folders with a slash."""
    written = ["works.jsonl", "pairs.jsonl", "review.jsonl", "summary.json"]
    standing = standings(found, wanted.keeping)
    for folder in ("marked", "kept", "piles"):
        shutil.rmtree(out / folder, ignore_errors=True)  # of an earlier run over other files
    if wanted.rows:
        written += _write_rows(found, standing, out, wanted)
    summary, exported = _write_works(found, standing, out, wanted, seconds)
    written += [path.name for path in exported]
    if wanted.report:
        write_page(found, summary, out / REPORT)
        written.insert(0, REPORT)
    return summary, written


def _write_works(
    found: Deduplication,
    standing: Mapping[str, Standing],
    out: Path,
    wanted: Wanted,
    seconds: Mapping[str, float],
) -> tuple[dict[str, Any], list[Path]]:
    """Works, pairs, review and summary, and the exports in the same pass over the works."""
    merged = wanted.keep == MERGED
    with Exporting(wanted.exports, out, "works" if merged else "kept") as exporting:
        if merged:
            summary = write_outputs(found, out, seconds, lambda line: exporting(entry_of(line)))
        else:
            summary = write_outputs(found, out, seconds)
            for entry in kept_entries(found, standing):
                exporting(entry)
    return summary, exporting.files


def _write_rows(
    found: Deduplication, standing: Mapping[str, Standing], out: Path, wanted: Wanted
) -> list[str]:
    rows = list(rows_with_standing(found.places, standing))
    marks = {(place.file, place.position): one.mark() for place, one in rows}
    write_marked(wanted.files, out / "marked", marks)
    write_piles(found, standing, out / "piles")
    written = ["marked/", "piles/"]
    if wanted.keep == ONE:
        staying = {
            (place.file, place.position): one.mark()
            for place, one in rows
            if one.verdict in ONE_A_WORK
        }
        write_marked(wanted.files, out / "kept", staying)
        written.append("kept/")
    return written
