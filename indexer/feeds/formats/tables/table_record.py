"""
Table record: a row of cells as a record, by what its columns are called.

    cells, Layout  ->  Record, identity still open

Of CSV, workbooks and Parquet alike. A column that no part of a record holds stays in
`extra` as ("csv:Its Name", value): screening labels above all, since a row that comes out
without them has lost the work of weeks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson

from indexer.feeds.formats.shapes.own import extra
from indexer.feeds.formats.shapes.values import byline, full_date, joined_pages, named, serials
from indexer.feeds.formats.tables.headers import Layout
from indexer.feeds.reading.rows import MISSING
from indexer.records import Author, Record

OPENALEX: Final = "https://openalex.org/W"

_INITIALS_FIRST: Final = re.compile(r"[A-Z]{1,3} (?=.*[a-z])[^\W\d_][^\d_,]+")
_SCOPUS_ID: Final = re.compile(r" ?\(\d{6,12}\)")
_PMID: Final = re.compile(r"\bPMID:\s*(\d+)")
_PMCID: Final = re.compile(r"\b(PMC\d+)\b")
_ARXIV: Final = re.compile(r"\barXiv:\s*(\S+)", re.IGNORECASE)
# PubMed's "Behav Ther. 2022 Mar;53(2):334-347. doi: …"
_CITATION: Final = re.compile(
    r"; ?(?P<volume>[^\s(:;]{1,20})?(?:\((?P<issue>[^()]{1,40})\))?: ?(?P<pages>[\w-]{1,20})"
)
# Embase's "J. Made Hydrol. (2018) 12:3 (139-154)", "… (2018) 12 SUPPL. 1 (S1)".
_SOURCE: Final = re.compile(
    r"(?P<name>\S.*?) \((?P<year>[12]\d{3})\)"
    r"(?: (?P<volume>[\w-]+)(?:[: ](?P<issue>[^()]+?))?)?(?: \((?P<pages>[^()]+)\))?\.?"
)
_ENDS: Final = re.compile(r"(?<!\s)\s*[;|\n]\s*")  # with blanks, of which none begins anew
_ORCID: Final = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
# "IEEE Conferences", "MIT Press Journals": a house, and what it calls its kinds of work.
_HOUSE: Final = re.compile(
    r"(?:\w+ )+(Conferences|Journals|Magazines|Early Access Articles|Standards|e?Books)"
)
ONE_VALUE: Final = (
    *("title", "year", "publisher", "article_number", "abstract", "language", "stage", "doi"),
)
BETWEEN: Final = " | "  # stands between values of one cell in our own export
EXPORTED: Final = "csv:extra"  # holds them as a list of pairs there
TYPES: Final = {
    "conferences": "Conference paper",
    "conference papers & proceedings": "Conference paper",
    "journals": "Journal article",
    "scholarly journals": "Journal article",
    "magazines": "Magazine article",
    "early access articles": "Journal article",
    "standards": "Standard",
    "books": "Book",
    "ebooks": "Book",
    "reports": "Report",
    "dissertations & theses": "Thesis",
    "working papers": "Working paper",
    # Publish or Perish names the kind of file here.
    **dict.fromkeys(("pdf", "html", "doc", "ps", "citation"), ""),
}


class _Cells:
    """The cells of a row by the fields they hold, and which of them a record has taken."""

    def __init__(self, cells: Sequence[str], layout: Layout) -> None:
        self.cells = stripped = [cell.strip() for cell in cells]
        self.layout = layout
        self.used: set[int] = set()
        self._said = said = {n for n, cell in enumerate(stripped) if cell not in MISSING}
        # Forty fields are asked for and few are held: what holds them is found once.
        self._held: dict[str, list[int]] = {}
        for field, places in layout.columns.items():
            for n in places:
                if n in said:
                    self._held.setdefault(field, []).append(n)

    def every(self, field: str) -> tuple[str, ...]:
        """All that the columns of a field hold, each once."""
        places = self._held.get(field)
        if places is None:
            return ()
        self.used.update(places)
        return tuple(dict.fromkeys([self.cells[n] for n in places]))

    def first(self, field: str) -> str:
        """What the first column of a field holds; what others hold stays unused."""
        places = self._held.get(field)
        if places is None:
            return ""
        self.used.add(places[0])
        return self.cells[places[0]]

    def give_back(self, field: str) -> None:
        """Count the first cell of a field as unused: it was understood, but not taken as it is."""
        self.used.difference_update(self._held.get(field, ())[:1])

    def rest(self) -> Iterator[tuple[str, str]]:
        """The cells that no part of the record holds."""
        header = self.layout.header
        for n in sorted(self._said - self.used):
            if n < len(header):
                yield f"csv:{header[n].strip()}", self.cells[n]


def record(cells: Sequence[str], layout: Layout) -> Record:
    """A row as a record, identity still open."""
    row = _Cells(cells, layout)
    first, every = row.first, row.every
    issn, isbn = serials([*every("issn"), *every("isbn")])
    row_id, source = first("id"), _database(row)
    database = source
    if row_id.startswith(OPENALEX):
        row_id, source = row_id.removeprefix("https://openalex.org/"), "openalex"
    editors = _byline(first("editors"))
    container, volume, issue, pages = _place(row)
    one_value: dict[str, Any] = {name: first(name) for name in ONE_VALUE}
    return Record(
        record_id="",
        source=source,
        source_id=row_id,
        alternate_titles=_apart(every("alternate_titles")),
        authors=_authors(row) or editors,
        editors=editors,
        date=_date(row),
        container=container,
        publisher_place=first("place"),
        volume=volume,
        issue=issue,
        pages=pages,
        keywords=_split(every("keywords")),
        notes=_apart(every("notes")),
        groups=_split(every("groups")),
        type=_type(row),
        identifiers=tuple(dict.fromkeys(_identifiers(row, row_id if source == "openalex" else ""))),
        issn=issn,
        isbn=isbn,
        urls=_apart(every("urls")),
        database=database,
        accession_number=first("accession") or first("embase"),
        **one_value,
        extra=tuple(dict.fromkeys(_extra(row))),  # last: by now every field has taken its cells
    )


def _extra(row: _Cells) -> Iterator[tuple[str, str]]:
    """The cells that no part of the record holds; what our own export took along unpacked."""
    ours = tuple(row.layout.header[:2]) == ("id", "records")  # those that were merged
    for name, cell in row.rest():
        if ours and name == "csv:records":
            continue
        pairs = extra(_as_json(cell)) if name == EXPORTED else ()
        yield from pairs or ((name, cell),)


def _as_json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _apart(texts: Sequence[str]) -> tuple[str, ...]:
    """The values of cells that our own export joined."""
    return tuple(dict.fromkeys(part for text in texts for part in text.split(BETWEEN) if part))


def _database(row: _Cells) -> str:
    """The database that a row comes from; Embase calls a citation its source."""
    source = row.first("source")
    if _cited(source, row):
        row.give_back("source")
        return ""
    return source


def _cited(text: str, row: _Cells) -> re.Match[str] | None:
    """A citation of Embase; "Social Science & Medicine (1982)" is a journal, unless of 1982."""
    cited = _SOURCE.fullmatch(text)
    if cited and (cited["volume"] or cited["pages"] or cited["year"] in row.first("year")):
        return cited
    return None


def _byline(names: str) -> tuple[Author, ...]:
    """The names of a cell; several only where a mark that no name holds is between them."""
    if "(" in names:
        names = _SCOPUS_ID.sub("", names)
    for mark in (";", "|", "\n"):
        if mark in names:
            return byline(names.split(mark))
    return byline(_given_first(names) or [names]) if names else ()


def _given_first(names: str) -> list[str]:
    """The names of "A Okonjo, MB Stone, ...", as Google Scholar writes them."""
    *parts, last = [part.strip() for part in names.split(",")]
    parts += ["et al." if last in {"...", "…"} else last] if parts else []
    people = [part for part in parts if part != "et al."]
    return parts if people and all(map(_INITIALS_FIRST.fullmatch, people)) else []


def _authors(row: _Cells) -> tuple[Author, ...]:
    """Persons with their ORCIDs, then the groups that stand beside them."""
    persons = _byline(row.first("full_authors") or row.first("authors"))
    known = {author.name.casefold() for author in persons}
    groups = (author for cell in row.every("group_authors") for author in _byline(cell))
    named = _with_orcids(persons, row.first("orcids"))
    if named == persons:
        row.give_back("orcids")
    return (*named, *(group for group in groups if group.name.casefold() not in known))


def _with_orcids(authors: tuple[Author, ...], text: str) -> tuple[Author, ...]:
    """Names with the ORCIDs of a cell: "Okonjo, Amara/0000-…; …", or one beside each name."""
    if not text:
        return authors
    parts = _ENDS.split(text)
    if len(parts) == len(authors) and all(not part or "orcid.org/" in part for part in parts):
        orcids = [match[0] if (match := _ORCID.search(part)) else "" for part in parts]
    else:
        named = (part.rpartition("/") for part in parts)
        by_name = {name.strip().casefold(): id_ for name, _, id_ in named if _ORCID.fullmatch(id_)}
        orcids = [by_name.get(author.name.casefold(), "") for author in authors]
    return tuple(
        Author(name=author.name, orcid=orcid) for author, orcid in zip(authors, orcids, strict=True)
    )


def _date(row: _Cells) -> str:
    """The fullest date; "OCT" alone is completed by the year beside it."""
    date, year = row.first("date"), row.first("year")
    if date or not year:
        return full_date(date, year)
    month = row.first("month")
    if not month.isdecimal():
        return f"{year} {month}".strip()
    day = row.first("day")
    return f"{year}-{month:0>2}-{day:0>2}" if day.isdecimal() else f"{year}-{month:0>2}"


def _place(row: _Cells) -> tuple[str, str, str, str]:
    """Container, volume, issue and pages: of their columns, else of a citation's."""
    container, volume, issue = row.first("container"), row.first("volume"), row.first("issue")
    pages = row.first("pages") or joined_pages(row.first("first_page"), row.first("last_page"))
    name: str | None = container
    if cited := _cited(container, row):
        row.give_back("container")
        name = cited["name"]
    else:
        cited = _CITATION.search(row.first("citation"))
        row.give_back("citation")
    if cited is None:
        return container, volume, issue, pages
    return (
        name or "",
        volume or cited["volume"] or "",
        issue or cited["issue"] or "",
        pages or cited["pages"] or "",
    )


def _split(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for text in texts for part in _ENDS.split(text) if part))


def _type(row: _Cells) -> str:
    given = row.first("type")
    house = _HOUSE.fullmatch(given)
    meant = TYPES.get((house[1] if house else given).lower(), given)
    if meant != given:
        row.give_back("type")
    return meant


def _identifiers(row: _Cells, openalex_id: str) -> Iterator[tuple[str, str]]:
    if openalex_id:
        yield "openalex", openalex_id
    for scheme in ("pmid", "pmcid", "arxiv", "embase", "pii"):
        yield from ((scheme, value) for value in row.every(scheme))
    yield from (("", value) for value in row.every("accession"))
    yield from map(named, _apart(row.every("identifiers")))
    for note in row.every("extra"):
        for scheme, pattern in (("pmid", _PMID), ("pmcid", _PMCID), ("arxiv", _ARXIV)):
            yield from ((scheme, value) for value in pattern.findall(note))
    row.give_back("extra")
