"""
Names of groups: consortia, collaborations, institutions in the place of an author.

    "Group, NORTH Study"  ->  "north study group"

Does not: read the names of persons (`personal.py` does). A word that only groups have
is one entry of GROUP_WORDS and one line in tests/cases/names.csv.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.fields.people.name_words import GIVEN_NAMES, GROUP_WORDS
from indexer.fields.text.folding import fold

_WORD: Final = re.compile(r"[a-z]+")
_NO_PERSON: Final = frozenset({"of", "for", "the"})
_NOTE: Final = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_OPENINGS: Final = ("on behalf of ", "for ", "and ", "the ", "corporate ", "the ")


def is_group(text: str) -> bool:
    """Whether a name is that of a consortium, an institution or the like."""
    words = _WORD.findall(text.lower())
    if GROUP_WORDS.isdisjoint(words):
        return len(words) > 3 and not _NO_PERSON.isdisjoint(words)
    # "Yves Bureau", "Board, K.": people may be called like this, too.
    return len(words) > 3 or not (
        GIVEN_NAMES.intersection(words) or any(len(word) == 1 for word in words)
    )


def group_name(text: str) -> str:
    """The folded name of a group in its natural order."""
    left, comma, right = (_NOTE.sub(" ", text).strip() or text).partition(",")
    first, behind = ([w.strip(".") for w in part.lower().split()] for part in (left, right))
    is_heading = len(first) == 1 and first[0] in GROUP_WORDS
    if comma and behind and (is_heading or behind[-1] in ("of", "for", "and")):
        left, right = right, left
    key = fold(f"{left} {right}")
    for opening in _OPENINGS:
        key = key.removeprefix(opening)
    return key
