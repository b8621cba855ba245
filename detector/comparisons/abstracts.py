"""
Abstracts compared by their word shingles.

    Profile, Profile  ->  abstract

A feed may cut an abstract or add to it, so the shorter side is what is measured. Two
records of one page can carry the page's text, or another language's.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile

ABSTRACT: Final = levels(
    ("same", "the abstracts are the same"),
    ("over_70", "most of the shorter abstract stands in the other"),
    ("over_40", "much of the shorter abstract stands in the other"),
    ("over_15", "some of the shorter abstract stands in the other"),
    ("over_5", "little of the shorter abstract stands in the other"),
    ("less", "the abstracts have nothing in common"),
)
_A: Final = codes(ABSTRACT)
_NAMES: Final = ("less", "over_5", "over_15", "over_40", "over_70", "same")
_BOUNDS: Final = (0.05, 0.15, 0.4, 0.7, 0.9)
FEWEST_SHINGLES: Final = 15  # "No abstract available" is no abstract


def compare_abstracts(left: Profile, right: Profile) -> int:
    """Both records carry the same abstract."""
    ours, theirs = left.fields.abstract_shingles, right.fields.abstract_shingles
    shorter = min(len(ours), len(theirs))
    if shorter < FEWEST_SHINGLES:
        return MISSING
    languages = {left.fields.language, right.fields.language} - {""}
    if len(languages) > 1:
        return MISSING  # an abstract and its translation
    both = np.concatenate((ours, theirs))
    both.sort()  # each side is distinct: what stands twice stands on both
    share = int(np.count_nonzero(both[1:] == both[:-1])) / shorter
    return _A[_NAMES[sum(share >= bound for bound in _BOUNDS)]]


def _shown(left: Profile, right: Profile) -> Values:
    return left.fields.abstract[:80], right.fields.abstract[:80]


ABSTRACTS: Final = (
    Comparison(
        "abstract",
        compare_abstracts,
        ABSTRACT,
        _shown,
        (("same", "over_70", "over_40"),),
        (("over_15", "over_5", "less"),),
    ),
)
