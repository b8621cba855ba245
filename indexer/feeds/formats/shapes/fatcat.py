"""
Fatcat and Internet Archive Scholar: releases, search documents and works.

    a release entity, or a document of either search index  ->  Record

A release that became a redirect or was deleted is a tombstone. Scholar's
documents are works of several releases; the record is the one Scholar shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from indexer.feeds.formats.shapes.values import branch, every, first, objects, same, text, texts
from indexer.feeds.reading.tombstones import tombstone
from indexer.records import Author, Record, Relation

SOURCE: Final = "fatcat"
SCHEMES: Final = {
    "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "arxiv": "arxiv", "arxiv_id": "arxiv",
    "core": "core", "core_id": "core", "dblp": "dblp", "dblp_id": "dblp", "oai": "oai",
    "oai_id": "oai", "hdl": "handle", "jstor": "", "jstor_id": "", "ark": "", "doaj": "",
    "doaj_id": "", "wikidata_qid": "",
}  # fmt: skip
RELEASE_KEYS: Final = frozenset({"release_type", "release_stage", "ext_ids", "redirect"})
MARKUP_FREE: Final = ("text/plain", "")


def recognise(plain: Mapping[str, Any]) -> bool:
    """A release entity or release document, or a document of Scholar."""
    if "biblio" in plain:
        return "work_ident" in plain
    if "ident" in plain:
        return not RELEASE_KEYS.isdisjoint(plain)
    return "ext_ids" in plain and "contribs" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """The release, or the release that a Scholar document shows, as a record."""
    ident, state = text(plain.get("ident")), text(plain.get("state"))
    if ident and state in {"redirect", "deleted"}:
        return tombstone(SOURCE, ident, "", text(plain.get("redirect")))
    if "biblio" in plain:
        return _scholar(plain)
    return _release(plain) if "contribs" in plain or "ext_ids" in plain else _document(plain)


def _release(plain: Mapping[str, Any]) -> Record:
    get = plain.get
    ids = branch(plain, "ext_ids")
    container = branch(plain, "container")
    doi = text(ids.get("doi"))
    return Record(
        source=SOURCE,
        source_id=text(get("ident")),
        **same(plain, "publisher volume issue pages language"),
        title=_with_subtitle(plain),
        alternate_titles=texts(get("original_title")),
        authors=tuple(_people(plain, "author")),
        editors=tuple(_people(plain, "editor")),
        date=text(get("release_date")),
        year=text(get("release_year")),
        container=text(container.get("name")) or text(branch(plain, "extra").get("container_name")),
        abstract=_abstract(objects(get("abstracts")), "content"),
        type=text(get("release_type")),
        stage=text(get("release_stage")),
        doi=doi,
        identifiers=tuple(_identifiers(ids)),
        issn=every(text(container.get("issnl"))),
        isbn=texts(ids.get("isbn13")),
        urls=tuple(
            text(url.get("url"))
            for file in objects(get("files"))
            for url in objects(file.get("urls"))
            if text(url.get("url"))
        ),
        relations=_of_work(text(get("work_id"))),
    )


def _document(plain: Mapping[str, Any]) -> Record:
    """A release document of the search index: everything flat."""
    get = plain.get
    return Record(
        source=SOURCE,
        source_id=first(plain, "ident", "release_ident"),
        **same(plain, "publisher volume issue pages doi"),
        title=_with_subtitle(plain),
        alternate_titles=texts(get("original_title")),
        authors=tuple(Author(name=name) for name in texts(get("contrib_names"))),
        date=text(get("release_date")),
        year=text(get("release_year")),
        container=text(get("container_name")),
        type=text(get("release_type")),
        language=first(plain, "language", "lang_code"),
        stage=text(get("release_stage")),
        identifiers=tuple(_identifiers(plain)),
        issn=every(get("container_issnl"), get("issns")),
        isbn=texts(get("isbn13")),
        urls=every(get("best_pdf_url"), get("ia_pdf_url")),
        relations=_of_work(first(plain, "work_id", "work_ident")),
    )


def _scholar(plain: Mapping[str, Any]) -> Record:
    shown = _document(branch(plain, "biblio"))
    access = objects(plain.get("access")) + objects(plain.get("fulltext"))
    updated = text(plain.get("doc_index_ts"))
    return replace(
        shown,
        source_id=shown.source_id or text(plain.get("work_ident")),
        abstract=_abstract(objects(plain.get("abstracts")), "body"),
        urls=every([text(item.get("access_url")) for item in access]),
        relations=_of_work(text(plain.get("work_ident"))),
        updated=updated,
    )


def _of_work(work: str) -> tuple[Relation, ...]:
    return (Relation("release-of", f"fatcat-work:{work}"),) if work else ()


def _with_subtitle(plain: Mapping[str, Any]) -> str:
    title, subtitle = text(plain.get("title")), text(plain.get("subtitle"))
    if not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title}: {subtitle}"


def _people(plain: Mapping[str, Any], role: str) -> Iterator[Author]:
    """The contributors in a role; without any authors all stand for them."""
    contribs = objects(plain.get("contribs"))
    roles = {role, ""} if role == "author" else {role}
    chosen = [c for c in contribs if text(c.get("role")) in roles]
    for contrib in chosen or (contribs if role == "author" else ()):
        creator = branch(contrib, "creator")
        name = text(contrib.get("raw_name")) or text(creator.get("display_name"))
        family = first(contrib, "surname") or text(creator.get("surname"))
        given = first(contrib, "given_name") or text(creator.get("given_name"))
        if name or family:
            yield Author(name=name, family=family, given=given, orcid=text(creator.get("orcid")))


def _abstract(abstracts: list[Mapping[str, Any]], key: str) -> str:
    plain = [a for a in abstracts if text(a.get("mimetype")) in MARKUP_FREE] or abstracts
    return " ".join(part for a in plain if (part := text(a.get(key))))


def _identifiers(ids: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, scheme in SCHEMES.items():
        if name != "doi" and (value := text(ids.get(name))):
            yield scheme, value
