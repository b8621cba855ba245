"""`samework match`: which of these do I have already?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from detector.detecting.pipeline import Detector
from detector.questions.matching import Match
from detector.questions.repeats import matches_once
from detector.reports.folder.output_file import claim_file, whole_file
from detector.reports.marked.one_file import write_rows
from detector.runs.one_shot import database_of
from indexer.feeds.formats import read_files
from indexer.feeds.reading.bytes_read import BytesRead
from indexer.ingesting.dead_letters import Unusable
from indexer.ingesting.ingest import Row
from indexer.records import Occurrence
from samework.commands.options import (
    DEFAULT_INDEX,
    FilesArgument,
    IndexOption,
    JsonOption,
    OverwriteOption,
    WeightsOption,
    detector_of_files,
    stored_detector,
)
from samework.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

_LONGEST_TITLE = 60  # characters shown of it
_WORDS = {
    "duplicate": "have it",
    "version": "another version",
    "review": "to check",
    "related": "related",
    "new": "new",
}


@dataclass(slots=True)
class _Told:
    """What was said of the rows, and the numbers of an updated search that follow."""

    says: Counter[str] = field(default_factory=Counter)
    databases: Counter[str] = field(default_factory=Counter)
    repeats: int = 0

    @property
    def rows(self) -> int:
        """Rows that could be used."""
        return self.says.total()

    def count(self, found: Match) -> None:
        """Count one row."""
        self.says[found.says] += 1

        self.databases[database_of(found.row.record)] += 1
        self.repeats += found.repeats is not None

    def summary(self, unusable: Unusable) -> str:
        """One line for a person."""
        told = [f"{self.says[name]} {word}" for name, word in _WORDS.items() if self.says[name]]
        lost = unusable.by_file.total()
        count = self.rows + lost
        line = f"{count} row{'s' * (count != 1)}: {', '.join(told) or 'none usable'}"
        if lost:
            line += f", {lost} unusable"
        if self.repeats:
            which = "1 repeats" if self.repeats == 1 else f"{self.repeats} repeat"
            line += f"; {which} another new row; {self.to_screen} to screen"
        return line

    @property
    def there(self) -> int:
        """Rows whose work is there already."""
        return self.says["duplicate"] + self.says["version"]

    @property
    def to_screen(self) -> int:
        """Rows that are neither there nor repeat another."""
        return self.rows - self.there - self.repeats

    def as_json(self, unusable: Unusable) -> bytes:
        """The numbers of an updated search."""

        identified = self.databases + Counter(
            {Path(k).name: n for k, n in unusable.by_file.items()}
        )
        plain = {
            "records_identified": identified.total(),
            "records_identified_by_database": dict(sorted(identified.items())),
            "records_unusable": unusable.by_file.total(),
            "records_there_already": self.there,
            "duplicates_among_the_new": self.repeats,
            "records_to_screen": self.to_screen,
            "records_to_check": self.says["review"],
        }
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def match(
    files: FilesArgument,
    index: IndexOption = DEFAULT_INDEX,
    against: Annotated[
        list[str] | None,
        typer.Option(help="Files to compare with instead of an index; may be repeated."),
    ] = None,
    new: Annotated[
        str, typer.Option(help="Also write the rows that are new to this file, as they came.")
    ] = "",
    summary: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the counts for a flow diagram, as JSON."),
    ] = None,
    fail_on_duplicates: Annotated[
        bool, typer.Option("--fail-on-duplicates", help="Exit status 4 when any is there already.")
    ] = False,
    fail_on_review: Annotated[
        bool, typer.Option("--fail-on-review", help="Exit status 5 when any wants a look.")
    ] = False,
    overwrite: OverwriteOption = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Say of each record given whether its work is there already, and why.

    Compares with an index, or with other files (--against); stores nothing. One line a
    row on stdout: have it, another version, to check, related, new. Of rows that are not
    there and describe one work, --new gets the first. Exit status: 0 done, 1 error, 3 when
    no rows were read or rows could not be used; 4 and 5 only when asked for.

    Example: samework match new.ris --against library.bib
    """
    for target in (new, summary):
        if target:
            claim_file(Path(target), overwrite=overwrite, read=(*files, *(against or ())))
    resume_by("nothing was stored; run the same command again")
    progress, unusable, missing = BytesRead(files), Unusable(), Unusable()
    rows = read_files(files, progress.settings())
    told = _Told()
    fresh: set[tuple[str, int]] = set()
    units = {"reading": "records", "matching": "rows"}
    stages = Stages(units)
    with _compared_with(against, index, weights, stages, missing) as detector:
        for found in matches_once(_usable(rows, unusable), detector):
            stages("matching", 1)
            told.count(found)
            if not found.there and not found.repeats:
                fresh.add((found.row.file, found.row.position))
            if json:
                emit_json(found.to_dict())
            else:
                _print(found)
    if new:
        write_rows(files, Path(new), fresh)
    for line in unusable.told():
        say(line)
    if summary:
        with whole_file(summary) as out:
            out.write(told.as_json(unusable))
    say(told.summary(unusable))
    if not told.rows and not unusable.first:
        say(progress.nothing())
    _leave(told, fail_on_duplicates, fail_on_review, whole=_whole(unusable, missing))


@contextmanager
def _compared_with(
    against: list[str] | None, index: str, weights: str, stages: Stages, missing: Unusable
) -> Iterator[Detector]:
    """What the rows are compared with, under its progress: reading files takes time."""
    if not against:
        with stored_detector(index, weights) as detector, stages.shown(beside_answer=True):
            yield detector
        return
    reading = partial(stages, "reading")
    with (
        stages.shown(beside_answer=True),
        detector_of_files(against, weights, reading, missing) as detector,
    ):
        yield detector


def _usable(rows: Iterable[Row], unusable: Unusable) -> Iterator[Occurrence]:
    for row in rows:
        if isinstance(row, Occurrence):
            yield row
        else:
            unusable([row])


def _print(found: Match) -> None:
    row = found.row
    title = row.record.title or row.record.doi or row.record.record_id
    if len(title) > _LONGEST_TITLE:
        title = f"{title[:_LONGEST_TITLE]}…"
    emit(f"{_WORDS[found.says]:15}  {row.file} row {row.row:<6} {title}")
    if found.repeats:
        first = found.repeats
        emit(f"{'':15}    repeats {first.file} row {first.row}")
    if found.hits:
        best = found.hits[0]
        more = f", and {len(found.hits) - 1} more" if len(found.hits) > 1 else ""
        emit(f"{'':15}    {best.record_id}  p={best.decision.probability:.3f}{more}")
        emit(f"{'':15}    {'; '.join(best.decision.reasons[:3])}")


def _whole(unusable: Unusable, missing: Unusable) -> bool:
    """Whether all rows could be used, those that they are compared with too."""
    if missing.first:
        say("not all of --against could be read: what is told as new may be there already")
    return not (unusable.first or missing.first)


def _leave(told: _Told, on_duplicates: bool, on_review: bool, *, whole: bool) -> None:
    if on_duplicates and told.there:
        raise typer.Exit(Status.DUPLICATES)
    if on_review and told.says["review"]:
        raise typer.Exit(Status.REVIEW)
    if not whole or not told.rows:
        raise typer.Exit(Status.INCOMPLETE)
