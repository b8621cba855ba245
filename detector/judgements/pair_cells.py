"""
Pair cells: which two records a row of a sheet is about, whatever a spreadsheet did to the rest.

    two record ids, their titles  ->  a cell of the last column  ->  the ids, or why not

The cell is JSON in ASCII letters, which no program takes for a number, a date or a formula and
every encoding has. It holds the letters of the titles that stood beside it, so that a row whose
columns were sorted apart is noticed and not taken for a judgement on another pair. Alike is
enough: Excel saves "Kovač" as "Kovac" or "Kova?" where the code page has no "č".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz.fuzz import ratio

PAIR: Final = "pair"  # the column
_LETTERS: Final = 60  # of a title
_FEWEST: Final = 4  # letters that tell something; titles in other scripts have none
_ALIKE: Final = 60.0  # per cent; other titles share by chance some 40


def pair_cell(left: str, right: str, titles: Sequence[str]) -> str:
    """The cell of two records, given their titles as the row shows them."""
    return json.dumps([left, right, *map(_letters, titles)])


def pair_in(cell: str, titles: Sequence[str]) -> tuple[str, str]:
    """
    The two record ids in a cell.

    Args:
        cell: as `pair_cell` wrote it.
        titles: those that stand in the row now; empty ones where the columns were taken out.

    Raises:
        ValueError: the cell was changed, or stands beside other titles than it did.
    """
    try:
        left, right, *shown = map(str, json.loads(cell))
        stood = list(zip(shown, map(_letters, titles), strict=True))
    except (ValueError, TypeError):
        raise ValueError(
            f"{PAIR} is {cell!r}; expected what `samework review export` wrote, or an empty cell"
        ) from None
    if any(
        min(len(then), len(now)) >= _FEWEST and ratio(then, now) < _ALIKE for then, now in stood
    ):
        raise ValueError(
            f"it shows other titles than those of {left} and {right}, which its column {PAIR!r} "
            "names; were some columns sorted without the others? export anew and judge there"
        )
    return left, right


def _letters(title: str) -> str:
    """The first letters of a title that every encoding has."""
    return re.sub("[^A-Za-z]", "", title)[:_LETTERS].lower()
