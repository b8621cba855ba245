"""
Verification: components decided as wholes, giants in bounded time and memory.

All records are made; `far` and `near` answer for the pairs that no decision is about.
"""

from itertools import combinations, pairwise
from random import Random

from detector.works.joining.tied import Score
from detector.works.work_rules import WorkRules
from tests.made_works import FAR, NEAR, Pairs, decided, near, never, records_of, works_of


def test_a_chain_whose_ends_disagree_is_cut_at_its_weakest_link() -> None:
    """Union-find alone would make a~b~c one work although a and c are not alike."""
    found = works_of([decided("a", "b", p=0.99), decided("b", "c", p=0.95)])

    assert records_of(found) == ["a b", "c"]
    assert found.cut == (("b", "c"),)


def test_a_chain_whose_ends_agree_stays_whole() -> None:
    """Candidates may miss a true pair: it is scored before the work is formed."""
    scored: list[tuple[str, str]] = []

    def score(pairs: Pairs) -> list[float]:
        scored.extend(pairs)
        return near(pairs)

    found = works_of([decided("a", "b"), decided("b", "c")], score=score)

    assert records_of(found) == ["a b c"]
    assert scored == [("a", "c")]


def test_two_dense_groups_joined_by_one_false_link_are_parted() -> None:
    """One wrong link between two works of four would be sixteen false pairs."""
    left = [decided(*pair) for pair in combinations("abcd", 2)]
    right = [decided(*pair) for pair in combinations("efgh", 2)]

    found = works_of([*left, *right, decided("d", "e", p=0.95)])

    assert records_of(found) == ["a b c d", "e f g h"]


def test_a_guarded_pair_speaks_against_its_work_whatever_its_probability() -> None:
    """An erratum reads like its article: the guard lowers the verdict, not the probability."""
    found = works_of(
        [
            decided("article", "copy"),
            decided("copy", "erratum", p=0.95),
            decided("article", "erratum", "related", p=0.99),
        ],
        score=never,
    )

    assert records_of(found) == ["article copy", "erratum"]


def test_high_scores_without_a_link_join_nothing() -> None:
    """What no decision accepted confirms a work and never makes one."""
    found = works_of(
        [
            decided("a", "b"),
            decided("b", "c", p=0.6),
            decided("c", "d"),
            decided("a", "c", "related"),
            decided("b", "d", "related"),
        ],
        score=near,
    )

    assert records_of(found) == ["a b", "c d"]


def test_the_best_row_verifies_what_review_pairs_join() -> None:
    """A review pair is no licence to bridge two works that disagree."""
    triangle = [decided(*pair) for pair in combinations("abc", 2)]

    found = works_of(
        [*triangle, decided("c", "d", "review", 0.7)], rules=WorkRules(join_review=True)
    )

    assert records_of(found) == ["a b c", "d"]


def counted(probability: float) -> tuple[Score, list[int]]:
    """A scorer and the list of how many pairs each call asked for."""
    asked: list[int] = []

    def score(pairs: Pairs) -> list[float]:
        asked.append(len(pairs))
        return [probability] * len(pairs)

    return score, asked


def test_a_hub_with_ten_thousand_strangers_keeps_one_of_them() -> None:
    """A generic title ties thousands: bounded work, and no giant work."""
    score, asked = counted(FAR)
    leaves = [f"leaf{at:05d}" for at in range(10_000)]

    found = works_of([decided("hub", leaf) for leaf in leaves], score)

    assert max(len(work.records) for work in found.works) == 2
    assert sum(asked) < 20 * len(leaves)
    assert max(asked) < 200_000


def test_a_chain_of_a_thousand_falls_into_pairs() -> None:
    """Neighbours agree, the rest do not: no pair is worth more than the next."""
    ids = [f"r{at:04d}" for at in range(1_000)]

    found = works_of([decided(*pair) for pair in pairwise(ids)])

    assert max(len(work.records) for work in found.works) == 2


def test_a_work_of_a_thousand_records_that_all_agree_stays_whole() -> None:
    """A giant is cut because it disagrees, not because it is large."""
    ids = [f"r{at:04d}" for at in range(1_000)]
    random = Random(20)
    drawn = (random.sample(ids, 2) for _ in range(20_000))
    pairs = {(min(pair), max(pair)) for pair in drawn}

    found = works_of([decided(left, right) for left, right in sorted(pairs)], near)

    assert [len(work.records) for work in found.works] == [1_000]


def test_two_giants_tied_by_one_false_link_are_parted() -> None:
    """Above the limit a sample of pairs stands for all, and it still sees the disagreement."""
    ids = [f"{side}{at:03d}" for side in "xy" for at in range(200)]
    random = Random(20)
    halves = (ids[:200], ids[200:])
    drawn = (random.sample(half, 2) for half in halves for _ in range(5_000))
    pairs = {(min(pair), max(pair)) for pair in drawn}

    def score(asked: Pairs) -> list[float]:
        return [NEAR if left[0] == right[0] else FAR for left, right in asked]

    found = works_of([*(decided(*pair) for pair in sorted(pairs)), decided("x000", "y000")], score)

    assert [len(work.records) for work in found.works] == [200, 200]
