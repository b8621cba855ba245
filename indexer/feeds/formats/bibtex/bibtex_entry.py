r"""
BibTeX entry: the text of one entry taken apart into key and fields.

    "@article{key, title = {A} # b, …}"  ->  BibEntry(kind, key, fields, stray)

Written by hand since people write by hand: a doubled comma, no comma behind the key or
between two fields, no key at all (EndNote without labels), an empty value and words that
belong to no field are read past here, where bibtexparser refuses the entry or takes two
fields for one value. On entries in good order both agree, which a test holds.

Does not: know what a field means (`bibtex_record.py` does), or find entries (`bibtex.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexer.errors import UnusableRow

# Macros made of macros double with every line; names of journals and months are short.
MOST_PUT_IN: Final = 1 << 16
_OPENING: Final = re.compile(r"@[ \t]*(\w+)\s*[{(]")
_KEY: Final = re.compile(r'[^,={}"]*')
_NAME: Final = re.compile(r'([^ \t\r\n\f\v=,{}"#%()]+)[ \t\r\n\f\v]*=(?!=)\s*')
# The same without the sign, where a value is opened: "title {A}".
_OPENS: Final = re.compile(r'([A-Za-z][\w+-]*)[ \t\r\n\f\v]*(?=[{"])')
_BARE: Final = re.compile(r'[^\s,#{}"=]+')
_BLANKS: Final = re.compile(r"\s*")
_BRACES: Final = re.compile(r"(?<!\\)[{}]")
_BRACES_AND_QUOTE: Final = re.compile(r'(?<!\\)[{}"]')
# What may follow a quoted value: the next field, another part of it, the end of the entry.
_BEHIND: Final = re.compile(r'\s*(?:[,#})]|\Z|[^\s=,{}"#%()]+\s*=)')
_SEPARATORS: Final = re.compile(r"[\s,]*")
# Words between two fields: up to what may begin a field, and at least one sign.
_STRAY: Final = re.compile(r"%[^\n]*|[^\s,]+")
_ESCAPED: Final = re.compile(r"(?<!\\)(?:\{\\([_&%#])\}|\\([_&%#]))")
_TEX_COMMENT: Final = re.compile(r"(?<!\\)%[^\n]*(?=\n)")

NAMES_OF_PEOPLE: Final = frozenset({"author", "editor", "translator", "bookauthor"})
AS_THEY_COME: Final = frozenset({"file"})  # has escapes of its own


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry as it is written, macros put in; names of fields and the kind in lower case."""

    kind: str
    key: str
    fields: tuple[tuple[str, str], ...]  # in their order; a name may come twice
    stray: tuple[str, ...] = ()  # words that stand between the fields

    def plain(self) -> dict[str, str]:
        """Name and value of each field that says something; of two of a name the first."""
        values: dict[str, str] = {}
        for name, value in self.fields:
            if value:
                values.setdefault(name, value)
        return values


def parse(text: str, macros: Mapping[str, str]) -> BibEntry:
    """
    The entry that a text is, from its "@" to its closing brace.

    Raises:
        UnusableRow: a value is opened and not closed inside the entry.
    """
    opening = _OPENING.match(text)
    if opening is None:
        raise UnusableRow("it does not begin with @ and a kind of entry; correct it")
    end = len(text) - 1
    key, at = _key(text, opening.end(), end)
    fields: list[tuple[str, str]] = []
    stray: list[str] = []
    while (at := _skip(_SEPARATORS, text, at, end)) < end:
        name = _NAME.match(text, at, end) or _OPENS.match(text, at, end)
        if name is None:
            start, at = at, _past_stray(text, at, end)
            stray.append(text[start:at])
            continue
        value, at = _value(text, name, end, macros)
        fields.append((name[1].lower(), value))
    words = (" ".join(stray),) if stray else ()
    return BibEntry(opening[1].lower(), key, tuple(fields), words)


def _past_stray(text: str, at: int, end: int) -> int:
    """Behind a word, a comment or a whole group in braces that belongs to no field."""
    if text[at] == "{" and (close := _closing(text, at, end)) > 0:
        return close + 1
    word = _STRAY.match(text, at, end)
    return word.end() if word else at + 1


def macros_of(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """
    The macros that a `@string` block defines.

    Raises:
        UnusableRow: it defines none.
    """
    opening = _OPENING.match(text)
    name = _NAME.search(text, opening.end()) if opening else None
    if name is None:
        raise UnusableRow("the @string defines nothing; expected @string{name = {value}}")
    value, _ = _value(text, name, len(text) - 1, known)
    return {name[1].lower(): value}


def _key(text: str, at: int, end: int) -> tuple[str, int]:
    """The key, "" where there is none, and where the fields begin."""
    match = _KEY.match(text, at, end)
    stop = match.end() if match else at
    if stop >= end or text[stop] == ",":
        return _unescaped(text[at:stop].strip()), min(stop + 1, end)
    if text[stop] != "=":  # a key in braces or quotes
        stop = text.find(",", at, end)
        stop = end if stop < 0 else stop
        return text[at:stop].strip().strip('{}"'), min(stop + 1, end)
    words = text[at:stop].split()
    field = at + text[at:stop].rfind(words[-1]) if words else stop
    return _unescaped(" ".join(words[:-1])), field


def _value(text: str, name: re.Match[str], end: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """A field's value on one line, macros put in and parts joined, and where it ends."""
    parts: list[str] = []
    at, put_in = name.end(), 0
    while at < end:
        if text[at] in '{"':
            close = _closing(text, at, end)
            if close < 0:
                what = "brace" if text[at] == "{" else "quote"
                raise UnusableRow(f"the {what} that opens {name[1]!r} never closes; correct it")
            parts.append(text[at + 1 : close])
            at = close + 1
        elif bare := _BARE.match(text, at, end):
            if _NAME.match(text, at, end):  # "year = , title = …" without the comma
                break
            parts.append(macros.get(bare[0].lower(), bare[0]))
            put_in += len(parts[-1])
            if put_in > MOST_PUT_IN:
                raise UnusableRow(
                    f"the macros in {name[1]!r} make more than {MOST_PUT_IN:,} characters; "
                    "correct their @string"
                )
            at = bare.end()
        behind = _skip(_BLANKS, text, at, end)
        if behind >= end or text[behind] != "#":
            break
        at = _skip(_BLANKS, text, behind + 1, end)
    return _tidy(name[1].lower(), "".join(parts)), at


def _closing(text: str, at: int, end: int) -> int:
    """
    Where the brace or quote that stands here is closed; -1 for nowhere.

    A quote inside a quoted value, as people type it, is one that a word follows.
    """
    quoted = text[at] == '"'
    first = -1
    depth = 0 if quoted else 1
    marks = _BRACES_AND_QUOTE if quoted else _BRACES
    for mark in marks.finditer(text, at + 1, end):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        elif depth <= 0:
            if _BEHIND.match(text, mark.end(), end + 1):
                return mark.start()
            first = mark.start() if first < 0 else first
        if depth == 0 and not quoted:
            return mark.start()
    return first


def _tidy(name: str, value: str) -> str:
    if name in NAMES_OF_PEOPLE:
        value = _TEX_COMMENT.sub("", value)
    value = " ".join(value.split())
    return value if name in AS_THEY_COME else _unescaped(value)


def _unescaped(value: str) -> str:
    r"""The value as it is meant: "a\_b" is how TeX has "a_b" written."""
    return _ESCAPED.sub(r"\1\2", value) if "\\" in value else value


def _skip(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    match = pattern.match(text, at, end)
    return match.end() if match else at
