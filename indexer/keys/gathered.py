"""
All keys of a collection, gathered in one pass and handed out sorted, part by part.

    stream of Keys  ->  GatheredKeys(ids, leads, titles, first authors, parts)

Learning and joining both ask which records share a key, so both read these parts. A key that one
record alone carries tells neither anything and is dropped before anything is sorted; words of
titles stay, since each lengthens its title's vector. What does not fit in memory lies in a file
without a name. Does not: know an epoch, or which keys propose a pair (`join.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeAlias, overload
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from indexer.keys.batch import Keys
from indexer.keys.epoch import HashArray
from indexer.keys.keys import KIND_SHIFT, Kind, kinds_of

KEYS_IN_MEMORY: Final = 10_000_000  # 12 bytes each; more are spooled
PARTS: Final = 256  # by the eight bits below a key's kind
_AT_ONCE: Final = 10_000  # ids
KEYS_A_PART: Final = 100_000  # sorting these stays in the processor's cache
Stream: TypeAlias = Callable[[], Iterator[Keys]]  # a new pass over all keys at each call
Rows: TypeAlias = NDArray[np.int32]


class RecordIds(Sequence[str]):
    """Many ids as one text: some 30 bytes each in place of 90, and nothing to collect."""

    def __init__(self, ids: Sequence[str]) -> None:
        encoded = [record_id.encode("utf-8", "surrogatepass") for record_id in ids]
        self._text = b"".join(encoded)
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self._ends = np.concatenate(([0], np.cumsum(lengths))).data

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        """The id of a row; of a slice a list."""
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        at = row if row >= 0 else row + len(self)
        if at < 0:
            raise IndexError(row)
        # of a row beyond the last one it has no end, and says so
        return self._text[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _AT_ONCE):
            yield from self.at(range(start, min(start + _AT_ONCE, len(self))))

    def at(self, rows: Iterable[int]) -> list[str]:
        """The ids of these rows: 0.3 µs each in place of 1.2 one by one."""
        text, ends = self._text, self._ends
        return [text[ends[row] : ends[row + 1]].decode("utf-8", "surrogatepass") for row in rows]


def ids_at(ids: Sequence[str], rows: Iterable[int]) -> list[str]:
    """The ids of these rows, whatever holds them."""
    return ids.at(rows) if isinstance(ids, RecordIds) else [ids[row] for row in rows]


@dataclass(slots=True)
class GatheredKeys:
    """
    The columns of all records, ascending by id, and their keys in parts.

    A row is a record's place among all ids. Memory: some 60 bytes a record, and KEYS_IN_MEMORY
    as they came and as they were sorted.
    """

    ids: RecordIds
    leads: NDArray[np.bool_]  # [n] the record of least id among those equal in all fields
    twins: HashArray
    titles: HashArray
    firsts: HashArray
    _keys: _Partitioned
    _ranks: Rows | None  # the row of each record in the order they came; None: as they came
    _sorted: _SortedParts | None = None  # once all parts were handed out to whoever keeps them

    @classmethod
    def of(cls, stream: Stream) -> GatheredKeys:
        """One pass over the stream."""
        ids: list[str] = []
        columns: list[tuple[HashArray, ...]] = [(np.empty(0, np.uint64),) * 3]
        keys = _Partitioned()
        for batch in stream():
            keys.add(batch.values, (batch.rows() + len(ids)).astype(np.int32))
            ids += batch.ids
            columns.append((batch.twins, batch.titles, batch.firsts))
        twins, titles, firsts = (np.concatenate(column) for column in zip(*columns, strict=True))
        ranks = None
        if any(ids[at] > ids[at + 1] for at in range(len(ids) - 1)):
            order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32)
            ranks = np.empty(len(ids), np.int32)
            ranks[order] = np.arange(len(ids), dtype=np.int32)
            ids = [ids[at] for at in order.tolist()]
            twins, titles, firsts = twins[order], titles[order], firsts[order]
        return cls(RecordIds(ids), _leads_of(twins), twins, titles, firsts, keys, ranks)

    def __len__(self) -> int:
        return len(self.ids)

    def title_authors(self) -> tuple[HashArray, HashArray]:
        """(title, first author) of every record that has both; of twins once."""
        both = (self.titles != 0) & (self.firsts != 0) & self.leads
        return self.titles[both], self.firsts[both]

    def parts(self, keep: bool = False) -> Iterator[tuple[HashArray, Rows]]:
        """
        (key, row) of records that lead, ascending by both within a part.

        All records that carry a key meet in one part, and the keys of one kind ascend over all
        parts. Left out are keys of one record alone, but for the words of titles.

        Args:
            keep: another pass follows; it reads what this one sorted, 27 of 59 keys a record.
        """
        if self._sorted is not None:
            yield from self._sorted
            return
        kept = _SortedParts()
        for values, rows in self._keys.parts():
            part = self._in_order(*_maybe_shared(values, rows))
            if keep:
                kept.add(*part)
            yield part
        if keep:
            self._sorted, self._keys = kept, _Partitioned()

    def _in_order(self, values: HashArray, rows: Rows) -> tuple[HashArray, Rows]:
        if self._ranks is not None:
            rows = self._ranks[rows]
            order = np.lexsort((rows, values))
        else:  # they came ascending by row
            order = np.argsort(values, kind="stable")
        values, rows = values[order], rows[order]
        led = self.leads[rows]
        return _shared(values[led], rows[led])


def _maybe_shared(values: HashArray, rows: Rows) -> tuple[HashArray, Rows]:
    """
    Without most of the keys of one record alone, which need not be sorted then.

    Counted by their lower bits in a table of four places a key, which a fifth of them share by
    chance: 8 ns a key where sorting takes 60.
    """
    size = 1 << max(int(4 * len(values)).bit_length(), 1)
    places = (values & np.uint64(size - 1)).astype(np.int64)
    kept = np.bincount(places, minlength=size)[places] > 1
    kept |= kinds_of(values) == Kind.TERM
    return values[kept], rows[kept]


def _shared(values: HashArray, rows: Rows) -> tuple[HashArray, Rows]:
    """Without the keys of one record alone, but for words; values ascending."""
    equal = values[1:] == values[:-1]
    kept = kinds_of(values) == Kind.TERM
    kept[1:] |= equal
    kept[:-1] |= equal
    return values[kept], rows[kept]


def runs_of(values: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal values begins, and where the last ends; values ascending."""
    changes = np.concatenate(([True], values[1:] != values[:-1], [True]))
    return np.flatnonzero(changes[: len(values) + 1])


def _leads_of(twins: HashArray) -> NDArray[np.bool_]:
    """For each record whether it has the least row among its twins and so stands for them."""
    leads = np.zeros(len(twins), bool)
    order = np.argsort(twins, kind="stable")
    leads[order[runs_of(twins[order])[:-1]]] = True
    return leads


class _Partitioned:
    """(key, row) by parts of the key space: in memory, and in a file what is too much for it."""

    def __init__(self) -> None:
        self._held: list[tuple[HashArray, Rows, NDArray[np.int64]]] = []  # by part, and its borders
        self._in_memory = 0
        self._count = 0
        self._file: _KeyFile | None = None
        self._spans: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]  # where, how many

    def add(self, values: HashArray, rows: Rows) -> None:
        """Add keys, their rows ascending."""
        digits = (values >> np.uint64(KIND_SHIFT - 8)).astype(np.uint8)
        order = np.argsort(digits, kind="stable")  # of one byte: a radix sort
        borders = np.concatenate(([0], np.cumsum(np.bincount(digits, minlength=PARTS))))
        self._held.append((values[order], rows[order], borders))
        self._count += len(values)
        self._in_memory += len(values)
        if self._in_memory > KEYS_IN_MEMORY:
            self._spool()

    def parts(self) -> Iterator[tuple[HashArray, Rows]]:
        """All keys and rows, part by part; small parts side by side as one."""
        wanted = max(1, self._count // KEYS_A_PART)
        step = PARTS // min(PARTS, 1 << (wanted.bit_length() - 1))
        for first in range(0, PARTS, step):
            last = first + step
            spooled = [span for part in range(first, last) for span in self._spans[part]]
            pieces = [*(self._read(*span) for span in spooled), *self._of_memory(first, last)]
            if pieces:
                values, rows = zip(*pieces, strict=True)
                yield np.concatenate(values), np.concatenate(rows)

    def _of_memory(self, first: int, last: int) -> Iterator[tuple[HashArray, Rows]]:
        for values, rows, borders in self._held:
            yield values[borders[first] : borders[last]], rows[borders[first] : borders[last]]

    def _spool(self) -> None:
        if self._file is None:
            self._file = _KeyFile()
        for part in range(PARTS):
            pieces = zip(*self._of_memory(part, part + 1), strict=True)
            values, rows = (np.concatenate(column) for column in pieces)
            self._spans[part].append(self._file.add(values, rows))
        self._held, self._in_memory = [], 0

    def _read(self, at: int, count: int) -> tuple[HashArray, Rows]:
        assert self._file is not None
        return self._file.read(at, count)


class _SortedParts:
    """Parts as they were sorted: in memory, and in a file what is too much for it."""

    def __init__(self) -> None:
        self._held: list[tuple[HashArray, Rows]] = []
        self._in_memory = 0
        self._file: _KeyFile | None = None
        self._spans: list[tuple[int, int]] = []

    def add(self, values: HashArray, rows: Rows) -> None:
        """Add the next part."""
        self._in_memory += len(values)
        if self._in_memory <= KEYS_IN_MEMORY:
            self._held.append((values, rows))
            return
        if self._file is None:
            self._file = _KeyFile()
        self._spans.append(self._file.add(values, rows))

    def __iter__(self) -> Iterator[tuple[HashArray, Rows]]:
        """All parts, in the order in which they were added."""
        yield from self._held
        for span in self._spans:
            assert self._file is not None
            yield self._file.read(*span)


class _KeyFile:
    """Keys and rows in a file without a name, gone with whoever holds it."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile(prefix="samework-keys-")  # noqa: SIM115 - as long
        finalize(self, self._file.close)

    def add(self, values: HashArray, rows: Rows) -> tuple[int, int]:
        """Append keys and rows; where they begin, and how many they are."""
        at = self._file.seek(0, SEEK_END)
        self._file.write(values.tobytes() + rows.tobytes())
        return at, len(values)

    def read(self, at: int, count: int) -> tuple[HashArray, Rows]:
        """So many keys and rows from there."""
        self._file.seek(at)
        values = np.frombuffer(self._file.read(8 * count), np.uint64)
        return values, np.frombuffer(self._file.read(4 * count), np.int32)
