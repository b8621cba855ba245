"""
Zotero: items of its API, of its own exports and of Better BibTeX JSON.

    {"itemType", "title", "creators", "publicationTitle", "extra" …}  ->  Record

The API puts an item into `data` beside its version and library. Notes, attachments and
annotations are no works. What no field of a record holds stays in `extra`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.note_lines import numbers_of
from indexer.feeds.formats.shapes.values import (
    author,
    branch,
    every,
    first,
    leftover,
    objects,
    same,
    serials,
    text,
    texts,
)
from indexer.records import Author, Record

NO_WORKS: Final = frozenset({"note", "attachment", "annotation"})
EDITORS: Final = frozenset({"editor", "bookEditor"})
OTHERS: Final = frozenset({"translator", "seriesEditor", "contributor", "reviewedAuthor"})
CONTAINERS: Final = (
    *("publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle"),
    *("dictionaryTitle", "websiteTitle", "blogTitle", "forumTitle", "conferenceName"),
    "repository",
)
PUBLISHERS: Final = (
    *("publisher", "university", "institution", "company", "label", "studio", "network"),
)
ISSUES: Final = ("issue", "number")
NUMBERS: Final = ("reportNumber", "patentNumber", "seriesNumber")
DATES: Final = ("date", "dateDecided", "dateEnacted", "issueDate")
# Keys of Zotero's own housekeeping, and those that a field holds.
READ: Final = frozenset(
    {
        *("itemType", "itemID", "itemKey", "key", "version", "title", "creators", "volume"),
        *("pages", "abstractNote", "DOI", "ISSN", "ISBN", "PMID", "PMCID", "url", "uri", "place"),
        *("language", "tags", "notes", "extra", "libraryCatalog", "archiveLocation", "data"),
        *("citationKey", "citekey", "dateAdded", "dateModified", "attachments", "relations"),
        *("select", "libraryID", "library", "links", "meta", "inPublications"),
        *("thesisType", "reportType", "genre", "shortTitle", "callNumber"),
    }
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """An item with Zotero's type, by itself or as the data of its API."""
    said = branch(plain, "data") or plain
    return isinstance(said.get("itemType"), str)


def record(plain: Mapping[str, Any]) -> Record:
    """
    The item as a record; its citation key or its key stands for it inside its file.

    Raises:
        UnusableRow: a note or an attachment.
    """
    said = branch(plain, "data") or plain
    get, kind = said.get, text(said.get("itemType"))
    if kind in NO_WORKS:
        raise UnusableRow(f"{kind!r} is no work; export the items without it")
    extra = text(get("extra"))
    notes = every(extra, [first(note, "note") for note in objects(get("notes"))], get("notes"))
    doi, identifiers = numbers_of(said, (extra,))
    issn, isbn = serials((*texts(get("ISSN")), *texts(get("ISBN"))))
    return Record(
        source_id=first(said, "key", "itemKey", "citationKey", "citekey", "itemID"),
        **same(said, "volume pages language"),
        title=first(said, "title", "caseName", "nameOfAct", "subject"),
        alternate_titles=every(get("shortTitle")),
        authors=tuple(_people(said, EDITORS | OTHERS, wanted=False)),
        editors=tuple(_people(said, EDITORS, wanted=True)),
        date=first(said, *DATES),
        container=first(said, *CONTAINERS),
        publisher=first(said, *PUBLISHERS),
        publisher_place=text(get("place")),
        issue=first(said, *ISSUES),
        article_number=first(said, *NUMBERS),
        abstract=text(get("abstractNote")),
        keywords=every([first(tag, "tag") for tag in objects(get("tags"))], get("tags")),
        notes=notes,
        type=first(said, "thesisType", "reportType", "genre") or kind,
        doi=doi,
        identifiers=identifiers,
        issn=issn,
        isbn=isbn,
        urls=every(get("url")),
        database=text(get("libraryCatalog")),
        accession_number=first(said, "archiveLocation", "callNumber"),
        extra=tuple(_extra(said)),
    )


def _people(said: Mapping[str, Any], roles: frozenset[str], *, wanted: bool) -> Iterator[Author]:
    """The creators in these roles, or in any but these."""
    for creator in objects(said.get("creators")):
        if (text(creator.get("creatorType")) in roles) is wanted and (person := author(creator)):
            yield person


def _extra(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    taken = set(READ)
    for names in (CONTAINERS, PUBLISHERS, ISSUES, NUMBERS, DATES):
        taken.update([name for name in names if said.get(name)][:1])
    if key := first(said, "citationKey", "citekey"):
        yield "zotero:citationKey", key
    for creator in objects(said.get("creators")):
        if text(creator.get("creatorType")) in OTHERS and (person := author(creator)):
            yield f"zotero:{text(creator.get('creatorType'))}", person.display
    yield from leftover(said, taken, "zotero")
