"""
A run: the works in some records, as `samework dedupe` finds them.

    records, options  ->  dedupe()  ->  Run  ->  tables, explanations, an answer folder

The library's face of `detector.dedupe_run`. Does not: anything by itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

from detector.dedupe_run import DedupeRun, run_into, run_over, write_into
from detector.judgements.judgement_sheet import sheet_of
from detector.questions.explaining import Explanation, explain_stored, resolve
from detector.reports import outputs
from detector.reports.exports.exports import EXPORTS, KEEPS
from detector.reports.html.preview import preview
from detector.reports.parts.wanted import PARTS, Wanted, wanted_named
from detector.runs.asked import Asked
from detector.runs.one_shot import Progress
from detector.works.joining.policies import COLLAPSIBLE
from detector.works.merging.keepers import KEEPERS
from detector.works.work_rules import WorkLevel, rules_named
from indexer.feeds.formats.in_memory import PathLike, Records, files_of
from indexer.ingesting.dead_letters import LETTER_COLUMNS, Unusable, letter_rows
from samework.tables import Table

__all__ = ["AnswerOptions", "Progress", "Run", "choices", "dedupe"]

# Values that options take, by option.
choices: Final[Mapping[str, tuple[str, ...]]] = {
    "level": tuple(level.value for level in WorkLevel),
    "collapse": COLLAPSIBLE,
    "export": tuple(EXPORTS),
    "write": tuple(PARTS),
    "keep": KEEPS,
    "keeper": tuple(KEEPERS),
}


class AnswerOptions(TypedDict, total=False):
    """What `Run.write` leaves in a folder beside the JSON Lines; see there."""

    write: Sequence[str]
    export: Sequence[str]
    keep: str
    keeper: str
    trust: Sequence[str]
    rows: bool
    report: bool


def dedupe(
    records: Records,
    *,
    out: PathLike | None = None,
    since: PathLike | None = None,
    level: str = "work",
    weights: PathLike = "",
    unique_source: Sequence[str] = (),
    collapse: Sequence[str] = (),
    judgements: Sequence[PathLike] = (),
    label: Sequence[str] = (),
    workers: int | str = "auto",
    progress: Progress | None = None,
    **writing: Unpack[AnswerOptions],
) -> Run:
    """
    Find the works in records, and say why.

    Nothing is written unless `out` names a folder; `sw.choices` has the values of options.

    Args:
        records: paths, dicts or a table, as docs/python.md says.
        out: leave the answer in this folder, as the command does.
        since: the folder of an earlier answer, to go on with its works and judgements.
        level: "work" or "version": what a run collapses.
        weights: a file of match weights; "": those shipped.
        unique_source: sources that promise no duplicates.
        collapse: policies: "conference" joins what it names, "no-preprint" keeps it apart.
        judgements: sheets that people filled in (to-check.csv), to be obeyed.
        label: columns with decisions of screening.
        workers: processes that share the work, whose answer is one; "auto": all cores.
        progress: is called with a stage, how many more are done, the share done or 0.0.
        writing: with `out`, the options of `Run.write`.

    Example:
        >>> sw.dedupe("examples")
        <Run over 43 records: 26 works, 1 pair to check>
    """
    rules = rules_named(level, unique_source, collapse)
    sheets, before = tuple(map(Path, judgements)), Path(since) if since is not None else None
    asked = Asked((), rules, os.fspath(weights), workers, sheets, tuple(label), since=before)
    return _run(records, asked, out, _wanted(**writing), progress)


def _wanted(*, rows: bool = True, report: bool = True, **named: Any) -> Wanted:
    return replace(wanted_named(**named), rows=rows, report=report)


def _run(
    records: Records,
    asked: Asked,
    out: PathLike | None,
    wanted: Wanted,
    progress: Progress | None,
) -> Run:
    own = Path(tempfile.mkdtemp(prefix="samework-"))
    try:
        asked = replace(asked, files=tuple(files_of(records, own)), own=own)
        if out is None:
            return Run(run_over(asked, own, progress), own)
        return Run(run_into(Path(out), asked, wanted, progress), own)
    except BaseException:
        shutil.rmtree(own, ignore_errors=True)
        raise


class Run:
    """
    What `dedupe` found, with the index it was found in.

    Close it, use it as a context manager, or let it go: its temporary index goes with it.

    Example:
        >>> with sw.dedupe("examples") as run:
        ...     print(run.explain("m1", "r1"))
    """

    def __init__(self, run: DedupeRun, own: Path) -> None:
        self._run = run
        self._own = own
        self._end = weakref.finalize(self, _ended, run, own)

    # Tables ask the run each time, and keep it: `sw.dedupe(x).works` is a whole program.

    @property
    def works(self) -> Table:
        """One row a work, as in works.jsonl: work_id, records, version_groups, canonical."""
        return Table(
            outputs.work_columns(self._run.found),
            lambda: outputs.work_lines(self._run.found, self._run.found.names()),
            lambda: len(self._run.found.detection.works.works),
        )

    @property
    def pairs(self) -> Table:
        """One row a pair that is not distinct, as in pairs.jsonl, with reasons and weights."""
        return Table(
            (*outputs.PAIR_COLUMNS, "judged") if self._run.found.judged else outputs.PAIR_COLUMNS,
            lambda: outputs.pair_lines(self._run.found),
            lambda: len(self._run.found.detection.decisions),
        )

    @property
    def review(self) -> Table:
        """One row a pair that a person should see, the likeliest first, as in review.jsonl."""
        return Table(
            outputs.PAIR_COLUMNS,
            lambda: outputs.review_lines(self._run.found),
            lambda: len(self._run.found.to_check()),
        )

    @property
    def unusable(self) -> Table:
        """One row a row of input that could not be used: where it stood, and why."""
        return Table(
            LETTER_COLUMNS,
            lambda: letter_rows(self._run.found.detector.engine, self._run.asked.shown),
            lambda: self._run.found.counts.rejected,
        )

    @property
    def rejected(self) -> Unusable:
        """How many rows of each file could not be used, and the first of them."""
        return self._run.rejected

    @property
    def summary(self) -> dict[str, Any]:
        """The counts of summary.json."""
        return self._run.summary

    @property
    def timings(self) -> list[dict[str, Any]]:
        """What each stage took until now: wall and CPU seconds, share, count a CPU second."""
        return self._run.timings.rows()

    @property
    def notes(self) -> list[str]:
        """Sentences that a person should read: of judgements, and of files left alone."""
        return self._run.notes

    @property
    def written(self) -> list[str]:
        """What was last written into a folder: names, folders with a slash."""
        return self._run.written

    def explain(self, a: str, b: str) -> Explanation:
        """
        Say why two records are one work, or why not; `str()` of it is for people.

        Args:
            a: a record, as `works` and `pairs` name it.
            b: another.

        Raises:
            UnknownRecord: no record is called so, or several.

        Example:
            >>> why = run.explain("m1", "r1")
            >>> why.verdict, why.probability, why.reasons
        """
        found = self._run.found
        named = {name: record_id for record_id, name in found.names().items()}
        left, right = (named.get(name) or resolve(found.detector, name) for name in (a, b))
        return explain_stored(found.detector, left, right)

    def judge(self, rows: Iterable[Mapping[str, Any]]) -> Run:
        """
        Obey what people say of pairs: works are formed anew, nothing is compared again.

        Args:
            rows: dicts with `left`, `right` and `verdict` (or `judgement`): "same",
                "different", "duplicate", "version", "related" or "distinct". Rows of
                `review` without a judgement are passed over.

        Returns:
            This run, changed.

        Raises:
            JudgementError: a row names no record, or its word is no judgement.

        Example:
            >>> run.judge([{"left": "c9", "right": "r10", "verdict": "same"}])
        """
        found = self._run.found
        self._run.judge(sheet_of(rows, set(found.names().values())))
        return self

    def write(self, folder: PathLike, **writing: Unpack[AnswerOptions]) -> list[str]:
        """
        Leave the answer in a folder: what `samework dedupe --out` leaves, byte for byte.

        A later run into the folder replaces what this one wrote and nothing else; what
        people judged there is obeyed.

        Args:
            folder: where.
            writing: `write`, parts of the answer by name, where it should not be all of them
                (above 200,000 rows all but marked and piles); `export`, formats of one entry
                a work; `keep`, "merged" or "one" record a work; `keeper` and `trust`, which
                one; `rows=False`, without marked, piles and kept; `report=False`, without
                the report.

        Returns:
            The names of what was written, folders with a slash.

        Raises:
            OutputError: something in the folder would be harmed.

        Example:
            >>> run.write("answer", export=["ris"], keep="one")
        """
        write_into(Path(folder), self._run, _wanted(**writing))
        return self._run.written

    def close(self) -> None:
        """Close the index; a temporary one is removed."""
        self._end()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        records, works, doubtful = self.summary["records"], self.summary["works"], len(self.review)
        pairs = "pair" if doubtful == 1 else "pairs"
        return f"<Run over {records:,} records: {works:,} works, {doubtful:,} {pairs} to check>"

    def _repr_html_(self) -> str:
        return preview(self._run.found, self.summary)


def _ended(run: DedupeRun, own: Path) -> None:
    run.close()
    shutil.rmtree(own, ignore_errors=True)
