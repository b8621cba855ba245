"""
Roman numerals below 400, as volumes, parts and supplements are numbered.

    ROMAN["xiv"]  ->  14

Does not: say where a numeral is one ("I" the pronoun); `numerals.py` and `places.py` do.
"""

from __future__ import annotations

from typing import Final

_DIGITS: Final = (
    ("", "c", "cc", "ccc"),
    ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"),
    ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"),
)
ROMAN: Final = {
    _DIGITS[0][number // 100] + _DIGITS[1][number // 10 % 10] + _DIGITS[2][number % 10]: number
    for number in range(1, 400)
}
