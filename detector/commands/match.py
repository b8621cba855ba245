"""`samework match`: which of these do I have already?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from detector.commands.options import (
    DEFAULT_INDEX,
    FilesArgument,
    IndexOption,
    JsonOption,
    WeightsOption,
    detector_of_files,
    stored_detector,
)
from detector.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from detector.pipeline import Detector
    from detector.questions.matching import Match
    from indexer.ingest import Row
    from indexer.records import Occurrence

_LONGEST_TITLE = 60  # characters shown of it
_WORDS = {
    "duplicate": "have it",
    "version": "another version",
    "review": "to check",
    "related": "related",
    "new": "new",
}


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
    fail_on_duplicates: Annotated[
        bool, typer.Option("--fail-on-duplicates", help="Exit status 4 when any is there already.")
    ] = False,
    fail_on_review: Annotated[
        bool, typer.Option("--fail-on-review", help="Exit status 5 when any wants a look.")
    ] = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Say of each record given whether its work is there already, and why.

    Compares with an index, or with other files (--against); stores nothing. One line a
    row on stdout: have it, another version, to check, related, new. Exit status: 0 done,
    1 error, 3 when rows could not be used; 4 and 5 only when asked for.

    Example: samework match new.ris --against library.bib
    """
    from detector.questions.matching import matches
    from detector.reports.marked import write_rows
    from indexer.feeds.formats import read_files

    resume_by("nothing was stored; run the same command again")
    rows = read_files(files)
    counts: Counter[str] = Counter()
    fresh: set[tuple[str, int]] = set()
    with (
        _compared_with(against, index, weights) as detector,
        Stages({"matching": "rows"}).shown(beside_answer=True) as stages,
    ):
        for found in matches(_usable(rows, counts), detector):
            stages("matching", 1)
            counts[found.says] += 1
            if not found.there:
                fresh.add((found.row.file, found.row.position))
            if json:
                emit_json(found.to_dict())
            else:
                _print(found)
    if new:
        write_rows(files, new, fresh)
    say(_summary(counts))
    _leave(counts, fail_on_duplicates, fail_on_review)


def _compared_with(
    against: list[str] | None, index: str, weights: str
) -> AbstractContextManager[Detector]:
    if against:
        return detector_of_files(against, weights)
    return stored_detector(index, weights)


def _usable(rows: Iterable[Row], counts: Counter[str]) -> Iterator[Occurrence]:
    from indexer.records import Occurrence

    for row in rows:
        if isinstance(row, Occurrence):
            yield row
        else:
            counts["rejected"] += 1
            say(f"{row.file} row {row.row}: {row.reason}")


def _print(found: Match) -> None:
    row = found.row
    title = row.record.title or row.record.doi or row.record.record_id
    if len(title) > _LONGEST_TITLE:
        title = f"{title[:_LONGEST_TITLE]}…"
    emit(f"{_WORDS[found.says]:15}  row {row.row:<6} {title}")
    if found.hits:
        best = found.hits[0]
        more = f", and {len(found.hits) - 1} more" if len(found.hits) > 1 else ""
        emit(f"{'':15}    {best.record_id}  p={best.decision.probability:.3f}{more}")
        emit(f"{'':15}    {'; '.join(best.decision.reasons[:3])}")


def _summary(counts: Counter[str]) -> str:
    told = [f"{counts[name]} {word}" for name, word in _WORDS.items() if counts[name]]
    unusable = f", {counts['rejected']} unusable" if counts["rejected"] else ""
    return f"{sum(counts.values())} rows: {', '.join(told) or 'none usable'}{unusable}"


def _leave(counts: Counter[str], on_duplicates: bool, on_review: bool) -> None:
    if on_duplicates and counts["duplicate"] + counts["version"]:
        raise typer.Exit(Status.DUPLICATES)
    if on_review and counts["review"]:
        raise typer.Exit(Status.REVIEW)
    if counts["rejected"]:
        raise typer.Exit(Status.INCOMPLETE)
