"""
Trial shapes: which of many texts may hold the number of a clinical trial at all.

    ["… a trial (NCT01234567) …", "… in 2004 …"]  ->  [True, False]

Looks at digits and the two signs before them, in all texts of a batch at once: 2 µs a record,
where looking for every registry's name takes 10 to 20. Does not: read a number
(`trials.py` does), and most of what it lets through is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_BORDER: Final = b"\0" * 8  # around texts, so that there is something to look at before and behind
_SMALL: Final = np.uint8(0x20)  # all that sets a small letter apart
_NOUGHT: Final = np.uint8(ord("0"))
_BEYOND_ASCII: Final = bytes(range(0x80, 0x100))
_BLANK: Final = b" \t\n\v\f\r\x1c\x1d\x1e\x1f:#.,-"  # between a registry's name and its number
# Names of registries, and the words that stand behind them, end so; "s" and "c" are of the number.
_ENDS: Final = b"ct tn ks rn tr in ti tp ec rr no er nr id ts os rs ds nc rc oc dc"
# Of a number of three digits and more.
_FEW: Final = (b"i/", b"r/", b"l/", b"nl", b"tr", b"on")  # or "r" and "l" before one of _BLANK


def _before_long() -> NDArray[np.bool_]:
    """[the sign before the last, the last]: may they stand before six digits and more?"""
    told = np.zeros((0x100, 0x100), bool)
    blank, beyond = list(_BLANK), list(_BEYOND_ASCII)
    for last in _BLANK:
        told[blank, last] = True
        told[list(b"tnsrpciodTNSRPCIOD"), last] = True
    for end in _ENDS.split():
        for first in (end[0], end[0] & ~0x20):
            told[first, [end[1], end[1] & ~0x20]] = True
    for last in b"scSC":
        told[blank, last] = True
    told[beyond] = told[:, beyond] = True
    return told


_BEFORE_LONG: Final = _before_long().ravel()
_IS_BLANK: Final = np.isin(np.arange(0x100), list(_BLANK))


def may_hold_numbers(texts: Sequence[str]) -> list[bool]:
    """Of each text whether `trials.numbers_in` has to look at it."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    signs = np.frombuffer(_BORDER + _BORDER.join(encoded) + _BORDER, np.uint8)
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded)) + len(_BORDER)
    places = np.concatenate((_of_digits(signs), _of_names(signs | _SMALL)))
    possible = np.zeros(len(texts), bool)
    possible[np.searchsorted(np.cumsum(lengths), places, "right")] = True
    told: list[bool] = possible.tolist()
    return told


def _of_digits(signs: NDArray[np.uint8]) -> NDArray[np.intp]:
    """
    Where digits stand that a number may begin with.

    What is no ASCII counts as digits: a digit of any script stays one.
    """
    digits = (signs - _NOUGHT < 10) | (signs >= 0x80)
    at = np.flatnonzero((digits[1:-2] & digits[2:-1] & digits[3:]) > digits[:-3]) + 1
    second, before = signs[at - 2], signs[at - 1]
    last, small = before | _SMALL, second | _SMALL
    few = last == ord("u")
    few |= _IS_BLANK[before] & ((small == ord("r")) | (small == ord("l")))
    for pair in _FEW:
        few |= (last == pair[1]) & (small == pair[0])
    six = digits[at + 3] & digits[at + 4] & digits[at + 5]
    long = _BEFORE_LONG[second.astype(np.intp) << 8 | before] | (signs[at] >= 0x80)
    long |= (before == ord("-")) & (signs[at + 6] == ord("-"))  # "2004-000446-20"
    places: NDArray[np.intp] = at[few | (six & long)]
    return places


def _of_names(small: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Where a registry is named whose numbers have no digits, or letters of any kind before."""
    rebec = _pairs(small, b"r-")
    chictr = _pairs(small, b"hi")
    hkuctr = _pairs(small, b"ku")
    return np.concatenate(
        (
            rebec[(small[rebec - 1] == ord("b")) & (small[rebec - 2] == ord("r"))],
            chictr[(small[chictr - 1] == ord("c")) & (small[chictr + 2] == ord("c"))],
            hkuctr[(small[hkuctr - 1] == ord("h")) & (small[hkuctr + 2] == ord("c"))],
        )
    )


def _pairs(small: NDArray[np.uint8], pair: bytes) -> NDArray[np.intp]:
    return np.flatnonzero((small[:-1] == pair[0]) & (small[1:] == pair[1]))
