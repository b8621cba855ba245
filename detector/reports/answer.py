"""
The answer of a one-shot run: everything that `dedupe --out DIR` leaves for people.

    Deduplication, Wanted  ->  JSON Lines, report.html, marked/, piles/, exports, kept/

Each part is a module of its own; this one knows which are wanted and where they go. It
writes into an empty folder, which `answer_folder.py` puts in the place of the last answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from detector.choices import one_of
from detector.reports.exports.citation_keys import CitationKeys
from detector.reports.exports.exports import (
    EXPORTS,
    KEEPS,
    MERGED,
    ONE,
    Around,
    entry_of,
    exporting,
    kept_entries,
)
from detector.reports.folder.answer_folder import INDEX
from detector.reports.html.report_data import MergedRecords
from detector.reports.html.report_html import write_report
from detector.reports.marked.marked import marked_name, write_marked
from detector.reports.outputs import Line, write_outputs, write_summary
from detector.reports.piles import write_piles, write_tables
from detector.reports.screening import Screening
from detector.reports.second_reading import twice
from detector.reports.standings import (
    ONE_A_WORK,
    Keeping,
    Standing,
    rows_with_standing,
    standings,
)
from detector.runs.one_shot import Deduplication, Progress
from detector.works.merging.keepers import KEEPERS
from indexer.feeds.reading.files import names_of_files
from indexer.running.timings import Timings, timed

REPORT: Final = "report.html"
PROGRAMS: Final = ("works.jsonl", "pairs.jsonl", "review.jsonl", "summary.json")
PILES: Final = ("unique", "duplicates", "to-check", "keys", "label-conflicts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run should leave beside works, pairs, review and summary."""

    files: tuple[str, ...] = ()  # the input, to be marked
    exports: tuple[str, ...] = ()  # keys of EXPORTS
    keep: str = MERGED
    keeping: Keeping = field(default_factory=Keeping)
    rows: bool = True  # marked/ and piles/
    report: bool = True
    labels: tuple[str, ...] = ()  # columns of screening decisions beside those told by name


def wanted_named(
    export: Iterable[str] = (),
    keep: str = MERGED,
    keeper: str = Keeping().rule,
    trust: Iterable[str] = (),
    rows: bool = True,
    report: bool = True,
) -> Wanted:
    """
    What is wanted by the names that options give it.

    Raises:
        UnknownValue: a format, a keeper or a value of keep is none.
    """
    exports = tuple(one_of(form, EXPORTS, "format to export") for form in export)
    keeping = Keeping(one_of(keeper, KEEPERS, "rule to keep records by"), tuple(trust))
    keep = one_of(keep, KEEPS, "value of keep")
    return Wanted((), exports, keep, keeping, rows, report)


def write_answer(
    run: Deduplication,
    out: Path,
    wanted: Wanted,
    timings: Timings,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Write the answer; return the summary and the names written, folders with a slash."""
    written = list(PROGRAMS)
    with timed("standings", len(run.places)):
        standing = standings(run, wanted.keeping)
        around = around_of(run, standing)
    if wanted.rows:
        written += _write_rows(run, standing, out, wanted, around)
    merged = MergedRecords()
    exported = {form: out / name for form, name in _export_names(wanted).items()}
    with exporting(exported, around) as export:
        takers: list[Callable[[Line], object]] = [merged.take] if wanted.report else []
        if wanted.keep == MERGED:
            takers.append(lambda line: export(entry_of(line, around)))
        if progress is not None:
            takers.append(_counting(len(run.detection.works.works), progress))
        summary = write_outputs(run, out, timings, takers, around.screening.summary())
        if wanted.keep == ONE:
            with timed("exports"):
                for entry in kept_entries(run, standing, around, wanted.files):
                    export(entry)
    written += [path.name for path in exported.values()]
    if wanted.report:
        with timed("report", len(run.detection.works.works)):
            write_report(run, merged, summary, out / REPORT)
        written.insert(0, REPORT)
    write_summary(summary, out, timings)
    return summary, written


def may_write(wanted: Wanted) -> list[str]:
    """The names that a run may write, as `AnswerFolder.claim` takes them."""
    names = [*PROGRAMS, INDEX]
    names += _export_names(wanted).values()
    if wanted.report:
        names.append(REPORT)
    if wanted.rows:
        names += [f"piles/{name}.csv" for name in PILES]
        files = names_of_files(twice(wanted.files)).values()
        folders = ("marked", "kept") if wanted.keep == ONE else ("marked",)
        names += [f"{folder}/{marked_name(name)}*" for folder in folders for name in files]
    return names


def _export_names(wanted: Wanted) -> dict[str, str]:
    """The name of the file of each format that is exported."""
    stem = "kept" if wanted.keep == ONE else "works"
    return {form: f"{stem}{EXPORTS[form].suffix}" for form in wanted.exports}


def around_of(run: Deduplication, standing: Mapping[str, Standing]) -> Around:
    """The citation keys and screening labels of all rows."""
    return Around(CitationKeys(run.places, standing), Screening(run.places, standing))


def _counting(works: int, progress: Progress) -> Callable[[Line], None]:
    """What tells the progress of writing when it is called with each line."""
    done = count(1)
    return lambda _: progress("writing", 1, next(done) / works)


def _write_rows(
    run: Deduplication,
    standing: Mapping[str, Standing],
    out: Path,
    wanted: Wanted,
    around: Around,
) -> list[str]:
    rows = list(rows_with_standing(run.places, standing))
    marks = {(place.file, place.position): row.mark() for place, row in rows}
    with timed("marked rows", len(rows)):
        write_marked(wanted.files, out / "marked", marks)
    with timed("piles", len(rows)):
        write_piles(run, standing, out / "piles")
        write_tables(
            out / "piles",
            {"keys.csv": around.keys.table(), "label-conflicts.csv": around.screening.conflicts()},
        )
    written = ["marked/", "piles/"]
    if wanted.keep == ONE:
        labels = around.screening.carried()
        staying = {
            (place.file, place.position): {
                **labels.get((place.file, place.position), {}),
                **row.mark(),
            }
            for place, row in rows
            if row.verdict in ONE_A_WORK
        }
        write_marked(wanted.files, out / "kept", staying)
        written.append("kept/")
    return written
