"""
United: the fields of a merged record that hold what all its records say.

    Member  ->  (key, value), ...; values of one key are the same

Values are shown repaired, but what no field holds (`extra`) as it came, since only the
format it came from can say what it means. The first spelling stands. A new field is
one row of UNITED.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from detector.works.members import Member
from indexer.fields.text.folding import repair

Values = Callable[[Member], Iterable[tuple[str, Any]]]

_APART: Final = frozenset({"url", "issn", "isbn", "orcid"})  # these have fields of their own
_ESCAPED: Final = re.compile(r"\\([_%&#~$])")  # TeX, which no URL has
_ISBN_10: Final = 10  # digits
_UNDERSCORE: Final = "\ue000"  # stands for TeX's "\_", which is no subscript


# The report shows again what was merged just before; publishers and keywords recur.
repaired: Final = lru_cache(maxsize=4_096)(repair)


def shown(text: str) -> str:
    r"""The text repaired for display; an underscore that TeX escapes ("a\_b") stays one."""
    return without_escapes(repaired(with_escapes(text))) if text else ""


def with_escapes(text: str) -> str:
    """TeX's escaped underscores as a character that no repair takes for markup."""
    return text.replace(r"\_", _UNDERSCORE)


def without_escapes(text: str) -> str:
    """The inverse of `with_escapes`, after repair."""
    return text.replace(_UNDERSCORE, "_")


def same(text: str) -> str:
    """The text in a form in which equal values are equal: case and width do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def each_shown(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Texts as they are shown, but for those that say nothing."""
    for text in map(shown, given):
        if text:
            yield same(text), text


def texts(name: str) -> Values:
    """The values of a field of several texts."""
    return lambda member: each_shown(getattr(member.record, name))


def one_text(name: str) -> Values:
    """The value of a field of one text."""
    return lambda member: each_shown((getattr(member.record, name),))


def identifiers(member: Member) -> Iterator[tuple[str, list[str]]]:
    """All identifiers that have no field of their own."""
    return each_identifier((one.scheme, one.value) for one in member.fields.identifiers)


def each_identifier(given: Iterable[Sequence[Any]]) -> Iterator[tuple[str, list[str]]]:
    """The same of schemes and values, with whatever follows these."""
    for scheme, value, *_ in given:
        if scheme not in _APART:
            yield f"{scheme}:{value}", [scheme, value]


def serials(scheme: str) -> Values:
    """The ISSNs or ISBNs of a record."""

    def values(member: Member) -> Iterator[tuple[str, str]]:
        valid = sorted(member.fields.by_scheme.get(scheme, ()))
        return each_serial(valid, getattr(member.record, scheme))

    return values


def each_serial(valid: Sequence[str], given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Serial numbers, normalised; one with a wrong check digit stays as it came."""
    yield from ((value, value) for value in valid)
    others = [one for one in given if one not in valid]
    cores = [_core(value) for value in valid] if others else []
    for other in others:
        digits = _core(other, whole=True)
        if digits and not any(core in digits for core in cores):
            yield digits, shown(other)


def _core(serial: str, *, whole: bool = False) -> str:
    """The digits of a serial number; of an ISBN the nine that both of its lengths share."""
    digits = "".join(letter for letter in serial.upper() if letter.isdigit() or letter == "X")
    if whole or len(digits) < _ISBN_10:
        return digits
    return digits[-_ISBN_10:-1]


def urls(member: Member) -> Iterator[tuple[str, str]]:
    """The URLs."""
    return each_url(member.record.urls)


def each_url(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """URLs, without what TeX escapes in them."""
    for one in given:
        url = _ESCAPED.sub(r"\1", one) if "\\" in one else one
        yield url, url


def relations(member: Member) -> Iterator[tuple[str, dict[str, str]]]:
    """What the record says of other records."""
    for relation in member.record.relations:
        yield (
            f"{relation.kind} {relation.target}",
            {"kind": relation.kind, "target": relation.target},
        )


def extra(member: Member) -> Iterator[tuple[str, list[str]]]:
    """What no field holds."""
    return each_extra(member.record.extra)


def each_extra(given: Iterable[Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    """Names and values that no field holds."""
    for name, value in given:
        if value.strip():
            yield f"{name} {same(value)}", [name, value]


UNITED: Final[tuple[tuple[str, Values], ...]] = (
    ("keywords", texts("keywords")),
    ("notes", texts("notes")),
    ("groups", texts("groups")),
    ("identifiers", identifiers),
    ("issn", serials("issn")),
    ("isbn", serials("isbn")),
    ("urls", urls),
    ("database", one_text("database")),
    ("accession_number", one_text("accession_number")),
    ("relations", relations),
    ("extra", extra),
)
# Of these more is known than the record's own field says.
FROM_FIELDS: Final = frozenset({"identifiers", "issn", "isbn"})
