"""
Claims: whether a plain object is of our own shape, or another's that only looks like it.

    object, keys that are read  ->  the keys that make it another's

Any source has a title and a year. An object is ours when what we read of it has the types
that we write, and what we do not read is plain columns beside a record that is whole
without them. Where an object beside a bare title has a tree of its own, or names its
title or authors otherwise, to read the half that we know would lose the rest in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from indexer.feeds.formats.shapes.values import authors, is_nested, texts

# Of these a tree says that a source means something else by the name.
PLAIN: Final = frozenset(
    {
        *("title", "titles", "doi", "DOI", "abstract", "year", "date", "publication_date"),
        *("published", "publication_year", "container", "journal", "container_title", "venue"),
        *("booktitle", "source", "id", "source_id", "volume", "issue", "pages", "pmid", "issn"),
    }
)
BYLINE: Final = ("authors", "author")
MARKS: Final = ("@", "$")  # JSON-LD, and XML that was turned into JSON

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
ECHOES: Final[Mapping[str, frozenset[str]]] = {
    "title": frozenset({"title", "titles", "headline"}),
    "authors": frozenset({"author", "authors", "auth", "byline", "creator", "creators"}),
}
DRESS: Final = frozenset(
    {
        *("name", "names", "full", "list", "display", "string", "s", "ss", "t", "raw", "parsed"),
        *("main", "article", "paper", "document", "item", "work", "text", "en", "value", "dc"),
    }
)


def of_others(plain: Mapping[str, Any], read: frozenset[str]) -> tuple[str, ...]:
    """The keys that make an object another's than ours; none when it is ours."""
    unknown, scalars, marked = _apart(tuple(plain), read)
    # Most values are texts: a call each would be felt.
    misread = [n for n in scalars if type(plain[n]) is not str and is_nested(plain[n])]
    misread += [name for name in BYLINE if is_nested(plain.get(name)) and not _names(plain, name)]
    trees = [name for name in unknown if is_nested(plain[name])]
    if misread or marked or (trees and not _is_whole(plain)) or any(_echoes(plain, unknown)):
        return tuple(dict.fromkeys((*sorted(misread), *unknown)))
    return ()


@lru_cache(maxsize=1 << 10)  # the objects of a file have few sets of keys
def _apart(
    keys: tuple[str, ...], read: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Of an object's keys those that are not read, those of PLAIN, and whether any is marked."""
    unknown = tuple(name for name in keys if name not in read and not name.startswith("_"))
    scalars = tuple(name for name in keys if name in PLAIN)
    return unknown, scalars, any(name.startswith(MARKS) for name in unknown)


def _names(plain: Mapping[str, Any], name: str) -> bool:
    return bool(authors(plain[name]))


def _is_whole(plain: Mapping[str, Any]) -> bool:
    """A title and a byline, or a title and an identifier: a record by itself."""
    byline = any(plain.get(name) and _names(plain, name) for name in BYLINE)
    return bool(texts(plain.get("title")) and (byline or texts(plain.get("doi"))))


def _echoes(plain: Mapping[str, Any], unknown: tuple[str, ...]) -> Iterator[str]:
    """Unknown keys that say what ours leaves open: "authFullName" where there are no authors."""
    given = {"title": ("title", "titles"), "authors": BYLINE}
    for field, words in ECHOES.items():
        if any(plain.get(name) for name in given[field]):
            continue
        for name in unknown:
            parts = {part.lower() for part in _WORD.findall(name)}
            if parts & words and not parts - words - DRESS and plain[name]:
                yield name
