"""
Candidates: the pairs that an index proposes, cut to those worth comparing.

    Pairs  ->  (left, right, found_by) of pairs worth the price of a comparison

LSH buckets are cheap and wide. A pair that only they propose is compared when its
titles share half of their trigrams, measured exactly; the same function of the pair
wherever it is asked. Does not: look at any other field; what found a pair must not
colour how it is judged.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from indexer.fields import Fields
from indexer.fields.titles import Title
from indexer.keys import Kind

LEAST_ALIKE: Final = 0.5  # Jaccard of trigrams; costs at most 0.004 of recall (docs/evaluation.md)
_TITLE_BUCKETS: Final = 1 << Kind.TITLE_AUTHOR_BAND | 1 << Kind.TITLE_BAND


def worth_comparing(left: Fields, right: Fields, found_by: int) -> bool:
    """Whether a proposed pair is compared; `found_by` is the mask of `join.Pairs`."""
    if found_by & ~_TITLE_BUCKETS:
        return True
    return alike(left.title, right.title)


def alike(left: Title, right: Title) -> bool:
    """Whether the titles' trigrams overlap enough, in folded form or in their own script."""
    if jaccard(left.key, right.key) >= LEAST_ALIKE:
        return True
    if left.original and right.original:
        return jaccard(left.original, right.original) >= LEAST_ALIKE
    return False


def jaccard(left: str, right: str) -> float:
    """Jaccard similarity of the character trigrams of two strings."""
    ours, theirs = trigrams(left), trigrams(right)
    shared = len(ours & theirs)
    return shared / (len(ours) + len(theirs) - shared)


@lru_cache(maxsize=20_000)
def trigrams(text: str) -> frozenset[str]:
    """The character trigrams of a text; a shorter text is one by itself."""
    return frozenset(text[i : i + 3] for i in range(max(len(text) - 2, 1)))
