"""
Outputs of a one-shot run for programs: JSON Lines and a summary.

    Deduplication  ->  works.jsonl, pairs.jsonl, review.jsonl, summary.json

Each file is written beside its place and moved there when whole. Does not: write
for people (`page.py`, `exports.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from detector.decision.verdicts import Decision, Verdict
from detector.reports.folder.output_file import whole_file
from detector.runs.one_shot import Deduplication
from detector.works.merging.canonical import canonical, renamed

WORKS: Final = "works.jsonl"
# Of all outputs together; another number says that a name in them changed or went.
VERSION: Final = 2  # a work is `work_id` everywhere; in 1 it was `work` in some
WORK_COLUMNS: Final = ("work_id", "records", "version_groups", "canonical")
PAIR_COLUMNS: Final = tuple(Decision("", "", Verdict.REVIEW).to_dict())
Line = dict[str, Any]


def write_outputs(
    found: Deduplication,
    out: Path,
    seconds: Mapping[str, float],
    seen: Callable[[Line], None] | None = None,
    labels: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Write all four files; the summary as written.

    `seen` is shown each line of works; `labels` are the counts of screening labels.
    """
    write_lines(out / WORKS, _shown(work_lines(found, found.names()), seen))
    write_lines(out / "pairs.jsonl", pair_lines(found))
    write_lines(out / "review.jsonl", review_lines(found))
    summary = summary_of(found, seconds, labels)
    with whole_file(out / "summary.json") as file:
        layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        file.write(orjson.dumps(summary, option=layout))
    return summary


def _shown(lines: Iterable[Line], seen: Callable[[Line], None] | None) -> Iterator[Line]:
    for line in lines:
        if seen is not None:
            seen(line)
        yield line


def work_lines(found: Deduplication, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One object a work, single records too: a line of works.jsonl."""
    detector = found.detector
    works = found.detection.works.works
    for start in range(0, len(works), 2_000):
        batch = works[start : start + 2_000]
        wanted = [record_id for work in batch for record_id in work.records]
        records = detector.engine.get(wanted)
        fields = detector.fields.of(wanted)
        for work in batch:
            merged = canonical(work, records, fields)
            merged["origin"] = renamed(merged["origin"], names)
            yield {
                "work_id": work.work_id,
                "records": [names[one] for one in work.records],
                "version_groups": [[names[one] for one in group] for group in work.version_groups],
                "canonical": merged,
            }


def pair_lines(found: Deduplication) -> Iterator[Line]:
    """One object a pair that is not distinct: a line of pairs.jsonl."""
    names = found.names()
    for decision in sorted(found.detection.decisions, key=lambda d: (d.left, d.right)):
        yield _judged_line(decision, names, found)


def review_lines(found: Deduplication) -> Iterator[Line]:
    """One object a pair that a person should see: a line of review.jsonl."""
    names = found.names()
    return (pair_line(decision, names) for decision in found.to_check)


def pair_line(decision: Decision, names: Mapping[str, str]) -> dict[str, Any]:
    """One object a pair."""
    plain = decision.to_dict()
    plain["left"] = names.get(decision.left, decision.left)
    plain["right"] = names.get(decision.right, decision.right)
    return plain


def _judged_line(decision: Decision, names: Mapping[str, str], found: Deduplication) -> Line:
    """The program's decision, and beside it what a person said."""
    line = pair_line(decision, names)
    if judged := found.judged.get((decision.left, decision.right)):
        line["judged"] = str(judged.verdict)
    return line


def summary_of(
    found: Deduplication, seconds: Mapping[str, float], labels: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The counts of a run, those of a PRISMA flow and of screening labels among them."""
    works = found.detection.works.works
    verdicts = Counter(
        one.verdict
        for one in found.detection.decisions
        if (one.left, one.right) not in found.judged
    )
    to_check = found.to_check
    verdicts[Verdict.REVIEW] = len(to_check)
    records = sum(len(work.records) for work in works)
    rows = len(found.places)
    sources = Counter(source_of(place.record_id) for place in found.places)
    checking = {name for one in to_check for name in (one.left, one.right)}
    summary = {
        "outputs": VERSION,
        "rows": {
            "read": found.counts.read,
            "rejected": found.counts.rejected,
            "used": rows,
            "repeated": rows - records,
            "withdrawn": len(found.withdrawn),
        },
        "bytes_of_no_record": {file: dict(what) for file, what in found.no_record.items()},
        "records": records,
        "sources": dict(sorted(sources.items())),
        "databases": dict(sorted(Counter(place.database for place in found.places).items())),
        "works": len(works),
        "works_of_several_records": sum(len(work.records) > 1 for work in works),
        "records_beyond_the_first_of_their_work": records - len(works),
        "largest_work": max((len(work.records) for work in works), default=0),
        "pairs": {str(verdict): verdicts[verdict] for verdict in Verdict if verdict != "distinct"},
        "candidates": {
            "proposed": found.detection.proposed,
            "compared": found.detection.compared,
            "overfull_keys": int(found.detection.epoch.overfull.size),
            "found_by": found_by(found.detection.decisions),
        },
        "prisma": {
            "records_identified": found.counts.read,
            "records_identified_by_database": identified_by_database(found),
            "records_unusable": found.counts.rejected,
            "records_withdrawn": len(found.withdrawn),
            "duplicate_records_removed": rows - len(works),
            "records_to_screen": len(works),
            "records_in_pairs_to_check": len(checking),
        },
        "seconds": {stage: round(spent, 3) for stage, spent in seconds.items()},
    }
    if found.judged:
        summary["judged"] = len(found.judged)
    if labels:
        summary["labels"] = labels
    return summary


def identified_by_database(found: Deduplication) -> dict[str, int]:
    """
    The rows of each database, those that could not be used too; they add up to the rows read.

    A database is what rows name, else the file; what was not usable is of that of its file.
    """
    counted = Counter(place.database for place in (*found.places, *found.withdrawn))
    of_file = {place.file: place.database for place in found.places}
    for file, count in found.unusable.by_file.items():
        counted[of_file.get(file, Path(file).name)] += count
    return dict(sorted(counted.items()))


def found_by(decisions: Iterable[Decision]) -> dict[str, int]:
    """How many of the pairs that were kept each candidate source proposed."""
    counted = Counter(source for decision in decisions for source in decision.found_by)
    return dict(sorted(counted.items()))


def source_of(record_id: str) -> str:
    """The source, or the file, that a record's id begins with."""
    return record_id.split(":", 1)[0]


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """A JSON Lines file, in place only when it is whole."""
    with whole_file(path) as out:
        for line in lines:
            out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
