"""
Grounds: why the program does not decide a pair by itself, and which pairs are alike in that.

    pairs  ->  levels and guards under the epoch  ->  Grounds, each with its Likeness

Two pairs are alike where the same guards hold them back, the same comparisons come out against
them at the same levels, and the same is missing: what a person makes of one, she makes of all.
Does not: order them (`queue.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from detector.comparisons import COMPARISONS
from detector.comparisons.base import Tally
from detector.decision.decision import Decider, Decisions
from detector.decision.guards import ALL_GUARDS
from detector.decision.telling import Outcome
from detector.detecting.pipeline import Detector
from detector.store.holdings import Pair
from indexer.keys.epoch import Epoch

# What a person looks for in two records, by comparison; of other comparisons, as of trial
# numbers, few records say anything, and nobody asks why.
LOOKED_FOR: Final = {
    "title": "title",
    "authors": "authors",
    "year": "year",
    "container": "journal or book",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "doi": "DOI",
    "abstract": "abstract",
}
_COUNTED: Final = frozenset(one.name for one in COMPARISONS if isinstance(one, Tally))
# How telling a shared title is by itself: nothing in which the two records conflict, and finer
# than what a person makes of it.
_NO_CONFLICT: Final = frozenset({"title_length", "title_rarity"})
_PHRASES: Final = {guard.name: guard.phrase for guard in ALL_GUARDS}
_LEVELS: Final = {
    (comparison.name, level.name): level.phrase
    for comparison in COMPARISONS
    for level in comparison.levels
}


class Likeness(NamedTuple):
    """What alike pairs have in common."""

    kind: str  # which versions the two are, if one work
    guards: tuple[str, ...]
    against: tuple[tuple[str, str], ...]  # comparison, name of its level
    missing: tuple[str, ...]  # comparisons that cannot be made

    def __str__(self) -> str:
        said = [_PHRASES[name] for name in self.guards]
        for comparison, level in self.against:
            phrase = _LEVELS[comparison, level]
            said.append(f"{comparison}: {level}" if "{" in phrase else phrase)
        if self.kind:
            said.append(f"if one work, then {self.kind}")
        if self.missing:
            said.append(
                "not on both sides: " + ", ".join(LOOKED_FOR[name] for name in self.missing)
            )
        return "; ".join(dict.fromkeys(said))

    def to_dict(self) -> dict[str, Any]:
        """The likeness as plain values."""
        return {
            "kind": self.kind,
            "guards": list(self.guards),
            "against": dict(self.against),
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Grounds:
    """What bears on one pair, as sentences, by what it does."""

    held_back: tuple[str, ...]  # what guards say
    against: tuple[str, ...]  # the strongest first; what guards say already is not said again
    supports: tuple[str, ...]
    missing: tuple[str, ...]  # what cannot be compared, mostly since not both records say it
    likeness: Likeness

    def to_dict(self) -> dict[str, Any]:
        """The grounds as plain values."""
        return {
            "held_back": list(self.held_back),
            "against": list(self.against),
            "supports": list(self.supports),
            "missing": list(self.missing),
            "alike": self.likeness.to_dict(),
        }


def grounds_of(detector: Detector, pairs: Sequence[Pair]) -> Iterator[Grounds | None]:
    """The grounds of each pair as its records are now; None where one of them is gone."""
    fields = detector.fields.of(sorted({record_id for pair in pairs for record_id in pair}))
    there = [pair for pair in pairs if pair[0] in fields and pair[1] in fields]
    decider = detector.decider(detector.holdings.epoch() or Epoch.empty())
    decided = decider.decide([(fields[left], fields[right]) for left, right in there])
    row = {pair: at for at, pair in enumerate(there)}
    for pair in pairs:
        yield _grounds(decider, decided, row[pair]) if pair in row else None


def _grounds(decider: Decider, decided: Decisions, row: int) -> Grounds:
    teller, pair = decider.teller, decided.pairs[row]
    levels = decided.levels[row].tolist()
    present, _, guards, phrases = teller.weighed(levels, int(decided.guards[row]))
    # what is counted from other comparisons says nothing that these do not say
    telling = [one for one in teller.telling(present) if one.comparison not in _COUNTED]
    profiles = decider.comparer.profile(pair[0]), decider.comparer.profile(pair[1])

    def told(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        return tuple(teller.reasons((), outcomes, *profiles))

    made = {one.comparison for one in present}
    missing = tuple(name for name in LOOKED_FOR if name not in made)
    against = [one for one in telling if one.bits < 0]
    likeness = Likeness(
        decided.kinds[row],
        tuple(guards),
        tuple(
            sorted(
                (one.comparison, one.level) for one in against if one.comparison not in _NO_CONFLICT
            )
        ),
        missing,
    )
    supports = [one for one in telling if one.bits > 0]
    missed = tuple(LOOKED_FOR[name] for name in missing)
    conflicting = tuple(said for said in told(against) if said not in phrases)
    return Grounds(tuple(phrases), conflicting, told(supports), missed, likeness)
