"""
Piles: the three lists that reviewers work with, as spreadsheets.

    Deduplication, standings  ->  unique.csv, duplicates.csv, to-check.csv

unique and duplicates hold every record once between them; to-check holds pairs, side
by side, one for every two works, with an empty column for what a person says.
`samework dedupe --judgements` reads it back (`judgement_sheet.py`). Does not: decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from detector.decision.decided import Rows
from detector.judgements.judgement_sheet import JUDGEMENT, KIND, LEFT, RIGHT, SHOWN
from detector.reports.exports.cells import csv_bytes
from detector.reports.exports.side_by_side import SIDES, facts_of, side_by_side
from detector.reports.folder.output_file import whole_file
from detector.reports.standings import RowVerdict, verdict_of
from detector.runs.one_shot import Deduplication
from detector.works.works import Work
from indexer.fields import Fields
from indexer.fields.packing import FlatFields, flat_of

Row = list[object]


def write_table(target: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write a table; one without a row is not written."""
    rows = iter(rows)
    first = next(rows, None)
    if first is not None:
        with whole_file(target) as out:
            out.writelines(csv_bytes(chain((first,), rows)))


UNIQUE: Final = ("id", "source", "work_id", "verdict", *SHOWN)
DUPLICATES: Final = (
    *("id", "source", "work_id", "version_group", "verdict", "same_as", *SHOWN, "why"),
)  # fmt: skip
TO_CHECK: Final = (LEFT, RIGHT, JUDGEMENT, "probability", KIND, *SIDES, "why")
_AT_ONCE: Final = 2_000  # pairs


def unique_row(
    work: Work, fields: FlatFields, verdict: RowVerdict, name: str, since: Sequence[str] = ()
) -> Row:
    """
    The row of a record that is a work alone, and what outputs call it.

    `since` is what it is since an earlier answer, where there is one: a last column.
    """
    return [name, fields.source, work.work_id, verdict, *facts_of(fields), *since]


def duplicate_rows(
    work: Work,
    kept: str,
    fields: Mapping[str, Fields | bytes],
    names: Mapping[str, str],
    why: Mapping[str, str],
    since: Sequence[str] = (),
) -> Iterator[Row]:
    """The rows of a work of several records, the kept one first; `since` is of each version."""
    groups = {name: at for at, group in enumerate(work.version_groups, 1) for name in group}
    for name in sorted(work.records, key=lambda name: name != kept):
        said, at = flat_of(fields[name]), groups[name]
        verdict = verdict_of(name, kept, work.version_groups[at - 1])
        own = [names[name], said.source, work.work_id, f"{work.work_id}.{at}", verdict]
        same_as = "" if name == kept else names[kept]
        yield [*own, same_as, *facts_of(said), why.get(name, ""), *since[at - 1 : at]]


def to_check_rows(
    run: Deduplication, names: Mapping[str, str], rows: Rows, why: Mapping[int, str]
) -> Iterator[Row]:
    """The pairs that a person should see, side by side, with an empty column for what is said."""
    columns = run.detection.decisions
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        pairs = list(columns.pairs(batch))
        fields = run.detector.fields.of({record_id for pair in pairs for record_id in pair})
        for row, (left, right) in zip(batch.tolist(), pairs, strict=True):
            beside = side_by_side(flat_of(fields[left]), flat_of(fields[right]))
            decided = ["", f"{columns.probability[row]:.3f}", columns.kinds[columns.kind[row]]]
            yield [names[left], names[right], *decided, *beside, why[row]]


def one_a_pair_of_works(run: Deduplication, to_check: Rows) -> Rows:
    """The likeliest pair between every two works: one look settles them all."""
    columns = run.detection.decisions
    work = run.detection.works.works.first_of(columns.ids)
    ends = np.sort(np.stack((work[columns.left], work[columns.right]))[:, to_check], axis=0)
    _, first = np.unique(ends, axis=1, return_index=True)
    return to_check[np.sort(first)]


def strongest_rows(run: Deduplication) -> dict[str, int]:
    """The row of the strongest decision on each record inside its work."""
    columns = run.detection.decisions
    work = run.detection.works.works.first_of(columns.ids)
    left, right = work[columns.left], work[columns.right]
    rows = np.flatnonzero((left == right) & (left >= 0))
    rows = rows[np.lexsort((columns.right[rows], columns.left[rows], -columns.probability[rows]))]
    ends = np.stack((columns.left[rows], columns.right[rows]), axis=1).ravel()
    records, first = np.unique(ends, return_index=True)
    told = zip(records.tolist(), rows[first // 2].tolist(), strict=True)
    return {columns.ids[record]: row for record, row in told}
