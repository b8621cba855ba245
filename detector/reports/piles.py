"""
Piles: the three lists that reviewers work with, as spreadsheets.

    Deduplication, standings  ->  unique.csv, duplicates.csv, to-check.csv

unique and duplicates hold every record once between them; to-check holds pairs, side
by side, one for every two works, with an empty column for what a person says.
`samework dedupe --judgements` reads it back (`judgement_sheet.py`). Does not: decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from detector.decision.verdicts import Decision
from detector.judgements.judgement_sheet import CUT_OFF, JUDGEMENT, KIND, LEFT, RIGHT, SHOWN
from detector.reports.exports.cells import csv_bytes
from detector.reports.folder.output_file import whole_file
from detector.reports.standings import Standing
from detector.runs.one_shot import Deduplication
from indexer.fields import Fields

COLUMNS: Final = SHOWN
MOST_AUTHORS: Final = 8
Row = list[object]


def write_piles(run: Deduplication, standing: Mapping[str, Standing], folder: Path) -> None:
    """Write all three piles."""
    folder.mkdir(parents=True, exist_ok=True)
    names = run.names()
    for name, rows in (
        ("unique.csv", _unique(run, standing, names)),
        ("duplicates.csv", _duplicates(run, standing, names)),
        ("to-check.csv", _to_check(run, names)),
    ):
        with whole_file(folder / name) as out:
            out.writelines(csv_bytes(rows))


def write_tables(folder: Path, tables: Mapping[str, Iterator[Sequence[object]]]) -> None:
    """Write tables; one without a row is not written."""
    for name, rows in tables.items():
        first = next(rows, None)
        if first is not None:
            with whole_file(folder / name) as out:
                out.writelines(csv_bytes(chain((first,), rows)))


def _unique(
    run: Deduplication, standing: Mapping[str, Standing], names: Mapping[str, str]
) -> Iterator[Row]:
    yield ["id", "source", "work_id", "verdict", *COLUMNS]
    alone = [w.records[0] for w in run.detection.works.works if len(w.records) == 1]
    fields = run.detector.fields.of(alone)
    for record_id in alone:
        row = standing[record_id]
        facts = _facts(fields[record_id])
        yield [names[record_id], fields[record_id].source, row.work_id, row.verdict, *facts]


def _duplicates(
    run: Deduplication, standing: Mapping[str, Standing], names: Mapping[str, str]
) -> Iterator[Row]:
    yield ["id", "source", "work_id", "version_group", "verdict", "same_as", *COLUMNS, "why"]
    shared = [work for work in run.detection.works.works if len(work.records) > 1]
    fields = run.detector.fields.of({record_id for work in shared for record_id in work.records})
    why = _reasons(run)
    for work in shared:
        for record_id in sorted(
            work.records, key=lambda record_id: record_id != standing[record_id].kept
        ):
            row = standing[record_id]
            same_as = "" if record_id == row.kept else names[row.kept]
            yield [
                *(
                    names[record_id],
                    fields[record_id].source,
                    row.work_id,
                    row.version_group,
                    row.verdict,
                ),
                *(same_as, *_facts(fields[record_id]), why.get(record_id, "")),
            ]


def _to_check(run: Deduplication, names: Mapping[str, str]) -> Iterator[Row]:
    sides = [f"{column}_{side}" for column in COLUMNS for side in ("left", "right")]
    yield [LEFT, RIGHT, JUDGEMENT, "probability", KIND, *sides, "why"]
    pairs = _one_a_pair_of_works(run)
    fields = run.detector.fields.of({record_id for pair in pairs for record_id in pair.pair})
    for pair in pairs:
        facts = zip(_facts(fields[pair.left]), _facts(fields[pair.right]), strict=True)
        beside = [value for both in facts for value in both]
        why = "; ".join(pair.reasons)
        decided = ["", f"{pair.probability:.3f}", pair.kind]
        yield [names[pair.left], names[pair.right], *decided, *beside, why]


def _one_a_pair_of_works(run: Deduplication) -> list[Decision]:
    """The likeliest pair between every two works: one look settles them all."""
    work_of = run.work_of()
    rows = run.to_check()
    first: dict[frozenset[str], int] = {}
    for row, (left, right) in zip(rows.tolist(), run.detection.decisions.pairs(rows), strict=True):
        first.setdefault(frozenset({work_of[left], work_of[right]}), row)
    return list(run.decisions(np.array(list(first.values()), np.int64)))


def _reasons(run: Deduplication) -> dict[str, str]:
    """For each record the reasons of its strongest decision inside its work."""
    columns, work_of = run.detection.decisions, run.work_of()
    inside = [work_of.get(left) == work_of.get(right, right) for left, right in columns.pairs()]
    rows = np.flatnonzero(inside)
    rows = rows[np.lexsort((columns.right[rows], columns.left[rows], -columns.probability[rows]))]
    strongest: dict[str, int] = {}
    for row, pair in zip(rows.tolist(), columns.pairs(rows), strict=True):
        for record_id in pair:
            strongest.setdefault(record_id, row)
    needed = np.unique(np.array(list(strongest.values()), np.int64))
    told = zip(needed.tolist(), run.decisions(needed), strict=True)
    why = {row: "; ".join(decision.reasons[:3]) for row, decision in told}
    return {record_id: why[row] for record_id, row in strongest.items()}


def _facts(fields: Fields) -> Row:
    """What stands under COLUMNS."""
    names = [name.text for name in fields.authors.names]
    authors = "; ".join(names[:MOST_AUTHORS]) + (CUT_OFF if len(names) > MOST_AUTHORS else "")
    places, pages = fields.places, fields.places.pages or fields.places.article_number
    dois = sorted(fields.by_scheme.get("doi", ()))
    where = (fields.container.text, places.volume, places.issue, pages)
    return [fields.title.text, authors, fields.year or "", *where, " ".join(dois)]
