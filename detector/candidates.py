"""
Candidates: the pairs that an index proposes, cut to those worth comparing.

    Pairs  ->  (left, right, found_by) of pairs worth the price of a comparison

LSH buckets are cheap and wide. A pair that only they propose is compared when its
titles share half of their trigrams, measured exactly, and its bylines share a name;
without a shared name, when the titles are nearly equal. It is the same function of
the pair wherever it is asked, and what found a pair does not colour how it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.packed_sets import PackedSets, Rows, shared
from indexer.fields import Fields
from indexer.fields.people.names import Names
from indexer.fields.titles.titles import Title
from indexer.keys import Kind

# Jaccard of title trigrams. Of 16,357 pairs of the development sets that only LSH proposes and
# whose bylines share no name (2,503 of them labelled), not one is a true pair: cutting most of
# them takes harvest from 7.8 to 4.9 candidates a record at no recall (ARCHITECTURE.md).
LEAST_ALIKE: Final = 0.5
LEAST_ALIKE_WITHOUT_A_NAME: Final = 0.85
TITLE_BUCKETS: Final = 1 << Kind.TITLE_AUTHOR_BAND | 1 << Kind.TITLE_BAND
_APART: Final = "\0\0\0"  # between titles, so that no trigram is of two; no title has it


def worth_comparing(left: Fields, right: Fields, found_by: int) -> bool:
    """Whether a proposed pair is compared; `found_by` is the mask of `join.Pairs`."""
    if found_by & ~TITLE_BUCKETS:
        return True
    alike = title_overlap(left.title, right.title)
    if alike >= LEAST_ALIKE_WITHOUT_A_NAME:
        return True
    return alike >= LEAST_ALIKE and not words_of(left.authors).isdisjoint(words_of(right.authors))


def pairs_worth_comparing(
    records: Sequence[Fields], left: Rows, right: Rows, found_by: NDArray[np.uint16]
) -> NDArray[np.bool_]:
    """
    The same of the pairs (records[left[i]], records[right[i]]): 3 µs each in place of 6 to 11.

    The trigrams of all titles are counted at once; what needs more than that is asked singly.
    """
    worth: NDArray[np.bool_] = (found_by & ~np.uint16(TITLE_BUCKETS)) != 0
    asked = np.flatnonzero(~worth)
    rows, places = np.unique(np.concatenate((left[asked], right[asked])), return_inverse=True)
    titles = [records[row].title for row in rows.tolist()]
    ours, theirs = places[: len(asked)], places[len(asked) :]
    alike = _overlaps([title.key for title in titles], ours, theirs)
    scripts = np.array([bool(title.original) for title in titles], bool)
    for at in np.flatnonzero(scripts[ours] & scripts[theirs]).tolist():
        alike[at] = title_overlap(titles[ours[at]], titles[theirs[at]])
    worth[asked] = alike >= LEAST_ALIKE_WITHOUT_A_NAME
    words: dict[int, set[str]] = {}
    for at in asked[(alike >= LEAST_ALIKE) & ~worth[asked]].tolist():
        pair = int(left[at]), int(right[at])
        words.update((row, words_of(records[row].authors)) for row in pair if row not in words)
        worth[at] = not words[pair[0]].isdisjoint(words[pair[1]])
    return worth


def _overlaps(texts: Sequence[str], left: Rows, right: Rows) -> NDArray[np.float64]:
    """`jaccard` of the texts of many pairs."""
    joined = _APART.join((*texts, "")) or _APART
    if not joined.isascii():
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([jaccard(texts[one], texts[other]) for one, other in pairs], np.float64)
    letters = np.frombuffer(joined.encode("ascii"), np.uint8).astype(np.uint32)
    eight = np.uint32(8)
    codes = ((letters[:-2] << eight | letters[1:-1]) << eight) | letters[2:]
    lengths = np.array([len(text) for text in texts], np.int64)
    counts = np.maximum(lengths - 2, 1)
    begins = np.cumsum(lengths + len(_APART)) - lengths - len(_APART)
    offsets = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    sets = PackedSets.distinct(codes[offsets + np.arange(len(offsets))], counts)
    both = shared(sets, left, sets, right)
    overlaps: NDArray[np.float64] = both / (sets.sizes[left] + sets.sizes[right] - both)
    return overlaps


def title_overlap(left: Title, right: Title) -> float:
    """How much of the titles' trigrams they share, in folded form or in their own script."""
    folded = jaccard(left.key, right.key)
    if left.original and right.original:
        return max(folded, jaccard(left.original, right.original))
    return folded


def words_of(byline: Names) -> set[str]:
    """The words of the names, initials apart; given and family names are often exchanged."""
    words = (word for name in byline.names for word in (*name.family.split(), *name.given))
    return {word for word in words if len(word) > 1}


def jaccard(left: str, right: str) -> float:
    """Jaccard similarity of the character trigrams of two strings."""
    ours, theirs = trigrams(left), trigrams(right)
    shared = len(ours & theirs)
    return shared / (len(ours) + len(theirs) - shared)


@lru_cache(maxsize=20_000)
def trigrams(text: str) -> frozenset[str]:
    """The character trigrams of a text; a shorter text is one by itself."""
    return frozenset(text[i : i + 3] for i in range(max(len(text) - 2, 1)))
