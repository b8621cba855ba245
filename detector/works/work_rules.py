"""
Work rules: what ties two records into one work, as settings of a run.

    Decision  ->  links(), evidence()  ->  works.py

Looks at one decision at a time. A policy of what a run collapses is a method or a field
here, never a branch in `works.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.choices import one_of
from detector.decision.decided import DecisionColumns
from detector.decision.guards import bits_of
from detector.decision.verdicts import SAME_WORK, Decision, Verdict
from detector.works.joining.policies import VERSIONS, kinds_chosen
from detector.works.judgements import NOT_SAME

REVIEW_JOINS_FROM: Final = 0.5  # row `best` of an evaluation: rather the same than not
# What a policy joins counts as a link does: by half, a copy more of either would part the work.
JOINED_BY_POLICY: Final = 0.6
# Two works under every policy: what these say is no matter of how works are counted.
HOLD_UNDER_POLICIES: Final = frozenset({
    "part-differs", "part-on-one-side", "numbers-differ", "number-on-one-side",
    "notice-on-one-side", "trials-differ",
})  # fmt: skip


class WorkLevel(StrEnum):
    """What a run collapses."""

    WORK = "work"  # duplicates and versions
    VERSION = "version"  # duplicates only


@dataclass(frozen=True, slots=True)
class WorkRules:
    """How works are formed; the defaults are those of the `automatic` row."""

    level: WorkLevel = WorkLevel.WORK
    join_review: bool = False  # True: the `best` row, pairs to review at p >= 0.5 link too
    unique_sources: frozenset[str] = frozenset()  # two records of one never share a work
    collapse: frozenset[str] = frozenset()  # kinds of `related` joined too
    apart: frozenset[str] = frozenset()  # kinds of `version` that are works of their own

    def links(self, decision: Decision) -> bool:
        """This decision ties its two records."""
        if self.collapses(decision):
            return True
        if decision.verdict is Verdict.REVIEW:
            return self.join_review and decision.probability >= REVIEW_JOINS_FROM
        return decision.verdict in SAME_WORK

    def linking(self, columns: DecisionColumns) -> NDArray[np.bool_]:
        """Where `links` says yes, of many decisions."""
        linking = columns.said(*SAME_WORK)
        if self.join_review:
            likely = columns.probability >= REVIEW_JOINS_FROM
            linking |= columns.said(Verdict.REVIEW) & likely
        if self.collapse:
            free = (columns.guards & bits_of(HOLD_UNDER_POLICIES)) == 0
            linking |= free & columns.said(Verdict.RELATED) & columns.of_kind(*self.collapse)
        return linking

    def collapses(self, decision: Decision) -> bool:
        """The two are related, and the user asked to collapse that kind."""
        asked = decision.verdict is Verdict.RELATED and decision.kind in self.collapse
        return asked and HOLD_UNDER_POLICIES.isdisjoint(decision.guards)

    @property
    def policies(self) -> tuple[str, ...]:
        """The names of what is joined beside duplicates, in the order of their table."""
        whole = self.level is WorkLevel.WORK
        versions = [row.name for row in VERSIONS if whole and row.kinds.isdisjoint(self.apart)]
        return (*versions, *sorted(self.collapse))

    def to_dict(self) -> dict[str, Any]:
        """The rules as plain values."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in plain.items()
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> WorkRules:
        """The inverse of `to_dict`."""
        return cls(
            WorkLevel(plain["level"]),
            plain["join_review"],
            *(frozenset(plain[name]) for name in ("unique_sources", "collapse", "apart")),
        )

    def evidence(self, decision: Decision) -> float:
        """
        The probability that a decision adds to the mean of its component.

        A guard lowers the verdict: a pair kept apart counts 0, and one left to a person
        never speaks for joining by itself, whatever its probability.
        """
        if self.collapses(decision):
            return max(decision.probability, JOINED_BY_POLICY)
        if decision.verdict in NOT_SAME:
            return 0.0
        if decision.verdict is Verdict.REVIEW and not self.join_review:
            return min(decision.probability, REVIEW_JOINS_FROM)
        return decision.probability


# Stands for the rules that the works of an index were formed by, where a detector is made over it.
AS_STORED: Final = WorkRules()


def rules_named(level: str, unique_source: Iterable[str], collapse: Iterable[str]) -> WorkRules:
    """
    The rules by the names that options give them.

    Raises:
        UnknownValue: a level or a policy is none, or two policies do not go together.
    """
    named = WorkLevel(one_of(level, (known.value for known in WorkLevel), "level"))
    chosen, unique = frozenset(collapse), frozenset(unique_source)
    joined, apart = kinds_chosen(chosen, versions=named is WorkLevel.WORK)
    if not chosen:
        return WorkRules(level=named, unique_sources=unique)
    return WorkRules(unique_sources=unique, collapse=joined, apart=apart)
