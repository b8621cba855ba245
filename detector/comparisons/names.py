"""
Names compared: who in a byline bears a name, allowing for how names are cut and turned round.

    Name, Profile  ->  FULL, INITIAL, SURNAME or NOBODY: how far the best bearer agrees

Does not: read names out of text (`indexer.fields.people.names` does) or compare a byline
(`authors.py`). Another way in which feeds spoil names is a function beside `exchanged`
and a row of `test_bylines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

from detector.comparisons.profile import Profile
from indexer.fields.people.names import Name

FULL: Final = 3  # the given name agrees, written out
INITIAL: Final = 2  # the given names agree as far as one goes
SURNAME: Final = 1  # there is no more to compare than the family name
NOBODY: Final = 0

# Short forms whose first three letters are not those of the name: "Bob" is a Robert. The
# others ("Ken", "Kenneth") need no table.
SHORT_FORMS: Final = {
    "bob": "robert", "bill": "william", "billy": "william", "dick": "richard", "rick": "richard",
    "ted": "edward theodore", "ned": "edward", "tony": "anthony antonio", "toni": "antonio",
    "liz": "elizabeth", "beth": "elizabeth", "betty": "elizabeth", "jack": "john",
    "hank": "henry", "harry": "henry", "peggy": "margaret", "meg": "margaret",
    "greta": "margarete", "jerry": "gerald", "kate": "catherine", "kathy": "catherine",
    "cathy": "katherine", "sandy": "alexander", "sasha": "alexander aleksandr",
    "gene": "eugene", "tina": "christina", "bert": "albert herbert robert hubert",
    "fred": "alfred", "drew": "andrew", "hans": "johannes", "mike": "michael", "jim": "james",
    "misha": "mikhail", "kolya": "nikolai", "pepe": "jose", "paco": "francisco", "tom": "thomas",
}  # fmt: skip


def best_bearer(name: Name, byline: Profile) -> int:
    """How far the best bearer of this name in the byline agrees; NOBODY when there is none."""
    bearers = byline.families.get(name.family)
    if bearers is None:
        bearers = _near_bearers(name, byline)
    best = max((given_names(name, bearer) for bearer in bearers), default=NOBODY)
    if best or not _may_be_exchanged(name, byline):
        return best
    return max(exchanged(name, other) for other in byline.persons)


def one_person(name: Name, other: Name) -> bool:
    """Whether two names may be those of one person."""
    if same_family(name.family, other.family) and given_names(name, other):
        return True
    return exchanged(name, other) != NOBODY


def _near_bearers(name: Name, byline: Profile) -> tuple[Name, ...]:
    """Bearers of a family name one slip away, or part of a double name."""
    return tuple(
        bearer
        for other, bearers in byline.families.items()
        if same_family(name.family, other)
        for bearer in bearers
    )


def same_family(one: str, other: str) -> bool:
    """Two spellings of one family name: a slip, a part of a double name, an umlaut."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if " " in one or " " in other:
        if shorter > 3 and (one in other.split() or other in one.split()):
            return True
        one, other = one.replace(" ", ""), other.replace(" ", "")
        if one == other:
            return True
    if shorter >= 6 and (one[1:] == other or other[1:] == one):
        return True  # an export lost the letter with its accent: "Ostensson", "stensson"
    # A slip seldom strikes the first letter, and two short names a letter apart are two names.
    if shorter < 4 or one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return False
    if shorter >= 5 and OSA.distance(one, other, score_cutoff=1) <= 1:
        return True
    return plain(one) == plain(other)


def plain(family: str) -> str:
    """Without the e by which some write an umlaut: "gloeckner" and "glockner"."""
    return family.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def given_names(name: Name, other: Name) -> int:
    """How far the given names agree; NOBODY when they contradict each other."""
    if not name.given or not other.given:
        return SURNAME
    one, two = name.given[0], other.given[0]
    if one == two:
        return FULL if len(one) > 1 else INITIAL
    if _short_form(one, two) or _short_form(two, one):
        return INITIAL
    if one[0] == two[0]:
        return INITIAL if 1 in (len(one), len(two)) or one[:3] == two[:3] else SURNAME
    # A byline may put a middle name first, or the initials in another order.
    initials = {given[0] for given in name.given} & {given[0] for given in other.given}
    return SURNAME if initials else NOBODY


def _short_form(short: str, name: str) -> bool:
    """Whether the first is a short form of the second: "bob" of "robert"."""
    return name in SHORT_FORMS.get(short, "").split()


def _may_be_exchanged(name: Name, byline: Profile) -> bool:
    return name.family.partition(" ")[0] in byline.given_words or any(
        word in byline.families or word in byline.double_names for word in name.given
    )


def exchanged(name: Name, other: Name) -> int:
    """
    How far two names agree if family and given name have changed places in one of them.

    "Nour R." is "Nour Rawan" read as of the family Rawan, and "Camps, Rafael" is "Rafael
    Camps Paré". A family name that stands among the other's given names is not enough: what
    is left of the two must agree, too.
    """
    return max(_exchanged(name, other), _exchanged(other, name))


def _exchanged(name: Name, other: Name) -> int:
    if len(name.family) < 2 or not name.given:
        return NOBODY
    words, given = name.family.split(), list(other.given)
    if not any(given[at : at + len(words)] == words for at in range(len(given))):
        return NOBODY
    met = name.given[0]
    rest = [word for word in (*given, other.family) if word not in words]
    if len(met) > 1 and met in rest:
        likeness = FULL
    elif any(word[0] == met[0] and 1 in (len(word), len(met)) for word in rest):
        likeness = INITIAL
    else:
        return NOBODY
    return likeness if name.swappable or other.swappable else SURNAME


def exchanged_with_initials(names: Sequence[Name], others: Sequence[Name]) -> bool:
    """
    Each name of the shorter byline is, at its place, that of the other turned round and cut.

    "S. Arnold" and "A. Sahuge": a feed took given names for families and left an initial of
    each family. Of one name that is chance.
    """
    return all(
        min(len(name.family), len(other.family)) > 1
        and name.given[:1] == (other.family[0],)
        and other.given[:1] == (name.family[0],)
        for name, other in zip(names, others, strict=False)
    )
