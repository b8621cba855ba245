"""
Judged index: what people did to the index that a run of `dedupe` left, beside what it wrote.

    index  ->  a sheet of what was judged there, what was taken back, fields that were chosen

`samework judge`, `review` and `works choose` take an answer's index as any other. The next run
into the folder, or one that goes on from it, puts another index in its place: what people said
moves on. Does not: say which records are meant in the next one (`judged_records.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import orjson

from detector.detecting.pipeline import Detector
from detector.judgements.judged_records import SHEET
from detector.judgements.judgement_sheet import JudgedRow, Sheet, Side
from detector.store.events import EventKind
from detector.works.judgements import Judgement
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.errors import BackendError
from indexer.index.opening import open_engine

_UNDONE: Final = b'"event":"%b"' % EventKind.UNDONE.encode()
_ARRIVAL: Final = b'"arrival":'


@dataclass(frozen=True, slots=True)
class SaidInIndex:
    """What people said of the records of an index."""

    sheet: Sheet  # as a sheet of them would say it
    taken_back: frozenset[tuple[str, ...]]  # by identity, and not said again
    choices: tuple[FieldChoice, ...]


def said_in_index(detector: Detector, where: Path) -> SaidInIndex:
    """What people said there."""
    sheet, back = _sheet(detector, where), {said.identity for said in _undone(detector)}
    back.difference_update(said.identity for said in detector.holdings.all_judgements())
    choices = detector.holdings.all_choices().values()
    return SaidInIndex(sheet, frozenset(back), tuple(one for held in choices for one in held))


def said_of_answer(index: Path) -> SaidInIndex | None:
    """
    What people said in an index that a run left, where nothing else came to it since.

    None where records were put, which would go with it, or where it cannot be read.
    """
    try:
        with closing(open_engine(str(index), create=False)) as engine:
            detector = Detector(engine)
            if detector.waiting() or any(_ARRIVAL in entry for _, entry in engine.log()):
                return None
            return said_in_index(detector, index)
    except BackendError:
        return None


def _sheet(detector: Detector, where: Path) -> Sheet:
    judgements = list(detector.holdings.all_judgements())
    ids = {record_id for judgement in judgements for record_id in judgement.pair}
    records = detector.engine.get(sorted(ids))
    sheet = Sheet(where)
    for said in judgements:
        left, right = (Side(name, records.get(name)) for name in (said.left, said.right))
        place = said.why if said.by == SHEET else str(where)
        row = JudgedRow(left, right, said.verdict, said.at, place, said=said.said)
        sheet.rows.append(row if said.by == SHEET else replace(row, by=said.by, why=said.why))
    return sheet


def _undone(detector: Detector) -> Iterator[Judgement]:
    for _, entry in detector.engine.log():
        if _UNDONE in entry:
            said: dict[str, Any] = orjson.loads(entry).get("said", {})
            if "judgement" in said:
                yield Judgement.from_dict(said)
