"""
Labelled values: fields of an entry by the words that a format writes before them.

    (("Title", "Sediment memory"), ("Author", "王伟;李娜"), …), Labels  ->  Record

A format is a table from its labels to the fields of a record. Labels that are not in the
table, and further values of a field that holds only one, are carried along in `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.feeds.formats.lines.database_numbers import accession_of, numbers_in
from indexer.feeds.formats.lines.source_lines import source_of
from indexer.feeds.formats.lines.telling_types import most_telling
from indexer.feeds.formats.shapes.values import byline, joined_pages, serials
from indexer.feeds.reading.rows import MISSING
from indexer.records import Record

_SEMICOLON: Final = re.compile("[;；]")  # the Chinese one too
LISTS: Final = frozenset(
    {"alternate_titles", "authors", "groups_of_authors", "editors", "keywords", "notes", "type"}
    | {"serial", "urls", "number"}
)
_ONE_VALUE: Final = (
    *("title", "date", "year", "container", "publisher", "publisher_place", "volume", "issue"),
    *("pages", "article_number", "abstract", "language", "doi", "database", "source_id"),
)
_FROM_SOURCE: Final = ("container", "volume", "issue", "pages", "article_number", "date")


@dataclass(frozen=True, slots=True)
class Labels:
    """
    What the labels of a format mean.

    Beside fields of a record a label may mean: "serial" (ISSN or ISBN), "start" and "end"
    (pages), "source" (a line that says where the work stands), "accession" (the number in
    its database), "number" ("PMID: 1"), or the name of an identifier scheme.
    """

    form: str  # what `extra` calls the format
    fields: Mapping[str, str]  # labels in lower case
    split: frozenset[str] = field(default=frozenset({"authors", "editors", "keywords"}))


def record_of(pairs: Iterable[tuple[str, str]], labels: Labels) -> Record:
    """An entry as a record, identity still open."""
    held: dict[str, list[str]] = {}
    extra: list[tuple[str, str]] = []
    for label, value in pairs:
        meaning = labels.fields.get(label.strip().lower(), "")
        if value in MISSING:
            continue
        if not meaning or (meaning in held and meaning not in LISTS and meaning not in _SCHEMES):
            extra.append((f"{labels.form}:{label.strip()}", value))
        elif meaning in labels.split:
            parts = (part.strip() for part in _SEMICOLON.split(value))
            held.setdefault(meaning, []).extend(part for part in parts if part)
        else:
            held.setdefault(meaning, []).append(value)
    return Record(record_id="", **_fields(held, labels, extra))


_SCHEMES: Final = frozenset({"pmid", "pmcid", "embase", "eric", "arxiv"})


def _fields(
    held: Mapping[str, list[str]], labels: Labels, extra: list[tuple[str, str]]
) -> dict[str, Any]:
    def first(name: str) -> str:
        return held[name][0] if name in held else ""

    fields: dict[str, Any] = {name: first(name) for name in _ONE_VALUE if name in held}
    if line := first("source"):
        stated = source_of(line)
        for name in _FROM_SOURCE:
            fields[name] = fields.get(name) or stated.get(name, "")
        if not stated:
            extra.append((f"{labels.form}:source", line))
    fields["pages"] = fields.get("pages") or joined_pages(first("start"), first("end"))
    fields["date"] = fields.get("date") or fields.get("year", "")
    fields["issn"], fields["isbn"] = serials(held.get("serial", ()))
    fields["type"] = most_telling(held.get("type", ()))
    for name in ("alternate_titles", "notes"):
        fields[name] = tuple(held.get(name, ()))
    for name in ("keywords", "urls"):
        fields[name] = tuple(dict.fromkeys(held.get(name, ())))
    authors = (*held.get("authors", ()), *held.get("groups_of_authors", ()))
    fields["authors"] = byline(authors)
    fields["editors"] = byline(held.get("editors", ()))
    fields["accession_number"] = first("accession")
    fields["identifiers"] = tuple(dict.fromkeys(_identifiers(held, first("database"))))
    fields["extra"] = (*extra, *_other_types(held, fields["type"], labels.form))
    return fields


def _identifiers(held: Mapping[str, list[str]], database: str) -> Iterator[tuple[str, str]]:
    for number in held.get("accession", ()):
        yield from accession_of(number, database)
    for scheme in sorted(_SCHEMES):
        yield from ((scheme, value) for value in held.get(scheme, ()))
    for value in held.get("number", ()):
        yield from numbers_in(value)


def _other_types(held: Mapping[str, list[str]], type_: str, form: str) -> Iterator[tuple[str, str]]:
    yield from ((f"{form}:type", value) for value in held.get("type", ()) if value != type_)
