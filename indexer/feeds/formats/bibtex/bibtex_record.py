"""
BibTeX record: the fields of an entry as a record, whatever dialect named them.

    BibEntry  ->  Record, identity still open

BibTeX, biblatex, JabRef, Mendeley, and what Scopus, Web of Science, IEEE, DBLP and ACM
add. A field that no part of a record holds stays in `extra` as ("bibtex:name", value).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bibtexparser.middlewares.names import split_multiple_persons_names

from indexer.feeds.formats.bibtex.bibtex_entry import BibEntry
from indexer.feeds.formats.shapes.values import named, serials
from indexer.fields.kinds import kind_of
from indexer.records import Author, Record

_NAME_PART: Final = re.compile(
    r"(?<![\w-])(family|given|prefix|suffix)\s*=\s*(\{[^{}]*\}|\"[^\"]*\"|[^,]*)"
)
URLS: Final = ("url", "urls", "ee", "link", "bdsk-url-1", "bdsk-url-2", "howpublished")
WHOLE_BOOKS: Final = frozenset({"book", "proceedings", "collection", "mvbook", "reference"})
EPRINTS: Final = {
    "": "", "arxiv": "arxiv", "pubmed": "pmid", "medline": "pmid", "pmid": "pmid",
    "hdl": "handle", "handle": "handle", "pmc": "pmcid", "pmcid": "pmcid", "doi": "doi",
}  # fmt: skip
NUMBERS: Final = (
    *(("arxivid", "arxiv"), ("arxiv", "arxiv"), ("pmid", "pmid"), ("pubmed_id", "pmid")),
    *(("pubmedid", "pmid"), ("pubmed-id", "pmid"), ("pmcid", "pmcid"), ("pmc", "pmcid")),
    *(("hdl", "handle"), ("handle", "handle"), ("pii", "pii"), ("hal_id", "hal")),
    *(("halid", "hal"), ("unique-id", ""), ("accession", ""), ("accession-number", "")),
)
# Fields of a record that hold one value, and what they are called, the first asked first.
ONE_VALUE: Final = {
    "year": "year",
    "container": "journal journaltitle booktitle maintitle series shortjournal journal-iso "
                 "journal_iso",
    "publisher": "publisher school institution organization",
    "publisher_place": "address location city", "volume": "volume", "issue": "number issue",
    "pages": "pages", "article_number": "eid art_number articleno article-number",
    "abstract": "abstract", "language": "language langid",
    "stage": "pubstate publication_stage", "doi": "doi", "database": "database source",
    "accession_number": "unique-id accession-number accession accessionnumber accession_number",
}  # fmt: skip
_ONE_VALUE: Final = {to: tuple(names.split()) for to, names in ONE_VALUE.items()}
# Entries of these kinds may say in another field what they are: an erratum, a review.
VAGUE: Final = frozenset({"article", "misc", "online", "unpublished", "conference"})
STRAY: Final = "bibtex:words between the fields"

_SEMICOLON: Final = re.compile(r"\s*;\s*")
_COMMA: Final = re.compile(r"\s*,\s*")
_SEMICOLON_OR_COMMA: Final = re.compile(r"\s*[;,]\s*")


class _Said:
    """The fields of an entry, and which of them a record holds."""

    def __init__(self, entry: BibEntry) -> None:
        self.fields = entry.plain()
        self.used: set[str] = set()

    def first(self, *names: str) -> str:
        """The first of several fields that says something; the others stay unused."""
        for name in names:
            if name in self.fields:
                self.used.add(name)
                return self.fields[name]
        return ""

    def every(self, *names: str) -> tuple[str, ...]:
        """All of several fields that say something, each value once."""
        self.used.update(names)
        return tuple(dict.fromkeys(self.fields[name] for name in names if name in self.fields))

    def rest(self, entry: BibEntry) -> Iterator[tuple[str, str]]:
        """What no field of a record holds, in the order of the entry."""
        seen = set[str]()
        for name, value in entry.fields:
            if value and (name not in self.used or name in seen):
                yield f"bibtex:{name}", value
            if value:
                seen.add(name)


def record(entry: BibEntry) -> Record:
    """An entry as a record; its key stands for it inside its file."""
    said = _Said(entry)
    first = said.first
    issn, isbn = serials(said.every("issn", "isbn", "eissn", "e-issn"))
    authors, editors = _byline(first("author")), _byline(first("editor"))
    one_value: dict[str, Any] = {to: first(*names) for to, names in _ONE_VALUE.items()}
    return Record(
        record_id="",
        source_id=entry.key,
        title=_title(said),
        alternate_titles=said.every("origtitle", "titletranslation"),
        authors=authors or (editors if entry.kind in WHOLE_BOOKS else ()),
        editors=editors,
        date=_date(said),
        keywords=_keywords(said),
        notes=said.every("note", "annote", "annotation"),
        groups=_groups(said),
        type=_type(entry.kind, said),
        identifiers=tuple(_identifiers(entry.key, said)),
        issn=issn,
        isbn=isbn,
        urls=_urls(said),
        **one_value,
        extra=(*said.rest(entry), *((STRAY, words) for words in entry.stray)),
    )


def _title(said: _Said) -> str:
    title, subtitle = said.first("title"), said.first("subtitle")
    if not title and not subtitle:
        return said.first("shorttitle")
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _byline(names: str) -> tuple[Author, ...]:
    split = split_multiple_persons_names(names)
    return tuple(Author(name="et al." if name == "others" else _name(name)) for name in split)


def _name(written: str) -> str:
    """A name as written; "family=Berg, prefix=van der" of biblatex is "van der Berg"."""
    parts = {name: value.strip(' {}"') for name, value in _NAME_PART.findall(written)}
    if not parts.get("family"):
        return written
    family = " ".join(filter(None, (parts.get("prefix"), parts["family"])))
    return ", ".join(filter(None, (family, parts.get("suffix"), parts.get("given"))))


def _date(said: _Said) -> str:
    date, year, month, day = (said.fields.get(n, "") for n in ("date", "year", "month", "day"))
    if date:
        return said.first("date")
    if not month or not year.isdigit():
        return year
    said.used.add("month")
    if not month.isdecimal():
        return f"{year} {month}"
    if not day.isdecimal():
        return f"{year}-{int(month):02d}"
    said.used.add("day")
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _keywords(said: _Said) -> tuple[str, ...]:
    texts = said.every("keywords", "keyword", "author_keywords")
    words = (_SEMICOLON.split(text) if ";" in text else _COMMA.split(text) for text in texts)
    return tuple(dict.fromkeys(word for apart in words for word in apart if word))


def _groups(said: _Said) -> tuple[str, ...]:
    texts = said.every("groups", "mendeley-groups")
    groups = (group for text in texts for group in _SEMICOLON_OR_COMMA.split(text))
    return tuple(dict.fromkeys(group for group in groups if group))


def _type(kind: str, said: _Said) -> str:
    """The kind of entry, or what the source says beside it where that tells more."""
    told = said.fields.get("document_type") or (
        said.fields.get("type", "") if kind in VAGUE else ""
    )
    if kind_of(told) not in ("", "article"):
        said.used.update(("document_type",))
        return told
    return kind


def _urls(said: _Said) -> tuple[str, ...]:
    """The URLs; `urls` of our own exports holds several, and `url` where Mendeley writes it."""
    texts = said.every(*URLS)
    apart = (words if _all_urls(words := text.split()) else (text,) for text in texts)
    return tuple(dict.fromkeys(url for urls in apart for url in urls))


def _all_urls(words: list[str]) -> bool:
    return all(word.startswith(("http://", "https://")) for word in words)


def _identifiers(key: str, said: _Said) -> Iterator[tuple[str, str]]:
    if eprint := said.first("eprint"):
        archive = said.fields.get("archiveprefix") or said.fields.get("eprinttype", "")
        if archive.lower() in EPRINTS:
            said.used.update(("archiveprefix", "eprinttype"))
        yield EPRINTS.get(archive.lower(), ""), eprint
    for name, scheme in NUMBERS:
        if value := said.first(name):
            yield scheme, value
    yield from map(named, said.first("identifiers").split())  # of our own exports
    if key.startswith("DBLP:"):
        yield "dblp", key.removeprefix("DBLP:")
