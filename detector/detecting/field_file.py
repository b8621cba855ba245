"""
Field file: packed fields of any number of records, in one temporary file without a name.

    record id, packed fields  ->  where they stand in the file  ->  packed fields

Other processes are sent numbers, and read the bytes where they lie.

In memory a record costs a place in a dictionary, 90 bytes. The file lies in a folder that
the run may write to, else where the system has temporary files, and is gone with the process,
killed or not. Does not: know what the bytes mean.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.faults import naming

_UNWRITTEN: Final = 1 << 20  # bytes that are written at once
_LENGTH_BITS: Final = 32
_LENGTH: Final = (1 << _LENGTH_BITS) - 1
_NOWHERE: Final = -1


class FieldSpans(NamedTuple):
    """Where the packed fields of some records stand in a file that is open."""

    ids: Sequence[str]
    offsets: NDArray[np.int64]  # negative where none are there
    lengths: NDArray[np.uint32]

    def bodies(self, descriptor: int) -> dict[str, bytes]:
        """The packed fields of those that are there."""
        rows = zip(self.ids, self.offsets.tolist(), self.lengths.tolist(), strict=True)
        return {
            record_id: os.pread(descriptor, length, offset)
            for record_id, offset, length in rows
            if offset >= 0
        }


class FieldFile:
    """Bytes by record id; the last ones that were added count."""

    def __init__(self, beside: str = "") -> None:
        """`beside`: a folder with room for the file; one that cannot be written to is passed by."""
        usable = os.path.isdir(beside) and os.access(beside, os.W_OK)
        self.folder = Path(beside if usable else tempfile.gettempdir())
        self._spans: dict[str, int] = {}  # offset and length in one number of any size
        self._unwritten = bytearray()
        self._written = 0
        with naming(self.folder):
            self._file, name = tempfile.mkstemp(prefix=".fields-", dir=self.folder)
            os.unlink(name)
        weakref.finalize(self, os.close, self._file)

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._spans

    def add(self, record_id: str, body: bytes) -> None:
        """
        Append the bytes of a record.

        Raises:
            OSError: the disk takes no more; it names the folder.
        """
        at = self._written + len(self._unwritten)
        self._spans[record_id] = at << _LENGTH_BITS | len(body)
        self._unwritten += body
        if len(self._unwritten) >= _UNWRITTEN:
            self._write()

    def get(self, record_id: str) -> bytes | None:
        """The bytes of a record, if there are any."""
        span = self._spans.get(record_id)
        if span is None:
            return None
        length = span & _LENGTH
        if (span >> _LENGTH_BITS) + length > self._written:
            self._write()
        try:
            return os.pread(self._file, length, span >> _LENGTH_BITS)
        except OSError:
            with naming(self.folder):
                raise

    def spans(self, record_ids: Sequence[str]) -> FieldSpans:
        """Where the bytes of these stand, for whoever has the file open."""
        self._write()
        held = [self._spans.get(record_id, _NOWHERE) for record_id in record_ids]
        # Two numbers: of one number of 64 bits an offset beyond 2 GB would need the sign.
        offsets = np.fromiter((span >> _LENGTH_BITS for span in held), np.int64, len(held))
        lengths = np.fromiter((span & _LENGTH for span in held), np.uint32, len(held))
        return FieldSpans(record_ids, offsets, lengths)

    @property
    def descriptor(self) -> int:
        """The number that the file is open under."""
        return self._file

    def forget(self, record_ids: Iterable[str]) -> None:
        """Drop records; their bytes stay in the file until all are dropped."""
        for record_id in record_ids:
            self._spans.pop(record_id, None)

    def clear(self) -> None:
        """Drop all."""
        self._spans.clear()
        self._unwritten.clear()
        self._written = 0
        with naming(self.folder):
            os.truncate(self._file, 0)

    def _write(self) -> None:
        rest = memoryview(self._unwritten)
        with naming(self.folder), rest:
            while rest:
                done = os.pwrite(self._file, rest, self._written)
                self._written += done
                rest = rest[done:]
        self._unwritten = bytearray()
