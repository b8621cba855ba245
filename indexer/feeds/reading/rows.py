"""
Rows: lines cut from a stream, and each row that was read made a record or a rejection.

    Text  ->  Line (where it starts, its bytes)
    Record, where it stood, its bytes  ->  Occurrence or Rejected

Gives every record its identity: (source, id), else (file, id), else a hash of its
content. Refuses records that nothing could ever be compared with.

Does not: know any format. Every reader makes one `Rows` an input and passes each row
through `made` or `reject`, so that rows are numbered and the counts close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final, NamedTuple

from indexer.errors import UnusableRow
from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.encodings import BOM, Text
from indexer.feeds.reading.files import ReadSettings, Stream
from indexer.feeds.reading.own_marks import unmarked
from indexer.records import (
    Occurrence,
    Record,
    Rejected,
    completed,
    content_id,
    content_of,
    record_id_of,
)

Row = Occurrence | Rejected

BLANKS: Final = b" \t\r\n\v\f\0\x1e" + BOM  # RS begins rows of JSON text sequences
# What statistics software writes where it has no value.
MISSING: Final = frozenset({"", "NA", "N/A", "#N/A", "NULL", "NaN", "nan", "None"})
SAYS_NOTHING: Final = (
    "no title, identifier, abstract or container to compare it by; complete or remove the row"
)
_NO_RECORD: Final = Record()
OUR_FAULT: Final = "a fault of samework, not of the row"  # begins the reason of what we got wrong
RAW_KEPT: Final = 64 * 1024  # bytes kept of a row that is too long to be used


@dataclass(frozen=True, slots=True)
class Input:
    """
    One opened file, as a reader gets it.

    A reader takes either `text` (formats of characters) or `stream` (formats that say
    their encoding themselves, as XML does), never both.
    """

    file: str  # as named on the command line; "-" for standard input
    name: str  # what the identities of its rows begin with: the file's name
    stream: Stream
    text: Text
    settings: ReadSettings
    account: ByteAccount = field(default_factory=ByteAccount)
    raw_only: bool = False  # only the bytes of rows are wanted: no record is made of any

    @property
    def taken(self) -> int:
        """Bytes handed out so far, counted as the account counts them."""
        return self.text.taken or self.stream.position

    @property
    def unaccounted(self) -> int:
        """Bytes handed out of which no reader has said what they are."""
        return self.taken - self.account.accounted


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, by which its format is told."""

    name: str
    data: bytes  # without byte-order mark, UTF-16 and UTF-32 as UTF-8

    @property
    def start(self) -> bytes:
        """The same without leading blanks and stray byte-order marks."""
        return self.data.lstrip(BLANKS)

    @property
    def text(self) -> str:
        """The same as text, as far as it is UTF-8."""
        return self.data.decode(errors="replace")


class Line(NamedTuple):
    """One physical line as it came, its line end included."""

    offset: int  # in the bytes of `Text.chunks`
    data: bytes
    length: int  # of the whole line; more than len(data) where it was over the limit

    @property
    def too_long(self) -> bool:
        """Whether bytes of the line were dropped because it was over the limit."""
        return self.length > len(self.data)


def lines(text: Text, limit: int) -> Iterator[Line]:
    """
    The lines of a text in constant memory: a longer line than `limit` keeps its beginning.

    Lines end at LF, or at CR in files that have no LF. A byte-order mark that begins a
    line (files joined end to end) is dropped.
    """
    end = b"\r" if b"\r" in text.head and b"\n" not in text.head else b"\n"
    offset, length, kept = 0, 0, b""
    for chunk in text.chunks():
        parts = chunk.split(end)
        for part in parts[:-1]:
            length += len(part) + 1
            data = kept + part + end if kept else part + end
            if length > limit or data.startswith(BOM):
                yield _line(offset, data, length, limit)
            else:  # as nearly all are: calls would be felt
                yield _made(Line, (offset, data, length))
            offset, length, kept = offset + length, 0, b""
        length += len(parts[-1])
        kept = kept + parts[-1] if length <= limit else (kept + parts[-1])[:RAW_KEPT]
    if length:
        yield _line(offset, kept, length, limit)


_made: Final = tuple.__new__


def _line(offset: int, data: bytes, length: int, limit: int) -> Line:
    if length > limit:
        return Line(offset, data[:RAW_KEPT], length)
    if data.startswith(BOM):
        return Line(offset + len(BOM), data[len(BOM) :], length - len(BOM))
    return Line(offset, data, length)


class Rows:
    """
    Numbers the rows of one input, and makes each an occurrence or a rejection.

    Every byte that a reader takes goes through `made`, `reject` or `no_record`,
    once: *size* says how many bytes of the file a row took where that is not the length
    of its *raw*, 0 for a further row of the same bytes.
    """

    def __init__(self, source: Input, head: bytes = b"") -> None:
        self.source = source
        self.head = head  # of a table; without it none of its rows can be read
        self.count = 0
        self._contents: dict[str, bytes] = {}

    def made(
        self,
        make: Callable[[], Record],
        position: int,
        raw: bytes = b"",
        *,
        size: int | None = None,
        keys_repeat: bool = False,
        ids_of_file: bool = False,
    ) -> Row:
        """
        The row as an occurrence of its record, or refused: it says nothing, or cannot be read.

        Whatever is in a row, it costs no other row: an
        exception that is no UnusableRow is our fault, and the reason says so.

        Args:
            make: makes the record of what the row says; its `record_id` is filled in here.
            position: byte offset of the row in the unpacked file.
            raw: the row's own bytes, where the format has rows of its own.
            size: see the class.
            keys_repeat: ids of this format are typed by hand, so that one id with another
                content is another record (citation keys), not a newer version.
            ids_of_file: the id was given by this file, not by the source the row names.
        """
        if self.source.raw_only:
            self.count += 1
            file, number = self.source.file, self.count
            return Occurrence(_NO_RECORD, file, position, number, "", raw, self.head)
        try:
            record = make()
        except UnusableRow as error:
            return self.reject(position, str(error), raw, size=size)
        except Exception as error:
            return self.reject(position, our_fault(error), raw, size=size)
        if not says_something(record):
            return self.reject(position, SAYS_NOTHING, raw, size=size)
        self.count += 1
        self.source.account.records += len(raw) if size is None else size
        given_id = record.source_id
        record = unmarked(record)
        if keys_repeat and given_id:
            record = self._kept_apart(record)
        record = identified(record, self.source.name, ids_of_file=ids_of_file)
        return Occurrence(record, self.source.file, position, self.count, given_id, raw, self.head)

    def reject(
        self, position: int, reason: str, raw: bytes = b"", *, size: int | None = None
    ) -> Rejected:
        """The row refused, with what was found, what was expected and what to do."""
        self.count += 1
        self.source.account.rejected += len(raw) if size is None else size
        return Rejected(self.source.file, position, self.count, reason, raw[:RAW_KEPT], self.head)

    def reject_long(self, position: int, length: int, raw: bytes) -> Rejected:
        """A row over the limit refused; what is kept of it is its beginning."""
        limit = self.source.settings.row_limit
        reason = (
            f"the row has {length:,} bytes, more than {limit:,}; its first {RAW_KEPT:,} are kept: "
            "cut the file or raise the limit of a row"
        )
        return self.reject(position, reason, raw, size=length)

    def no_record(self, what: str, size: int) -> None:
        """Count bytes that are no record and no damaged one, by what they are."""
        if size:
            self.source.account.no_record[what] += size

    def _kept_apart(self, record: Record) -> Record:
        content = blake2b(content_of(record.to_dict()), digest_size=8).digest()
        first = self._contents.setdefault(record.source_id, content)
        if first == content:
            return record
        return replace(record, source_id=f"{record.source_id}~{content.hex()}")


def our_fault(error: Exception) -> str:
    """The reason of a row that samework failed on, for the dead letters."""
    return (
        f"{OUR_FAULT} ({type(error).__name__}: {error}); the row is kept, please report it: "
        "`samework dead-letters show` prints it"
    )


def says_something(record: Record) -> bool:
    """Whether the record holds anything that it could be compared by."""
    return bool(
        record.title
        or record.doi
        or record.identifiers
        or record.urls
        or record.alternate_titles
        or record.isbn
        or record.abstract
        or record.container
        or record.deleted
    )


def identified(record: Record, file_name: str, *, ids_of_file: bool = False) -> Record:
    """
    The record, which its reader alone holds, given its identity in place.

    It is (source, id), else (file, id), else (…, content).
    """
    source = record.source or file_name
    own_id = record.source_id or content_id((content_of(record.to_dict()).decode(),))
    record_id = record_id_of(file_name if ids_of_file else source, own_id)
    return completed(record, record_id=record_id, source=source)
