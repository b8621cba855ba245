"""
Records: what a feed says of one scholarly work, as frozen values.

    a reader's output  ->  Record  ->  fields.py, keys.py

Holds text as it was harvested: nothing here repairs, parses or guesses
(`fields.py` does), and nothing here reads or writes a file. A `Record` turns
into JSON and back without loss; the JSON is also the record's stored form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from enum import StrEnum
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final, TypeVar

import orjson

T = TypeVar("T")
ID_BYTES: Final = 12  # 96 bits: 2e-12 odds of one collision among 400 million made ids


class Learnt(StrEnum):
    """How an identifier came to be known; the order is the order of trust."""

    ISSUED = "issued"  # the source's own id for the record (an OpenAlex W-id from OpenAlex)
    ASSERTED = "asserted"  # stated in a field of the record (its DOI field)
    MINED = "mined"  # found inside a URL, a DOI or running text


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """
    A normalised (scheme, value); equality ignores how it was learnt.

    `scheme` is a key of `identifiers.SCHEMES`; `value` is normalised by that scheme.
    """

    scheme: str
    value: str
    learnt: Learnt = field(default=Learnt.ASSERTED, compare=False)
    version: str = field(default="", compare=False)  # "3" of arXiv v3; "" when none is stated

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the year, the month or the day; a year is not 1 January."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Author:
    """One name of a byline as given; `name` alone when the feed did not split it."""

    name: str = ""  # display form as harvested, "" when only the parts are given
    family: str = ""
    given: str = ""
    orcid: str = ""

    @property
    def display(self) -> str:
        """The name as one string: as harvested, else "Family, Given"."""
        return self.name or ", ".join(part for part in (self.family, self.given) if part)


@dataclass(frozen=True, slots=True)
class Relation:
    """What the feed itself says of another record, e.g. ("is-preprint-of", "doi:10.1/x")."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Record:
    """
    One harvested description of a scholarly work.

    Empty means "the feed did not say", never "the work has none": comparisons
    read it as missing evidence and give it no weight.
    """

    # "<source>:<the source's own id>", unique in a collection; "" until a reader has settled it
    record_id: str = ""
    source: str = ""  # the feed's name, or the file's where no source is named
    source_id: str = ""
    title: str = ""
    alternate_titles: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()  # in byline order
    editors: tuple[Author, ...] = ()  # of the container, or of the work itself
    date: str = ""  # as given: "2021-12-23", "2012 Mar-Apr", "1995,"
    year: str = ""  # as given, when the feed has a year beside the date
    container: str = ""  # journal, proceedings, repository
    publisher: str = ""
    publisher_place: str = ""  # "Oxford"
    volume: str = ""
    issue: str = ""
    pages: str = ""
    article_number: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # folders and collections of the library it was exported from
    type: str = ""
    language: str = ""
    stage: str = ""  # draft, submitted, accepted, published, updated, as the feed states it
    doi: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme or "", value) as given
    issn: tuple[str, ...] = ()
    isbn: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    database: str = ""  # that delivered the record: "Embase", "Scopus"
    accession_number: str = ""  # the record's number in that database
    relations: tuple[Relation, ...] = ()
    versions: tuple[Mapping[str, Any], ...] = ()  # the seed's list of versions, as given
    updated: str = ""  # the feed's own date of this version of the record, ISO 8601
    deleted: bool = False
    # What has no field above: ("ris:AD", "Mining Institute"), named by format and its own tag.
    extra: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> bytes:
        """The record as compact JSON, empty fields left out, keys in a fixed order."""
        return orjson.dumps(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values, empty fields left out."""
        return {
            name: value if type(value) is str else _plain(value)
            for name, value in zip(FIELD_NAMES, _VALUES(self), strict=True)
            if value
        }

    @classmethod
    def from_json(cls, text: bytes | str) -> Record:
        """The inverse of `to_json`."""
        return cls.from_dict(orjson.loads(text))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Record:
        """The inverse of `to_dict`; unknown keys are an error of the caller."""
        values = dict(plain)
        for name, value in plain.items():
            if name in _NESTED:
                values[name] = _NESTED[name](value)
        return _RECORD(**values)


_TEXTS: Final = (
    *("alternate_titles", "issn", "isbn", "urls", "versions"),
    *("keywords", "notes", "groups"),
)
# How each field of several values comes out of JSON.
_NESTED: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(_TEXTS, tuple),
    **dict.fromkeys(("authors", "editors"), lambda given: tuple([_AUTHOR(**one) for one in given])),
    **dict.fromkeys(("identifiers", "extra"), lambda given: tuple([(a, b) for a, b in given])),
    "relations": lambda given: tuple(Relation(**one) for one in given),
}
FIELD_NAMES: Final = tuple(f.name for f in fields(Record))
_VALUES: Final = attrgetter(*FIELD_NAMES)


def content_hash_of(plain: Mapping[str, Any]) -> str:
    """
    16 hex digits of what a record's `to_dict` says; see `content_of`.

    Two deliveries with equal hashes carry the same content.
    """
    return blake2b(content_of(plain), digest_size=8).hexdigest()


def content_of(plain: Mapping[str, Any]) -> bytes:
    """What a record's `to_dict` says as JSON, its identity and feed date left out."""
    return orjson.dumps({name: value for name, value in plain.items() if name not in _NOT_CONTENT})


_NOT_CONTENT: Final = frozenset({"record_id", "source", "source_id", "updated"})


_PARTS: Final = ("name", "family", "given", "orcid")
_PARTS_OF: Final = attrgetter(*_PARTS)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [item if type(item) is str else _plain(item) for item in value]
    if isinstance(value, Author):
        if not (value.family or value.given or value.orcid) and value.name:
            return {"name": value.name}  # as most are
        return {name: part for name, part in zip(_PARTS, _PARTS_OF(value), strict=True) if part}
    if isinstance(value, Relation):
        return {"kind": value.kind, "target": value.target}
    return value


def completed(record: Record, **values: Any) -> Record:
    """
    A record with more of its fields, changed in place: for its maker, who alone holds it yet.

    `dataclasses.replace` makes another, which takes 18 µs where reading a row takes 60.
    """
    for name, value in values.items():
        object.__setattr__(record, name, value)
    return record


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One row of input: where a record was read, and the row as it came."""

    record: Record
    file: str  # as named on the command line; "-" for standard input
    position: int  # byte offset of the row in the decompressed file
    row: int  # 1-based count of rows in the file
    given_id: str = ""  # the id the row itself gave, "" when it gave none
    raw: bytes = b""  # the row's own bytes; empty where the format has no row of its own
    head: bytes = b""  # what must stand before them to be read alone: a table's header


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row of input that cannot be used; it goes to the dead letters."""

    file: str
    position: int
    row: int
    reason: str  # value, expectation and next step in one sentence
    raw: bytes = b""
    head: bytes = b""  # see `Occurrence.head`


def maker_of(frozen: type[T]) -> Callable[..., T]:
    """
    What makes values of a frozen class from its parts, in their order or by name.

    A frozen class stores each part by a call of its own. A draft of the same slots that is
    not frozen takes them at once and then becomes one: 0.3 µs in place of 1.7 for a title,
    and 7.4 in place of 10.4 for a record out of JSON.
    """
    parts = [
        (part.name, Any, field(default=part.default, default_factory=part.default_factory))
        for part in fields(frozen)  # type: ignore[arg-type]
    ]
    draft = make_dataclass(frozen.__name__, parts, slots=True)

    def made(*parts: object, **named: object) -> T:
        value: Any = draft(*parts, **named)
        value.__class__ = frozen
        return value  # type: ignore[no-any-return]

    return made


_RECORD: Final[Callable[..., Record]] = maker_of(Record)
_AUTHOR: Final[Callable[..., Author]] = maker_of(Author)


def record_id_of(source: str, source_id: str) -> str:
    """The identity of a record that its source names: "<source>:<source_id>"."""
    return f"{source}:{source_id}"


def content_id(parts: Iterable[str]) -> str:
    """A 24-digit hex id made of content, for rows that carry no id; never random."""
    digest = blake2b(digest_size=ID_BYTES)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return digest.hexdigest()
