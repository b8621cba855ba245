"""
PubMed summaries: the JSON of NCBI's ESummary for PubMed and PubMed Central.

    {"uid", "title", "authors", "fulljournalname", "articleids" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.values import every, first, objects, same, text, texts
from indexer.records import Author, Record, Relation

SCHEMES: Final = {"pubmed": "pmid", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}


def recognise(plain: Mapping[str, Any]) -> bool:
    """A summary with its uid, and ids, dates or an error of NCBI's."""
    return "uid" in plain and not {
        *("articleids", "pubdate", "fulljournalname", "sortpubdate", "error"),
    }.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """
    The summary as a record.

    Raises:
        UnusableRow: NCBI answered by an error in place of a summary.
    """
    get, uid = plain.get, text(plain.get("uid"))
    if said := text(get("error")):
        raise UnusableRow(f"NCBI answered for {uid}: {said}")
    ids = list(_identifiers(plain))
    of_pmc = any(first(i, "idtype") == "pmid" for i in objects(get("articleids")))
    people = [(first(a, "authtype"), first(a, "name")) for a in objects(get("authors"))]
    return Record(
        source="pmc" if of_pmc else "pubmed",
        source_id=uid,
        **same(plain, "volume issue pages"),
        title=first(plain, "title", "booktitle"),
        alternate_titles=every(get("vernaculartitle")),
        authors=tuple(Author(name=name) for kind, name in people if name and kind != "Editor"),
        editors=tuple(Author(name=name) for kind, name in people if name and kind == "Editor"),
        date=first(plain, "pubdate", "epubdate", "printpubdate"),
        container=first(plain, "fulljournalname", "source", "booktitle"),
        publisher=text(get("publishername")),
        publisher_place=text(get("publisherlocation")),
        type=telling_type(texts(get("pubtype"))),
        language=text(get("lang")),
        doi=next((value for scheme, value in ids if scheme == "doi"), ""),
        identifiers=tuple(dict.fromkeys(pair for pair in ids if pair[0] != "doi")),
        issn=every(get("issn"), get("essn")),
        urls=every(get("availablefromurl")),
        database="PubMed" if not of_pmc else "PubMed Central",
        relations=tuple(_relations(plain)),
    )


def _identifiers(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = objects(plain.get("articleids"))
    for item in given:
        kind, value = first(item, "idtype").lower(), first(item, "value")
        if kind == "doi" and value:
            yield "doi", value
        elif kind in SCHEMES and value.removeprefix("PMC").strip("0").isdecimal():
            yield SCHEMES[kind], value
    if not given and text(plain.get("uid")).isdecimal():
        yield "pmid", text(plain.get("uid"))


def telling_type(kinds: tuple[str, ...]) -> str:
    """The most telling of PubMed's types: what is not just an article or its support."""
    plain = [kind for kind in kinds if not kind.startswith("Research Support")]
    return next((kind for kind in plain if kind != "Journal Article"), "".join(plain[:1]))


def _relations(plain: Mapping[str, Any]) -> Iterator[Relation]:
    for reference in objects(plain.get("references")):
        kind, pmid = first(reference, "reftype"), first(reference, "pmid")
        if kind and pmid and kind.lower() != "cites":
            yield Relation(kind.replace(" ", "-").lower(), f"pmid:{pmid}")
