"""
Byte account: where every byte of a file went.

    rows of a reader  ->  bytes in records, bytes in rejected rows, bytes that are no record

A reader that loses a row does it in silence, since nobody misses what was never cut
out. So each reader says of all it takes from a file what it was: the row of a record,
a rejected row, or by name what is no record at all (numbering, a comment, the brackets
around a list). `formats.read_stream` compares the sum with the length of the file and
refuses what is left over. Does not: cut or parse anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

BLANK: Final = "blank"  # blanks and line ends between rows
WRAPPER: Final = "around the records"  # brackets, headers and footers of the file itself


@dataclass(slots=True)
class ByteAccount:
    """Bytes of one file, unpacked, as UTF-8 where it came in UTF-16 or UTF-32."""

    records: int = 0
    rejected: int = 0
    no_record: Counter[str] = field(default_factory=Counter)  # what it is -> bytes

    @property
    def accounted(self) -> int:
        """All bytes of which somebody said what they were."""
        return self.records + self.rejected + self.no_record.total()
