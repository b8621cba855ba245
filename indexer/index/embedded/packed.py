"""
Packed postings: those of a whole collection, made in one pass and stored as sorted numbers.

    keys of all records  ->  words, spooled by their first bits  ->  sorted  ->  120 a row
    keys asked           ->  the rows they would stand in        ->  (key, seq) of each that does

A posting is one word of 64 bits: the key's hash, its lowest bits replaced by the record's
sequence number. So words sort as postings do, and a million records have theirs in 11 s of CPU
and 500 bytes each, where a row a posting takes 67 s. Of the hash some 44 bits are left, so a
posting may be of another key, once in a hundred thousand questions: whoever looks records up
reads their keys anyway and asks these. Nothing is taken out: a sequence number is never given
again, so that of a record replaced since finds nothing. Does not: decide when to pack
(`visible.py` does).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from os import pread
from tempfile import TemporaryFile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.index.embedded.database import listed
from indexer.keys import Keys, kinds_of
from indexer.keys.batch import positions
from indexer.keys.epoch import HashArray, distinct
from indexer.keys.keys import KIND_SHIFT

READ_AT_ONCE: Final = 20_000  # records, 60 MB while their words are laid down
PART_BITS: Final = 12  # the first of a word, by which words are parted before they are sorted
PARTS: Final = 1 << PART_BITS
WORDS_A_PART: Final = 16_000  # sorted in 27 ns a word, where 200,000 take 43
WORDS_A_ROW: Final = 120  # 960 bytes: four rows fill a page of the database
ASKED_AT_ONCE: Final = 4_000  # keys; as many rows are at hand together
# Of one spelling as title and as word the hash is the same; this parts them by their kind.
_BY_KIND: Final = np.uint64(0x9E3779B97F4A7C15)
_ABOVE: Final = np.uint64(64 - KIND_SHIFT)

Postings = tuple[HashArray, NDArray[np.int64]]  # (key, seq), ascending by key


class Packing:
    """The postings of all records that a generation has, ready to be stored."""

    def __init__(self, connection: sqlite3.Connection, generation: int) -> None:
        """Read the keys of all records, and lay down their words in a file without a name."""
        self.generation = generation
        (last,) = connection.execute(f"SELECT max(seq) FROM keys_{generation}").fetchone()
        self.last: int = last or 0  # the highest sequence number among them
        self.bits = self.last.bit_length()
        self._spool = TemporaryFile(prefix="samework-postings-")  # noqa: SIM115 - see `close`
        self._spans: list[tuple[int, NDArray[np.int64]]] = []  # where a share begins, its parts
        rows = connection.execute(
            f"SELECT seq, blob FROM keys_{generation} WHERE seq <= ? ORDER BY seq", (self.last,)
        )
        while batch := rows.fetchmany(READ_AT_ONCE):
            seqs, blobs = zip(*batch, strict=True)
            keys = Keys.from_blobs(("",) * len(blobs), blobs)
            owners = np.repeat(np.array(seqs, np.uint64), np.diff(keys.starts))
            self._lay_down(_places_of(keys.values, self.bits) | owners)

    def write(self, connection: sqlite3.Connection) -> None:
        """Store them in an empty table, within the running transaction."""
        for words in self._sorted():
            data, size = words.astype("<u8").tobytes(), 8 * WORDS_A_ROW
            firsts = (words[::WORDS_A_ROW] >> np.uint64(1)).tolist()
            blobs = [data[at : at + size] for at in range(0, len(data), size)]
            connection.executemany(
                f"INSERT INTO packed_{self.generation} VALUES (?, ?, ?)",
                zip(firsts, [len(blob) // 8 for blob in blobs], blobs, strict=True),
            )

    def close(self) -> None:
        """Give the file back."""
        self._spool.close()

    def _lay_down(self, words: NDArray[np.uint64]) -> None:
        parts = (words >> np.uint64(64 - PART_BITS)).astype(np.uint16)
        borders = np.cumsum(np.bincount(parts, minlength=PARTS))
        self._spans.append((self._spool.tell() // 8, np.concatenate(([0], borders))))
        self._spool.write(words[np.argsort(parts, kind="stable")].tobytes())  # a radix sort

    def _sorted(self) -> Iterator[NDArray[np.uint64]]:
        """All words in parts, ascending over all of them."""
        count = self._spool.tell() // 8
        if not count:
            return
        self._spool.flush()
        step = PARTS // min(PARTS, 1 << max(1, count // WORDS_A_PART).bit_length() - 1)
        for part in range(0, PARTS, step):
            words = np.concatenate(
                [self._read(at + ends[part], at + ends[part + step]) for at, ends in self._spans]
            )
            words.sort()
            yield distinct(words)

    def _read(self, begin: int, end: int) -> NDArray[np.uint64]:
        # Read, not mapped: pages of a mapped file count as memory of this process.
        return np.frombuffer(pread(self._spool.fileno(), 8 * (end - begin), 8 * begin), np.uint64)


def postings_of(
    connection: sqlite3.Connection, generation: int, bits: int, asked: HashArray
) -> Postings:
    """The packed postings of these keys, which are distinct and ascend."""
    found = [(np.empty(0, np.uint64), np.empty(0, np.int64))]
    for at in range(0, len(asked) if bits else 0, ASKED_AT_ONCE):
        found.append(_of_some(connection, generation, bits, asked[at : at + ASKED_AT_ONCE]))
    keys, seqs = zip(*found, strict=True)
    return np.concatenate(keys), np.concatenate(seqs)


def _of_some(
    connection: sqlite3.Connection, generation: int, bits: int, asked: HashArray
) -> Postings:
    places = _places_of(asked, bits)
    span = np.uint64((1 << bits) - 1)
    # The row that begins at or before a key's first place, and those within its places.
    rows = connection.execute(
        f"SELECT first, words FROM json_each(?) JOIN packed_{generation} ON first BETWEEN "
        f"ifnull((SELECT max(first) FROM packed_{generation} WHERE first <= value), 0) "
        "AND value + ?",
        (listed((places >> np.uint64(1)).tolist()), int(span >> np.uint64(1))),
    )
    stored = b"".join(words for _, words in sorted(dict(rows).items()))
    words = np.frombuffer(stored, "<u8")
    begins = np.searchsorted(words, places, side="left")
    runs = np.searchsorted(words, places | span, side="right") - begins
    return np.repeat(asked, runs), (words[positions(begins, runs)] & span).astype(np.int64)


def _places_of(keys: HashArray, bits: int) -> HashArray:
    """Where the postings of keys begin: their hashes, with as many bits left free."""
    parted = keys ^ kinds_of(keys).astype(np.uint64) * _BY_KIND
    return parted << _ABOVE >> np.uint64(bits) << np.uint64(bits)
