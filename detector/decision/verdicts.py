"""
Verdicts: what the program says of a pair, as frozen values.

    decision.py  ->  Decision  ->  works.py, reports, pairs.jsonl

Holds no rule (`decision.py` decides) and no judgement of a person
(`judgements.py`). A new verdict is a change of policy: docs/verdicts.md first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from indexer.records import maker_of


class Verdict(StrEnum):
    """The five things that can be said of a pair."""

    DUPLICATE = "duplicate"  # one work, one version, described twice
    VERSION = "version"  # one work, two versions: preprint and article, v1 and v3
    RELATED = "related"  # tied, but another work: erratum, reply, part, thesis, chapter
    DISTINCT = "distinct"  # two works, however alike they read
    REVIEW = "review"  # the evidence conflicts or is thin; a person decides


SAME_WORK: Final = frozenset({Verdict.DUPLICATE, Verdict.VERSION})


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What the program says of one pair of records, with all it stands on.

    `weights` holds the bits of every comparison, "prior" and what a "guard" that keeps
    apart takes away; their sum is the log2 of the odds of `probability` exactly. A guard
    that asks for review takes nothing, so the verdict may be lower than the probability
    alone would say.
    """

    left: str  # record id, left < right
    right: str
    verdict: Verdict
    # Of related: "erratum", "part", "thesis", ...; of version: "preprint", ...; of review: the
    # kind of version, should a person find that it is one work.
    kind: str = ""
    probability: float = 0.0  # that both describe one work, in the natural mix of candidates
    found_by: tuple[str, ...] = ()  # the keys that proposed the pair
    reasons: tuple[str, ...] = ()  # sentences, strongest evidence first
    weights: Mapping[str, float] = field(default_factory=dict)  # comparison -> bits
    guards: tuple[str, ...] = ()  # names of the guards that fired
    levels: Mapping[str, str] = field(default_factory=dict)  # comparison -> name of its level

    @property
    def pair(self) -> tuple[str, str]:
        """The two records, the smaller id first."""
        return self.left, self.right

    @property
    def same_work(self) -> bool:
        """Duplicate or version: the two belong into one work."""
        return self.verdict in SAME_WORK

    @property
    def saying(self) -> str:
        """The verdict with its kind: "version (preprint)", and "review (preprint?)"."""
        doubt = "?" if self.verdict is Verdict.REVIEW else ""
        return f"{self.verdict} ({self.kind}{doubt})" if self.kind else str(self.verdict)

    def proposed_by(self, keys: Iterable[str]) -> Decision:
        """The same decision, saying which keys proposed the pair."""
        return replace(self, found_by=tuple(sorted(set(keys))))

    def to_dict(self) -> dict[str, Any]:
        """One line of pairs.jsonl."""
        return {
            "left": self.left,
            "right": self.right,
            "verdict": str(self.verdict),
            "kind": self.kind,
            "probability": self.probability,
            "found_by": list(self.found_by),
            "reasons": list(self.reasons),
            "weights": dict(self.weights),
            "guards": list(self.guards),
            "levels": dict(self.levels),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Decision:
        """The inverse of `to_dict`; missing optional keys are empty."""
        return cls(
            left=plain["left"],
            right=plain["right"],
            verdict=Verdict(plain["verdict"]),
            kind=plain.get("kind", ""),
            probability=plain.get("probability", 0.0),
            found_by=tuple(plain.get("found_by", ())),
            reasons=tuple(plain.get("reasons", ())),
            weights=dict(plain.get("weights", {})),
            guards=tuple(plain.get("guards", ())),
            levels=dict(plain.get("levels", {})),
        )


# The same as Decision(...), a third of the time: what makes many at once uses it.
decision_of: Final[Callable[..., Decision]] = maker_of(Decision)
