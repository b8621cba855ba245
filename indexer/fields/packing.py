"""
Fields as bytes: for the way between the processes of one run, and for its own file of them.

    Fields  <->  the abstract's shingles as they are, and the rest as one flat JSON array

What follows from another value is left out and made again: the words of a title, what stands
by scheme. Records weigh 1.1 kB so, where pickle takes 2.2, in 5 µs one way and 10 the other,
where it takes 46 and 80. Never stored beyond a run: another release may have other Fields,
and what is unpacked is trusted.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import numpy as np
import orjson

from indexer.fields.abstracts import NO_SHINGLES
from indexer.fields.containers.containers import NO_CONTAINER, Container
from indexer.fields.containers.places import Places
from indexer.fields.fields import NO_IDENTIFIERS, Fields, by_scheme_of
from indexer.fields.people.names import Name, Names
from indexer.fields.titles.titles import NO_TITLE, Title
from indexer.records import Identifier, Learnt, PartialDate, Relation, maker_of

_LEARNT: Final = tuple(Learnt)
_PLACE_OF: Final = {learnt: at for at, learnt in enumerate(_LEARNT)}
_COUNT: Final = 4  # bytes, in which the number of shingles stands; they follow it, aligned
_PICKLED: Final = b"\xff" * _COUNT
_NOWHERE: Final = Places()
_NOBODY: Final = Names()

_FIELDS: Final = maker_of(Fields)
_TITLE: Final = maker_of(Title)
_PLACES: Final = maker_of(Places)
_CONTAINER: Final = maker_of(Container)
_IDENTIFIER: Final = maker_of(Identifier)
_DATE: Final = maker_of(PartialDate)


class FlatFields(NamedTuple):
    """Fields as plain values, the abstract's shingles left out; 0 for what says nothing."""

    record_id: str
    source: str
    title: Any  # its text comes first
    alternates: Any
    authors: Any  # names: the text, the family name, given names, ...; then of the whole byline
    date: Any  # year, month, day
    years: Sequence[int]
    container: Any  # its text comes first
    places: Any  # in the order of `Places`
    kind: str
    stage: str
    identifiers: Sequence[Any]  # scheme, value, ...
    abstract: str
    language: str
    relations: Any

    @property
    def year(self) -> int:
        """As `Fields.year`."""
        return int(self.date[0] if self.date else self.years[-1] if self.years else 0)


def packed(fields: Fields) -> bytes:
    """Fields as bytes."""
    try:
        rest = orjson.dumps(_flat(fields))
    except TypeError:  # half a character of UTF-16, which JSON has no form for
        return _PICKLED + pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)
    shingles = fields.abstract_shingles
    return b"".join((len(shingles).to_bytes(_COUNT, "little"), shingles.tobytes(), rest))


def unpacked(stored: bytes) -> Fields:
    """The inverse of `packed`."""
    if stored.startswith(_PICKLED):
        return _unpickled(stored)
    count = int.from_bytes(stored[:_COUNT], "little")
    rest = _COUNT + 4 * count
    record_id, source, title, alternates, authors, date, years, container, places, *others = (
        orjson.loads(memoryview(stored)[rest:])
    )
    kind, stage, identifiers, abstract, language, relations = others
    carried = tuple([_identifier(*one) for one in identifiers])
    return _FIELDS(
        record_id,
        source,
        _title(title) if title else NO_TITLE,
        tuple([_title(one) for one in alternates]) if alternates else (),
        names_from(*authors) if authors else _NOBODY,
        _DATE(*date) if date else None,
        tuple(years),
        _container(*container) if container else NO_CONTAINER,
        _PLACES(*places) if places else _NOWHERE,
        kind,
        stage,
        carried,
        by_scheme_of(carried) if carried else NO_IDENTIFIERS,
        abstract,
        np.frombuffer(stored, np.uint32, count, _COUNT) if count else NO_SHINGLES,
        language,
        tuple([Relation(*one) for one in relations]) if relations else (),
    )


def unpacked_lazily(stored: bytes) -> Fields:
    """What `unpacked` gives, each part made when it is asked for."""
    return cast("Fields", _LazyFields(flat_of(stored), stored))


class _LazyFields:
    """Stands for `Fields` to whoever reads some of them, and does nothing else."""

    def __init__(self, flat: FlatFields, stored: bytes) -> None:
        self.record_id, self.source, self.kind, self.stage = flat[0], flat[1], flat[9], flat[10]
        self._flat = flat
        self._stored = stored

    def __getattr__(self, name: str) -> Any:
        """A part that was not made yet."""
        made = _PARTS.get(name)
        value = made(self._flat) if made else getattr(unpacked(self._stored), name)
        setattr(self, name, value)
        return value


def version_of(stored: bytes) -> Fields:
    """Of packed fields those that tell which version a record is of; the others say nothing."""
    flat = flat_of(stored)
    carried = _identifiers(flat)
    return _FIELDS(
        flat.record_id,
        flat.source,
        date=_DATE(*flat.date) if flat.date else None,
        container=_container(*flat.container) if flat.container else NO_CONTAINER,
        places=_PLACES(*flat.places) if flat.places else _NOWHERE,
        kind=flat.kind,
        stage=flat.stage,
        identifiers=carried,
        by_scheme=by_scheme_of(carried) if carried else NO_IDENTIFIERS,
    )


def flat_of(fields: Fields | bytes) -> FlatFields:
    """What fields say, packed or not, as the plain values that they are packed of."""
    if not isinstance(fields, bytes):
        return FlatFields(*_flat(fields))
    if fields.startswith(_PICKLED):
        return FlatFields(*_flat(_unpickled(fields)))
    rest = _COUNT + 4 * int.from_bytes(fields[:_COUNT], "little")
    return FlatFields(*orjson.loads(memoryview(fields)[rest:]))


def _unpickled(stored: bytes) -> Fields:
    fields = pickle.loads(stored[_COUNT:])
    assert isinstance(fields, Fields)
    return fields


def _flat(fields: Fields) -> tuple[Any, ...]:
    """All but the shingles, as JSON has forms for; 0 for what says nothing."""
    date, authors, places = fields.date, fields.authors, fields.places
    return (
        fields.record_id,
        fields.source,
        0 if fields.title is NO_TITLE else _flat_title(fields.title),
        [_flat_title(one) for one in fields.alternates] if fields.alternates else 0,
        0 if authors == _NOBODY else _flat_names(authors),
        (date.year, date.month, date.day) if date else 0,
        fields.years,
        0 if fields.container is NO_CONTAINER else _flat_container(fields.container),
        0 if places == _NOWHERE else _flat_places(places),
        fields.kind,
        fields.stage,
        [(i.scheme, i.value, _PLACE_OF[i.learnt], i.version) for i in fields.identifiers],
        fields.abstract,
        fields.language,
        [(one.kind, one.target) for one in fields.relations] if fields.relations else 0,
    )


def _flat_title(title: Title) -> tuple[Any, ...]:
    key = title.key
    return (
        title.text,
        key,
        0 if title.main == key else title.main,
        title.original,
        title.numbers,
        title.part,
        title.notice,
        title.mark,
        0 if title.subject == key else title.subject,
        title.script,
        title.placeholder,
        0 if title.words == tuple(key.split()) else title.words,
        0 if title.compact == key.replace(" ", "") else title.compact,
    )


def _title(flat: Sequence[Any]) -> Title:
    text, key, main, original, numbers, part, notice, mark, subject, *rest = flat
    script, placeholder, words, compact = rest
    return _TITLE(
        text,
        key,
        tuple(key.split()) if words == 0 else tuple(words),
        key if main == 0 else main,
        key.replace(" ", "") if compact == 0 else compact,
        original,
        tuple(numbers),
        part,
        notice,
        mark,
        key if subject == 0 else subject,
        script,
        placeholder,
    )


def _flat_names(authors: Names) -> tuple[Any, ...]:
    """Most names are a text, a family name and given names; what few have stands behind."""
    return (
        [
            (one.text, one.family, one.given, one.suffix, one.group, one.swappable)
            if one.suffix or one.group or one.swappable
            else (one.text, one.family, one.given)
            for one in authors.names
        ],
        authors.truncated,
        authors.scrambled,
    )


def names_from(names: Sequence[Any], truncated: bool = False, scrambled: bool = False) -> Names:
    """The byline of `FlatFields.authors`."""
    read = [
        Name(name[0], name[1], tuple(name[2]), "", False, False)
        if len(name) == 3
        else Name(name[0], name[1], tuple(name[2]), *name[3:])
        for name in names
    ]
    return Names(tuple(read), truncated, scrambled)


def _flat_container(container: Container) -> tuple[Any, ...]:
    key = container.key
    return (
        container.text,
        key,
        0 if container.words == tuple(key.split()) else container.words,
        container.kind,
        sorted(container.issns),
        container.volume,
        container.year,
        container.pages,
    )


def _container(text: str, key: str, words: Any, kind: str, issns: list[str], *of: str) -> Container:
    told = tuple(key.split()) if words == 0 else tuple(words)
    return _CONTAINER(text, key, told, kind, frozenset(issns), *of)


def _flat_places(places: Places) -> tuple[str, ...]:
    return (
        places.volume,
        places.issue,
        places.first_page,
        places.last_page,
        places.article_number,
        places.total_pages,
        places.other_first,
    )


def _identifiers(flat: FlatFields) -> tuple[Identifier, ...]:
    return tuple([_identifier(*one) for one in flat.identifiers])


# The parts of fields that reasons are made of.
_PARTS: Final[Mapping[str, Callable[[FlatFields], Any]]] = {
    "title": lambda flat: _title(flat.title) if flat.title else NO_TITLE,
    "authors": lambda flat: names_from(*flat.authors) if flat.authors else _NOBODY,
    "date": lambda flat: _DATE(*flat.date) if flat.date else None,
    "years": lambda flat: tuple(flat.years),
    "container": lambda flat: _container(*flat.container) if flat.container else NO_CONTAINER,
    "places": lambda flat: _PLACES(*flat.places) if flat.places else _NOWHERE,
    "identifiers": _identifiers,
    "by_scheme": lambda flat: by_scheme_of(_identifiers(flat)),
}


def _identifier(scheme: str, value: str, learnt: int, version: str) -> Identifier:
    return _IDENTIFIER(scheme, value, _LEARNT[learnt], version)
