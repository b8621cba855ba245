"""`samework review export` and `import`: the queue as a sheet, and what people wrote into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from detector.judgements.judged_lines import read_judgements
from detector.judgements.taking_up import Taking, take_up
from detector.reports.exports.review_sheet import entries_of, sheet_format, write_review_sheet
from detector.reports.folder.output_file import claim_file
from detector.review.queue import ReviewQueue
from indexer.ingesting.runs import person
from indexer.scheduling.times import span_of
from samework.commands.detectors import stored_detector
from samework.commands.judge import tell
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    BlindOption,
    ByOption,
    DryRunOption,
    IndexOption,
    JsonOption,
    JudgePatienceOption,
    OverwriteOption,
    WeightsOption,
)
from samework.commands.terminal import emit, emit_json, resume_by, say

DEFAULT_LIMIT = 1_000
IMPORT = "review import"  # what its run is called


def export(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="A file: .csv or .xlsx.")],
    index: IndexOption = DEFAULT_INDEX,
    limit: Annotated[
        int, typer.Option(min=1, help="How many pairs, from the first of the queue.")
    ] = DEFAULT_LIMIT,
    overwrite: OverwriteOption = False,
    weights: WeightsOption = "",
    blind: BlindOption = False,
    json: JsonOption = False,
) -> None:
    """
    Write the pairs that wait for a person to a sheet, in the order of the queue.

    Fill in the column `judgement` (same, version, duplicate, related, different, unsure),
    `comment` and `by` as you like, and read it with `samework review import`.
    A spreadsheet leaves the sheet intact: in .xlsx all cells are text, in .csv an apostrophe
    stands before what it would take for a number, a date or a formula.

    Example: samework review export to-judge.xlsx --index catalogue
    """
    resume_by("nothing was stored or written; run the same command again")
    sheet_format(sheet)
    claim_file(sheet, overwrite=overwrite)
    with stored_detector(index, weights) as detector:
        doubts = ReviewQueue(detector.holdings).best(limit + 1)
        entries = entries_of(detector, doubts[:limit])
        rows = write_review_sheet(sheet, entries, detector.fields, blind=blind)
    more = len(doubts) > limit
    if json:
        emit_json({"written": str(sheet), "pairs": rows, "more_wait": more})
        return
    emit(f"{rows} pair{'' if rows == 1 else 's'} written to {sheet}")
    if more:
        emit("more wait: --limit N takes more of them")
    if rows:
        emit(f"fill in the column `judgement`, then: samework review import {sheet}")


def import_(
    sheet: Annotated[
        Path, typer.Argument(metavar="SHEET", help="A filled sheet, .csv or .xlsx; '-': stdin.")
    ],
    index: IndexOption = DEFAULT_INDEX,
    by: ByOption = "",
    dry_run: DryRunOption = False,
    patience: JudgePatienceOption = DEFAULT_PATIENCE,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Obey the judgements in a sheet, at once; the same sheet again changes nothing.

    Takes what `review export` wrote and the to-check.csv of `samework dedupe`, as any
    spreadsheet program saved it. Who judged is --by, or a column `by`; when a column
    `at`, or when the file was saved; why a column `comment`. All of it is one run, which
    `samework undo` takes back. Exit status: 0 done, 1 error, 3 when rows were left out.

    Example: samework review import to-judge.xlsx --index catalogue --by ada
    """
    resume_by("what was judged stays; the same command goes on, and judges nothing twice")
    judged = read_judgements(sheet)
    seconds = span_of(patience, "--patience").total_seconds()
    with stored_detector(index, weights) as detector:
        told = take_up(detector, judged, Taking(IMPORT, by or person(), dry_run, seconds, say))
    tell(told, dry_run=dry_run, as_json=json)


def agreement_lines(agreement: Mapping[str, Any]) -> Iterator[str]:
    """How far two people agree, for a person."""
    first, second = agreement["judges"]
    works, versions = agreement["works"], agreement["versions"]
    said = f"{first} and {second} say the same of {works['agreed']} of {works['pairs']} pairs"
    yield f"       {said} (same, different, unsure){_kappa(works)}"
    if versions["pairs"]:
        told = f"{versions['agreed']} of {versions['pairs']} that both call one work"
        yield f"       and of {told} (version or duplicate){_kappa(versions)}"


def _kappa(of: Mapping[str, Any]) -> str:
    return "" if of["kappa"] is None else f": Cohen's kappa {of['kappa']:.2f}"
