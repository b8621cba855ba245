"""`samework match`: which of these do I have already?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

import samework as sw
from detector.reports.folder.output_file import claim_file, whole_file
from samework.commands.options import (
    DEFAULT_INDEX,
    FilesArgument,
    IndexOption,
    JsonOption,
    OverwriteOption,
    WeightsOption,
)
from samework.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

if TYPE_CHECKING:
    from detector.questions.match_counts import MatchCounts
    from detector.questions.matching import Match

_LONGEST_TITLE = 60  # characters shown of it


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

    def found(match: Match) -> None:
        if json:
            emit_json(match.to_dict())
        else:
            _print(match)

    missing, counts = _asked(files, against, index, weights, new, found)
    _tell(counts, summary)
    _leave(counts, fail_on_duplicates, fail_on_review, whole=_whole(counts, missing))


def _asked(
    files: list[str],
    against: list[str] | None,
    index: str,
    weights: str,
    new: str,
    found: Callable[[Match], object],
) -> tuple[sw.Ingested | None, MatchCounts]:
    """What could be read of --against, if it was given, and the counts of the rows."""
    missing = None
    stages = Stages({"reading": "records", "matching": "rows"})
    with (
        sw.open(None if against else index, weights=weights) as catalogue,
        stages.shown(beside_answer=True),
    ):
        if against:
            missing = catalogue.ingest(against, detect=False, progress=stages)
            for line in missing.rejected.told():
                say(line)
        return missing, catalogue.match(files, new=new or None, progress=stages, found=found).counts


def _tell(counts: MatchCounts, summary: Path | None) -> None:
    for line in counts.rejected.told():
        say(line)
    if summary:
        layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        with whole_file(summary) as out:
            out.write(orjson.dumps(counts.to_dict(), option=layout))
    say(str(counts))
    if counts.nothing:
        say(counts.nothing)


def _print(match: Match) -> None:
    row = match.row
    title = row.record.title or row.record.doi or row.record.record_id
    if len(title) > _LONGEST_TITLE:
        title = f"{title[:_LONGEST_TITLE]}…"
    emit(f"{match.words:15}  {row.file} row {row.row:<6} {title}")
    if match.repeats:
        first = match.repeats
        emit(f"{'':15}    repeats {first.file} row {first.row}")
    if match.hits:
        best = match.hits[0]
        more = f", and {len(match.hits) - 1} more" if len(match.hits) > 1 else ""
        emit(f"{'':15}    {best.record_id}  p={best.decision.probability:.3f}{more}")
        emit(f"{'':15}    {'; '.join(best.decision.reasons[:3])}")


def _whole(counts: MatchCounts, missing: sw.Ingested | None) -> bool:
    """Whether all rows could be used, those that they are compared with too."""
    lacking = missing is not None and bool(missing.rejected.first)
    if lacking:
        say("not all of --against could be read: what is told as new may be there already")
    return not (counts.rejected.first or lacking)


def _leave(counts: MatchCounts, on_duplicates: bool, on_review: bool, *, whole: bool) -> None:
    if on_duplicates and counts.there:
        raise typer.Exit(Status.DUPLICATES)
    if on_review and counts.says["review"]:
        raise typer.Exit(Status.REVIEW)
    if not whole or not counts.rows:
        raise typer.Exit(Status.INCOMPLETE)
