"""
DBLP: entries of its dump, and hits of its search.

    <article key="journals/…">, <inproceedings …> …  ->  Record

Titles end in a full stop and names of namesakes in a number ("Wei Wang 0001"),
which the dump adds; both are DBLP's, the title's stop is left to `titles.py`.
Entries of journals/corr are preprints.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, child, children, local, text, texts
from indexer.records import Author, Record, Relation

SOURCE: Final = "dblp"
KINDS: Final = (
    *("article", "inproceedings", "proceedings", "book", "incollection"),
    *("phdthesis", "mastersthesis", "data"),
)
_NAMESAKE: Final = re.compile(r"\s+\d{4}$")
_ARXIV: Final = re.compile(r"abs[-/](\d{4})[-.](\d{4,5})$")


def describe(element: etree._Element) -> Record:
    """The record of one entry of the dump."""
    key = attribute(element, "key")
    if not key:
        raise UnusableRow("the DBLP entry has no key")
    links = texts(element, "ee")
    corr = key.startswith("journals/corr/")
    arxiv = _ARXIV.search(key) if corr else None
    part_of = text(element, "crossref")
    authors, editors = _people(element, "author"), _people(element, "editor")
    return Record(
        source=SOURCE,
        source_id=key,
        title=text(element, "title"),
        authors=authors or editors,
        editors=editors if authors else (),
        date=text(element, "year"),
        container=text(element, "journal") or text(element, "booktitle"),
        publisher=text(element, "publisher") or text(element, "school"),
        publisher_place=text(element, "address"),
        notes=texts(element, "note"),
        volume=text(element, "volume"),
        issue=text(element, "number"),
        pages=text(element, "pages"),
        type="preprint" if corr else attribute(element, "publtype") or local(element),
        identifiers=(
            ("dblp", key),
            *((("arxiv", f"{arxiv.group(1)}.{arxiv.group(2)}"),) if arxiv else ()),
        ),
        isbn=texts(element, "isbn"),
        urls=links,
        relations=(Relation("part-of", f"dblp:{part_of}"),) if part_of else (),
        updated=attribute(element, "mdate"),
    )


def _people(element: etree._Element, role: str) -> tuple[Author, ...]:
    return tuple(
        Author(name=_NAMESAKE.sub("", text(person)), orcid=attribute(person, "orcid"))
        for person in children(element, role)
    )


def describe_hit(element: etree._Element) -> Record:
    """The record of an <info> element of DBLP's search."""
    key = text(element, "key")
    return Record(
        source=SOURCE,
        source_id=key,
        title=text(element, "title"),
        authors=tuple(
            Author(name=_NAMESAKE.sub("", text(person)))
            for person in children(child(element, "authors"), "author")
        ),
        date=text(element, "year"),
        container=text(element, "venue"),
        publisher=text(element, "publisher"),
        volume=text(element, "volume"),
        issue=text(element, "number"),
        pages=text(element, "pages"),
        type=text(element, "type"),
        doi=text(element, "doi"),
        identifiers=(("dblp", key),) if key else (),
        urls=texts(element, "ee"),
    )
