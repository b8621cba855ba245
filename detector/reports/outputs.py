"""
Outputs of a one-shot run for programs: JSON Lines and a summary.

    Deduplication  ->  works.jsonl, pairs.jsonl, review.jsonl, summary.json

Each file is written beside its place and moved there when whole. Does not: write
for people (`html/`, `exports/`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from detector.decision.decided import VERDICTS, DecisionColumns, found_names
from detector.decision.verdicts import Decision, Verdict
from detector.detecting.pipeline import Detector
from detector.evaluation.expecting import expected_in
from detector.reports.folder.output_file import whole_file
from detector.reports.standings import works_with_records
from detector.runs.one_shot import Deduplication
from detector.runs.update_counts import prisma_since, summary_since
from detector.store.holdings import Pair
from detector.works.judgements import Judgement
from detector.works.merging.canonical import canonical, renamed
from detector.works.merging.choices_of_fields import NOTHING_CHOSEN, FieldChoice, standing_choices
from detector.works.works import Work
from indexer.running.timings import Timings

WORKS: Final = "works.jsonl"
# Of all outputs together; another number says that a name in them changed or went.
VERSION: Final = 2  # a work is `work_id` everywhere; in 1 it was `work` in some
WORK_COLUMNS: Final = ("work_id", "records", "version_groups", "canonical")
PAIR_COLUMNS: Final = tuple(Decision("", "", Verdict.REVIEW).to_dict())
Line = dict[str, Any]
NO_CHOICES: Final[Mapping[str, Sequence[FieldChoice]]] = {}


def write_summary(summary: dict[str, Any], out: Path, timings: Timings) -> None:
    """Write summary.json, with what every stage took until now."""
    summary["seconds"] = timings.summary()
    with whole_file(out / "summary.json") as file:
        layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        file.write(orjson.dumps(summary, option=layout))


def work_columns(run: Deduplication) -> tuple[str, ...]:
    """The keys of these objects."""
    first, *others = WORK_COLUMNS
    return (first, "since", *others) if run.previous else WORK_COLUMNS


def work_lines(run: Deduplication, names: Mapping[str, str]) -> Iterator[Line]:
    """One object a work, single records too: a line of works.jsonl."""
    choices = run.detector.holdings.all_choices()
    return _work_lines(run.detector, run.detection.works.works, names, run.since_of, choices)


def stored_work_lines(detector: Detector) -> Iterator[Line]:
    """The same of the works that an index holds, records called by their ids."""
    choices = detector.holdings.all_choices()
    return _work_lines(detector, detector.holdings.all_works(), {}, choices=choices)


def _work_lines(
    detector: Detector,
    works: Iterable[Work],
    names: Mapping[str, str],
    since_of: Callable[[Work], str] = lambda work: "",
    choices: Mapping[str, Sequence[FieldChoice]] = NO_CHOICES,
) -> Iterator[Line]:
    for work, records, fields in works_with_records(detector, works):
        own = {name: names.get(name, name) for name in work.records}
        said = [choice for name in work.records for choice in choices.get(name, ())]
        chosen = standing_choices(said, work.records) if said else NOTHING_CHOSEN
        merged = canonical(work, records, fields, chosen)
        merged["origin"] = renamed(merged["origin"], own)
        yield _work_line(work, merged, own, since_of(work))


def work_bytes(work: Work, merged: Line, names: Mapping[str, str], since: str) -> bytes:
    """A line of works.jsonl, of a merged record whose origin has the names that outputs have."""
    return orjson.dumps(_work_line(work, merged, names, since), option=orjson.OPT_APPEND_NEWLINE)


def _work_line(work: Work, merged: Line, names: Mapping[str, str], since: str) -> Line:
    return {
        "work_id": work.work_id,
        **({"since": since} if since else {}),
        "records": [names[name] for name in work.records],
        "version_groups": [[names[name] for name in group] for group in work.version_groups],
        "canonical": merged,
    }


def pair_lines(run: Deduplication) -> Iterator[Line]:
    """One object a pair that is not distinct: a line of pairs.jsonl."""
    names = run.names()
    for decision in run.decisions(run.detection.decisions.by_pair()):
        yield judged_line(decision, names, run.judged)


def review_lines(run: Deduplication) -> Iterator[Line]:
    """One object a pair that a person should see: a line of review.jsonl."""
    names = run.names()
    return (pair_line(decision, names) for decision in run.decisions(run.to_check()))


def pair_line(decision: Decision, names: Mapping[str, str]) -> dict[str, Any]:
    """One object a pair."""
    plain = decision.to_dict()
    plain["left"] = names.get(decision.left, decision.left)
    plain["right"] = names.get(decision.right, decision.right)
    return plain


def judged_line(
    decision: Decision, names: Mapping[str, str], judged: Mapping[Pair, Judgement]
) -> Line:
    """The program's decision, and beside it what a person said."""
    line = pair_line(decision, names)
    if judgement := judged.get(decision.pair):
        line["judged"] = str(judgement.verdict)
    return line


def summary_of(
    run: Deduplication, timings: Timings, labels: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The counts of a run, those of a PRISMA flow and of screening labels among them."""
    detection, sizes = run.detection, run.detection.works.works.sizes.tolist()
    records, rows = sum(sizes), len(run.places)
    summary: dict[str, Any] = {
        "outputs": VERSION,
        "policy": ["duplicate", *run.detector.rules.policies],
        "rows": {
            "read": run.counts.read,
            "rejected": run.counts.rejected,
            "used": rows,
            "repeated": rows - len(set(run.places.record_ids)) if run.previous else rows - records,
            "withdrawn": len(run.withdrawn),
        },
        "bytes_of_no_record": {file: dict(what) for file, what in run.no_record.items()},
        "records": records,
        "sources": counted(map(source_of, run.places.record_ids)),
        "databases": dict(sorted(run.places.databases().items())),
        "works": len(sizes),
        "works_of_several_records": sum(size > 1 for size in sizes),
        "records_beyond_the_first_of_their_work": records - len(sizes),
        "largest_work": max(sizes, default=0),
        "pairs": pairs_by_verdict(run),
        "candidates": {
            "proposed": detection.proposed,
            "compared": detection.compared,
            "overfull_keys": int(detection.epoch.overfull.size),
            "found_by": dict(sorted(finders_of(detection.decisions).items())),
        },
        "prisma": prisma_of(run),
        "expected_mistakes": expected_in(run).to_dict(),
        "seconds": timings.summary(),
    }
    if run.previous:
        summary["since"] = summary_since(run)
    if run.judged:
        summary["judged"] = len(run.judged)
    if labels:
        summary["labels"] = labels
    return summary


def pairs_by_verdict(run: Deduplication) -> dict[str, int]:
    """The pairs of each verdict but distinct; to review those that a person should see."""
    unjudged = run.detection.decisions.verdict[run.unjudged()]
    counts = np.bincount(unjudged, minlength=len(VERDICTS)).tolist()
    verdicts = dict(zip(VERDICTS, counts, strict=True)) | {Verdict.REVIEW: len(run.to_check())}
    return {str(verdict): verdicts[verdict] for verdict in Verdict if verdict != "distinct"}


def finders_of(decisions: DecisionColumns) -> Counter[str]:
    """How many decisions each candidate source found."""
    found = Counter[str]()
    for bits, count in zip(*np.unique(decisions.found_by, return_counts=True), strict=True):
        found.update(dict.fromkeys(found_names(int(bits)), int(count)))
    return found


def prisma_of(run: Deduplication) -> dict[str, Any]:
    """The counts of a PRISMA flow diagram; of an updated one where there is an earlier answer."""
    works = len(run.detection.works.works)
    counts: dict[str, Any] = {
        "records_identified": run.counts.read,
        "records_identified_by_database": identified_by_database(run),
        "records_unusable": run.counts.rejected,
        "records_withdrawn": len(run.withdrawn),
        "duplicate_records_removed": len(run.places) - works,
        "records_to_screen": works,
        "records_in_pairs_to_check": len(run.records_to_check()),
    }
    return counts | prisma_since(run) if run.previous else counts


def identified_by_database(run: Deduplication) -> dict[str, int]:
    """
    The rows of each database, those that could not be used too; they add up to the rows read.

    A database is what rows name, else the file; what was not usable is of that of its file.
    """
    rows = run.places.databases() + run.withdrawn.databases()
    of_file = run.places.database_of_file()
    for file, count in run.unusable.by_file.items():
        rows[of_file.get(file, Path(file).name)] += count
    return dict(sorted(rows.items()))


def counted(names: Iterable[str]) -> dict[str, int]:
    """How often each name stands there, by name."""
    return dict(sorted(Counter(names).items()))


def source_of(record_id: str) -> str:
    """The source, or the file, that a record's id begins with."""
    return record_id.split(":", 1)[0]
