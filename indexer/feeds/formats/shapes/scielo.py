"""
SciELO: articles of its ArticleMeta, fields by their ISIS numbers.

    {"code", "collection", "article": {"v12": [{"l", "_"}], "v10": …}}  ->  Record

The journal's own description stands beside the article's under `title`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import branch, every, first, joined_pages, objects, text
from indexer.records import Author, Record

TITLE, PERSON, GROUP, DATE, ABSTRACT, KEYWORD = "v12", "v10", "v11", "v65", "v83", "v85"
VOLUME, ISSUE, SUPPLEMENT, PAGES, LANGUAGE, DOI = "v31", "v32", "v131", "v14", "v40", "v237"
JOURNAL, PUBLISHER, PLACE, KIND, ISSN = "v100", "v480", "v490", "v71", "v435"
KINDS: Final = {
    "oa": "research-article", "ra": "review-article", "co": "editorial-material", "er": "erratum",
    "ed": "editorial", "le": "letter", "cr": "case-report", "rc": "book-review",
    "sc": "short-communication", "an": "announcement", "ab": "abstract", "re": "retraction",
}  # fmt: skip


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object whose article has fields named by number."""
    article = branch(plain, "article")
    return any(name[:1] == "v" and name[1:].isdecimal() for name in article)


def record(plain: Mapping[str, Any]) -> Record:
    """The article as a record."""
    said, journal = branch(plain, "article"), branch(plain, "title")
    language = _value(said, LANGUAGE)
    titles = sorted(objects(said.get(TITLE)), key=lambda title: text(title.get("l")) != language)
    names = every([first(title, "_", "t") for title in titles])
    abstracts = [first(item, "a", "_") for item in objects(said.get(ABSTRACT))]
    keywords = [
        "/".join(filter(None, (first(k, "k", "_"), first(k, "s"))))
        for k in objects(said.get(KEYWORD))
    ]
    pages = objects(said.get(PAGES))[:1]
    kind = text(plain.get("document_type")) or _value(said, KIND)
    return Record(
        source="scielo",
        source_id=text(plain.get("code")) or _value(said, "v880"),
        title=names[0] if names else "",
        alternate_titles=names[1:],
        authors=tuple(_authors(said)),
        date=_date(text(plain.get("publication_date")) or _value(said, DATE)),
        year=text(plain.get("publication_year")),
        container=_value(journal, JOURNAL) or _value(said, "v30"),
        publisher=_value(journal, PUBLISHER),
        publisher_place=_value(journal, PLACE),
        volume=_value(said, VOLUME),
        issue=_value(said, ISSUE) or _value(said, SUPPLEMENT),
        pages=next((joined_pages(first(p, "f", "_"), first(p, "l")) for p in pages), ""),
        article_number=next((first(p, "e") for p in pages), ""),
        abstract=next(filter(None, abstracts), ""),
        keywords=every(keywords),
        type=KINDS.get(kind, kind),
        language=language,
        doi=text(plain.get("doi")) or _value(said, DOI),
        issn=every(plain.get("code_title"), [first(i, "_") for i in objects(journal.get(ISSN))]),
        database="SciELO",
    )


def _value(said: Mapping[str, Any], name: str) -> str:
    parts = objects(said.get(name))
    return first(parts[0], "_") if parts else text(said.get(name))


def _date(value: str) -> str:
    """ "20180400" as "2018-04": unknown parts are zeros."""
    if len(value) != len("20180400") or not value.isdecimal():
        return value
    parts = (value[:4], value[4:6], value[6:])
    known = [parts[0], *([parts[1]] if parts[1] != "00" else [])]
    return "-".join([*known, parts[2]] if len(known) == 2 and parts[2] != "00" else known)


def _authors(said: Mapping[str, Any]) -> Iterator[Author]:
    for person in objects(said.get(PERSON)):
        family, given = first(person, "s"), first(person, "n")
        if family or given:
            orcid = first(person, "k", "orcid")
            yield Author(family=family or given, given=given if family else "", orcid=orcid)
    for group in objects(said.get(GROUP)):
        if name := first(group, "_"):
            yield Author(name=name)
