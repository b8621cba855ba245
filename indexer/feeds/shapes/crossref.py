"""
Crossref: works as its API, its public data file and content negotiation write them.

    {"DOI", "title": [...], "issued", "container-title": [...] …}  ->  Record

A dialect of CSL-JSON: what `csl.py` reads alike is taken from there. The DOI is the
identity, in lower case as Crossref itself gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from indexer.feeds.shapes import csl
from indexer.feeds.shapes.values import branch, objects, text, texts
from indexer.records import Record, Relation

MARKS: Final = frozenset({"indexed", "deposited", "member", "prefix", "reference-count"})
CITING: Final = frozenset({"cites", "references", "is-cited-by", "is-referenced-by"})


def recognise(plain: Mapping[str, Any]) -> bool:
    """A CSL item with the DOI and one of the marks that Crossref leaves on every work."""
    return "DOI" in plain and not MARKS.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The work as a record."""
    get = plain.get
    base = csl.record(plain)
    doi = text(get("DOI")).lower()
    kind = text(get("type"))
    return replace(
        base,
        source="crossref",
        source_id=doi,
        title=_with_subtitle(base.title, text(get("subtitle"))),
        article_number=text(get("article-number")),
        type=text(get("subtype")) or kind if kind == "posted-content" else kind,
        doi=doi,
        urls=_urls(plain),
        relations=tuple(_relations(plain)),
        updated=text(branch(plain, "indexed").get("date-time"))
        or text(branch(plain, "deposited").get("date-time")),
    )


def _with_subtitle(title: str, subtitle: str) -> str:
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title or subtitle
    return f"{title} {subtitle}" if title.endswith((":", "?", "!")) else f"{title}: {subtitle}"


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
    for update in objects(plain.get("update-to")):
        if target := text(update.get("DOI")):
            kind = text(update.get("type")).replace("_", "-").lower() or "update"
            yield Relation(f"is-{kind}-of", f"doi:{target}")
