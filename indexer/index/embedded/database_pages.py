"""
Database pages: those of an SQLite file, read without SQLite, for the rows they still hold.

    path  ->  (kind of table, rowid, values), ...  of every page that can be read

SQLite follows its trees from the first page down, so one bad page hides all below it.
Here every page is looked at for itself, by the file format (sqlite.org/fileformat2.html):
leaves hold rows, long rows go on in chains of pages, a write-ahead log has newer pages.
Does not: decide whether a row is the latest of its kind.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

PAGE: Final = 4096  # bytes, none of them reserved: so is every file that this project makes
MAGIC: Final = b"SQLite format 3\x00"
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_WAL_HEAD, _FRAME_HEAD = 32, 24
_WHOLE: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type -> bytes of an integer
_REAL: Final = 7


class StoredRow(NamedTuple):
    """One row of a page."""

    of_table: bool  # a row with a number of its own, else one of an index
    number: int
    values: tuple[Any, ...]


class RowShape(NamedTuple):
    """What rows of one kind look like: n(ull), t(ext), i(nteger), r(eal), b(lob) a column."""

    of_table: bool
    columns: str


class Unreadable(ValueError):
    """A cell that no row can be made of."""


class DatabasePages:
    """The pages of one file; where its write-ahead log has a newer one, that."""

    def __init__(self, path: Path) -> None:
        self._data: Any = _mapped(path) if path.stat().st_size else b""
        self._newer = dict(_of_log(path.with_name(f"{path.name}-wal")))
        self.count = max([-(-len(self._data) // PAGE), *self._newer])
        self._free = self._free_pages()

    def rows(self, shapes: frozenset[RowShape]) -> Iterator[tuple[RowShape, StoredRow]]:
        """All rows of these shapes that can be read, page by page."""
        for number in range(1, self.count + 1):
            if number not in self._free:
                yield from self._of_page(number, shapes)

    def page(self, number: int) -> bytes:
        """
        One page as last written.

        Raises:
            Unreadable: there is no such page.
        """
        if number in self._newer:
            return self._newer[number]
        start = (number - 1) * PAGE
        if number < 1 or start + PAGE > len(self._data):
            raise Unreadable(number)
        return bytes(self._data[start : start + PAGE])

    def _of_page(
        self, number: int, shapes: frozenset[RowShape]
    ) -> Iterator[tuple[RowShape, StoredRow]]:
        try:
            page = self.page(number)
        except Unreadable:
            return
        head = 100 if number == 1 else 0
        kind = page[head]
        if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER):
            return
        first = head + (12 if kind == _INDEX_INNER else 8)
        cells = int.from_bytes(page[head + 3 : head + 5], "big")
        if first + 2 * cells > len(page):
            return
        for at in range(cells):
            place = int.from_bytes(page[first + 2 * at : first + 2 * at + 2], "big")
            try:
                columns = self._columns(page, place, kind)
                shape = RowShape(kind == _TABLE_LEAF, columns)
                if shape not in shapes:
                    if columns in ("ii", "i"):  # postings: the whole page is of them
                        return
                    continue
                yield shape, self._row(page, place, kind)
            except (Unreadable, IndexError, UnicodeDecodeError):
                continue

    def _columns(self, page: bytes, place: int, kind: int) -> str:
        """The types of a cell's columns."""
        _, _, start = _cell_head(page, place, kind)
        length, at = _varint(page, start)
        end = start + length
        if end > len(page):
            raise Unreadable(place)
        columns = ""
        while at < end:
            serial, at = _varint(page, at)
            columns += _type_of(serial)
        return columns

    def _row(self, page: bytes, place: int, kind: int) -> StoredRow:
        length, number, at = _cell_head(page, place, kind)
        payload = self._payload(page, at, length, kind)
        return StoredRow(kind == _TABLE_LEAF, number, _values(payload))

    def _payload(self, page: bytes, at: int, length: int, kind: int) -> bytes:
        """The bytes of a row, those on further pages too."""
        most = PAGE - 35 if kind == _TABLE_LEAF else (PAGE - 12) * 64 // 255 - 23
        if length > self.count * PAGE:
            raise Unreadable(length)
        if length <= most:
            return _cut(page, at, length)
        least = (PAGE - 12) * 32 // 255 - 23
        here = least + (length - least) % (PAGE - 4)
        here = here if here <= most else least
        parts = [_cut(page, at, here)]
        following = int.from_bytes(_cut(page, at + here, 4), "big")
        missing = length - here
        while missing > 0:
            more = self.page(following)
            parts.append(more[4 : 4 + min(missing, PAGE - 4)])
            missing -= PAGE - 4
            following = int.from_bytes(more[:4], "big")
        return b"".join(parts)

    def _free_pages(self) -> set[int]:
        """Pages that hold nothing any more; none if their list is not whole."""
        free: set[int] = set()
        try:
            head = self.page(1)
            trunk, count = (int.from_bytes(head[at : at + 4], "big") for at in (32, 36))
            while trunk and trunk not in free:
                free.add(trunk)
                page = self.page(trunk)
                leaves = min(int.from_bytes(page[4:8], "big"), PAGE // 4 - 2)
                places = range(8, 8 + 4 * leaves, 4)
                free.update(int.from_bytes(page[at : at + 4], "big") for at in places)
                trunk = int.from_bytes(page[:4], "big")
        except Unreadable:
            return set()
        return free if len(free) == count and head.startswith(MAGIC) else set()


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _of_log(path: Path) -> Iterator[tuple[int, bytes]]:
    """The pages of a write-ahead log up to its last whole transaction."""
    data = path.read_bytes() if path.exists() else b""
    if int.from_bytes(data[8:12], "big") != PAGE:
        return
    salt, waiting = data[16:24], []
    for start in range(_WAL_HEAD, len(data) - _FRAME_HEAD - PAGE + 1, _FRAME_HEAD + PAGE):
        head = data[start : start + _FRAME_HEAD]
        if head[8:16] != salt:
            return
        body = data[start + _FRAME_HEAD : start + _FRAME_HEAD + PAGE]
        waiting.append((int.from_bytes(head[:4], "big"), body))
        if any(head[4:8]):  # the last page of a transaction
            yield from waiting
            waiting = []


def _cell_head(page: bytes, place: int, kind: int) -> tuple[int, int, int]:
    """(bytes of the row, its number, where it begins)."""
    at = place + 4 if kind == _INDEX_INNER else place
    length, at = _varint(page, at)
    number = 0
    if kind == _TABLE_LEAF:
        number, at = _varint(page, at)
    return length, number, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9


def _type_of(serial: int) -> str:
    if serial >= 12:
        return "t" if serial % 2 else "b"
    if serial in (10, 11):
        raise Unreadable(serial)
    return {0: "n", _REAL: "r"}.get(serial, "i")


def _values(payload: bytes) -> tuple[Any, ...]:
    end, at = _varint(payload, 0)
    place = end
    values: list[Any] = []
    while at < end:
        serial, at = _varint(payload, at)
        if serial >= 12:
            raw = _cut(payload, place, (serial - 12) // 2)
            values.append(raw.decode() if serial % 2 else raw)
            place += len(raw)
        elif serial == _REAL:
            values.append(float("nan"))  # of leases only: nobody holds one after a repair
            place += 8
        elif serial in _WHOLE:
            raw = _cut(payload, place, _WHOLE[serial])
            values.append(int.from_bytes(raw, "big", signed=True))
            place += len(raw)
        else:
            values.append({8: 0, 9: 1}.get(serial))
    return tuple(values)


def _cut(data: bytes, at: int, length: int) -> bytes:
    part = data[at : at + length]
    if len(part) != length:
        raise Unreadable(length)
    return part
