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
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.fields.text.folding import fold
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


def _powers(base: int) -> NDArray[np.uint64]:
    out = np.full(_LONGEST + 1, base, np.uint64)
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
    if len(raw) < SHORTEST:
        return ""
    text = raw[:ABSTRACT_LENGTH]
    if "©" in text and (end := text.rfind("©")) > max(SHORTEST, len(text) - TAIL_LENGTH):
        text = text[:end].rstrip("Â ")
    if not text.isascii():
        text = unscramble(text)
    if "&" in text or "<" in text or "\\" in text:
        text = plain(text)
    folded = fold(text)
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
    sums = np.empty(len(codes) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(codes * _POWERS[: len(codes)], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * _INVERSES[starts]
    hashes = (hashes ^ (hashes >> _SHIFT)) * _MIX
    shingles: NDArray[np.uint32] = (hashes >> _HALF).astype(np.uint32)
    shingles.sort()
    distinct: NDArray[np.uint32] = shingles[np.concatenate((_FIRST, shingles[1:] != shingles[:-1]))]
    return distinct[:SHINGLES]
