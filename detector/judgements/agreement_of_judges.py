"""
Agreement of judges: how far two people who judged the same pairs say the same.

    Judgement, Judgement, ...  ->  agreements_of()  ->  JudgesAgreement, one for every two people

Of what one person said of a pair the last counts; a judgement without a name cannot be told
from another's and counts for nobody. Does not: say who is right (`standing` does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from detector.decision.verdicts import SAME_WORK, Verdict
from detector.works.judgements import Judgement, standing

SAME: Final = "same"
DIFFERENT: Final = "different"
UNSURE: Final = "unsure"
# Related works are different works: what ties them is another question.
CATEGORY: Final[Mapping[Verdict, str]] = {
    Verdict.DUPLICATE: SAME,
    Verdict.VERSION: SAME,
    Verdict.RELATED: DIFFERENT,
    Verdict.DISTINCT: DIFFERENT,
    Verdict.REVIEW: UNSURE,
}
_Said = tuple[str, str]  # by one judge, by the other


@dataclass(frozen=True, slots=True)
class Kappa:
    """How often two judges chose the same category, and how much more often than by chance."""

    pairs: int
    agreed: int
    kappa: float | None  # None: nothing was judged by both, or chance alone explains it all


@dataclass(frozen=True, slots=True)
class JudgesAgreement:
    """What two people both judged, and how far they agree."""

    judges: tuple[str, str]
    works: Kappa  # same, different, unsure
    versions: Kappa  # version or duplicate, of what both call the same work
    apart: tuple[tuple[Judgement, Judgement], ...]  # pairs of which they do not say the same

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "judges": list(self.judges),
            **{
                name: {"pairs": of.pairs, "agreed": of.agreed, "kappa": of.kappa}
                for name, of in (("works", self.works), ("versions", self.versions))
            },
        }


def agreements_of(judgements: Iterable[Judgement]) -> list[JudgesAgreement]:
    """How far every two people agree who both judged some pair; in the order of their names."""
    by_judge: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        if judgement.by:
            by_judge.setdefault(judgement.by, []).append(judgement)
    last = {judge: standing(said) for judge, said in by_judge.items()}
    found = []
    for ours, theirs in combinations(sorted(last), 2):
        both = sorted(last[ours].keys() & last[theirs].keys())
        if both:
            said = [(last[ours][pair], last[theirs][pair]) for pair in both]
            found.append(_agreement((ours, theirs), said))
    return found


def cohens_kappa(said: Sequence[_Said]) -> float | None:
    """
    Cohen's kappa of two judges: (p_o - p_e) / (1 - p_e).

    p_o is the share of pairs on which they agree; p_e the share on which they would if each
    chose at random, as often as they did choose it: the sum over the categories k of
    p_1(k) p_2(k). 1 is full agreement, 0 that of chance, below 0 they avoid each other.
    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960), 37-46.

    Args:
        said: for each pair the category that either judge chose.

    Returns:
        None where it is not defined: no pairs, or both always chose one and the same.
    """
    count = len(said)
    if not count:
        return None
    ours, theirs = (Counter(column) for column in zip(*said, strict=True))
    # in whole numbers, so that 1 - p_e is 0 exactly where it is
    by_chance = sum(ours[category] * theirs[category] for category in ours)
    if by_chance == count * count:
        return None
    agreed = sum(one == other for one, other in said)
    return (agreed * count - by_chance) / (count * count - by_chance)


def _agreement(
    judges: tuple[str, str], said: Sequence[tuple[Judgement, Judgement]]
) -> JudgesAgreement:
    works = [(CATEGORY[ours.verdict], CATEGORY[theirs.verdict]) for ours, theirs in said]
    versions = [
        (str(ours.verdict), str(theirs.verdict))
        for ours, theirs in said
        if ours.verdict in SAME_WORK and theirs.verdict in SAME_WORK
    ]
    apart = tuple((ours, theirs) for ours, theirs in said if ours.verdict is not theirs.verdict)
    return JudgesAgreement(judges, _kappa(works), _kappa(versions), apart)


def _kappa(said: Sequence[_Said]) -> Kappa:
    agreed = sum(ours == theirs for ours, theirs in said)
    return Kappa(len(said), agreed, cohens_kappa(said))
