"""
BibTeX parents: what an entry takes over from those it names in `crossref` and `xdata`.

    BibEntry  ->  Parents (all entries seen, by key)  ->  its fields with those it inherits

By biblatex's standard rules: a chapter or paper has its parent's title as booktitle, an
article that of its issue as journaltitle, a volume that of its set as maintitle; other
fields keep their names. What a child says itself stands. Not taken over, though biblatex
would: what tells the parent from its children (DOI, pages, abstract, links) and what the
owner of the library says of it.

A parent may stand behind its children, and the file is read once. Entries seen lie in a
private SQLite database, which goes to disk where it grows; so do rows that wait for the
end of the file, from the first on whose parent is not yet there. Memory is bounded.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from tempfile import gettempdir
from typing import Final, Self

import orjson

from indexer.feeds.formats.bibtex.bibtex_entry import BibEntry

DEEPEST: Final = 10  # a paper, its proceedings, their series: further ones are a loop
_KEYS: Final = re.compile(r"[,\s]+")

# biblatex's own list, what is only true of the parent, and what readers note on it.
NOT_INHERITED: Final = frozenset(
    {
        *("ids", "crossref", "xref", "xdata", "entryset", "entrysubtype", "execute", "label"),
        *("options", "presort", "related", "relatedoptions", "relatedstring", "relatedtype"),
        *("shorthand", "shorthandintro", "sortkey", "sorttitle", "shorttitle", "indextitle"),
        *("doi", "url", "urls", "urldate", "eprint", "eprinttype", "eprintclass", "archiveprefix"),
        *("primaryclass", "arxivid", "pmid", "pmcid", "pubmed_id", "pii", "hdl", "ee", "link"),
        *("bdsk-url-1", "bdsk-url-2", "biburl", "bibsource", "unique-id", "accession"),
        *("pages", "pagetotal", "numpages", "eid", "articleno", "abstract", "type"),
        *("keywords", "note", "annote", "annotation", "addendum", "comment", "file", "groups"),
        *("mendeley-groups", "mendeley-tags", "owner", "timestamp", "creationdate"),
        *("modificationdate", "date-added", "date-modified", "added-at", "interhash", "intrahash"),
        *("date_added", "date_modified", "priority", "ranking", "readstatus", "printed"),
    }
)
DATES: Final = frozenset({"date", "year", "month", "day"})
PARTS: Final = frozenset(
    {
        *("inbook", "incollection", "inproceedings", "inreference", "conference", "bookinbook"),
        *("suppbook", "suppcollection"),
    }
)
ARTICLES: Final = frozenset({"article", "suppperiodical", "review"})
TITLES: Final = ("title", "subtitle", "titleaddon")
CONTAINERS: Final = frozenset({"booktitle", "booksubtitle", "journal", "journaltitle"})


class Parents:
    """The entries of one file by key, and what waits for them; to be closed."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    @property
    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            # No name: SQLite keeps it in memory and moves it to a temporary file as it grows.
            self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
            self._connection.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
                "CREATE TABLE entry (key TEXT PRIMARY KEY, entry BLOB) WITHOUT ROWID;"
                "CREATE TABLE waiting (number INTEGER PRIMARY KEY, row BLOB);"
            )
        return self._connection

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._database.execute(statement, values)
        except sqlite3.OperationalError as error:  # all that can fail is the temporary file
            raise OSError(errno.ENOSPC, str(error), gettempdir()) from error

    def store(self, entry: BibEntry) -> None:
        """Store an entry as a possible parent; the first of a key counts, as for BibTeX."""
        said = {name: value for name, value in entry.plain().items() if _passed_on(entry, name)}
        plain = orjson.dumps((entry.kind, said))
        for key in (entry.key, *_KEYS.split(entry.plain().get("ids", ""))):
            if key:
                row = (_folded(key), plain)
                self._run("INSERT OR IGNORE INTO entry VALUES (?, ?)", row)

    def lacks(self, entry: BibEntry) -> bool:
        """Whether a parent of the entry, or of its parents, was not seen yet."""
        wanted, seen = list(_named(entry.plain())), set[str]()
        while wanted:
            key = wanted.pop()
            if key in seen:
                continue
            seen.add(key)
            parent = self._entry(key)
            if parent is None:
                return True
            wanted += _named(parent[1])
        return False

    def wait(self, row: bytes) -> None:
        """Store a row that can be made into a record at the end of the file only."""
        self._waiting += 1
        self._run("INSERT INTO waiting VALUES (?, ?)", (self._waiting, row))

    @property
    def awaited(self) -> bool:
        """Whether rows wait, so that those behind them have to wait as well."""
        return self._waiting > 0

    def waiting(self) -> Iterator[bytes]:
        """The rows that waited, in their order."""
        if self._waiting:
            for (row,) in self._run("SELECT row FROM waiting ORDER BY number"):
                yield row

    def with_inherited(self, entry: BibEntry) -> BibEntry:
        """The entry with the fields it inherits from those of its parents that are in the file."""
        own = entry.plain()
        if not any(True for _ in _named(own)):
            return entry
        whole = self._inherited(entry.kind, own, frozenset({_folded(entry.key)}))
        added = ((name, value) for name, value in whole.items() if name not in own)
        return replace(entry, fields=(*entry.fields, *added))

    def _inherited(
        self, kind: str, said: Mapping[str, str], above: frozenset[str]
    ) -> dict[str, str]:
        whole = dict(said)
        for key in _named(said):
            stored = self._entry(key)
            if stored is None or key in above or len(above) > DEEPEST:
                continue
            parent_kind, parent = stored
            parent = self._inherited(parent_kind, parent, above | {key})
            lent = parent if parent_kind == "xdata" else _lent(kind, parent_kind, parent)
            closed = _settled(whole)
            added = {name: value for name, value in lent.items() if name not in closed}
            whole = {**added, **whole}
        return whole

    def _entry(self, key: str) -> tuple[str, dict[str, str]] | None:
        row = self._run("SELECT entry FROM entry WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        kind, said = orjson.loads(row[0])
        return kind, said


def _passed_on(entry: BibEntry, name: str) -> bool:
    return entry.kind == "xdata" or name in ("crossref", "xdata") or name not in NOT_INHERITED


def _folded(key: str) -> str:
    """BibTeX takes keys that differ in case for one."""
    return key.casefold()


def _named(said: Mapping[str, str]) -> Iterator[str]:
    """The keys of an entry's parents: its data first, as biblatex has it."""
    for name in ("xdata", "crossref"):
        yield from (_folded(key) for key in _KEYS.split(said.get(name, "")) if key)


def _lent(kind: str, parent_kind: str, parent: Mapping[str, str]) -> dict[str, str]:
    """What a parent's fields are called in a child of this kind."""
    title = _title_in(kind, parent_kind)
    lent = {name: value for name, value in parent.items() if name not in NOT_INHERITED}
    if title:
        for name in TITLES:
            if value := lent.pop(name, ""):
                lent.setdefault(title.replace("title", name), value)
    return lent


def _title_in(kind: str, parent_kind: str) -> str:
    """The field that a parent's title stands in; "" where it stays the title."""
    if parent_kind.startswith("mv"):
        return "maintitle"
    if kind in PARTS:
        return "booktitle"
    return "journaltitle" if kind in ARTICLES else ""


def _settled(said: Mapping[str, str]) -> set[str]:
    """The fields that a child needs from no parent: of one date or title no part is another's."""
    settled = set(said)
    if not settled.isdisjoint(("date", "year")):
        settled |= DATES
    if not settled.isdisjoint(CONTAINERS):
        settled |= CONTAINERS
    if "title" in settled:
        settled.update(TITLES)
    return settled
