"""
Abstracts compared by their word shingles.

    Profile, Profile  ->  abstract

A feed may cut an abstract or add to it, so the shorter side is what is measured. Two
records of one page can carry the page's text, or another language's.
"""

from __future__ import annotations

from collections import Counter
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
NAMES: Final = ("less", "over_5", "over_15", "over_40", "over_70", "same")
BOUNDS: Final = (0.05, 0.15, 0.4, 0.7, 0.9)
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
    if share < BOUNDS[0] and _in_two_languages(left.fields.abstract, right.fields.abstract):
        return MISSING
    return _A[NAMES[sum(share >= bound for bound in BOUNDS)]]


# Words that hardly a sentence does without, folded; those of two languages left out.
FUNCTION_WORDS: Final = {
    word: language
    for language, words in {
        "en": "the of and was were with this that from which these",
        "de": "der die und das mit wurde wurden bei eine einer werden nach",
        "fr": "les et dans une pour est sur avec par cette ont",
        "es": "los las y el del una se fueron como entre",
        "pt": "os dos uma da do foi foram ao nao pela entre",
        "it": "della dei di il che sono nel delle gli alla",
        "nl": "het een van voor zijn werd bij werden deze",
        "pl": "oraz jest sie nie przez bylo w z",
        "ru": "i v na dlia po pri chto ot byli",
        "tr": "ve bir bu ile icin olarak",
    }.items()
    for word in words.split()
}
FEWEST_WORDS: Final = 3  # distinct ones; less is a name or a quotation


def _in_two_languages(one: str, other: str) -> bool:
    ours, theirs = language_of(one), language_of(other)
    return bool(ours and theirs) and ours != theirs


def language_of(folded: str) -> str:
    """The language whose function words stand in a text; "" where none prevails."""
    # the few words that count are looked up in the text's, not all of the text's (50 to 15 µs)
    counted = Counter(map(FUNCTION_WORDS.get, FUNCTION_WORDS.keys() & folded.split()))
    (first, most), (_, next_most) = (*counted.most_common(2), ("", 0), ("", 0))[:2]
    return first if first and most >= max(FEWEST_WORDS, 2 * next_most) else ""


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
