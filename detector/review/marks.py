"""
Marks: where two texts differ, word by word, and letter by letter inside words that are alike.

    "Counting eels", "Counting eles"  ->  ((11, 13),), ((11, 13),)

Differences of case alone are none. Does not: decide whether a difference matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Indel

Spans = tuple[tuple[int, int], ...]  # [start, end) of characters that the other text lacks

_TOKEN: Final = re.compile(r"\w+|\s+|.", re.DOTALL)
_ALIKE: Final = 0.6  # of the letters, from which two words are one word with a slip


def marked(left: str, right: str) -> tuple[Spans, Spans]:
    """The parts of each text that the other does not have."""
    ours, theirs = _TOKEN.findall(left), _TOKEN.findall(right)
    starts = _starts(ours), _starts(theirs)
    marks: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for a, b, c, d in _different([_plain(t) for t in ours], [_plain(t) for t in theirs]):
        begins = starts[0][a], starts[1][c]
        inside = _inside(left[begins[0] : starts[0][b]], right[begins[1] : starts[1][d]])
        for side, begin, spans in zip(marks, begins, inside, strict=True):
            side += [(begin + start, begin + end) for start, end in spans]
    return tuple(marks[0]), tuple(marks[1])


def pieces(text: str, spans: Spans) -> Iterator[tuple[str, bool]]:
    """A text in its order, in pieces, each with whether it is marked."""
    at = 0
    for start, end in spans:
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _inside(ours: str, theirs: str) -> tuple[Spans, Spans]:
    """What differs between two parts that stand in one place: letters where they are alike."""
    one, other = _plain(ours), _plain(theirs)
    if not ours or not theirs or Indel.normalized_similarity(one, other) < _ALIKE:
        return _whole(ours), _whole(theirs)
    left, right = [], []
    for a, b, c, d in _different(one, other):
        left += [(a, b)] if a < b else []
        right += [(c, d)] if c < d else []
    return tuple(left), tuple(right)


def _whole(text: str) -> Spans:
    return ((0, len(text)),) if text.strip() else ()


def _different(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The ranges of both that stand between what both have, in their order."""
    a = c = 0
    same = [block for block in Indel.opcodes(ours, theirs) if block.tag == "equal"]
    for block in same:
        if a < block.src_start or c < block.dest_start:
            yield a, block.src_start, c, block.dest_start
        a, c = block.src_end, block.dest_end
    if a < len(ours) or c < len(theirs):
        yield a, len(ours), c, len(theirs)


def _plain(text: str) -> str:
    """The text without its case, where that leaves every letter in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _starts(tokens: Sequence[str]) -> list[int]:
    """Where each token begins, and behind them where the text ends."""
    at, starts = 0, [0]
    for token in tokens:
        at += len(token)
        starts.append(at)
    return starts
