"""
Names: the byline of a record as comparable personal names.

    Record.authors  ->  Names(Name(family, given, ...), ...)
    "Meer, Remco van der", "R. van der Meer"  ->  family "van der meer", given ("remco",), ("r",)

Does not: compare two bylines (`detector.comparisons.authors` does), or know who a
person is. `bylines.py` parts fields that hold several authors, `personal.py` reads
one name, `name_words.py` has the tables: a new particle, suffix or group word is one
entry there and one line in tests/cases/names.csv.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.fields.people.bylines import split
from indexer.fields.people.name_order import Order
from indexer.fields.people.name_parts import Name
from indexer.fields.people.personal import Reading, from_parts, read, read_on
from indexer.fields.people.usual_names import reading_of, run_together, usual
from indexer.records import Author

__all__ = ["Name", "Names", "name_key", "names_of"]


@dataclass(frozen=True, slots=True)
class Names:
    """The byline of a record, in order."""

    names: tuple[Name, ...] = ()
    truncated: bool = False  # the byline says that it goes on: "et al."
    scrambled: bool = False  # names run together had to be parted: borders are guesses


_NOBODY: Final = Names()


def names_of(authors: Sequence[Author]) -> Names:
    """The authors of a record as names; "Anonymous" and other empty words are nobody."""
    return _of_usual_names(authors) or _of_any_names(authors) if authors else _NOBODY


def _of_usual_names(authors: Sequence[Author]) -> Names | None:
    """The byline, where each author is one name, and a comma parts no two."""
    if len(authors) == 1 and not authors[0].family:
        listed, found = run_together(authors[0].name)
        if listed:
            scrambled = len(listed) > 1
            if None in found:
                told = list(map(reading_of, listed, found))
                return Names(tuple(_settled(listed, told, scrambled)), scrambled=scrambled)
            return Names(tuple(name for name in found if name), scrambled=scrambled)
    texts: list[str | Name] = []
    readings: list[Reading] = []
    for author in authors:
        if author.family and (author.given or not author.name):
            taken = from_parts(author.family, author.given, author.display)
            if taken is None:
                continue
            texts.append(taken)
            readings.append(Reading(taken))
        elif reading := usual(text := author.display):
            texts.append(text)
            readings.append(reading)
        elif name := _alone(text):
            texts.append(name)
            readings.append(read(name))
        else:
            return None
    return Names(tuple(_settled(texts, readings, scrambled=False)))


def _alone(text: str) -> str:
    """The only name of an author field that none of its byline has to be asked for; else ""."""
    byline = split(text)
    if len(byline.names) != 1 or byline.truncated or byline.run_together:
        return ""
    # What has several words before its comma may be two names: `_parted_like_the_rest` asks.
    name = byline.names[0]
    return "" if "," in name and " " in name.partition(",")[0].strip() else name


def _of_any_names(authors: Sequence[Author]) -> Names:
    names: list[str | Name] = []
    truncated = scrambled = False
    for author in authors:
        if author.family and (author.given or not author.name):
            if name := from_parts(author.family, author.given, author.display):
                names.append(name)
            continue
        byline = split(author.display)
        truncated |= byline.truncated
        scrambled |= byline.run_together
        names += byline.names
    if len(names) > 1 and not scrambled:
        names = list(_parted_like_the_rest(names))
    readings = [Reading(text) if isinstance(text, Name) else read(text) for text in names]
    return Names(tuple(_settled(names, readings, scrambled)), truncated, scrambled)


def _parted_like_the_rest(names: Sequence[str | Name]) -> Iterator[str | Name]:
    """'Anna Stone, Carol Reed' among names without commas is two of them."""
    commas = sum(isinstance(name, str) and "," in name for name in names)
    for name in names:
        if isinstance(name, str) and "," in name and commas * 2 < len(names):
            halves = [half.strip() for half in name.split(",")]
            if all(len(half.split()) > 1 and not half.endswith(".") for half in halves):
                yield from halves
                continue
        yield name


def _settled(
    texts: Sequence[str | Name], readings: Sequence[Reading], scrambled: bool
) -> list[Name]:
    """The names of one byline; those that do not tell their own order have that of the others."""
    names = [reading.name for reading in readings]
    if any(reading.waits for reading in readings):
        order = _order(readings, scrambled)
        for at, text in enumerate(texts):
            if readings[at].waits and isinstance(text, str):
                names[at] = read_on(text, readings[at], order)
    return [name for name in names if name is not None]


def _order(readings: Sequence[Reading], scrambled: bool) -> Order:
    """What stands first in the names of a byline that do not tell it themselves."""
    orders = [reading.order for reading in readings]
    given = orders.count(Order.GIVEN_FIRST)
    family = len(orders) - given - orders.count(Order.UNKNOWN)
    # Exports that run names together put the family name first; it takes much to think otherwise.
    if family > given or (scrambled and (given < 3 or given * 2 < len(orders))):
        written_out = sum(reading.spelling for reading in readings) > 0
        return Order.FAMILY_WORD_FIRST if written_out else Order.FAMILY_FIRST
    return Order.GIVEN_FIRST if given > family else Order.UNKNOWN


def name_key(name: Name) -> str:
    """The family name and the first initial, "van der waals j": what names are counted by."""
    return f"{name.family} {name.given[0][0]}" if name.given else name.family
