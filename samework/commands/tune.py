"""`samework tune`: match weights refitted to one's own judgements."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.decision.weights import Weights
from detector.errors import MissingExtra
from detector.evaluation.truth import Truth, read_truth
from detector.judgements.judgement_sheet import is_sheet, judged_pairs
from detector.reports.folder.output_file import claim_file, whole_file
from indexer.feeds.formats.files_read import FilesRead
from indexer.index.opening import open_engine
from samework.commands.options import JsonOption, OverwriteOption, WeightsOption
from samework.commands.terminal import Stages, emit, emit_json, resume_by, say

if TYPE_CHECKING:  # it needs the extra, which the help of this command does not
    from detector.fitting.refit import Compared, Quality, Tuning

EXTRA = "scipy"


def tune(
    labels: Annotated[
        Path, typer.Option(help="Labelled pairs or clusters by tabs, or a filled to-check.csv.")
    ],
    records: Annotated[list[str], typer.Option(help="Files of records; may be repeated.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the weights.")] = Path(
        "weights.json"
    ),
    overwrite: OverwriteOption = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Refit the match weights to your own judgements, and say whether that helped.

    Both tables are tested on five folds, by work, that the refitted one never saw. The
    fit is drawn to the weights given (--weights, or those shipped): few judgements move
    little. Thresholds move only from 500 pairs of one work on.

    Needs the extra `tune`: pip install 'samework[tune]'

    Example: samework tune --labels to-check.csv --records scopus.ris --records pubmed.csv
    """
    try:  # it needs the extra, which --help does not
        from detector.fitting.refit import tuned
    except ModuleNotFoundError as error:
        if error.name != EXTRA:
            raise
        raise MissingExtra("tune", EXTRA) from error
    resume_by("nothing was stored; run the same command again")
    claim_file(out, overwrite=overwrite, read=(*records, str(labels)))
    given = Weights.load(weights)
    found = _compared(records)
    result = tuned(found, _truth(labels, found.record_ids), given)
    _write(result, out)
    if json:
        emit_json({**result.to_dict(), "written": str(out)})
    else:
        _print(result, out)


def _compared(records: list[str]) -> Compared:
    from detector.fitting.refit import compared  # as above

    progress = FilesRead(records)
    units = {"reading": "records", "comparing": "pairs"}
    with (
        tempfile.TemporaryDirectory(prefix="samework-") as folder,
        Stages(units, {"reading": progress.share}).shown() as stages,
    ):
        engine = open_engine(folder)
        try:
            return compared(progress.rows(), engine, stages)
        finally:
            engine.close()


def _truth(labels: Path, record_ids: Mapping[str, str]) -> Truth:
    """Labels of either kind; a sheet of judgements is told by its column."""
    return judged_pairs(labels, record_ids, say) if is_sheet(labels) else read_truth(labels)


def _write(result: Tuning, out: Path) -> None:
    with whole_file(out) as file:
        file.write(dumps(result.weights.to_dict(), indent=1).encode() + b"\n")


def _print(result: Tuning, out: Path) -> None:
    emit(f"{'':18}   pairs  precision  recall      F1  bits a pair  calibration error")
    emit(_row("given", result.given))
    emit(_row("refitted", result.refitted))
    for number, (given, refitted) in enumerate(result.folds, 1):
        emit(_row(f"  fold {number} given", given))
        emit(_row(f"  fold {number} refitted", refitted))
    if result.unseen:
        emit(f"{result.unseen} labelled pairs were no candidates and say nothing here")
    emit(
        "the refitted weights do better on judgements they never saw"
        if result.better
        else "the refitted weights do no better on judgements they never saw: keep those given"
    )
    emit(f"written to {out}; use them with --weights {out}")


def _row(name: str, one: Quality) -> str:
    rates = f"{one.precision:9.4f}  {one.recall:.4f}  {one.f1:.4f}"
    return f"{name:18} {one.pairs:7d}  {rates}  {one.loss:11.4f}  {one.error:17.4f}"
