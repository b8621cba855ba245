"""
Run together: names of one field that stand side by side without a separator.

    "Stone A.Reed C. D."  ->  "Stone A." | "Reed C. D."
    "Stone AnnaReed Carol"  ->  "Stone Anna" | "Reed Carol"

Does not: part lists with separators (`bylines.py` does). Full stops, capitals inside a
word and particles behind given names show the borders; each is a guess, kept only when
most of what stands between them can be a name.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.fields.people.name_words import CAMEL_STARTS, GIVEN_NAMES

CAPITALS: Final = "".join(c for c in map(chr, range(0x250)) if c.isupper())
SMALL: Final = "".join(c for c in map(chr, range(0x250)) if c.islower())

_AFTER_NOTE: Final = re.compile(rf"(?<=\d[nrt][dh])(?=[{CAPITALS}])|(?<=\))(?=[^\W\d_])")
_CAPITAL_INSIDE: Final = re.compile(rf"[A-Za-z][A-Z]|[{SMALL}{CAPITALS}][{CAPITALS}]")
_CAMEL: Final = re.compile(rf"(?<=[{SMALL}])(?=[{CAPITALS}][{SMALL}'’-])")
_TWO_PARTICLES: Final = (
    "van der|van den|van de|van het|von der|von dem|de la|de los|de las|op de|aan het"
)
_ONE_PARTICLE: Final = "van|von|de|da|do|di|dos|das|den|der|del|ter|ten"
_AFTER_CAPITALS: Final = re.compile(
    rf"(?<=\s)[{CAPITALS}](?:-?[{CAPITALS}]){{0,4}}(?=[{CAPITALS}][{SMALL}'’])(?!.(?:{_ONE_PARTICLE})\s)"
)
_PARTICLE_INSIDE: Final = re.compile(
    r"[^\W\d_](?:v[ao]n|d(?:[aeio]|[oa]s|e[nrlm])|te[rn]|het) [A-Zvdlh]"
)
_GLUED_PARTICLE: Final = re.compile(
    rf"(?<=\s)([^\W\d_]+?)({_TWO_PARTICLES}|{_ONE_PARTICLE})(?=\s[{CAPITALS}])"
)
_GLUED_CAPITALS: Final = re.compile(r"[A-Z'-]{2,}(?: [A-Z'-]{4,})+ [A-Z]{1,3}")
_ONSETS: Final = re.compile(
    r"[^AEIOUY]?[AEIOUY']|(?:B[LR]|C[HLRZ]|D[HRWZ]|F[LR]|G[HLNRW]|K[HLNRW]|LL|MC|P[FHLRS]|RH|S[CHKLMNPTVWZ]"
    r"|T[HRSWZ]|V[LR]|W[HR]|Z[HW])"
)


def part(text: str) -> tuple[list[str], bool]:
    """Names run together ("Stone A.Reed C.", "Stone ABReed C"), and whether any were."""
    if " " not in text:
        return [text], False
    if text.isupper() and _GLUED_CAPITALS.fullmatch(text):
        return _from_capitals(text), True
    pieces = _after_dots(text)
    if any(note in text for note in (")", "2nd", "3rd", "4th")):  # "3rdStone"
        pieces = [name for piece in pieces for name in _AFTER_NOTE.split(piece)]
    if sum(map(_is_whole, pieces)) < max(len(pieces) * 0.8, 2):
        pieces = [text]
    proven = len(pieces) > 1
    if _CAPITAL_INSIDE.search(text):
        pieces = [name for piece in pieces for name in _at_capitals(piece, proven)]
    if may_hold_particle(text):
        pieces = [name for piece in pieces for name in _at_particle(piece)]
    return pieces, len(pieces) > 1


def may_hold_particle(text: str) -> bool:
    """Whether a particle may stand glued to a word: "Markusvan der Meer"."""
    return _PARTICLE_INSIDE.search(text) is not None


def holds_particle(name: str) -> bool:
    """Whether one stands glued to a word behind the first, and is perhaps parted from it."""
    return _GLUED_PARTICLE.search(name) is not None


def _after_dots(text: str) -> list[str]:
    """A text parted where a word follows a full stop at once: "Stone A.|Reed C. D."."""
    parts = text.split(".")
    borders = [0]
    for at, part in enumerate(parts[1:], start=1):
        is_word = len(part) > 1 and part[0].isalpha() and part[1] not in " -"
        if is_word and parts[at - 1][-1:].isalnum():
            borders.append(at)
    if len(borders) == 1:
        return [text]
    ends = [*borders[1:], len(parts)]
    pieces = [".".join(parts[start:end]) for start, end in zip(borders, ends, strict=True)]
    return [f"{piece}." for piece in pieces[:-1]] + pieces[-1:]


def _is_whole(piece: str) -> bool:
    """Whether a piece can be a name: a word and something else, and no "K." of "K.Stone"."""
    first, _, rest = piece.partition(" ")
    return bool(rest) and len(first.strip(".")) > 1


def _at_capitals(piece: str, proven: bool) -> list[str]:
    """
    A piece parted where a capital follows a small letter or another name's initials.

    Args:
        piece: text between two full stops that part names.
        proven: full stops showed already that names were run together.
    """
    borders = [match.end() for match in _AFTER_CAPITALS.finditer(piece)]
    weak: list[int] = []
    capitals = deque(borders)
    last = 0
    for match in _CAMEL.finditer(piece):
        at = match.end()
        while capitals and capitals[0] < at:
            last = max(last, capitals.popleft())
        space = piece.rfind(" ", last, at) + 1
        head = piece[max(space, last) : at].lower()
        if head in ("mc", "mac"):
            continue
        if head not in CAMEL_STARTS:
            borders.append(at)
            last = at
        elif space > last:  # "Zhang LeWang Yi": not "DeLong" at the start of a name
            weak.append(at)
    if not borders:
        return [piece]
    return _mended(piece, list(_cut(piece, sorted({*borders, *weak}))), proven)


def _mended(piece: str, names: list[str], proven: bool) -> list[str]:
    """The names of a piece, what can be none joined to the one before; the piece where most are."""
    are_whole = [_is_whole(name) for name in names]
    whole = sum(are_whole)
    if whole == len(names):
        return names
    # A lone missing space ("Mark LeeSmith") is no list of names; in a list it is a slip.
    if whole < (2 if proven else max(3, len(names) * 0.7)):
        return [piece]
    joined = names[:1]
    for name, is_whole in zip(names[1:], are_whole[1:], strict=True):
        if is_whole:
            joined.append(name)
        else:
            joined[-1] += f" {name}"
    return joined


def _at_particle(name: str) -> Iterator[str]:
    """'Stone Markusvan der Meer Jan' has one border more, before "van der"."""
    start = 0
    for match in _GLUED_PARTICLE.finditer(name):
        head, particle = match[1], match[2]
        known = head.lower() in GIVEN_NAMES or (head.isupper() and len(head) < 5) or " " in particle
        if known and (head + particle).lower() not in GIVEN_NAMES:
            yield name[start : match.start(2)].strip()
            start = match.start(2)
    yield name[start:].strip()


def _from_capitals(text: str) -> list[str]:
    """'STONE AREED CD': what stands before a possible beginning of a name are initials."""
    first, *rest = text.split(" ")
    names = [first]
    for word in rest[:-1]:
        at = next((at for at in (1, 2, 3) if _ONSETS.match(word, at)), 1)
        names[-1] += f" {word[:at]}"
        names.append(word[at:])
    names[-1] += f" {rest[-1]}"
    return names


def _cut(text: str, borders: Sequence[int]) -> Iterator[str]:
    for start, end in zip((0, *borders), (*borders, len(text)), strict=True):
        yield text[start:end].strip()
