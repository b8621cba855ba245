"""
Cell text: the value of a cell as a person sees it.

    2021.0, "General"  ->  "2021";  datetime(2018, 4, 2), "yyyy-mm-dd"  ->  "2018-04-02"

Of workbooks and Parquet alike. A spreadsheet that took pages 6-10 for a date shows
"6-Oct", and so does this: `places.py` knows how to read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import orjson

_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ZEROS: Final = re.compile(r"0{2,20}(?:-0{1,20})*")  # "00000000", "0000-0000": numbers of a kind
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
LONGEST_NUMBER: Final = 2**63


def text_of(value: Any, number_format: str = "General") -> str:
    """A cell's value as text; "" for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _date(value, number_format)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, Mapping):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    if isinstance(value, Sequence):
        return "; ".join(text for item in value if (text := text_of(item)))
    return str(value)


def unescaped(text: str) -> str:
    """A text of a workbook without the escapes of its XML: "_x000D_" is a line end."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(_character, text).replace("\r\n", "\n")


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _number(value: int | float | Decimal, number_format: str) -> str:
    if isinstance(value, float | Decimal):
        if not isfinite(value):
            return ""
        if number_format.endswith("%"):
            return f"{value * 100:.15g}%"
        whole = int(value)
        if value != whole or abs(whole) >= LONGEST_NUMBER:
            return repr(value) if isinstance(value, float) else str(value)
    digits = str(int(value))
    if value >= 0 and _ZEROS.fullmatch(number_format):
        return _filled(digits, number_format)
    return digits


def _filled(digits: str, zeros: str) -> str:
    """Digits in the form of a number format: 20493630 as "0000-0000" is "2049-3630"."""
    digits = digits.zfill(zeros.count("0"))
    out: list[str] = []
    for sign in reversed(zeros):
        if sign == "0":
            out.append(digits[-1])
            digits = digits[:-1]
        else:
            out.append(sign)
    return digits + "".join(reversed(out))


def _date(value: datetime, number_format: str) -> str:
    """A date; where its format shows no year, or no day, so that it was none: "6-Oct"."""
    shown = _QUOTED.sub("", number_format).lower()
    if "mmm" in shown and "y" not in shown and "d" in shown:
        return f"{value.day}-{value:%b}"
    if "mmm" in shown and "y" in shown and "d" not in shown:
        return f"{value:%b}-{value:%y}"
    if value.hour or value.minute or value.second:
        return value.isoformat(sep=" ", timespec="seconds")
    return value.date().isoformat()
