"""
Which k1 and b rank titles best, and does it matter how often a word stands in one?

    labelled sets  ->  one pool of records; true pairs  ->  recall@1 and @10, a line a parameter

Asks with the title words of one record of a true pair for the other one, among all
records of all sets: with the whole title where the two titles differ, with a part of
it, and misspelt. Other records of the same work neither count nor stand in the way; of
equal scores half are taken to come first. BM25 is Lucene's, computed here in numpy.

    python -m benchmarks.ranking [--asked 1500]
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.evaluation.truth import read_truth
from indexer.feeds.formats import read_files
from indexer.fields import fields_of
from indexer.keys import terms_of
from indexer.records import Occurrence

K1S = (0.4, 1.2, 2.0)
BS = (0.0, 0.2, 0.4, 0.75, 1.0)
BEST = (1, 10)
SEED = 7


@dataclass(frozen=True, slots=True)
class Question:
    """Words, the record that they should find, and the records that do not count."""

    words: tuple[str, ...]
    wanted: int
    aside: tuple[int, ...]


class Pool:
    """The titles of all records as postings."""

    def __init__(self, titles: Sequence[Counter[str]]) -> None:
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, words in enumerate(titles):
            for word, count in words.items():
                postings.setdefault(word, []).append((row, count))
        self.size = len(titles)
        self.postings = {word: np.array(rows, np.int64) for word, rows in postings.items()}
        self.lengths = {
            "once": np.array([len(title) for title in titles], np.float64),
            "counted": np.array([title.total() for title in titles], np.float64),
        }

    def rank(self, asked: Question, matches: _Matches, mode: str, k1: float, b: float) -> float:
        """At which place the wanted record comes, the middle one of those of equal score."""
        length = self.lengths[mode]
        norms = k1 * (1 - b + b * length / length.mean())
        counts = matches.counts if mode == "counted" else 1.0
        parts = matches.idf * counts / (counts + norms[matches.rows])
        scores = np.bincount(matches.rows, parts, minlength=self.size)
        scores[list(asked.aside)] = 0
        wanted = scores[asked.wanted]
        if wanted <= 0:
            return float("inf")
        before = int((scores > wanted * (1 + 1e-9)).sum())
        equal = int((np.abs(scores - wanted) <= wanted * 1e-9).sum()) - 1
        return 1 + before + equal / 2

    def matches(self, words: Sequence[str]) -> _Matches:
        """Where these words stand."""
        lists = [self.postings[word] for word in words if word in self.postings]
        if not lists:
            return _Matches(np.empty(0, np.int64), np.empty(0), np.empty(0))
        idf = [np.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5)) for rows in lists]
        both = np.concatenate(lists)
        return _Matches(both[:, 0], both[:, 1], np.repeat(idf, [len(rows) for rows in lists]))


@dataclass(frozen=True, slots=True)
class _Matches:
    rows: NDArray[np.int64]
    counts: NDArray[np.float64] | NDArray[np.int64]
    idf: NDArray[np.float64]


def main() -> None:
    """Read the sets, ask, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--asked", type=int, default=1_500, help="true pairs of each set at most")
    most = parser.parse_args().asked
    titles: list[Counter[str]] = []
    pairs: list[tuple[int, int, tuple[int, ...]]] = []
    for dataset in SETS:
        true_pairs = list(_true_pairs(dataset, titles))
        pairs += random.Random(SEED).sample(true_pairs, min(most, len(true_pairs)))
    pool = Pool(titles)
    means = ", ".join(f"{lengths.mean():.1f} {name}" for name, lengths in pool.lengths.items())
    print(f"{pool.size:,} records, {len(pairs):,} true pairs; words a title: {means}")
    asked = _questions(titles, pairs)
    kinds = " | ".join(f"{kind} ({len(rows):,})" for kind, rows in asked.items())
    print(f"\n| words count | k1 | b | {kinds} |\n|---|---|---|{'---|' * len(asked)}")
    ways = [("once", k1, b) for k1, b in itertools.product(K1S, BS) if b or k1 == K1S[0]]
    ways += [("counted", k1, b) for k1, b in itertools.product(K1S, BS)]
    tables = [_recalls(pool, rows, ways) for rows in asked.values()]
    for way, *cells in zip(ways, *tables, strict=True):
        print(f"| {way[0]} | {way[1]} | {way[2]} | {' | '.join(cells)} |")


def _recalls(
    pool: Pool, asked: Sequence[Question], ways: Sequence[tuple[str, float, float]]
) -> list[str]:
    """For each way the share of questions answered at the first place, and among ten."""
    ranks = np.empty((len(ways), len(asked)))
    for column, question in enumerate(asked):
        matches = pool.matches(question.words)
        for row, way in enumerate(ways):
            ranks[row, column] = pool.rank(question, matches, *way)
    return [", ".join(f"{(row <= best).mean():.4f}" for best in BEST) for row in ranks]


def _true_pairs(
    dataset: DevelopmentSet, titles: list[Counter[str]]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """The true pairs of a set, as rows of the pool that its titles are added to."""
    rows = _added(dataset, titles)
    truth = read_truth(dataset.truth)
    works: dict[str, list[int]] = {}
    for name, work in truth.clusters.items():
        if name in rows:
            works.setdefault(work, []).append(rows[name])
    for members in works.values():
        for left, right in itertools.permutations(members, 2):
            yield left, right, tuple(row for row in members if row != right)
    tied: dict[str, set[int]] = {}
    for (left_name, right_name), label in truth.pairs.items():
        if label.same_work and left_name in rows and right_name in rows:
            tied.setdefault(left_name, set()).add(rows[right_name])
            tied.setdefault(right_name, set()).add(rows[left_name])
    for name, others in tied.items():
        for right in others:
            yield rows[name], right, (rows[name], *(others - {right}))


def _added(dataset: DevelopmentSet, titles: list[Counter[str]]) -> dict[str, int]:
    """Add the titles of a set to the pool; the row of each id."""
    rows: dict[str, int] = {}
    for row in read_files([dataset.records]):
        if isinstance(row, Occurrence):
            fields = fields_of(row.record)
            terms = set(terms_of(fields))
            words = (w for t in (fields.title, *fields.alternates) for w in t.words)
            rows.setdefault(row.given_id, len(titles))
            titles.append(Counter(word for word in words if word in terms))
    return rows


def _questions(
    titles: Sequence[Counter[str]], pairs: Sequence[tuple[int, int, tuple[int, ...]]]
) -> dict[str, list[Question]]:
    choose = random.Random(SEED)
    asked: dict[str, list[Question]] = {
        "the title, where it differs": [], "2 or 3 words lost": [], "2 words misspelt": [],
        "3 words of it": [],
    }  # fmt: skip
    for left, right, aside in pairs:
        words = list(titles[left])
        if len(words) < 5 or not titles[right]:
            continue
        if titles[left] != titles[right]:
            asked["the title, where it differs"].append(Question(tuple(words), right, aside))
        fewer = choose.sample(words, len(words) - choose.choice((2, 3)))
        asked["2 or 3 words lost"].append(Question(tuple(fewer), right, aside))
        wrong = set(choose.sample(words, 2))
        spelt = (_misspelt(word, choose) if word in wrong else word for word in words)
        asked["2 words misspelt"].append(Question(tuple(spelt), right, aside))
        asked["3 words of it"].append(Question(tuple(choose.sample(words, 3)), right, aside))
    return asked


def _misspelt(word: str, choose: random.Random) -> str:
    """Two neighbouring letters changed about, or one lost."""
    at = choose.randrange(len(word))
    if choose.random() < 0.5 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


if __name__ == "__main__":
    main()
