"""
Containers compared: journal, proceedings or book, whole or abbreviated.

    Profile, Profile  ->  container

Does not: know journals by a list. A repository is where a copy lies, not where the
work appeared: against a journal it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile
from indexer.fields.containers.containers import Container

CONTAINER: Final = levels(
    ("same", "the container is the same ({left})"),
    ("short", "one container is the other's name made shorter ({left} / {right})"),
    ("most", "the containers share most words ({left} / {right})"),
    ("some", "the containers share some words ({left} / {right})"),
    ("meetings", "the names of the two meetings differ ({left} / {right})"),
    ("editions", "the two are meetings of different years ({left} / {right})"),
    ("other_kind", "one stands in proceedings, the other in a journal ({left} / {right})"),
    ("differ", "the containers differ ({left} / {right})"),
)
_C: Final = codes(CONTAINER)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def compare_containers(left: Profile, right: Profile) -> int:
    """Both records stand in the same container."""
    return container_level(left.fields.container, right.fields.container)


def container_level(ours: Container, theirs: Container) -> int:
    """The level of two containers."""
    one_issn = bool(ours.issns & theirs.issns)
    if not ours.words or not theirs.words:
        return _C["same"] if one_issn else MISSING
    if "repository" in (ours.kind, theirs.kind):
        return MISSING
    level = _C["same"]
    if ours.key != theirs.key:
        level = _words_level(ours.key, theirs.key)
    kinds = {ours.kind, theirs.kind}
    if level < _C["some"] and kinds == {"proceedings"} and _of_two_years(ours.text, theirs.text):
        return _C["editions"]  # though the series has one ISSN
    if ours.key == theirs.key:
        return level
    if one_issn:  # under two names: renamed, translated, or a wrong ISSN
        return _C["same"] if level < _C["some"] else _C["most"]
    if level >= _C["some"] and kinds == {"proceedings", "journal"}:
        return _C["other_kind"]
    if level <= _C["short"] or kinds != {"proceedings"}:
        return level
    # "SIGMOD Conference" is the "International Conference on Management of Data".
    return _C["short" if _one_series(ours.key, theirs.key) else "meetings"]


# What names of meetings have in common, whatever the series; a workshop is one of its own.
_OF_MEETINGS: Final = frozenset({
    *("annual", "conf", "conference", "congress", "int", "international", "intl", "meeting"),
    *("proc", "proceedings", "symp", "symposium", "acm", "ieee", "ifip", "usenix"),
})  # fmt: skip
_LEAST_ACRONYM: Final = 4  # letters that begin as many words in a row, and hardly by chance


@lru_cache(maxsize=1 << 16)
def _one_series(one: str, other: str) -> bool:
    """ "SIGMOD Conference" and "23rd ACM SIGMOD", "VLDB" and "Int. Conf. Very Large Data Bases"."""
    ours, theirs = one.split(), other.split()
    if ("workshop" in ours) != ("workshop" in theirs):
        return False
    own, others = ([word for word in words if word not in _OF_MEETINGS] for words in (ours, theirs))
    short, long = sorted((own, others), key=len)
    if not short or not all(len(word) > 2 for word in short):
        return False
    if all(word in long for word in short):
        return True
    initials = "".join(word[0] for word in long)
    return len(short) == 1 and len(short[0]) >= _LEAST_ACRONYM and short[0] in initials


def _of_two_years(one: str, other: str) -> bool:
    """Whether both names bear a year, and none that the other bears."""
    ours, theirs = _years_in(one), _years_in(other)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


@lru_cache(maxsize=1 << 14)
def _years_in(name: str) -> frozenset[str]:
    return frozenset(_YEAR.findall(name))


@lru_cache(maxsize=1 << 16)
def _words_level(one: str, other: str) -> int:
    short, long = sorted((one.split(), other.split()), key=len)
    if _is_acronym(short, long):
        return _C["short"]
    shared = _aligned(short, long)
    if shared == len(short):
        return _C["short" if len(short) > 1 or len(long) == 1 else "most"]
    share = shared / len(short)
    return _C["most" if share >= 0.6 else "some" if share > 0.3 else "differ"]


def _aligned(short: Sequence[str], long: Sequence[str]) -> int:
    """How many words of the shorter name stand, whole or cut, in the longer, in order."""
    count = start = 0
    for word in short:
        for place in range(start, len(long)):
            if word[0] == long[place][0] and _cut(word, long[place]):
                count, start = count + 1, place + 1
                break
    return count


def _cut(one: str, other: str) -> bool:
    """ "neurosci" and "neuroscience", "natl" and "national"."""
    if one.startswith(other) or other.startswith(one):
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(short) < 3 or short[0] != long[0]:
        return False
    letters = iter(long)
    return len(short) <= 5 and all(c in letters for c in short)


def _is_acronym(short: Sequence[str], long: Sequence[str]) -> bool:
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)


def _shown(left: Profile, right: Profile) -> Values:
    return left.fields.container.text or "-", right.fields.container.text or "-"


CONTAINERS: Final = (
    Comparison("container", compare_containers, CONTAINER, _shown,
               (("same", "short", "most"),),
               (("some", "differ"), ("meetings",), ("editions",), ("other_kind",))),
)  # fmt: skip
