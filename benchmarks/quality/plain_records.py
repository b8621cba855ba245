"""
Plain records: rows as their files have them, and their names as our own reading takes them apart.

    row  ->  names_of(row)  ->  written anew in another form
"""

from __future__ import annotations

from typing import Any

from indexer.fields import fields_of
from indexer.fields.people.names import Name
from indexer.records import Author, Record

Plain = dict[str, Any]  # a record as its file has it


def names_of(row: Plain) -> tuple[Name, ...]:
    """The authors of a row."""
    byline = tuple(Author(name=name) for name in row.get("authors") or ())
    return fields_of(Record("made:1", authors=byline)).authors.names


def family(name: Name) -> str:
    """A family name as it is written."""
    return " ".join(word.capitalize() for word in name.family.split())
