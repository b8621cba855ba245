"""
Title words of many pairs: what `compare_words` says of each.

    Batch  ->  title_words

Words are numbered, a title is a set of numbers, and what one title has alone is weighed for all
pairs at once. Pairs with words that may be one word misspelt are asked one by one, and so are
those so near a bound that the order of a sum would tell.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from detector.columns.batch import Batch, Mask, codes_of, numbering
from detector.columns.titles import ContainedTitles, TitleColumns, TitlePairs
from detector.comparisons import titles as single
from detector.comparisons.base import Levels, codes
from detector.packed_sets import Alone, PackedSets, alone, products
from indexer.fields.titles.numerals import figures_of

_W: Final = codes(single.WORDS)
_ADDED: Final = tuple(zip(*single.ADDED, strict=True))  # bounds, levels
_SWAPPED: Final = tuple(zip(*single.SWAPPED, strict=True))
SUMS: Final = 1e-9  # more than two orders of adding some weights can differ by


class TitleWords:
    """The words of all titles as sets of numbers, and what each word tells."""

    def __init__(self, batch: Batch) -> None:
        numbers = numbering()
        titles = [dict.fromkeys(record.title.words) for record in batch.records]
        values = [numbers[word] for title in titles for word in title]
        sizes = np.array([len(title) for title in titles], np.int64)
        self.sets = PackedSets.of(np.array(values, np.uint32), sizes)
        self.words = [str(word) for word in numbers]
        self.idf = np.array(batch.counts.idfs(self.words), np.float64)
        total = np.concatenate(([0.0], np.cumsum(self.idf[values])))
        self.information = total[self.sets.starts + sizes] - total[self.sets.starts]


def word_levels(batch: Batch) -> Levels:
    """Batch form of `compare_words`."""
    titles, words = batch.of(TitlePairs), batch.of(TitleWords)
    out = batch.nothing()
    plain = ~(titles.missing | titles.spaced | titles.cut_off) & titles.one_script
    at = np.flatnonzero(plain)
    left, right = batch.left[at], batch.right[at]
    only = alone(words.sets, left, right, words.idf)
    whole = np.minimum(words.information[left], words.information[right])
    levels, doubtful = _levels(only, whole)
    doubtful |= _misspelt(words, only)
    out[at] = levels
    asked = titles.cut_off & titles.one_script
    asked |= batch.either(batch.of(TitleColumns).alternates)
    asked |= batch.of(ContainedTitles).words >= single.SHORT_PART
    asked &= ~titles.spaced
    asked[at[doubtful]] = True
    batch.ask(single.compare_words, out, asked)
    out[titles.spaced] = _W["spelling"]
    out[titles.same] = _W["same"]
    out[titles.missing] = 0
    return out


def _levels(only: Alone, whole: NDArray[np.float64]) -> tuple[Levels, Mask]:
    """The level of each pair, and where it lies too near a bound to be told so."""
    ours, theirs = only.weights[0] / whole, only.weights[1] / whole
    added = np.minimum(*only.counts) == 0
    out = np.zeros(len(whole), np.int8)
    doubtful = np.zeros(len(whole), bool)
    for (bounds, levels), where, share in (
        (_ADDED, added, np.maximum(ours, theirs)),
        (_SWAPPED, ~added, np.minimum(ours, theirs)),
    ):
        table = np.array(levels, np.int8)
        out[where] = table[np.searchsorted(bounds, share[where], side="right")]
        for bound in bounds:
            doubtful |= where & (np.abs(share - bound) < SUMS)
    out[np.maximum(*only.counts) == 0] = _W["same"]
    return out, doubtful


def _misspelt(words: TitleWords, only: Alone) -> Mask:
    """Where a word that one title has alone may be one of the other's."""
    few = (np.maximum(*only.counts) <= single.MOST_SLIPS) & (np.minimum(*only.counts) > 0)
    counts = only.counts[0][few], only.counts[1][few]
    pair, one, other = products(*counts)
    ours = only.values[0][np.repeat(few, only.counts[0])][one]
    theirs = only.values[1][np.repeat(few, only.counts[1])][other]
    lengths = np.array([0 if word.isdigit() else len(word) for word in words.words], np.int64)
    shorter = np.minimum(lengths[ours], lengths[theirs])
    near = np.flatnonzero((shorter >= 4) & (np.abs(lengths[ours] - lengths[theirs]) <= 2))
    distances = cpdist(
        [words.words[number] for number in ours[near].tolist()],
        [words.words[number] for number in theirs[near].tolist()],
        scorer=Levenshtein.distance,
        score_cutoff=2,
    )
    numbers = codes_of([figures_of(word) for word in words.words])
    written = np.flatnonzero((numbers[ours] == numbers[theirs]) & (numbers[ours] > 0))
    slips = near[distances <= np.where(shorter[near] < 8, 1, 2)]
    misspelt = np.zeros(len(few), bool)
    misspelt[np.flatnonzero(few)[pair[np.concatenate((slips, written))]]] = True
    return misspelt
