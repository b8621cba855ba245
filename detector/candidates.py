"""
Candidates: the pairs that an index proposes, cut to those worth comparing.

    Pairs  ->  (left, right, found_by) of pairs worth the price of a comparison

LSH buckets are cheap and wide. A pair that only they propose is compared when its
titles share half of their trigrams, measured exactly, and its bylines share a name;
without a shared name, when the titles are nearly equal. It is the same function of
the pair wherever it is asked, and what found a pair does not colour how it is decided.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

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


def worth_comparing(left: Fields, right: Fields, found_by: int) -> bool:
    """Whether a proposed pair is compared; `found_by` is the mask of `join.Pairs`."""
    if found_by & ~TITLE_BUCKETS:
        return True
    alike = title_overlap(left.title, right.title)
    if alike >= LEAST_ALIKE_WITHOUT_A_NAME:
        return True
    return alike >= LEAST_ALIKE and not words_of(left.authors).isdisjoint(words_of(right.authors))


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
