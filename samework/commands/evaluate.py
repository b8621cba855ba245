"""`samework evaluate`: a run against labelled pairs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from detector.decision.weights import Weights
from detector.evaluation.evaluate import Evaluation, Scope, Score
from detector.evaluation.evaluate import evaluate as score
from detector.evaluation.evaluation_run import run_over
from detector.evaluation.truth import read_truth
from detector.works.work_rules import rules_named
from indexer.feeds.formats.files_read import FilesRead
from indexer.index.opening import open_engine
from samework.commands.choices import levels, usage
from samework.commands.options import CollapseOption, JsonOption, WeightsOption
from samework.commands.terminal import Stages, emit, emit_json, resume_by


def evaluate(
    records: Annotated[list[str], typer.Option("--records", help="Files of records.")],
    truth: Annotated[Path, typer.Option("--truth", help="Labelled pairs or clusters, by tabs.")],
    cross_source: Annotated[
        bool, typer.Option(help="Only pairs across two sources count.")
    ] = False,
    labelled_only: Annotated[
        bool, typer.Option(help="Count only labelled pairs, found in the whole file.")
    ] = False,
    level: Annotated[
        str, typer.Option(autocompletion=levels, help="What counts as the same: work or version.")
    ] = "work",
    weights: WeightsOption = "",
    unique_source: Annotated[
        list[str] | None,
        typer.Option(help="A source that promises no duplicates; may be repeated."),
    ] = None,
    collapse: CollapseOption = None,
    errors: Annotated[int, typer.Option(help="How many false and missed pairs to print.")] = 0,
    json: JsonOption = False,
) -> None:
    """
    Say how good a run over these records is: precision, recall, F1, after works are formed.

    Two rows always: `automatic`, pairs to review not joined, and `best`, those with a
    probability of 0.5 or more joined too.

    Example: samework evaluate --records r.jsonl.gz --truth truth.tsv
    """
    resume_by("nothing was stored; run the same command again")
    labelled = read_truth(truth)
    progress = FilesRead(records)
    units = {"reading": "records", "comparing": "pairs"}
    table = Weights.load(weights)
    with usage():
        rules = rules_named(level, unique_source or (), collapse or ())
    with (
        tempfile.TemporaryDirectory() as folder,
        Stages(units, {"reading": progress.share}).shown() as stages,
    ):
        engine = open_engine(folder)
        try:
            run = run_over(progress.rows(), engine, table, rules, stages)
        finally:
            engine.close()
    found = score(run, labelled, Scope(cross_source, labelled_only))
    if json:
        emit_json(found.to_dict())
    else:
        _print(found, errors)


def _print(found: Evaluation, errors: int) -> None:
    emit(f"{'':12} precision  recall      F1     true   false  missed")
    emit(_row("automatic", found.automatic))
    emit(_row("best", found.best))
    for how, (automatic, best) in found.by_how.items():
        emit(_row(f"  {how} a.", automatic))
        emit(_row(f"  {how} b.", best))
    if found.b_cubed:
        precision, recall = found.b_cubed
        emit(f"{'B-cubed':12}     {precision:.4f}  {recall:.4f}  {found.b_cubed_f1:.4f}")
    emit("candidates    recall  lost without  pairs a record  only its own")
    for source, one in found.candidates.items():
        emit(
            f"  {source:12} {one.recall:.4f}        {one.marginal:.4f}"
            f"          {one.pairs_a_record:6.2f}        {one.alone_a_record:6.2f}"
        )
    review = found.review
    emit(f"to review: {review.pairs} pairs, {review.labelled} labelled, {review.true} of them true")
    for name, pairs in (("false", found.false_pairs), ("missed", found.missed_pairs)):
        for left, right in pairs[:errors]:
            emit(f"{name}\t{left}\t{right}")


def _row(name: str, score: Score) -> str:
    rates = f"{score.precision:.4f}  {score.recall:.4f}  {score.f1:.4f}"
    return f"{name:12}     {rates}  {score.true:7d} {score.false:7d} {score.missed:7d}"
