"""`samework dedupe`: the one-shot run over files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detector.commands.terminal import Stages, Status, emit, emit_json, say

if TYPE_CHECKING:
    from detector.pipeline import Detector


def dedupe(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Files or folders; '-' reads stdin.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the answer.")] = Path("samework-out"),
    level: Annotated[str, typer.Option(help="What a run collapses: work or version.")] = "work",
    weights: Annotated[Path | None, typer.Option(help="A weights file of `samework tune`.")] = None,
    unique_source: Annotated[
        list[str] | None,
        typer.Option(help="A source that promises no duplicates; may be repeated."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The summary as JSON on stdout.")] = False,
) -> None:
    """
    Find the works in files, and say why: no set-up, no server, nothing deleted.

    Writes works.jsonl, pairs.jsonl, review.jsonl and summary.json into --out, and keeps
    its index in --out/index for `samework explain A B --index OUT/index`. Progress goes
    to stderr. Exit status: 0 done, 1 error, 3 when rows could not be used.

    Example: samework dedupe scopus.ris pubmed.csv --out answer
    """
    from detector.dedupe import deduplicate
    from detector.reports.outputs import write_outputs
    from indexer.feeds.formats import read_files

    rows = read_files(files)
    began = time.perf_counter()
    detector = _fresh_detector(out, level, weights, unique_source or [])
    try:
        with Stages({"reading": "records", "comparing": "pairs"}).shown() as stages:
            found = deduplicate(rows, detector, stages)
        judged = time.perf_counter()
        summary = write_outputs(found, out, {"reading and judging": judged - began})
    finally:
        detector.engine.close()
    if json:
        emit_json(summary)
    else:
        _print_summary(summary, out)
    if summary["rows"]["rejected"]:
        say(f"{summary['rows']['rejected']} rows could not be used; see them with")
        say(f"  samework dead-letters list --index {out / 'index'}")
        raise typer.Exit(Status.INCOMPLETE)


def _fresh_detector(out: Path, level: str, weights: Path | None, unique: list[str]) -> Detector:
    """A detector over an empty index in the output folder."""
    from detector.commands.choices import level_of
    from detector.pipeline import Detector
    from detector.weights import Weights
    from detector.work_rules import WorkRules
    from indexer.backends.opening import open_engine

    rules = WorkRules(level=level_of(level), unique_sources=frozenset(unique))
    index = out / "index"
    for old in index.glob("samework.sqlite*"):
        old.unlink()
    return Detector(open_engine(str(index)), Weights.load(weights), rules)


def _print_summary(summary: dict[str, Any], out: Path) -> None:
    rows, pairs = summary["rows"], summary["pairs"]
    emit(f"{rows['read']:>9} rows read, {rows['rejected']} unusable, {rows['repeated']} repeated")
    emit(f"{summary['records']:>9} records")
    emit(f"{summary['works']:>9} works, the largest of {summary['largest_work']} records")
    beyond = summary["records_beyond_the_first_of_their_work"]
    emit(f"{beyond:>9} records beyond the first of their work")
    told = ", ".join(f"{count} {verdict}" for verdict, count in pairs.items())
    emit(f"{sum(pairs.values()):>9} pairs told: {told}")
    emit(f"          written to {out}/: works.jsonl pairs.jsonl review.jsonl summary.json")
