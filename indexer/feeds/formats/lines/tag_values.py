"""
Tag values: the values of an entry by tag, and which of them found a place in its record.

    {tag: values}  ->  values for the fields of a record  ->  all others, under their tags

What no field takes is carried along as it came, so that nothing of an entry is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Set


class TagValues:
    """The values of one entry; asking for them takes them."""

    def __init__(self, tags: Mapping[str, list[str]]) -> None:
        self._tags = tags
        self._taken: set[tuple[str, int]] = set()

    def __contains__(self, tag: object) -> bool:
        return tag in self._tags

    def look(self, *names: str) -> list[str]:
        """All values of some tags, which stay to be taken."""
        return [value for name in names for value in self._tags.get(name, ()) if value]

    def first(self, *names: str) -> str:
        """
        The first value of the first tag that has one.

        Other tags that begin with the same value are taken too: they add nothing.
        """
        found = next(iter(self.look(*names)), "")
        for name in names:
            for at, value in enumerate(self._tags.get(name, ())):
                if found and value == found:
                    self._taken.add((name, at))
        return found

    def every(self, *names: str) -> tuple[str, ...]:
        """All values of some tags in order; two persons may have one name."""
        for name in names:
            self._taken.update((name, at) for at in range(len(self._tags.get(name, ()))))
        return tuple(self.look(*names))

    def unique(self, *names: str) -> tuple[str, ...]:
        """All values of some tags in order, each once."""
        return tuple(dict.fromkeys(self.every(*names)))

    def take(self, found: Set[str], *names: str) -> None:
        """Say that some values of some tags have found their place."""
        self._taken.update(
            (name, at)
            for name in names
            for at, held in enumerate(self._tags.get(name, ()))
            if held in found
        )

    def rest(self, form: str) -> tuple[tuple[str, str], ...]:
        """What nothing took, as ("ris:AD", value): the format's name and its own tag."""
        return tuple(
            (f"{form}:{name}", value)
            for name, values in self._tags.items()
            for at, value in enumerate(values)
            if value and (name, at) not in self._taken
        )
