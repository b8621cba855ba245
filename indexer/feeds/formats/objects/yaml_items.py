"""
YAML items: what CITATION.cff and Hayagriva say, and CSL's dates, as records.

    dict  ->  Record, identity still open

A CITATION.cff is one software, the article to be cited for it (`preferred-citation`), and
what that builds on (`references`), each a record. Of a Hayagriva item the innermost
parent with a title is the container, and parents say what it does not say itself. Keys
that no part of a record holds stay in `extra`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.values import (
    author,
    every,
    first,
    joined_pages,
    objects,
    same,
    serials,
    text,
    texts,
)
from indexer.feeds.formats.tables.cell_text import text_of
from indexer.records import Author, Record

Plain = Mapping[str, Any]
NOTHING: Final = frozenset({"", "~", "null"})
DEEPEST: Final = 8  # parents of parents

CITED: Final = ("preferred-citation", "references")
CFF_KNOWN: Final = frozenset(
    {
        *("cff-version", "message", "title", "type", "authors", "editors", "doi", "identifiers"),
        *("date-released", "date-published", "year", "month", "journal", "collection-title"),
        *("conference", "publisher", "volume", "issue", "pages", "start", "end", "abstract"),
        *("keywords", "notes", "languages", "issn", "isbn", "pmcid", "url", "repository"),
        *("repository-code", "repository-artifact", *CITED),
    }
)
HAYAGRIVA_KNOWN: Final = frozenset(
    {
        *("type", "title", "author", "editor", "date", "publisher", "location", "volume", "issue"),
        *("page-range", "serial-number", "url", "language", "abstract", "note", "parent"),
    }
)
# Hayagriva's words, alone and inside a parent, where they are not those of others.
KINDS: Final = {
    "anthos": "chapter",
    "anthology": "book",
    "web": "webpage",
    "repository": "software",
}
PROCEEDINGS: Final = frozenset({"proceedings", "conference"})


def with_date_parts(item: Plain) -> Plain:
    """A CSL item whose dates are written as year, month and day by name, as others are."""
    dated = dict(item)
    for name, value in item.items():
        date = value[0] if isinstance(value, list) and value else value
        if isinstance(date, Mapping) and "year" in date:
            parts = [text(date.get(part)) for part in ("year", "month", "day")]
            dated[name] = "-".join(part.zfill(2) for part in parts if part)
    return dated


# --- CITATION.cff --------------------------------------------------------------------


def citations(value: Any) -> Iterator[Record]:
    """The software of a CITATION.cff, then what it names to be cited and what it builds on."""
    if not isinstance(value, Mapping):
        raise UnusableRow("expected keys and values, as of a CITATION.cff")
    yield cited(value, "software")
    for name in CITED:
        yield from (cited(item, "generic") for item in objects(value.get(name)))


def cited(plain: Plain, kind: str) -> Record:
    """One work of a CITATION.cff."""
    get = plain.get
    publisher, event = _entity(get("publisher")), _entity(get("conference"))
    issn, isbn = serials((*texts(get("issn")), *texts(get("isbn"))))
    date = first(plain, "date-released", "date-published")
    year, month = text(get("year")), text(get("month"))
    return Record(
        **same(plain, "title volume issue abstract doi"),
        authors=tuple(_person(author) for author in objects(get("authors"))),
        editors=tuple(_person(editor) for editor in objects(get("editors"))),
        date=date or (f"{year}-{month:0>2}" if year and month else year),
        year=year,
        container=first(plain, "journal", "collection-title") or event[0],
        publisher=publisher[0],
        publisher_place=publisher[1],
        pages=joined_pages(text(get("start")), text(get("end"))) or text(get("pages")),
        keywords=texts(get("keywords")),
        notes=texts(get("notes")),
        type=text(get("type")) or kind,
        language=text(get("languages")),
        identifiers=tuple(_cff_identifiers(plain)),
        issn=issn,
        isbn=isbn,
        urls=every(get("url"), *(get(f"repository{part}") for part in ("-code", "", "-artifact"))),
        extra=tuple(_unknown("cff", plain, CFF_KNOWN)),
    )


def _entity(value: Any) -> tuple[str, str]:
    """Name and place of a publisher, an institution or a conference."""
    if isinstance(value, Mapping):
        return text(value.get("name")), first(value, "city", "location")
    return text(value), ""


def _person(plain: Plain) -> Author:
    parts = (plain.get(name) for name in ("name-particle", "family-names", "name-suffix"))
    return Author(
        name=text(plain.get("name")),
        family=" ".join(part for value in parts if (part := text(value))),
        given=text(plain.get("given-names")),
        orcid=text(plain.get("orcid")),
    )


def _cff_identifiers(plain: Plain) -> Iterator[tuple[str, str]]:
    if pmcid := text(plain.get("pmcid")):
        yield "pmcid", pmcid
    for item in objects(plain.get("identifiers")):
        scheme, value = text(item.get("type")), text(item.get("value"))
        if value:
            yield ("doi" if scheme == "doi" else ""), value


# --- Hayagriva -----------------------------------------------------------------------


def hayagriva(value: Any) -> Iterator[Record]:
    """The items of a mapping from citation keys."""
    if not isinstance(value, Mapping):
        raise UnusableRow("expected a key with fields below it")
    for key, plain in value.items():
        if not isinstance(plain, Mapping):
            raise UnusableRow(f"expected fields below {str(key)[:60]!r}, found {str(plain)[:60]!r}")
        yield _hayagriva(str(key), plain)


def _hayagriva(key: str, plain: Plain) -> Record:
    levels = [plain, *_parents(plain.get("parent"), DEEPEST)]

    def say(name: str) -> Any:
        return next((level[name] for level in levels if _said(level.get(name))), None)

    numbers = [_numbers(level.get("serial-number")) for level in levels]
    issn, isbn = serials(
        v for given in numbers for name in ("issn", "isbn") for v in texts(given.get(name))
    )
    publisher = _entity(say("publisher"))
    parent_kinds = {text(parent.get("type")).lower() for parent in levels[1:]}
    kind = text(plain.get("type")).lower()
    if kind == "article" and parent_kinds & PROCEEDINGS:
        kind = "inproceedings"
    return Record(
        source_id=key,
        title=_formatted(plain.get("title")),
        authors=_names(plain.get("author")),
        editors=_names(say("editor")),
        date=text(say("date")),
        container=next(filter(None, (_formatted(p.get("title")) for p in levels[1:])), ""),
        publisher=publisher[0],
        publisher_place=publisher[1] or _formatted(plain.get("location")),
        volume=text(say("volume")),
        issue=text(say("issue")),
        pages=text(plain.get("page-range")),
        abstract=_formatted(plain.get("abstract")),
        notes=every(_formatted(plain.get("note"))),
        type=KINDS.get(kind, kind),
        language=text(plain.get("language")),
        doi=text(numbers[0].get("doi")),
        identifiers=tuple(
            (scheme, value)
            for scheme in ("pmid", "pmcid", "arxiv")
            for value in texts(numbers[0].get(scheme))
        ),
        issn=issn,
        isbn=isbn,
        urls=every(_formatted(plain.get("url"))),
        extra=tuple(_unknown("hayagriva", plain, HAYAGRIVA_KNOWN)),
    )


def _said(value: Any) -> bool:
    return bool(value) and not (isinstance(value, str) and value.strip() in NOTHING)


def _parents(value: Any, depth: int) -> Iterator[Plain]:
    for parent in objects(value) if depth else ():
        yield parent
        yield from _parents(parent.get("parent"), depth - 1)


def _numbers(value: Any) -> Plain:
    return value if isinstance(value, Mapping) else {}


def _formatted(value: Any) -> str:
    """A text, or an object that says how it is to be set."""
    return first(value, "value", "name") if isinstance(value, Mapping) else text(value)


def _names(value: Any) -> tuple[Author, ...]:
    items: Iterable[Any] = value if isinstance(value, list) else [value]
    return tuple(person for item in items if (person := _name(item)))


def _name(value: Any) -> Author | None:
    if not isinstance(value, Mapping):
        return author(value)
    parts = (text(value.get(name)) for name in ("prefix", "name", "suffix"))
    given = first(value, "given-name", "given")
    family = " ".join(part for part in parts if part)
    return Author(family=family, given=given) if given else author({"name": family})


def _unknown(form: str, plain: Plain, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What no part of a record holds: texts and lists of texts as such, objects as JSON."""
    for name, value in plain.items():
        if name not in known and (said := text_of(value)) not in NOTHING:
            yield f"{form}:{name}", said
