"""
The answer of a one-shot run: everything that `dedupe --out DIR` leaves for people.

    Deduplication, Wanted  ->  JSON Lines, report.html, marked/, piles/, exports, kept/

Pairs are told in one pass and works in another, each for all parts at once; this module
knows where they go. It writes into an empty folder, which `answer_folder.py` puts in the
place of the last answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import orjson

from detector.decision.decided import Rows
from detector.reports.exports.cells import BOM, csv_block
from detector.reports.exports.citation_keys import CitationKeys
from detector.reports.exports.exports import (
    ONE,
    Around,
    ExportEntry,
    entry_of,
    exporting,
    kept_entries,
)
from detector.reports.exports.table_files import pairs_table
from detector.reports.folder.output_file import whole_file
from detector.reports.html.report_choice import Choice
from detector.reports.html.report_data import ShownDetails
from detector.reports.html.report_html import MOST_BYTES, write_report
from detector.reports.marked.marked import write_marked
from detector.reports.marked.marking import Mark
from detector.reports.outputs import summary_of, write_summary
from detector.reports.parts.passing import Pass
from detector.reports.parts.told_pairs import RowsWanted, ToldPairs
from detector.reports.parts.wanted import NEW, PARTS, REPORT, Wanted
from detector.reports.piles import (
    DUPLICATES,
    TO_CHECK,
    UNIQUE,
    one_a_pair_of_works,
    strongest_rows,
    to_check_rows,
    write_table,
)
from detector.reports.screening import Screening
from detector.reports.standings import ONE_A_WORK, Standings, marks_of, rows_with_standing
from detector.runs.one_shot import Deduplication, Progress
from detector.runs.previous import Since
from indexer.running.timings import Timings, timed

_NONE: Final[Rows] = np.array([], np.int64)


def write_answer(
    run: Deduplication,
    out: Path,
    wanted: Wanted,
    timings: Timings,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Write the answer; return the summary and the names written, folders with a slash."""
    answer = _Answer(run, out, wanted)
    answer.write_pairs()
    answer.write_works(progress)
    answer.write_tables()
    answer.write_rows()
    summary = summary_of(run, timings, answer.around.screening.summary())
    if left_out := wanted.left_out(len(run.places)):
        summary["left_out"] = left_out
    if "report" in answer.parts:
        with timed("report", len(run.detection.works.works)):
            write_report(answer.shown, answer.names, summary, out / REPORT)
    write_summary(summary, out, timings)
    new = [NEW] if wanted.since and "works" in answer.parts else []
    exported = *wanted.exported().values(), *wanted.exported_new().values()
    written = *new, *exported, *wanted.pair_tables().values()
    return summary, [*(PARTS[part] for part in answer.parts), *written]


def around_of(run: Deduplication, standing: Standings) -> Around:
    """The citation keys and screening labels of all rows."""
    keys, screening = CitationKeys(run.places, standing), Screening(run.all_places, standing)
    return Around(keys, screening, since=run.previous is not None)


class _Answer:
    """One answer; each part is written of what was found on the way to those before."""

    def __init__(self, run: Deduplication, out: Path, wanted: Wanted) -> None:
        self.run = run
        self.parts = wanted.parts(len(run.places))
        self.names = run.names()
        self.shown = ShownDetails(Choice.of_none(run))
        with timed("standings", len(run.places)):
            self.standing = Standings(run, wanted.keeping)
            self.around = around_of(run, self.standing)
        self._out = out
        self._wanted = wanted
        self._to_check = run.to_check()
        self._sheet = _NONE  # rows of to-check.csv
        self._strongest: Mapping[str, int] = {}
        self._told = ToldPairs()

    def write_pairs(self) -> None:
        """Write pairs and review, and take what other parts want of pairs."""
        with timed("pairs", len(self.run.detection.decisions)):
            if "piles" in self.parts:
                self._strongest = strongest_rows(self.run)
                self._sheet = one_a_pair_of_works(self.run, self._to_check)
            if "report" in self.parts:
                self.shown.choice = Choice.all_of(self.run).within(MOST_BYTES)
            wanted = RowsWanted(
                bool("pairs" in self.parts or self._wanted.pair_tables()),
                frozenset(self._to_check.tolist() if "review" in self.parts else ()),
                frozenset(self._strongest.values()),
                frozenset(self._sheet.tolist()),
                frozenset(self.shown.choice.rows.tolist()),
            )
            self._write_pairs(self._told.told(self.run, self.names, wanted))
            if "review" in self.parts:
                with whole_file(self._out / PARTS["review"]) as file:
                    lines = (self._told.review.pop(row) for row in self._to_check.tolist())
                    file.writelines(line + b"\n" for line in lines)
            self.shown.pairs = self._told.shown

    def _write_pairs(self, blocks: Iterable[bytes]) -> None:
        """Write blocks of lines, and the same rows as tables where these are exported."""
        with ExitStack() as stack:
            lines = stack.enter_context(self._file("pairs", PARTS["pairs"]))
            tables = [
                (stack.enter_context(whole_file(self._out / name)), pairs_table(form))
                for form, name in self._wanted.pair_tables().items()
            ]
            for block in blocks:
                lines.write(block)
                if tables:
                    rows = list(map(orjson.loads, block.splitlines()))
                    for file, table in tables:
                        file.write(table.add(rows))
            for file, table in tables:
                file.write(table.end())

    def write_works(self, progress: Progress | None) -> None:
        """Write works, piles of them and merged exports, and take what the report shows."""
        forms = {} if self._wanted.keep == ONE else self._wanted.exported()
        if not (forms or {"works", "piles", "report"}.intersection(self.parts)):
            return
        kept: list[str] = []
        since = self._wanted.since
        done, every = 0, len(self.run.detection.works.works)
        with ExitStack() as stack, timed("works", len(self.run.places)):
            works = stack.enter_context(self._file("works", PARTS["works"]))
            new = stack.enter_context(self._file("works" if since else "", NEW))
            unique = stack.enter_context(self._file("piles", "piles/unique.csv"))
            duplicates = stack.enter_context(self._file("piles", "piles/duplicates.csv"))
            export = stack.enter_context(self._exporting(forms))
            unique.write(BOM + csv_block([(*UNIQUE, *["since"] * since)]))
            duplicates.write(BOM + csv_block([(*DUPLICATES, *["since"] * since)]))
            for said in self._passing().said():
                works.write(said.works)
                new.write(said.new)
                unique.write(said.unique)
                duplicates.write(said.duplicates)
                kept += said.kept
                self.shown.columns |= said.columns
                self.shown.records |= said.records
                self.shown.works |= said.merged
                for line in said.works.splitlines() if forms else ():
                    export(entry_of(orjson.loads(line), self.around))
                done += said.passed
                if progress is not None:
                    progress("writing", said.passed, done / every)
        self.standing.learn(kept)

    def _passing(self) -> Pass:
        return Pass(
            self.run,
            self.names,
            self._wanted.keeping,
            "piles" in self.parts,
            self.standing.alone if "piles" in self.parts else {},
            {name: self._told.why[row] for name, row in self._strongest.items()},
            self.shown.choice.names(),
        )

    def write_tables(self) -> None:
        """Write the other piles."""
        if "piles" not in self.parts:
            return
        with timed("piles", len(self.run.places)):
            pairs = to_check_rows(self.run, self.names, self._sheet, self._told.sheet)
            piles = self._out / "piles"
            write_table(piles / "to-check.csv", (TO_CHECK, *pairs))
            write_table(piles / "keys.csv", self.around.keys.table())
            write_table(piles / "label-conflicts.csv", self.around.screening.conflicts())

    def write_rows(self) -> None:
        """Write the rows again with marks, and those that are kept."""
        run, files = self.run, self._wanted.files
        if "marked" in self.parts:
            with timed("marked rows", len(run.places)):
                write_marked(files, self._out / "marked", marks_of(run.all_places, self.standing))
        if "kept" in self.parts:
            labels = self.around.screening.carried()
            staying: dict[str, dict[int, Mark]] = {}
            for place, row in rows_with_standing(run.all_places, self.standing):
                if row.verdict in ONE_A_WORK:
                    carried = labels.get((place.file, place.position), {})
                    rows = staying.setdefault(place.file, {})
                    rows[place.position] = {**carried, **row.mark()}
            write_marked(files, self._out / "kept", staying)
        if self._wanted.keep == ONE and self._wanted.exports:
            with timed("exports"), self._exporting(self._wanted.exported()) as export:
                for entry in kept_entries(run, self.standing, self.around, files):
                    export(entry)

    @contextmanager
    def _exporting(self, forms: Mapping[str, str]) -> Iterator[Callable[[ExportEntry], None]]:
        """What writes a work to the files of these formats; a new one also to those of the new."""
        of_new = self._wanted.exported_new() if forms else {}
        files, new = (
            {form: self._out / name for form, name in named.items()} for named in (forms, of_new)
        )
        with exporting(files, self.around) as export, exporting(new, self.around) as export_new:

            def both(entry: ExportEntry) -> None:
                export(entry)
                if entry.since == Since.NEW:
                    export_new(entry)

            yield both

    @contextmanager
    def _file(self, part: str, name: str) -> Iterator[BinaryIO]:
        """The file of a part; one that takes all and stores nothing where it is not wanted."""
        if part in self.parts:
            with whole_file(self._out / name) as file:
                yield file
        else:
            with open(os.devnull, "wb") as file:
                yield file
