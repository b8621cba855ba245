"""
Encodings: the bytes of a stream as UTF-8, and rows of them as text.

    Stream  ->  Text (UTF-8 or ASCII-compatible bytes)  ->  str, a row at a time

UTF-16 and UTF-32 are told by their mark or by where their zero bytes stand and are
re-coded as they stream; every other encoding keeps ASCII where it is, so files are cut
into rows first and each row is decoded alone: one damaged row does not spoil a file.

Does not: repair text that was decoded wrongly before it came here (`mojibake.py` does).
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from indexer.feeds.reading.files import HEAD, Stream

BOM: Final = codecs.BOM_UTF8
MARKS: Final = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ZEROS: Final[
    dict[tuple[bool, ...], str]
] = {  # which of the first four bytes are zero when they hold ASCII
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
# What exports of reference software are met in besides UTF-8. Without this list the
# detector takes short Western rows for anything.
LIKELY: Final = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "mac_roman", "iso8859_2"),
]
WESTERN: Final = "cp1252"
# Most letters stand in the same places in these: short text looks equally well in all.
COUSINS: Final = frozenset({"cp1250", "cp1252", "cp1254", "iso8859_2"})
_SYMBOL_IN_WORD: Final = re.compile(r"[^\W\d_][\xa1-\xb6\xb8-\xbf][^\W\d_]")  # Polish "Wp³yw"
SAMPLE: Final = 4096  # bytes shown to the detector


class Text:
    """A stream as bytes that keep ASCII in its place, with a decoder for its rows."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        head = stream.peek(4)
        self._wide, mark = _wide_encoding(head)
        self._mark = mark or (len(BOM) if head.startswith(BOM) else 0)
        self._recoded: deque[_Recoded] = deque()
        self._legacy = ""
        self._utf8_seen = False
        self.taken = 0  # bytes that `chunks` has handed out

    @property
    def mark(self) -> int:
        """Bytes of the byte-order mark that stands before what `chunks` hands out."""
        return self._mark

    @cached_property
    def head(self) -> bytes:
        """The first bytes as `chunks` gives them; whole characters for wide encodings."""
        start = self._stream.peek(HEAD)[self._mark :]
        return _recode(start, self._wide, final=False) if self._wide else start

    def chunks(self) -> Iterator[bytes]:
        """All bytes in order, without the byte-order mark; to be called once."""
        skip = self._mark
        decoder = codecs.getincrementaldecoder(self._wide)("replace") if self._wide else None
        done, start = 0, skip
        at_end = False
        while not at_end:
            chunk = self._stream.read()
            at_end = not chunk
            chunk, skip = chunk[skip:], max(0, skip - len(chunk))
            if decoder is None:
                if chunk:
                    self.taken += len(chunk)
                    yield chunk
                continue
            text = decoder.decode(chunk, at_end)  # half a character at the end is a damaged one
            recoded = text.encode()
            self._recoded.append(_Recoded(done, start, text))
            done, start = done + len(recoded), start + len(text.encode(self._wide))
            if recoded:
                self.taken += len(recoded)
                yield recoded

    def origin(self, offset: int) -> int:
        """Where a byte of `chunks` stands in the unpacked file; ask in growing order."""
        if not self._wide:
            return self._mark + offset
        pieces = self._recoded
        while len(pieces) > 1 and pieces[1].offset <= offset:
            pieces.popleft()
        if not pieces:
            return self._mark
        piece = pieces[0]
        before = piece.text.encode()[: offset - piece.offset].decode(errors="ignore")
        return piece.start + len(before.encode(self._wide))

    def decode(self, row: bytes) -> str:
        """One row as text: UTF-8, else the encoding that the file's other bytes tell."""
        try:
            text = row.decode()
        except UnicodeDecodeError:
            return self._decode_legacy(row)
        self._utf8_seen = self._utf8_seen or not text.isascii()
        return text

    def _decode_legacy(self, row: bytes) -> str:
        if self._utf8_seen:  # a UTF-8 file with stray bytes: only they are foreign
            return row.decode(errors=STRAY_BYTES)
        if not self._legacy:
            lines = (self.head + b"\n" + row).splitlines()
            telling = b"\n".join(line[:SAMPLE] for line in lines if not line.isascii())
            self._legacy = _guess(telling[:SAMPLE])
        return row.decode(self._legacy, errors="replace")


class _Recoded(NamedTuple):
    offset: int  # of the text's first byte in UTF-8
    start: int  # of the same in the file
    text: str


def _wide_encoding(head: bytes) -> tuple[str, int]:
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return ZEROS.get(tuple(byte == 0 for byte in head), ""), 0


def _recode(data: bytes, encoding: str, *, final: bool) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(data, final).encode()


def _guess(sample: bytes) -> str:
    """The encoding of bytes that are not UTF-8; Western European when nothing tells better."""
    from charset_normalizer import from_bytes  # takes 0.1 s to load, and most files are UTF-8

    guesses = from_bytes(sample, cp_isolation=LIKELY, enable_fallback=False)
    best = guesses.best()
    if best is None:
        return WESTERN
    if best.encoding not in COUSINS:
        return best.encoding
    if _SYMBOL_IN_WORD.search(sample.decode(WESTERN, "replace")):
        others = (match.encoding for match in guesses if match.encoding != WESTERN)
        return next(others, WESTERN)
    as_tidy = any(match.encoding == WESTERN and match.chaos <= best.chaos for match in guesses)
    return WESTERN if as_tidy or WESTERN in best.could_be_from_charset else best.encoding


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode(WESTERN, errors="replace"), error.end


STRAY_BYTES: Final = "samework-stray-bytes"
codecs.register_error(STRAY_BYTES, _as_western)
