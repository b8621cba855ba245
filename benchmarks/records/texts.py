"""
Texts: the titles and abstracts of works, as lists of words.

    Works  ->  for each its title's words, or its abstract

A third of a title's words are of its topic, as of real titles; the rest are drawn by
frequency alone. A subtitle is now and then a phrase that many titles end with.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.records.draws import Draws, Numbers
from benchmarks.records.ranks import Ranks
from benchmarks.records.spelling import Spelling
from benchmarks.records.works import WorkKind, Works, discipline_of

OF_TOPIC: Final = 0.47  # of the words of a title that are not among the most common
TOPIC_WORDS: Final = 10
MOST_COMMON: Final = 40  # ranks that no topic has as its own
PHRASED: Final = 0.30  # titles that end with a phrase of their discipline
PHRASES: Final = 400
PHRASE_SLOPE: Final = 3.0
PHRASE_WORDS: Final = (4, 9)  # at least, fewer than
FIRST_PHRASE: Final = 1 << 52
SENTENCE: Final = 19  # words


def title_words(draws: Draws, works: Works) -> list[list[str]]:
    """The words of each title, in order."""
    ranks, lengths = title_ranks(draws, works)
    spelt = Spelling.of("title words").spell(ranks)
    ends = np.cumsum(lengths).tolist()
    return [spelt[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)]


def title_ranks(draws: Draws, works: Works) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ranks of the words of all titles one after another, and how many each has."""
    lengths = works.words
    owners = np.repeat(np.arange(len(works)), lengths)
    places = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = works.titled[owners] * np.uint64(64) + places.astype(np.uint64)
    _follow_up(draws, works, owners, places, at)
    ranks = Ranks.of("title words").drawn(draws.bits(at, "word"))
    _of_topic(draws, at, works.topics[owners], ranks)
    _phrased(draws, works, owners, places, ranks)
    return ranks, lengths


def _follow_up(
    draws: Draws,
    works: Works,
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
    at: Numbers,
) -> None:
    """Give the title of a follow-up one or two words of its own."""
    follows = np.flatnonzero((works.kinds == WorkKind.FOLLOW_UP)[owners])
    own = works.numbers[owners[follows]]
    changed = draws.bits(own, "changed")
    length = works.words[owners[follows]].astype(np.uint64)
    place = places[follows].astype(np.uint64)
    differs = (place == changed % length) | (place == (changed >> np.uint64(32)) % length)
    at[follows[differs]] = own[differs] * np.uint64(64) + place[differs]


def _of_topic(draws: Draws, at: Numbers, topics: Numbers, ranks: NDArray[np.int64]) -> None:
    """Put words of the topic in the place of a share of the words."""
    chance = draws.uniform(at, "oftopic")
    usual = (ranks >= MOST_COMMON) & (ranks < Ranks.of("title words").known)
    some = np.flatnonzero((chance < OF_TOPIC) & usual)
    which = (TOPIC_WORDS * (chance[some] / OF_TOPIC) ** 1.5).astype(np.uint64)
    word = draws.bits(topics[some] * np.uint64(TOPIC_WORDS) + which, "topword")
    ranks[some] = MOST_COMMON + Ranks.of("title words").drawn(word)


def _phrased(
    draws: Draws,
    works: Works,
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> None:
    """Let titles end with phrases: "a systematic review and meta-analysis"."""
    titled = works.titled
    phrase = (PHRASES * draws.uniform(titled, "phrase") ** PHRASE_SLOPE).astype(np.uint64)
    phrase += np.uint64(FIRST_PHRASE) + discipline_of(draws, titled) * np.uint64(PHRASES)
    least, most = PHRASE_WORDS
    words = least + (draws.bits(phrase, "phrlen") % np.uint64(most - least)).astype(np.int64)
    phrased = (draws.uniform(titled, "phrased") < PHRASED) & (works.words >= words + 3)
    end = np.flatnonzero(phrased[owners] & (places >= (works.words - words)[owners]))
    behind = (works.words[owners[end]] - places[end]).astype(np.uint64)
    at = phrase[owners[end]] * np.uint64(64) + behind
    ranks[end] = Ranks.of("title words").drawn(draws.bits(at, "word")) // 3


def abstracts(draws: Draws, works: Works, shown: NDArray[np.bool_]) -> list[str]:
    """The abstract of each work, "" for none and where it is not shown."""
    lengths = np.where(shown, works.abstract_words, 0)
    owners = np.repeat(np.arange(len(works)), lengths)
    places = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = works.numbers[owners] * np.uint64(1024) + places.astype(np.uint64)
    ranks = Ranks.of("abstract words").drawn(draws.bits(at, "absword"))
    last = places == lengths[owners] - 1
    spelt = Spelling.of("abstract words").sentences(ranks, last | (places % SENTENCE == 0))
    ends = np.cumsum(lengths).tolist()
    pairs = zip(ends, lengths.tolist(), strict=True)
    texts = (" ".join(spelt[end - length : end]) for end, length in pairs)
    return [text[:1].upper() + text[1:] for text in texts]
