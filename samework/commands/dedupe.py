"""`samework dedupe`: the one-shot run over files."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import samework as sw
from indexer.errors import NothingRead
from indexer.running.workers import RARELY
from samework.commands.choices import exports_known, keepers, keeps, levels, parts, usage
from samework.commands.options import CollapseOption, FilesArgument, WeightsOption, WorkersOption
from samework.commands.reading import tell_unusable
from samework.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

SOURCE_ORDER = "source-order"
UNITS = {"reading": "records", "comparing": "pairs", "writing": "works"}

OutOption = Annotated[
    Path, typer.Option("--out", "-o", envvar="SAMEWORK_OUT", help="Where to write the answer.")
]
LevelOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_LEVEL",
        autocompletion=levels,
        help="What a run collapses: work or version.",
    ),
]
ExportOption = Annotated[
    list[str] | None,
    typer.Option(
        autocompletion=exports_known,
        help="Also write one entry a work: csv, ris, bibtex, csl, jsonl; parquet, arrow, pairs "
        "too; repeatable.",
    ),
]
KeepOption = Annotated[
    str,
    typer.Option(
        autocompletion=keeps, help="merged: all records of a work as one; one: the best record."
    ),
]
KeeperOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_KEEPER",
        autocompletion=keepers,
        help="Which is best: most-complete, published, source-order, newest, oldest.",
    ),
]
TrustOption = Annotated[
    list[str] | None, typer.Option(help="Sources for source-order, most trusted first.")
]
WriteOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PARTS",
        autocompletion=parts,
        help="Write these parts alone: works, pairs, review, summary, report, marked, piles, kept; "
        "with commas, or repeatable. Default: all, above 200,000 rows all but marked and piles.",
    ),
]
RowsOption = Annotated[bool, typer.Option(help="Write marked/ and piles/ from the rows.")]
ReportOption = Annotated[bool, typer.Option(help="Write report.html.")]
JudgementsOption = Annotated[
    list[Path] | None, typer.Option(help="A to-check.csv that people have filled in; repeatable.")
]
SinceOption = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT", help="The folder of an earlier answer: keep its works, say what is new."
    ),
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="A column with decisions of screening; repeatable."),
]
UniqueSourceOption = Annotated[
    list[str] | None, typer.Option(help="A source that promises no duplicates; repeatable.")
]
TimingsOption = Annotated[
    bool, typer.Option("--timings", help="Print what each stage took, on stderr.")
]
SummaryOption = Annotated[bool, typer.Option("--json", help="The summary as JSON on stdout.")]


def dedupe(
    files: FilesArgument,
    out: OutOption = Path("samework-out"),
    since: SinceOption = None,
    level: LevelOption = "work",
    export: ExportOption = None,
    keep: KeepOption = "merged",
    keeper: KeeperOption = "most-complete",
    trust: TrustOption = None,
    write: WriteOption = None,
    rows: RowsOption = True,
    report: ReportOption = True,
    judgements: JudgementsOption = None,
    label: LabelOption = None,
    weights: WeightsOption = "",
    unique_source: UniqueSourceOption = None,
    collapse: CollapseOption = None,
    workers: WorkersOption = "auto",
    json: SummaryOption = False,
    timings: TimingsOption = False,
) -> None:
    """
    Find the works in files, and say why: no set-up, no server, nothing deleted.

    Writes into --out: report.html to look at; marked/, your rows again with work_id,
    version_group and verdict; piles/ as spreadsheets; works, pairs and review.jsonl;
    summary.json. With --keep one also kept/, the rows of one record a work. Its index
    stays in OUT/index, for `samework explain A B --index OUT/index`. A later run into the
    same folder replaces what this one wrote, at its end, and nothing else; what you judged
    in piles/to-check.csv or in --judgements stays in judgements.jsonl and is obeyed.
    With --since a search goes on that was answered before: works keep their ids, judgements
    hold, new.jsonl (and new.ris, as you --export) has what is new, and no pair is asked twice.
    Exit status: 0 done, 1 error, 3 when no rows were read or rows could not be used.

    Example: samework dedupe scopus.ris pubmed.csv --out answer
    Example: samework dedupe april/ --since answer --out answer-april --export ris
    """
    resume_by("nothing was deleted; the same command begins anew and ends the same")
    asked = partial(
        sw.dedupe, files, out=out, since=since, level=level, weights=weights, workers=workers,
        unique_source=unique_source or (), collapse=collapse or (), label=label or (),
        judgements=judgements or (), export=export or (), keep=keep, keeper=keeper,
        trust=trust or (), write=_named(write), rows=rows, report=report,
    )  # fmt: skip
    with _ended(asked) as run:
        _tell(run, out, as_json=json)
        if timings:
            _tell_timings(run.timings)
    _tell_trust(keeper, trust or (), run.summary["sources"])
    if "-" in files and "marked/" in run.written:
        say("rows of standard input are not marked: they cannot be read twice")
    tell_unusable(run.rejected, out / "index")
    if run.summary["rows"]["rejected"]:
        raise typer.Exit(Status.INCOMPLETE)


def _named(write: Sequence[str] | None) -> list[str]:
    """The parts that --write names, with commas or one each."""
    return [part.strip() for given in write or () for part in given.split(",") if part.strip()]


def _ended(asked: Callable[..., sw.Run]) -> sw.Run:
    """The run that was asked for, under its progress."""
    gc.set_threshold(*RARELY)
    with usage(), Stages(UNITS).shown() as stages:
        try:
            return asked(progress=stages)
        except NothingRead as nothing:
            say(f"{nothing}; nothing was written")
            raise typer.Exit(Status.INCOMPLETE) from None


def _tell(run: sw.Run, out: Path, *, as_json: bool) -> None:
    for note in run.notes:
        say(note)
    if as_json:
        emit_json(run.summary)
    else:
        _print_summary(run.summary, out, run.written)


def _tell_timings(stages: Sequence[dict[str, Any]]) -> None:
    """What each stage took, as a table on stderr."""
    say(f"{'stage':14} {'wall s':>8} {'CPU s':>8} {'share':>6} {'a CPU s':>10} {'peak MB':>8}  of")
    for row in stages:
        took = f"{row['wall']:8.1f} {row['cpu']:8.1f} {row['share']:6.1%}"
        rate = f"{row['a_cpu_second']:10,} {row['peak_grew_mb']:+8.0f}"
        say(f"{row['stage']:14} {took} {rate}  {row['count']:,} {row['counted']}")


def _tell_trust(keeper: str, trust: Sequence[str], sources: Iterable[str]) -> None:
    """Say what of --trust had no effect."""
    if not trust:
        return
    if keeper != SOURCE_ORDER:
        say(f"--trust has no effect with --keeper {keeper}: it is for {SOURCE_ORDER}")
    unknown = [name for name in trust if name not in sources]
    if unknown:
        said = f"--trust {', '.join(unknown)}: no record is of such a source"
        say(f"{said}; expected one of {', '.join(sources)}")


def _print_summary(summary: dict[str, Any], out: Path, written: list[str]) -> None:
    rows, pairs = summary["rows"], summary["pairs"]
    read = _counted(rows["read"], "row")
    emit(f"{read} read, {rows['rejected']} unusable, {rows['repeated']} repeated")
    if rows["withdrawn"]:
        emit(f"{rows['withdrawn']:>9} rows of records that their feed deleted, left out")
    emit(_counted(summary["records"], "record"))
    largest = _counted(summary["largest_work"], "record").strip()
    emit(f"{_counted(summary['works'], 'work')}, the largest of {largest}")
    beyond = summary["records_beyond_the_first_of_their_work"]
    emit(f"{_counted(beyond, 'record')} beyond the first of their work")
    told = ", ".join(f"{count} {verdict}" for verdict, count in pairs.items())
    emit(f"{_counted(sum(pairs.values()), 'pair')} listed: {told}")
    if "since" in summary:
        _print_since(summary["since"], out / "index")
    if "labels" in summary:
        _print_labels(summary["labels"], out)
    emit(f"          written to {out}/: {' '.join(written)}")
    if "piles/" in written and summary["prisma"]["records_in_pairs_to_check"]:
        emit(f"          for you to judge: {out / 'piles' / 'to-check.csv'}")


def _print_since(since: dict[str, Any], index: Path) -> None:
    works, rows = since["works"], since["rows"]
    emit(f"{_counted(works['new'], 'new work')} since {since['answer']}")
    grown = f", {works['grown']} of them in a version that was not there" if works["grown"] else ""
    held = works["known"] + works["grown"]
    again = _counted(rows["known"] + rows["grown"], "row").strip()
    emit(f"{_counted(held, 'work')} known from there{grown}; {again} of them met again")
    if since["redirected"]:
        emit(f"{_counted(len(since['redirected']), 'work id')} of then redirected: works merged")
    if since["split_off"]:
        emit(f"{_counted(since['split_off'], 'work')} split off from works of then")
    if since["asked_again"]:
        asked = _counted(since["asked_again"], "pair")
        emit(f"{asked} asked again that nobody had judged")
    if since["conflicts"]:
        held = _counted(since["conflicts"], "pair")
        emit(f"{held} judged not the same and tied by others: samework review list --index {index}")


def _print_labels(labels: dict[str, Any], out: Path) -> None:
    carried, conflicts = labels["carried_to_kept_rows"], labels["conflicts"]
    emit(f"{_counted(labels['rows'], 'row')} with labels; carried to kept rows: {carried}")
    listed = out / "piles" / "label-conflicts.csv"
    if conflicts:
        where = f": {listed}" if listed.exists() else ""
        emit(f"{_counted(conflicts, 'conflict')} of labels within a work{where}")


def _counted(count: int, what: str) -> str:
    return f"{count:>9} {what}{'s' * (count != 1)}"
