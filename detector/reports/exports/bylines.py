"""
Bylines: authors of a merged record as formats want them, family and given name apart.

    "Andrei-Marius Avram" | {"family": …, "given": …}  ->  Person(family, given, literal)

The split is that of `indexer.fields.people.names`, letters as they stand.
A group's name is never split.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from indexer.fields.people.names import names_of
from indexer.fields.text.folding import fold
from indexer.records import Author


class Person(NamedTuple):
    """An author; `literal` alone where the name is not to be split."""

    family: str = ""
    given: str = ""
    literal: str = ""
    orcid: str = ""

    @property
    def inverted(self) -> str:
        """Family, Given."""
        return self.literal or ", ".join(part for part in (self.family, self.given) if part)


def person_of(author: str | Mapping[str, str]) -> Person:
    """An author of a canonical record."""
    if isinstance(author, str):
        return _split(author)
    return Person(author.get("family", ""), author.get("given", ""), "", author.get("orcid", ""))


@lru_cache(maxsize=1 << 16)
def _split(name: str) -> Person:
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return Person(family, given)
    words = name.split()
    split = names_of((Author(name=name),)).names
    if len(words) < 2 or len(split) != 1 or split[0].group:
        return Person(literal=name.strip())
    for count in range(1, len(words)):
        if fold(" ".join(words[-count:])) == split[0].family:
            return Person(" ".join(words[-count:]), " ".join(words[:-count]))
    return Person(literal=name.strip())
