"""
Lone: the merged record of a work of one record, from plain values as they are stored.

    a record's JSON, its packed fields  ->  what `canonical.alone` gives of them as objects

Half of all records are works alone, and of those nothing is ranked and little is repaired, so
objects would be made to be taken apart at once: 40 µs a record with the objects, 21 without,
taken by themselves.
What is rare (editors, other titles, two DOIs) is left to `alone`, which stays the definition;
tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from detector.works.merging.people import undoubled
from detector.works.merging.placing import as_written
from detector.works.merging.united import (
    each_extra,
    each_identifier,
    each_serial,
    each_shown,
    each_url,
    shown,
)
from indexer.feeds.reading.rows import MISSING
from indexer.fields.packing import FlatFields, names_from
from indexer.fields.text.folding import repair

Plain = Mapping[str, Any]  # what `Record.to_dict` gives
Keyed = Iterable[tuple[str, Any]]

_SINGLE: Final = (
    *("title", "authors", "date", "year", "container", "publisher", "publisher_place"),
    *("abstract", "type", "language", "stage", "doi"),
    *("volume", "issue", "pages", "article_number"),
)


def lone(plain: Plain, fields: FlatFields, name: str) -> dict[str, Any] | None:
    """
    The merged record of a record that is a work alone, by what outputs call it.

    None: it has what only `alone` knows.
    """
    title, container = (part[0] if part else "" for part in (fields.title, fields.container))
    dois = [given[1] for given in fields.identifiers if given[0] == "doi"]
    authors = _authors(plain.get("authors", ()), fields.authors[0] if fields.authors else ())
    texts = [_shown_of(plain, key) for key in ("publisher", "publisher_place", "abstract")]
    rare = "editors" in plain or fields.alternates or len(dois) > 1
    if rare or authors is None or None in texts or "\\_" in plain.get("title", ""):
        return None
    doi, date = "".join(dois), _date_of(fields)
    values = (
        title,
        authors,
        date,
        str(fields.year or ""),
        container[:-1] if container.endswith(".") and container.count(".") == 1 else container,
        *texts,
        fields.kind or plain.get("type", ""),
        fields.language,
        fields.stage,
        doi,
        *_place_of(plain, fields),
    )
    merged = {key: value for key, value in zip(_SINGLE, values, strict=True) if value}
    origin: dict[str, Any] = dict.fromkeys(merged, name)
    for key, united in _united_of(plain, fields, doi):
        merged[key], origin[key] = united, [name] * len(united)
    merged["origin"] = origin
    merged["versions"] = [
        {
            "year": fields.date[0] if fields.date else None,
            "source": plain.get("source", ""),
            "title": title,
            "container": container,
            "urls": plain.get("urls", []),
            "doi": doi,
            "publication_date": date,
        }
    ]
    return merged


def _authors(given: Sequence[Plain], names: Sequence[Sequence[Any]]) -> list[Any] | None:
    """The byline as it is shown, each person once; None where it is in parts and does."""
    once = len({name[1] for name in names}) == len(names)
    for author in given:
        if "family" in author:
            return _in_parts(given) if once and len(given) == len(names) else None
    if once:
        return [name[0] for name in names]
    return [name.text for name in undoubled(names_from(names).names)]


def _in_parts(given: Sequence[Plain]) -> list[Any]:
    """The authors, of whom some were given as family and given name."""
    return [
        {
            part: value if part == "orcid" else repair(value)
            for part in ("family", "given", "orcid")
            if (value := author.get(part))
        }
        if "family" in author
        else repair(author.get("name") or author.get("given", ""))
        for author in given
    ]


def _shown_of(plain: Plain, key: str) -> str | None:
    """A text as it is shown; None where it says something and nothing of it is shown."""
    text: str = plain.get(key, "")
    if not text or (key == "abstract" and text.strip() in MISSING):
        return ""
    return shown(text) or (None if key != "publisher_place" else "")


def _date_of(fields: FlatFields) -> str:
    if not fields.date:
        return ""
    year, *rest = fields.date
    return "-".join((f"{year:04d}", *(f"{part:02d}" for part in rest if part is not None)))


def _place_of(plain: Plain, fields: FlatFields) -> tuple[str, str, str, str]:
    """Volume, issue, pages and article number."""
    told = plain.get
    volume, issue, first, last, article, *_ = fields.places or ("",) * 5
    return (
        as_written(told("volume", ""), volume),
        as_written(told("issue", ""), issue),
        as_written(told("pages", ""), f"{first}-{last}" if last else first),
        as_written(told("article_number", ""), article),
    )


def _united_of(plain: Plain, fields: FlatFields, doi: str) -> Iterable[tuple[str, list[Any]]]:
    """The fields of several values, each value once, in the order of `UNITED`."""
    schemes = {given[0] for given in fields.identifiers}
    for key, values_of in _EACH:
        if key in plain or key in schemes or (key == "identifiers" and schemes):
            united: dict[str, Any] = {}
            for same, value in values_of(plain.get(key, ()), fields):
                united.setdefault(same, value)
            if key == "identifiers":
                united.pop(f"doi:{doi}", None)
            if united:
                yield key, list(united.values())


def _serials(scheme: str) -> Callable[[Any, FlatFields], Keyed]:
    def values(given: Any, fields: FlatFields) -> Keyed:
        valid = sorted({one[1] for one in fields.identifiers if one[0] == scheme})
        return each_serial(valid, given)

    return values


_EACH: Final[tuple[tuple[str, Callable[[Any, FlatFields], Keyed]], ...]] = (
    ("keywords", lambda given, _: each_shown(given)),
    ("notes", lambda given, _: each_shown(given)),
    ("groups", lambda given, _: each_shown(given)),
    ("identifiers", lambda _, fields: each_identifier(fields.identifiers)),
    ("issn", _serials("issn")),
    ("isbn", _serials("isbn")),
    ("urls", lambda given, _: each_url(given)),
    ("database", lambda given, _: each_shown((given,))),
    ("accession_number", lambda given, _: each_shown((given,))),
    ("relations", lambda given, _: ((f"{one['kind']} {one['target']}", one) for one in given)),
    ("extra", lambda given, _: each_extra(given)),
)
