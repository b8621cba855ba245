"""
Version groups: which records of a work describe one and the same version of it.

    records of a work, decisions between them, what each states  ->  groups

Joined by duplicates only. Two records that state different versions never share a
group, over whatever chain; one that states none joins the group of its strongest
evidence, ties going to the latest version. A person's "duplicate" overrides both.

Does not: decide whether a pair is a duplicate, nor read a form off a record
(`decision/forms.py` does, for pairs and groups alike). A new sign of a version is a
line in `facts_of` and one in tests/test_version_groups.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from detector.decision.forms import ACCEPTED, ARTICLE, PREPRINT, form_of
from detector.decision.verdicts import Decision, Verdict
from detector.works.judgements import Judgement
from detector.works.linking.constrained_union_find import Bounds, Pair
from indexer.fields import Fields

_LATER: Final = {"": 0, PREPRINT: 1, ACCEPTED: 2, ARTICLE: 3}
_STATED_SCHEMES: Final = ("arxiv", "doi")  # whose identifiers carry version numbers
# Probabilities near one differ by less than the evidence does: equal to the hundredth is a tie.
_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What one record says of its version; empty means that it does not say."""

    source: str = ""
    form: str = ""  # PREPRINT, ACCEPTED or ARTICLE
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)  # scheme -> "1", "3"
    date: tuple[int, int, int] = (0, 0, 0)  # year, month, day; 0 where unknown

    @property
    def states_version(self) -> bool:
        """The record states which version it describes."""
        return bool(self.form or self.numbers)

    @property
    def lateness(self) -> tuple[int, int, tuple[int, int, int]]:
        """How late the stated version is; a record that states none comes before all."""
        digits = (re.sub(r"\D", "", one) for ones in self.numbers.values() for one in ones)
        number = max((int(one[:9]) for one in digits if one), default=0)
        return (_LATER[self.form], number, self.date if self.states_version else (0, 0, 0))

    def agrees_with(self, other: VersionFacts) -> bool:
        """Nothing that the two state says that they are different versions."""
        if self.form and other.form and self.form != other.form:
            return False
        shared = self.numbers.keys() & other.numbers.keys()
        return not any(self.numbers[one].isdisjoint(other.numbers[one]) for one in shared)

    def joined(self, other: VersionFacts) -> VersionFacts:
        """What a group of the two states: a record that lists several versions is one of them."""
        numbers = dict(self.numbers)
        for scheme, theirs in other.numbers.items():
            ours = numbers.get(scheme, theirs)
            numbers[scheme] = ours & theirs or ours | theirs  # disjoint: a person joined them
        later = max(self.form, other.form, key=_LATER.__getitem__)
        return VersionFacts(form=later, numbers=numbers)


NOTHING_STATED: Final = VersionFacts()


def facts_of(fields: Fields) -> VersionFacts:
    """What a record states of its version."""
    numbers: dict[str, frozenset[str]] = {}
    for one in fields.identifiers:
        if one.version and one.scheme in _STATED_SCHEMES:
            numbers[one.scheme] = numbers.get(one.scheme, frozenset()) | {one.version}
    date = fields.date
    when = (date.year, date.month or 0, date.day or 0) if date else (0, 0, 0)
    return VersionFacts(fields.source, form_of(fields), numbers, when)


def version_groups(
    records: Sequence[str],
    decisions: Iterable[Decision],
    facts: Mapping[str, VersionFacts],
    judgements: Iterable[Judgement] = (),
) -> tuple[tuple[str, ...], ...]:
    """
    The version groups of one work, each sorted, in the order of their first record.

    Args:
        records: the records of the work, sorted.
        decisions: those that joined the work (a `review` that did counts as the duplicate
            or version that its kind says).
        facts: what each record states; a missing one states nothing.
        judgements: those that stand for pairs of the work.
    """
    if len(records) == 1:
        return (tuple(records),)
    number = {one: at for at, one in enumerate(records)}
    stated = [facts.get(one, NOTHING_STATED) for one in records]
    said = {(number[one.pair[0]], number[one.pair[1]]): one.verdict for one in judgements}
    links, apart = _links(number, stated, decisions, said)
    bounds = Bounds(len(records), apart)
    for pair in sorted(pair for pair, verdict in said.items() if verdict is Verdict.DUPLICATE):
        if bounds.may_join(*pair):
            _join(bounds, stated, pair)
    for pair in links:
        ours, theirs = bounds.find(pair[0]), bounds.find(pair[1])
        if bounds.may_join(ours, theirs) and stated[ours].agrees_with(stated[theirs]):
            _join(bounds, stated, pair)
    return tuple(tuple(records[at] for at in group) for group in bounds.groups(range(len(records))))


def _links(
    number: Mapping[str, int],
    stated: Sequence[VersionFacts],
    decisions: Iterable[Decision],
    said: Mapping[Pair, Verdict],
) -> tuple[list[Pair], list[Pair]]:
    """The duplicate links, strongest and latest first, and the pairs of two versions."""
    ranked: list[tuple[float, tuple[int, ...], Pair]] = []
    apart = [pair for pair, verdict in said.items() if verdict is Verdict.VERSION]
    for one in decisions:
        pair = (number[one.left], number[one.right])
        if said.get(pair) in (Verdict.DUPLICATE, Verdict.VERSION):
            continue
        if one.verdict is Verdict.VERSION or (one.verdict is Verdict.REVIEW and one.kind):
            apart.append(pair)
        elif one.verdict in (Verdict.DUPLICATE, Verdict.REVIEW):
            form, version, date = max(stated[pair[0]].lateness, stated[pair[1]].lateness)
            latest = tuple(-value for value in (form, version, *date))
            ranked.append((-round(one.probability, _DIGITS), latest, pair))
    return [pair for *_, pair in sorted(ranked)], apart


def _join(bounds: Bounds, stated: list[VersionFacts], pair: Pair) -> None:
    ours, theirs = (bounds.find(one) for one in pair)
    both = stated[ours].joined(stated[theirs])
    bounds.join(*pair)
    stated[bounds.find(pair[0])] = both
