"""
Containers: the journal, proceedings, book or repository a work stands in.

    "Dtsch Med Wochenschr", ["0012-0472"]  ->  Container(key, words, issns, ...)

Does not: know journals by a list, or compare two containers. A new repository is
one entry of its table and one line in tests/cases/containers.csv.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.text import fold, repair


@dataclass(frozen=True, slots=True)
class Container:
    """Where a work was published; every part is empty when the record does not say."""

    text: str = ""  # repaired, for display
    key: str = ""  # folded, suffixes dropped, known acronyms written out
    words: tuple[str, ...] = ()  # of the key without articles and prepositions, as ISO 4 drops them
    kind: str = ""  # "journal", "proceedings", "repository", "book" or "" when it cannot be told
    issns: frozenset[str] = frozenset()  # normalised "1234-567x"


def container_of(text: str, issns: Iterable[str] = ()) -> Container:
    """A container as harvested, with the normalised ISSNs of its record."""
    shown = repair(text)
    key = fold(shown)
    return Container(shown, key, tuple(key.split()), "", frozenset(issns))
