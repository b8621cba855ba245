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
from detector.works.linking.constrained_union_find import ConstrainedUnionFind, Pair
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
        stated = (number for numbers in self.numbers.values() for number in numbers)
        digits = (re.sub(r"\D", "", number)[:9] for number in stated)
        number = max((int(some) for some in digits if some), default=0)
        return (_LATER[self.form], number, self.date if self.states_version else (0, 0, 0))

    def agrees_with(self, other: VersionFacts) -> bool:
        """The two do not state different versions."""
        if self.form and other.form and self.form != other.form:
            return False
        shared = self.numbers.keys() & other.numbers.keys()
        return not any(self.numbers[name].isdisjoint(other.numbers[name]) for name in shared)

    def joined(self, other: VersionFacts) -> VersionFacts:
        """What a group of the two states: of several versions that one lists, the shared ones."""
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
    for identifier in fields.identifiers:
        scheme, version = identifier.scheme, identifier.version
        if version and scheme in _STATED_SCHEMES:
            numbers[scheme] = numbers.get(scheme, frozenset()) | {version}
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
    number = {name: at for at, name in enumerate(records)}
    stated = [facts.get(name, NOTHING_STATED) for name in records]  # at a root: by its group
    said = {
        (number[judgement.pair[0]], number[judgement.pair[1]]): judgement.verdict
        for judgement in judgements
    }
    links, apart = _links(number, stated, decisions, said)
    forest = ConstrainedUnionFind(len(records), apart)
    # People first: what they call a duplicate joins even records that state two versions.
    for pair in sorted(pair for pair, verdict in said.items() if verdict is Verdict.DUPLICATE):
        if forest.may_join(*pair):
            _join(forest, stated, pair)
    # Then the duplicates, strongest first, each asked of the groups as they have grown by then:
    # a record that states no version takes that of the first group it joins.
    for pair in links:
        ours, theirs = forest.find(pair[0]), forest.find(pair[1])
        if forest.may_join(ours, theirs) and stated[ours].agrees_with(stated[theirs]):
            _join(forest, stated, pair)
    return tuple(tuple(records[at] for at in group) for group in forest.groups(range(len(records))))


def _links(
    number: Mapping[str, int],
    stated: Sequence[VersionFacts],
    decisions: Iterable[Decision],
    said: Mapping[Pair, Verdict],
) -> tuple[list[Pair], list[Pair]]:
    """The duplicate links, strongest and latest first, and the pairs of two versions."""
    ranked: list[tuple[float, tuple[int, ...], Pair]] = []
    apart = [pair for pair, verdict in said.items() if verdict is Verdict.VERSION]
    for decision in decisions:
        pair, verdict = (number[decision.left], number[decision.right]), decision.verdict
        if said.get(pair) in (Verdict.DUPLICATE, Verdict.VERSION):
            continue
        if verdict is Verdict.VERSION or (verdict is Verdict.REVIEW and decision.kind):
            apart.append(pair)
        elif verdict in (Verdict.DUPLICATE, Verdict.REVIEW):
            form, version, date = max(stated[pair[0]].lateness, stated[pair[1]].lateness)
            latest = tuple(-value for value in (form, version, *date))
            ranked.append((-round(decision.probability, _DIGITS), latest, pair))
    return [pair for *_, pair in sorted(ranked)], apart


def _join(forest: ConstrainedUnionFind, stated: list[VersionFacts], pair: Pair) -> None:
    ours, theirs = map(forest.find, pair)
    both = stated[ours].joined(stated[theirs])
    forest.join(*pair)
    stated[forest.find(pair[0])] = both
