"""
Judgement sheets: what a person wrote into the to-check pile, read back.

    to-check.csv with the column `judgement` filled in  ->  Judgement, ... or Truth

Takes the words of verdicts and those that people write instead (WORDS). Does not:
store anything; a run is given the judgements before it forms works.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from detector.decision.verdicts import Verdict
from detector.errors import JudgementError
from detector.evaluation.truth import Label, Truth, pair_of
from detector.works.judgements import Judgement

LEFT: Final = "left"
RIGHT: Final = "right"
JUDGEMENT: Final = "judgement"
KIND: Final = "kind"  # which versions the two are, if one work
_ONE_WORK: Final = ("same", "yes", "y", "x", "1", "true")  # says nothing of versions
WORDS: Final[Mapping[str, Verdict]] = {
    **{str(verdict): verdict for verdict in Verdict},
    **dict.fromkeys(_ONE_WORK, Verdict.DUPLICATE),
    **dict.fromkeys(("different", "no", "n", "0", "false"), Verdict.DISTINCT),
    **dict.fromkeys(("?", "unsure", "unclear"), Verdict.REVIEW),
}
BY: Final = "sheet"


def read_sheet(path: Path, record_ids: Mapping[str, str]) -> list[Judgement]:
    """
    The judgements of a sheet; rows without one are passed over.

    Args:
        path: CSV with the columns left, right and judgement, commas or semicolons between.
        record_ids: the record that each name of the sheet means.

    Raises:
        JudgementError: a column is missing, or a row has an unknown word or record.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise JudgementError(str(path), f"it cannot be read ({error})") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    missing = {LEFT, RIGHT, JUDGEMENT} - set(rows.fieldnames or ())
    if missing:
        raise JudgementError(str(path), f"column {min(missing)!r} is missing")
    found = []
    for number, row in enumerate(rows, start=2):
        word = (row[JUDGEMENT] or "").strip().casefold()
        if word:
            found.append(_judgement(row, word, record_ids, f"{path} row {number}"))
    return found


def judged_pairs(path: Path, record_ids: Mapping[str, str]) -> Truth:
    """A sheet as labelled pairs by the names of the input; the unsure ones are left out."""
    names = {record: name for name, record in record_ids.items()}
    return Truth(
        pairs={
            pair_of(names[one.pair[0]], names[one.pair[1]]): Label(str(one.verdict))
            for one in read_sheet(path, record_ids)
            if one.verdict is not Verdict.REVIEW
        }
    )


def _judgement(
    row: Mapping[str, str], word: str, record_ids: Mapping[str, str], where: str
) -> Judgement:
    if word not in WORDS:
        raise JudgementError(where, f"{word!r} is no judgement; one of {', '.join(WORDS)}")
    sides = [_unescaped(row[LEFT]), _unescaped(row[RIGHT])]
    for name in sides:
        if name not in record_ids:
            raise JudgementError(where, f"{name!r} is no record of these files")
    two_versions = word in _ONE_WORK and (row.get(KIND) or "").strip()
    verdict = Verdict.VERSION if two_versions else WORDS[word]
    return Judgement(record_ids[sides[0]], record_ids[sides[1]], verdict, by=BY)


def _unescaped(cell: str) -> str:
    """The cell without the apostrophe that kept a spreadsheet from reading a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell
