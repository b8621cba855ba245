"""
Bylines compared: who is in both, allowing for how names are cut and turned round.

    Profile, Profile  ->  authors, first_author, author_counts

Does not: parse names (`indexer.fields.people.names` does). A missing byline is missing in all
three: it never counts as agreement. A consortium is compared only with its like.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.names import (
    FULL,
    INITIAL,
    SURNAME,
    best_bearer,
    exchanged_with_initials,
    given_names,
    one_person,
)
from detector.comparisons.profile import Profile
from indexer.fields.text.folding import script_of

AUTHORS: Final = levels(
    ("all_many", "{left} authors agree"),
    ("all_three", "{left} authors agree"),
    ("all_two", "{left} authors agree"),
    ("most", "{left} authors of the shorter list agree"),
    ("one_full", "the one author to compare agrees, given name and all ({right})"),
    ("one_initial", "the one author to compare agrees as far as initials go ({right})"),
    ("half", "{left} authors of the shorter list agree"),
    ("one_surname", "the one surname to compare agrees ({right})"),
    ("some", "only {left} authors of the shorter list agree"),
    ("none_short", "no author agrees, but one list is cut or run together"),
    ("none", "no author agrees ({right})"),
)
_A: Final = codes(AUTHORS)


def compare_authors(left: Profile, right: Profile) -> int:
    """The authors of the shorter list stand in the longer one."""
    short, long = _by_length(left, right)
    if not short.persons:
        return _groups_level(left, right) if left.fields.authors.names else MISSING
    best = [best_bearer(name, long) for name in short.persons]
    agreed = sum(1 for quality in best if quality)
    if agreed == len(best):
        return _all_level(agreed, best[0])
    share = agreed / len(best)
    if share >= 0.7:
        return _A["most"]
    if share >= 0.5:
        return _A["half"]
    if agreed:
        return _A["some"]
    if exchanged_with_initials(short.persons, long.persons):
        return _all_level(len(best), INITIAL) if len(best) > 1 else MISSING
    if _two_scripts(left, right):
        return MISSING
    return _A["none_short"] if _unclear(left) or _unclear(right) else _A["none"]


def _all_level(agreed: int, quality: int) -> int:
    if agreed == 1:
        return _A[{FULL: "one_full", INITIAL: "one_initial", SURNAME: "one_surname"}[quality]]
    return _A["all_two" if agreed == 2 else "all_three" if agreed == 3 else "all_many"]


def _by_length(left: Profile, right: Profile) -> tuple[Profile, Profile]:
    return (left, right) if len(left.persons) <= len(right.persons) else (right, left)


def _groups_level(left: Profile, right: Profile) -> int:
    """Consortia stand against consortia only; a person's byline says nothing of them."""
    ours = {name.family for name in left.fields.authors.names if name.group}
    theirs = {name.family for name in right.fields.authors.names if name.group}
    return _A["one_surname"] if ours & theirs else MISSING


def _two_scripts(left: Profile, right: Profile) -> bool:
    """Names or titles written in two scripts: names are romanised in too many ways to differ."""
    return left.fields.title.script != right.fields.title.script or script_of(
        left.persons[0].text
    ) != script_of(right.persons[0].text)


def _unclear(profile: Profile) -> bool:
    return profile.fields.authors.scrambled or profile.fields.authors.truncated


FIRST: Final = levels(
    ("same", "the first author is the same ({left})"),
    ("elsewhere", "the first author of one stands further down in the other"),
    ("absent", "the first author of neither stands in the other ({left} / {right})"),
)
_F: Final = codes(FIRST)


def compare_first(left: Profile, right: Profile) -> int:
    """The first author is the same."""
    if not left.persons or not right.persons:
        return MISSING
    ours, theirs = left.persons[0], right.persons[0]
    if one_person(ours, theirs):
        return _F["same"]
    if best_bearer(ours, right) or best_bearer(theirs, left):
        return _F["elsewhere"]
    if exchanged_with_initials(left.persons, right.persons):
        return _F["same"] if min(len(left.persons), len(right.persons)) > 1 else MISSING
    if _two_scripts(left, right) or _unclear(left) or _unclear(right):
        return MISSING
    return _F["absent"]


COUNTS: Final = levels(
    ("same", "both lists have {left} authors"),
    ("near", "the lists have nearly as many authors ({left} / {right})"),
    ("fewer", "one list is much shorter ({left} / {right})"),
    ("one_of_few", "one author on one side, a few on the other ({left} / {right})"),
)
_C: Final = codes(COUNTS)
FEW: Final = 4  # above, a single name is how a citation shortens a byline


def compare_counts(left: Profile, right: Profile) -> int:
    """Both bylines are as long, where they share a name and neither says that it is cut."""
    ours, theirs = len(left.persons), len(right.persons)
    if min(ours, theirs) == 0 or max(ours, theirs) == 1 or _unclear(left) or _unclear(right):
        return MISSING
    if not _share_a_name(left, right):
        return MISSING  # two lists of strangers may be as long
    if ours == theirs:
        return _C["same"]
    if min(ours, theirs) == 1:
        return _C["one_of_few"] if max(ours, theirs) <= FEW else MISSING
    return _C["near"] if abs(ours - theirs) <= max(1, min(ours, theirs) // 4) else _C["fewer"]


def _share_a_name(left: Profile, right: Profile) -> bool:
    if not left.families.keys().isdisjoint(right.families):
        return True
    short, long = _by_length(left, right)
    return any(best_bearer(name, long) for name in short.persons)


def shown_authors(left: Profile, right: Profile) -> Values:
    """How many of the shorter list agree, and who the names are."""
    short, long = _by_length(left, right)
    agreed = 0
    for name in short.persons:
        bearers = long.families.get(name.family)
        # Most agree with the first of their family name: 1.9 µs in place of 4.5 a name.
        if (bearers and given_names(name, bearers[0])) or best_bearer(name, long):
            agreed += 1
    names = "; ".join(name.text for name in short.persons[:3])
    if not agreed:
        names = f"{names} / {'; '.join(name.text for name in long.persons[:3])}"
    return f"{agreed} of {len(short.persons)}", names


def _shown_all(left: Profile, right: Profile) -> Values:
    """The same where the level says that all of the shorter list agree."""
    count = min(len(left.persons), len(right.persons))
    return f"{count} of {count}", ""


def _shown_one(left: Profile, right: Profile) -> Values:
    """The same where it says that the only one agrees."""
    return "1 of 1", _by_length(left, right)[0].persons[0].text


def _shown_first(left: Profile, right: Profile) -> Values:
    return tuple(p.persons[0].text if p.persons else "-" for p in (left, right))  # type: ignore[return-value]


def _shown_counts(left: Profile, right: Profile) -> Values:
    return str(len(left.persons)), str(len(right.persons))


BYLINES: Final = (
    Comparison("authors", compare_authors, AUTHORS, shown_authors,
               (("all_many", "all_three", "all_two", "most", "half"),
                ("one_full", "one_initial"), ("one_surname",)),
               (("some", "none_short", "none"),),
               {**dict.fromkeys(("all_many", "all_three", "all_two"), _shown_all),
                **dict.fromkeys(("one_full", "one_initial"), _shown_one)}),
    Comparison("first_author", compare_first, FIRST, _shown_first,
               (("same",),), (("elsewhere", "absent"),)),
    Comparison("author_counts", compare_counts, COUNTS, _shown_counts,
               (("same",),), (("near", "fewer"), ("one_of_few",))),
)  # fmt: skip
