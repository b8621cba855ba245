"""
Pair cells: which two records a row of a sheet is about, whatever a spreadsheet did to the rest.

    two record ids, their titles  ->  a cell of the last column  ->  the ids, or why not

The cell is JSON in ASCII letters, which no program takes for a number, a date or a formula and
every encoding has. It holds a mark of the titles that stood beside it, so that a row whose
columns were sorted apart is noticed and not taken for a judgement on another pair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

PAIR: Final = "pair"  # the column
_MARKED: Final = 200  # characters of a title; programs cut long cells off


def pair_cell(left: str, right: str, titles: Sequence[str]) -> str:
    """The cell of two records, given their titles as the row shows them."""
    return json.dumps([left, right, _mark(titles)])


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
        left, right, mark = map(str, json.loads(cell))
    except (ValueError, TypeError):
        raise ValueError(
            f"{PAIR} is {cell!r}; expected what `samework review export` wrote, or an empty cell"
        ) from None
    if any(titles) and _mark(titles) != mark:
        raise ValueError(
            f"it shows other titles than those of {left} and {right}, which its column {PAIR!r} "
            "names; were some columns sorted without the others? export anew and judge there"
        )
    return left, right


def _mark(titles: Sequence[str]) -> str:
    """A short digest of titles, the same after any change of encoding, quotes and digits."""
    letters = "\n".join(re.sub("[^a-z]", "", title[:_MARKED].lower()) for title in titles)
    return blake2b(letters.encode(), digest_size=4).hexdigest()
