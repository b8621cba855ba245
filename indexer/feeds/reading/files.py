"""
Files: what the command line names, opened, unpacked and cut off where it is unsafe.

    paths  ->  files  ->  Stream (unpacked bytes)

Folders are walked in name order, "-" is standard input, gzip and zstd are told by
their first bytes whatever the file is called. A stream never raises for what is wrong
with a file: it ends early and says why in `fault`, so that every row before the fault
is kept and the rest is one rejection.

Does not: decode text (`encodings.py`) or know any format (`formats/` does). A new
packing is one row in PACKINGS.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from indexer.errors import FeedError, FeedUnavailable, InputTooLarge
from indexer.feeds.reading.byte_account import ByteAccount

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MB: Final = 1 << 20
CHUNK: Final = 256 * 1024  # unpacked bytes at a time
PACKED_CHUNK: Final = 64 * 1024
HEAD: Final = 64 * 1024  # what a format is told by
# Suffixes of what lies beside records in a folder: a README, a script, a picture.
NO_RECORDS: Final = (
    *(".md", ".rst", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".svg"),
    *(".py", ".r", ".rmd", ".ipynb", ".sh", ".log", ".lock", ".css", ".js"),
)
DEEPEST_PACKING: Final = 3  # a .gz in a .gz happens; a fourth layer is a trap


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """
    Limits of reading; bytes are unpacked bytes unless said otherwise.

    A file may grow by `ratio_limit` when unpacked, checked once it is past `ratio_from`:
    bibliographic text packs 3 to 20 times, a bomb a thousand times and more.
    """

    row_limit: int = 16 * MB
    file_limit: int = 256 * 1024 * MB
    ratio_limit: int = 200
    ratio_from: int = 16 * MB
    on_packed_bytes: Callable[[int], None] | None = None  # for a progress bar: bytes as stored
    on_file_read: Callable[[str, ByteAccount], None] | None = None  # told of each file at its end


class Stream:
    """
    The unpacked bytes of one input, handed out once, in order.

    `position` counts the bytes handed out. After the last byte `fault` is "" for a
    whole file, else a sentence that says why the rest could not be read.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._ahead = b""
        self.position = 0
        self.fault = ""

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size` (fewer only at the end), without taking them."""
        parts, length = [self._ahead], len(self._ahead)
        while length < size and (chunk := self._next()):
            parts.append(chunk)
            length += len(chunk)
        self._ahead = b"".join(parts)
        return self._ahead[:size]

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, perhaps fewer, b"" at the end: enough for lxml and ijson."""
        chunk = self._ahead or self._next()
        if 0 <= size < len(chunk):
            chunk, self._ahead = chunk[:size], chunk[size:]
        else:
            self._ahead = b""
        self.position += len(chunk)
        return chunk

    def _next(self) -> bytes:
        if self.fault:
            return b""
        try:
            return next(self._chunks, b"")
        except (FeedError, OSError) as error:
            self.fault = str(error)
        except (zlib.error, zstd.ZstdError) as error:
            self.fault = f"the packed data is damaged ({error}); fetch the file again"
        return b""


def files_under(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """
    The files that the paths name, folders walked in name order; "-" stays as it is.

    Inside a named folder hidden files and folders are passed over, and files that by their
    suffix hold no records; named themselves they are read, or rejected with a reason.

    Raises:
        FeedUnavailable: a path does not exist.
    """
    files: list[str] = []
    for path in [os.fspath(path) for path in paths]:
        if path == "-" or os.path.isfile(path):
            files.append(path)
        elif os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                files += [os.path.join(folder, n) for n in sorted(names) if _may_hold_records(n)]
        elif os.path.exists(path):  # a pipe, as of `samework ingest <(...)`
            files.append(path)
        else:
            raise FeedUnavailable(f"no file or folder {path!r}; check the name, '-' reads stdin")
    return files


def _may_hold_records(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(NO_RECORDS)


def names_of_files(files: Iterable[str]) -> dict[str, str]:
    """
    What each file's rows are called after: its name, packing suffix dropped.

    Files of one name in different folders get as many folders before it as tell them apart.
    """
    parts = {file: _unpacked_name(file) for file in files}
    names = {file: "/".join(p[-1:]) for file, p in parts.items()}
    for depth in range(2, 1 + max(map(len, parts.values()), default=0)):
        taken: dict[str, int] = {}
        for name in names.values():
            taken[name] = taken.get(name, 0) + 1
        clashing = [file for file, name in names.items() if taken[name] > 1]
        for file in clashing:
            names[file] = "/".join(parts[file][-depth:])
    return names


def _unpacked_name(file: str) -> tuple[str, ...]:
    path = Path(os.path.normpath(file))
    if path.suffix.lower() in (".gz", ".zst") and path.stem:
        path = path.with_suffix("")
    return path.parts or (file,)


@contextmanager
def opened(file: str, settings: ReadSettings) -> Iterator[Stream]:
    """The unpacked bytes of one file; closed afterwards."""
    if file == "-":
        yield unpacked(sys.stdin.buffer, settings)
        return
    with open(file, "rb", buffering=0) as handle:
        yield unpacked(handle, settings)


def unpacked(handle: IO[bytes], settings: ReadSettings) -> Stream:
    """The bytes of an open file, unpacked as often as its content says, under the limits."""
    packed = 0

    def stored() -> Iterator[bytes]:
        nonlocal packed
        while chunk := handle.read(PACKED_CHUNK):
            packed += len(chunk)
            if settings.on_packed_bytes is not None:
                settings.on_packed_bytes(len(chunk))
            yield chunk

    def limited(stream: Stream) -> Iterator[bytes]:
        total = 0
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            check_size(total, packed, settings)
            yield chunk
        if stream.fault:
            raise FeedError(stream.fault)

    stream = Stream(stored())
    for _ in range(DEEPEST_PACKING):
        unpack = _packing_of(stream)
        if unpack is None:
            break
        stream = Stream(limited(Stream(unpack(stream))))
    return Stream(limited(stream))


def check_size(total: int, packed: int, settings: ReadSettings) -> None:
    """
    See that packed bytes give no more than the limits allow.

    Raises:
        InputTooLarge: they do; the message says by how much.
    """
    if total > settings.ratio_from and total > settings.ratio_limit * max(packed, 1):
        raise InputTooLarge(
            f"{packed:,} packed bytes gave {total:,}, more than {settings.ratio_limit} times: "
            "not read further as it may be a decompression bomb; unpack it yourself if you trust it"
        )
    if total > settings.file_limit:
        raise InputTooLarge(
            f"the file unpacks to more than {settings.file_limit:,} bytes: not read further; "
            "cut it or raise the limit"
        )


def _gunzip(stream: Stream) -> Iterator[bytes]:
    """Unpack gzip of one or several members, never more than CHUNK at a time."""
    member = zlib.decompressobj(wbits=31)
    data = b""
    while data or (data := stream.read(PACKED_CHUNK)):
        if chunk := member.decompress(data, CHUNK):
            yield chunk
        data = member.unconsumed_tail
        if member.eof:
            data = member.unused_data.lstrip(b"\0") or stream.read(PACKED_CHUNK).lstrip(b"\0")
            if not data:
                return
            if len(data) == 1:
                data += stream.read(1)
            if not data.startswith(b"\x1f\x8b"):
                raise FeedError("bytes after the end of the gzip data are not gzip; left unread")
            member = zlib.decompressobj(wbits=31)
    while chunk := member.decompress(b"", CHUNK):
        yield chunk
    if not member.eof:
        raise FeedError(stream.fault or "the gzip data is cut off; fetch the file again")


def _unzstd(stream: Stream) -> Iterator[bytes]:
    """Unpack zstd of one or several frames; a frame's block unpacks to 128 KB at most."""
    frame = zstd.ZstdDecompressor()
    data = b""
    # A 4-byte block may unpack to 128 KB: small slices bound what one call can make.
    while data or (data := stream.read(1024)):
        if chunk := frame.decompress(data):
            yield chunk
        data = b""
        if frame.eof:
            data = frame.unused_data or stream.read(1024)
            if not data:
                return
            frame = zstd.ZstdDecompressor()
    raise FeedError(stream.fault or "the zstd data is cut off; fetch the file again")


PACKINGS: Final[tuple[tuple[bytes, Callable[[Stream], Iterator[bytes]]], ...]] = (
    (b"\x1f\x8b\x08", _gunzip),
    (b"\x28\xb5\x2f\xfd", _unzstd),
)


def _packing_of(stream: Stream) -> Callable[[Stream], Iterator[bytes]] | None:
    start = stream.peek(4)
    return next((unpack for magic, unpack in PACKINGS if start.startswith(magic)), None)
