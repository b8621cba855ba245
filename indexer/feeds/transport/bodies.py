"""
Bodies: the bytes of an answer, unpacked within limits.

    chunks off the wire, announced coding  ->  bytes

What is announced is not believed: gzip is recognised by its first two bytes, so
an unannounced one is unpacked and an announced one that is plain is taken as it
is. Refuses bombs by size and by ratio. Does not read files: `reading/files.py` does.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import FeedError, InputTooLarge

GZIP_MAGIC: Final = b"\x1f\x8b"
LAYERS: Final = 3  # .gz.gz is met; deeper nesting is a trick
STEP: Final = 1 << 18  # bytes unpacked at a time, so that a bomb is noticed early
RATIO_FLOOR: Final = 1 << 20  # small bodies may compress as well as they like


class CutBody(FeedError):
    """A packed body ends in the middle; the same request may bring it whole."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much one answer may weigh; a record page has rarely more than 20 MB."""

    packed: int = 64 << 20  # bytes on the wire
    unpacked: int = 512 << 20  # bytes after unpacking
    ratio: int = 200  # unpacked to packed, beyond RATIO_FLOOR


def read_body(chunks: Iterable[bytes], coding: str, limits: BodyLimits) -> bytes:
    """
    The whole body as plain bytes.

    Raises:
        InputTooLarge: it is over a limit.
        CutBody: the packed stream ends before its end.
        FeedError: the coding is one that was never asked for.
    """
    if coding.strip().lower() not in {"", "identity", "gzip", "x-gzip"}:
        raise FeedError(f"answer is coded as {coding!r}, but only gzip was asked for")
    body = _capped(chunks, limits.packed)
    for _ in range(LAYERS):
        if not body.startswith(GZIP_MAGIC):
            return body
        body = b"".join(gunzip(body, limits))
    raise InputTooLarge(f"answer is packed more than {LAYERS} times")


def save_body(chunks: Iterable[bytes], target: Path, most: int) -> None:
    """
    Write a body to *target* as it comes; the file appears only once it is whole.

    Raises:
        InputTooLarge: it is longer than *most* bytes.
    """
    part = target.with_name(target.name + ".part")
    total = 0
    with open(part, "wb") as file:
        for chunk in chunks:
            total += len(chunk)
            if total > most:
                raise InputTooLarge(f"{target.name} is longer than {most} bytes")
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, target)


def gunzip(packed: bytes, limits: BodyLimits) -> Iterator[bytes]:
    """Unpack every member of a gzip body in steps; what follows the last one is dropped."""
    most = max(RATIO_FLOOR, len(packed) * limits.ratio)
    total = 0
    while packed.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        feed = packed
        while not member.eof:
            try:
                piece = member.decompress(feed, STEP)
            except zlib.error as error:
                raise CutBody(f"gzip body is damaged: {error}") from error
            total += len(piece)
            if total > min(most, limits.unpacked):
                raise InputTooLarge(
                    f"answer unpacks to more than {min(most, limits.unpacked)} bytes"
                )
            feed = member.unconsumed_tail
            if not piece and not feed and not member.eof:
                raise CutBody("gzip body ends in the middle")
            yield piece
        packed = member.unused_data


def _capped(chunks: Iterable[bytes], most: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            raise InputTooLarge(f"answer is longer than {most} bytes")
        pieces.append(chunk)
    return b"".join(pieces)
