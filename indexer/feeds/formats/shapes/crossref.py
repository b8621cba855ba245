"""
Crossref: works as its API, its public data file and content negotiation write them.

    {"DOI", "title": [...], "issued", "container-title": [...] …}  ->  Record

A dialect of CSL-JSON: what `csl.py` reads alike is taken from there. The DOI is the
identity, in lower case as Crossref itself gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes import csl
from indexer.feeds.formats.shapes.values import branch, objects, text, texts
from indexer.records import Record, Relation, completed

MARKS: Final = frozenset({"indexed", "deposited", "member", "prefix", "reference-count"})
CITING: Final = frozenset({"cites", "references", "is-cited-by", "is-referenced-by"})
# Of these a container is a book, listed behind or before the series that it is in.
IN_BOOKS: Final = frozenset(
    {
        *("book-chapter", "book-section", "book-part", "book-track", "reference-entry"),
        *("proceedings-article", "chapter", "entry", "paper-conference"),
    }
)
_SERIES: Final = re.compile(
    r"\b(?:series|lecture notes|studies in|advances in|topics in|monographs?|library|"
    r"communications in|proceedings in|handbook of|methods in|schriften|schriftenreihe|reihe|"
    r"beitr[äa]ge|studien|collection|colecci[óo]n|collana|bibliothe(?:k|que|ca))\b",
    re.IGNORECASE,
)
# What an update is to what it updates; any other is told by its own name.
UPDATES: Final = {
    "corrigendum": "correction", "correction": "correction", "clarification": "correction",
    "erratum": "erratum", "addendum": "addendum", "expression-of-concern": "concern",
    "retraction": "retraction", "partial-retraction": "retraction", "withdrawal": "retraction",
    "removal": "retraction",
}  # fmt: skip
NEW_FORMS: Final = frozenset({"new-version", "new-edition"})


def recognise(plain: Mapping[str, Any]) -> bool:
    """A CSL item with the DOI and one of the marks that Crossref leaves on every work."""
    return "DOI" in plain and not MARKS.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The work as a record."""
    get = plain.get
    base = csl.item(plain)
    doi = text(get("DOI")).lower()
    kind = text(get("type"))
    container, series = _container(plain, base.container)
    return completed(
        base,
        source="crossref",
        source_id=doi,
        title=_with_subtitle(base.title, text(get("subtitle"))),
        container=container,
        article_number=text(get("article-number")),
        keywords=base.keywords or texts(get("subject")),
        type=text(get("subtype")) or kind if kind == "posted-content" else kind,
        doi=doi,
        identifiers=(*base.identifiers, *_further_ids(plain)),
        urls=_urls(plain),
        relations=tuple(_relations(plain)),
        updated=text(branch(plain, "indexed").get("date-time"))
        or text(branch(plain, "deposited").get("date-time")),
        extra=tuple(("crossref:container-title", name) for name in series),
    )


def _container(plain: Mapping[str, Any], given: str) -> tuple[str, tuple[str, ...]]:
    """The container, and of a chapter the series that the book is in."""
    names = texts(plain.get("container-title"))
    if text(plain.get("type")) not in IN_BOOKS or len(names) < 2:
        return given, ()
    books = [name for name in names if not _SERIES.search(name)] or names
    return books[-1], tuple(name for name in names if name != books[-1])


def _with_subtitle(title: str, subtitle: str) -> str:
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title or subtitle
    return f"{title} {subtitle}" if title.endswith((":", "?", "!")) else f"{title}: {subtitle}"


def _further_ids(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Trial registry numbers beside the DOI."""
    for trial in objects(plain.get("clinical-trial-number")):
        if number := text(trial.get("clinical-trial-number")):
            yield "", number


def _urls(plain: Mapping[str, Any]) -> tuple[str, ...]:
    links = [text(link.get("URL")) for link in objects(plain.get("link"))]
    landing = text(branch(plain, "resource", "primary").get("URL"))
    return tuple(dict.fromkeys(u for u in (*texts(plain.get("URL")), landing, *links) if u))


def _relations(plain: Mapping[str, Any]) -> Iterator[Relation]:
    for kind, others in branch(plain, "relation").items():
        if kind in CITING:
            continue
        for other in objects(others):
            if target := text(other.get("id")):
                yield Relation(kind, f"{text(other.get('id-type')) or 'doi'}:{target}")
    for name, ours, newer in (
        ("update-to", "is-{}-of", "is-new-version-of"),
        ("updated-by", "has-{}", "is-previous-version-of"),
    ):
        for update in objects(plain.get(name)):
            given = text(update.get("type")).replace("_", "-").lower() or "update"
            kind = newer if given in NEW_FORMS else ours.format(UPDATES.get(given, given))
            if target := text(update.get("DOI")):
                yield Relation(kind, f"doi:{target}")
