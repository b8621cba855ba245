"""
Values: JSON values as the strings a record holds, whatever type they came in.

    any JSON value  ->  str or tuple of str

Sources disagree, and change their minds, about strings and arrays and numbers: a string
where an array is expected is an array of one, an array where a string is expected gives
its first string. Text is taken as it stands but for blanks around it. Objects are dicts,
as all parsers make them: to ask for any Mapping takes several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from math import isfinite
from typing import Any, Final

import orjson

from indexer.fields.identifiers.schemes import SCHEMES
from indexer.records import Author

_ISSN: Final = re.compile(r"(?<![\dXx-])\d{4}-?\d{3}[\dXx](?![\dXx-])")
_YEAR: Final = re.compile(r"\d{4}")
_ISBN_LENGTHS: Final = (10, 13)
LONGEST_LEFTOVER: Final = 4000  # characters of a nested value that no field holds


def text(value: Any) -> str:
    """A scalar, or the first that a list holds, as text; "" for none."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, list):
        return next((said for item in value if (said := _scalar(item))), "")
    return _scalar(value)


def texts(value: Any) -> tuple[str, ...]:
    """All scalars of a list, or the one that stands for a list, as texts; each once."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(said for item in value if (said := _scalar(item))))
    said = _scalar(value)
    return (said,) if said else ()


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return ""


def first(plain: Mapping[str, Any], *names: str) -> str:
    """The first of several keys that holds anything."""
    for name in names:
        value = plain.get(name)
        if value and (said := text(value)):
            return said
    return ""


def same(plain: Mapping[str, Any], names: str) -> dict[str, Any]:
    """The fields of a record that stand under their own names, as texts: "title volume"."""
    # Most values are strings: a call each would be felt in files of millions of rows.
    return {
        name: value.strip() if type(value) is str else text(value)
        for name in _names(names)
        if (value := plain.get(name)) is not None
    }


@cache
def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one that stands for a list."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def branch(plain: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at the end of a path of keys; empty where the path breaks off."""
    here: Any = plain
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


def joined_pages(start: str, end: str) -> str:
    """A first and a last page as one text: "139-154"; the first alone when it holds both."""
    if not end or end == start or "-" in start:
        return start
    return f"{start}-{end}" if start else end


def full_date(date: str, year: str) -> str:
    """A date, completed by the year beside it where it has none: "Jun", "March 4"."""
    return f"{year} {date}".strip() if date and not _YEAR.search(date) else date


def serials(values: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    ISSNs and ISBNs told apart, each text as given.

    Exports put either into the field named after the other ("0032-1052 (Print)" as ISBN).
    """
    issn: list[str] = []
    isbn: list[str] = []
    for value in values:
        digits = sum(1 for char in value if char.isdigit() or char in "Xx")
        is_issn = _ISSN.search(value) and digits not in _ISBN_LENGTHS
        (issn if is_issn else isbn).append(value)
    return tuple(issn), tuple(isbn)


FAMILY: Final = (
    *("family", "family_name", "familyName", "last", "lastname", "last_name", "lastName"),
    "surname",
)
GIVEN: Final = (
    *("given", "given_name", "givenName", "first", "firstname", "first_name", "firstName"),
    "givenname",
)
WHOLE: Final = ("name", "full_name", "fullName", "display_name", "literal", "raw")


def author(value: Any) -> Author | None:
    """The person of a name: a string, or an object with its parts under any of their usual keys."""
    if isinstance(value, str):
        name = value.strip()
        return Author(name=name) if name else None
    if not isinstance(value, Mapping):
        return None
    family = first(value, *FAMILY)
    given = first(value, *GIVEN)
    name = first(value, *WHOLE)
    if not (family or name):
        family, given = given, ""
    orcid = first(value, "orcid", "ORCID", "orcid_id")
    return Author(name=name, family=family, given=given, orcid=orcid) if family or name else None


def authors(value: Any) -> tuple[Author, ...]:
    """A byline: a list of names, or one name or object that stands for it."""
    if not value:
        return ()
    items = value if isinstance(value, list) else [value]
    return tuple([person for item in items if (person := author(item))])


def byline(names: Iterable[str]) -> tuple[Author, ...]:
    """Names as authors, blank ones left out."""
    return tuple(Author(name=bare) for name in names if (bare := name.strip()))


def shallow(value: Any, depth: int = 3) -> Any:
    """A value cut down to what a stored record may hold: few levels, numbers of 53 bits."""
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if depth and isinstance(value, list):
        return [shallow(item, depth - 1) for item in value]
    if depth and isinstance(value, Mapping):
        return {str(name): shallow(item, depth - 1) for name, item in value.items()}
    return None


def named(text: str) -> tuple[str, str]:
    """An identifier as our exports name it: "pmid:123" is ("pmid", "123")."""
    scheme, colon, value = text.partition(":")
    known = colon and value and scheme in SCHEMES and len(text.split()) == 1
    return (scheme, value) if known else ("", text)


def every(*values: Any) -> tuple[str, ...]:
    """All that the values hold as texts, in order, each once."""
    return tuple(dict.fromkeys(said for value in values for said in texts(value)))


def listed(value: Any, separators: str = ";,") -> tuple[str, ...]:
    """Keywords: a list of them, or one string cut at the first separator that it holds."""
    if not isinstance(value, str):
        return texts(value)
    mark = next((mark for mark in separators if mark in value), "\n")
    return tuple(dict.fromkeys(part for item in value.split(mark) if (part := item.strip())))


def leftover(
    plain: Mapping[str, Any], read: Collection[str], form: str
) -> Iterator[tuple[str, str]]:
    """The keys that no field of a record holds, as ("form:key", value), for `extra`."""
    for name, value in plain.items():
        if name not in read and not name.startswith("_"):
            yield from ((f"{form}:{name}", said) for said in as_texts(value))


def as_texts(value: Any) -> tuple[str, ...]:
    """Any value as texts: scalars as they stand, what is nested as compact JSON."""
    if isinstance(value, bool):
        return (str(value).lower(),)
    if not is_nested(value):
        return texts(value)
    said = orjson.dumps(shallow(value), option=orjson.OPT_NON_STR_KEYS).decode()
    return (said if len(said) <= LONGEST_LEFTOVER else f"{said[:LONGEST_LEFTOVER]} …",)


def is_nested(value: Any) -> bool:
    """Whether a value is an object, or a list that holds objects or lists."""
    if value is None or isinstance(value, str | int):
        return False
    if isinstance(value, list):
        return any(isinstance(item, list | dict) and item for item in value)
    return isinstance(value, Mapping) and bool(value)
