"""
Keys as OpenSearch knows them: short words that need no escaping in JSON.

    64-bit keys  ->  '"4aX9...","4b..."'  (11 characters each, the first is the kind)
    hits of a search  ->  the keys they carry

A million keys are spelled in half a second: as rows of equal width, so that the
keys of one record are a slice of the whole. Does not: know what a key means.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys import Keys, Kind, kinds_of

LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
LENGTH: Final = 11  # of 6 bits each

_LETTERS: Final = np.frombuffer(LETTERS.encode(), np.uint8)
_SHIFTS: Final = np.arange(6 * (LENGTH - 1), -1, -6, dtype=np.uint64)
_ROW: Final = LENGTH + 3  # two quotes and a comma


class SpelledKeys:
    """Many keys as words of JSON."""

    def __init__(self, values: NDArray[np.uint64]) -> None:
        rows = np.empty((len(values), _ROW), np.uint8)
        rows[:, 0] = rows[:, LENGTH + 1] = ord('"')
        rows[:, LENGTH + 2] = ord(",")
        sextets = values[:, None] >> _SHIFTS & np.uint64(63)
        rows[:, 1 : LENGTH + 1] = _LETTERS[sextets.astype(np.uint8)]
        self._text = rows.tobytes()

    def array(self, start: int, end: int) -> bytes:
        """The keys from one position to another as a JSON array."""
        return b"[" + self._text[start * _ROW : max(end * _ROW - 1, start * _ROW)] + b"]"

    def one(self, at: int) -> bytes:
        """One key as a string of JSON."""
        return self._text[at * _ROW : (at + 1) * _ROW - 1]

    def text(self, start: int, end: int) -> bytes:
        """The same keys as a JSON string of words with a space between them."""
        return self.array(start, end)[1:-1].replace(b'","', b" ") or b'""'


def spelled(value: int) -> str:
    """One key as a word."""
    return "".join(LETTERS[value >> shift & 63] for shift in range(6 * (LENGTH - 1), -1, -6))


def fetching(field: str) -> dict[str, Any]:
    """
    What a search fetches of a record: its id and one of "blob" and "terms".

    Doc values alone: without "_none_" each hit would unpack a block of stored fields
    for its _id, fifty times the cost (0.15 ms a hit).
    """
    return {"stored_fields": "_none_", "docvalue_fields": ["id", field]}


def found_keys(hits: Sequence[Mapping[str, Any]], field: str) -> Keys:
    """The keys of the records that a search found."""
    fields = [hit["fields"] for hit in hits]
    # doc values come back without their padding
    blobs = [a2b_base64(row[field][0] + "==") for row in fields]
    return Keys.from_blobs([row["id"][0] for row in fields], blobs)


def parted(keys: Keys) -> tuple[Keys, Keys]:
    """(all other keys, title words) of the same records."""
    words = kinds_of(keys.values) == Kind.TERM
    return keys.only(~words), keys.only(words)
