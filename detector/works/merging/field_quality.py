"""
Field quality: of several values of one field, how good each is.

    Member  ->  a rank for its title, authors, date, ...; the highest is taken

Quality is not length: a repaired text before a damaged one, full given names before
initials, a day before a year, a journal before a repository. Each rank is a tuple,
its most important part first. Does not: choose or merge (`canonical.py` does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from detector.works.members import Member
from detector.works.merging.people import undoubled

Rank = tuple[float, ...]

# What repair could not bring back: a question mark inside a word, two-byte letters that
# are still read as two letters, U+FFFD.
_INSIDE_A_WORD: Final = re.compile(r"\?(?<=[^\W\d_]\?)[^\W\d_]")
_FIRST_OF_TWO: Final = "ÃÐÑÅÄâ"
_TWO_FOR_ONE: Final = re.compile(f"[{_FIRST_OF_TWO}][\u0080-\u00bf€™œš¤Ÿ]")
_CUT_OFF: Final = re.compile(r"(?:\.\.\.|…)\W*\Z")
_DOTS: Final = 8  # characters at the end of a text in which the dots of a cut are looked for
_SHORTEST_SHOUT: Final = 8  # "DNA", "HIV-1" are written so
_SOUND: Final = 5  # of a title's rank: what says that it can be shown at all, and is the article's
_FEWEST_VOTES: Final = 3  # two records have no majority
_SHARED: Final = 0.5  # titles that share more of the shorter one's words are one
ABSTRACT_SANE: Final = range(80, 6_001)  # characters: below a stub, above a text or two languages


def intact(text: str) -> bool:
    """No character was lost for good."""
    if "?" in text and _INSIDE_A_WORD.search(text):
        return False
    if text.isascii():
        return True
    if "\ufffd" in text:
        return False
    # Looking for each letter takes 0.7 µs, the pattern 10 over an abstract.
    return not (any(letter in text for letter in _FIRST_OF_TWO) and _TWO_FOR_ONE.search(text))


def shouts(text: str) -> bool:
    """Written in capitals only."""
    return text.isupper() and sum(map(str.isalpha, text)) >= _SHORTEST_SHOUT


def cut_off(text: str) -> bool:
    """It ends in dots: the feed cut it."""
    return bool(_CUT_OFF.search(text[-_DOTS:]))


def title_rank(member: Member) -> Rank:
    """A title intact, whole and not in capitals; the published one; without what is in brackets."""
    title = member.fields.title
    return (
        not title.placeholder,
        intact(title.text),
        not cut_off(title.text),
        not shouts(title.text),
        not member.posted,
        len(title.words),
        member.record.title == title.text,
        -len(title.text),
    )


def under_its_title(members: Sequence[Member]) -> Sequence[Member]:
    """
    The members of the soundest titles whose own is carried by the most of all members.

    A record with the right DOI and a foreign or wrong title is outvoted, however long that is;
    a preprint's title is not that of the article, however many copies carry it.
    """
    saying = [member for member in members if member.fields.title.text]
    if len(saying) < _FEWEST_VOTES:
        return saying
    soundest = max(title_rank(member)[:_SOUND] for member in saying)
    sound = [member for member in saying if title_rank(member)[:_SOUND] == soundest]
    copies = Counter(member.fields.title.words for member in saying)
    votes = {
        words: sum(count for other, count in copies.items() if _one_title(words, other))
        for words in {member.fields.title.words for member in sound}
    }
    most = max(votes.values())
    return [member for member in sound if votes[member.fields.title.words] == most]


def _one_title(words: Sequence[str], others: Sequence[str]) -> bool:
    """In one language and of one text, be it without its subtitle."""
    ours, theirs = set(words), set(others)
    return words == others or len(ours & theirs) > _SHARED * min(len(ours), len(theirs))


def authors_rank(member: Member) -> Rank:
    """The whole byline, names in full, letters as their bearers write them."""
    byline = member.fields.authors
    names = undoubled(byline.names)
    text = " ".join(name.text for name in names)
    return (
        not byline.scrambled,
        not byline.truncated,
        intact(text),
        sum(_name_points(name.given, name.group) for name in names),
        not shouts(text),
        0 if text.isascii() else sum(not letter.isascii() for letter in text),
    )


def editors_rank(member: Member) -> Rank:
    """The most editors, of the primary version."""
    editors = member.record.editors
    return (len(editors), member.primary, intact(" ".join(editor.display for editor in editors)))


def _name_points(given: tuple[str, ...], group: bool) -> float:
    """Points for one name: 2 with a full given name, 1.5 with initials, 1 for a family name."""
    if group or any(len(name) > 1 for name in given):
        return 2.0
    return 1.5 if given else 1.0


def date_rank(member: Member) -> Rank:
    """Of the primary version, to the day before to the year."""
    date = member.fields.date
    precision = 1 + bool(date.month) + bool(date.day) if date else 0
    return (member.primary, not member.posted, precision)


def container_rank(member: Member) -> Rank:
    """The journal or book before the repository, its name written out."""
    container = member.fields.container
    return (
        member.primary,
        container.kind != "repository",
        not member.posted,
        intact(container.text),
        not shouts(container.text),
        len(container.key),
    )


def abstract_rank(member: Member) -> Rank:
    """The longest that can be an abstract, undamaged; any other only where there is none."""
    text = member.record.abstract
    return (
        len(text) in ABSTRACT_SANE,
        intact(text),
        not cut_off(text),
        not shouts(text),
        len(text) if len(text) in ABSTRACT_SANE else -len(text),
    )


def version_rank(member: Member) -> Rank:
    """Of what belongs to a version: the primary one's."""
    return (member.primary, not member.posted)


def type_rank(member: Member) -> Rank:
    """The primary version's, one that is known before "generic"."""
    return (member.primary, bool(member.fields.kind), not member.posted)


def any_rank(_: Member) -> Rank:
    """The first that says it."""
    return ()
