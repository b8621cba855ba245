"""
Abstracts: folded text and hashed word shingles, cheap enough for every record.

    "<jats:p>We report …</jats:p>"  ->  "we report …", [hash, hash, …]

Shingles are runs of SHINGLE_WORDS words; of longer abstracts only the SHINGLES
smallest hashes are kept, which is a bottom-k sketch: the Jaccard similarity of two
sketches estimates that of the whole texts, and equal texts give equal sketches.

Does not: compare two abstracts, or repair for display (`folding.repair` does, slower).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.fields.text.folding import fold, fold_each
from indexer.fields.text.markup import plain
from indexer.fields.text.mojibake import unscramble

ABSTRACT_LENGTH: Final = 3000  # characters used; 95 % of abstracts of reviews are shorter
SHINGLE_WORDS: Final = 3
SHINGLES: Final = 512
SHORTEST: Final = 40  # folded characters; less says nothing about the work

_PLACEHOLDER: Final = re.compile(
    r"(?:no abstract|abstract not available|not available|n a$|none$|null$|"
    r"this article (?:has no|does not have an) abstract|click on the article title)"
)
_HEAD: Final = re.compile(r"(?:abstract|summary|comment|resumo|resumen|resume|zusammenfassung) ")
# What publishers and databases append: it is the same under thousands of abstracts.
_TAIL: Final = re.compile(
    r" (?:copyright (?:c )?(?:19|20)?\d|c (?:19|20)\d\d |all rights reserved|(?:19|20)\d\d (?:"
    r"elsevier|the authors?|wiley|springer|john wiley|american|lippincott|karger|published|"
    r"by the|mdpi|taylor|blackwell|informa|nature publishing|bentham|copyright)\b|"
    r"psycinfo database record|comment \d+ pages|abstract truncated at).*"
)
TAIL_LENGTH: Final = 250  # characters in which an appended notice is looked for

# Every substring's hash comes from one cumulative sum, modulo 2**64.
_BASE: Final = 0x9E3779B97F4A7C15  # odd, hence invertible modulo 2**64
_LONGEST: Final = ABSTRACT_LENGTH * 8  # transliteration makes text longer
_TOGETHER: Final = 64_000  # characters of abstracts that are hashed at once, some forty of them


def _powers(base: int) -> NDArray[np.uint64]:
    out = np.full(_TOGETHER + 1, base, np.uint64)
    out[0] = 1
    return np.multiply.accumulate(out)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(pow(_BASE, -1, 1 << 64))
# The last step of splitmix64 (Steele, Lea & Flood 2014): sums of powers are not random enough.
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(29)
_HALF: Final = np.uint64(32)
_FIRST: Final = np.ones(1, bool)
_ZERO: Final = np.zeros(1, np.intp)
NO_SHINGLES: Final[NDArray[np.uint32]] = np.empty(0, np.uint32)


def abstract_of(raw: str) -> str:
    """An abstract as harvested, folded, without its label and copyright; "" when there is none."""
    return _bare(fold(text)) if (text := _legible(raw)) else ""


def abstracts_of(raws: Sequence[str]) -> list[str]:
    """`abstract_of` of each."""
    return [_bare(folded) if folded else "" for folded in fold_each(list(map(_legible, raws)))]


def _legible(raw: str) -> str:
    """The beginning of an abstract without mojibake and markup, nor the © and what follows it."""
    if len(raw) < SHORTEST:
        return ""
    text = raw[:ABSTRACT_LENGTH]
    if "©" in text and (end := text.rfind("©")) > max(SHORTEST, len(text) - TAIL_LENGTH):
        text = text[:end].rstrip("Â ")
    if not text.isascii():
        text = unscramble(text)
    if "&" in text or "<" in text or "\\" in text:
        text = plain(text)
    return text


def _bare(folded: str) -> str:
    if _PLACEHOLDER.match(folded):
        return ""
    folded = folded[head.end() :] if (head := _HEAD.match(folded)) else folded
    if tail := _TAIL.search(folded, max(SHORTEST, len(folded) - TAIL_LENGTH)):
        folded = folded[: tail.start()]
    return folded if len(folded) >= SHORTEST else ""


def shingles_of(folded: str) -> NDArray[np.uint32]:
    """At most SHINGLES sorted distinct hashes of a folded text's runs of words."""
    if not folded:
        return NO_SHINGLES
    codes = np.frombuffer(folded[:_LONGEST].encode("ascii"), np.uint8)
    spaces = np.flatnonzero(codes == 32)
    starts = np.concatenate((_ZERO, spaces + 1))
    ends = np.append(spaces, len(codes))
    if len(starts) >= SHINGLE_WORDS:
        starts, ends = starts[: len(starts) - SHINGLE_WORDS + 1], ends[SHINGLE_WORDS - 1 :]
    else:
        starts, ends = starts[:1], ends[-1:]
    shingles = _hashes(codes, starts, ends)
    shingles.sort()
    distinct: NDArray[np.uint32] = shingles[np.concatenate((_FIRST, shingles[1:] != shingles[:-1]))]
    return distinct[:SHINGLES]


def shingles_of_each(texts: Sequence[str]) -> list[NDArray[np.uint32]]:
    """
    `shingles_of` each, 9 µs an abstract where it takes 24 alone.

    Texts are hashed some forty at a time: a run's hash is the same wherever it stands.
    """
    sketches = [NO_SHINGLES] * len(texts)
    rows: list[int] = []
    size = 0
    for row, text in enumerate(texts):
        if not text:
            continue
        length = min(len(text), _LONGEST) + 1
        if size + length > _TOGETHER:
            _sketch(texts, rows, sketches)
            rows, size = [], 0
        rows.append(row)
        size += length
    _sketch(texts, rows, sketches)
    return sketches


def _sketch(texts: Sequence[str], rows: Sequence[int], sketches: list[NDArray[np.uint32]]) -> None:
    """Put the shingles of these rows into `sketches`."""
    words = [texts[row][:_LONGEST] + " " for row in rows]
    codes = np.frombuffer("".join(words).encode("ascii"), np.uint8)
    ends = np.flatnonzero(codes == 32)
    beyond = SHINGLE_WORDS - 1  # runs from the last words of a text would end in the next
    if len(ends) <= beyond:
        for row in rows:
            sketches[row] = shingles_of(texts[row])
        return
    last = np.searchsorted(ends, np.cumsum(np.fromiter(map(len, words), np.int64, len(rows))) - 1)
    runs = np.maximum(np.diff(last, prepend=-1) - beyond, 0)
    within = np.ones(len(ends), bool)
    for back in range(beyond):
        within[last - back] = False
    starts = np.concatenate((_ZERO, ends[: -beyond - 1] + 1))
    shingles = _hashes(codes, starts, ends[beyond:])[within[:-beyond]]
    begins = np.cumsum(runs) - runs
    spans = list(zip(begins.tolist(), (begins + runs).tolist(), strict=True))
    for begin, end in spans:
        shingles[begin:end].sort()
    fresh = np.ones(len(shingles), bool)
    np.not_equal(shingles[1:], shingles[:-1], out=fresh[1:])
    fresh[begins[runs > 0]] = True
    for row, (begin, end) in zip(rows, spans, strict=True):
        if begin < end:
            sketches[row] = shingles[begin:end][fresh[begin:end]][:SHINGLES]
        else:  # a text of one or two words
            sketches[row] = shingles_of(texts[row])


def _hashes(
    codes: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.uint32]:
    """The hashes of these runs of a text."""
    sums = np.empty(len(codes) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(codes * _POWERS[: len(codes)], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * _INVERSES[starts]
    hashes = (hashes ^ (hashes >> _SHIFT)) * _MIX
    return (hashes >> _HALF).astype(np.uint32)
