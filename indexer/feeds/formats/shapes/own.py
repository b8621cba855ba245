"""
Own: the shape that samework itself reads and writes, and the seed's.

    {"id", "source", "title", "authors", "year" …}  ->  Record

The seed's objects are the same but for `SupportedSources.X` as the source and
`publication_date` and `journal` as keys. Any JSON export with these plain keys is read
too; what it has beside them stays in `extra`, but for keys that begin with "_". An object
that is half another source's is refused by its keys (`claims.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes import claims
from indexer.feeds.formats.shapes.values import (
    as_texts,
    authors,
    every,
    first,
    is_nested,
    listed,
    objects,
    same,
    serials,
    shallow,
    text,
    texts,
)
from indexer.records import Record, Relation

SEED_SOURCE: Final = "SupportedSources."

# Keys that hold an identifier, and its scheme.
SCHEME_KEYS: Final[Mapping[str, str]] = {
    "arxiv": "arxiv",
    "arxiv_id": "arxiv",
    "pmid": "pmid",
    "pubmed_id": "pmid",
    "pmcid": "pmcid",
    "pmc_id": "pmcid",
    "handle": "handle",
    "hdl": "handle",
    "openalex": "openalex",
    "openalex_id": "openalex",
    "s2": "s2",
    "corpus_id": "s2",
    "core": "core",
    "core_id": "core",
    "dblp": "dblp",
    "dblp_id": "dblp",
    "fatcat": "fatcat",
    "oai": "oai",
    "oai_id": "oai",
}
KNOWN: Final = frozenset(
    {
        *("title", "titles", "authors", "author", "doi", "identifiers", "abstract"),
        *("container", "journal", "publication_date", "year", "urls", "url", "isbn"),
        *SCHEME_KEYS,
    }
)
# Of several keys for one field the first that says anything is read.
CHOICES: Final = (
    ("source_id", "id", "_id"),
    ("date", "publication_date", "published"),
    ("year", "publication_year"),
    ("container", "journal", "container_title", "venue", "booktitle", "journal_title"),
    ("issue", "number"),
    ("title", "titles"),
    ("authors", "author"),
    ("editors", "editor"),
    ("pages", "page"),
    ("notes", "note"),
    ("doi", "DOI", "doi_url"),
    ("issn", "ISSN"),
    ("isbn", "ISBN"),
)
READ: Final = frozenset(
    {
        *("source", "alternate_titles", "publisher", "publisher_place", "volume", "abstract"),
        *("article_number", "keywords", "groups", "type", "language", "stage", "identifiers"),
        *("urls", "url", "database", "accession_number", "relations", "versions", "updated"),
        *("deleted", "extra", "record_id"),
        *SCHEME_KEYS,
    }
)
EVERY_KEY: Final = READ.union(*CHOICES)
_CHOICE_OF: Final = {name: names for names in CHOICES for name in names}
TREES: Final = frozenset(
    {
        *("authors", "author", "editors", "editor", "identifiers", "relations", "versions"),
        "extra",
    }
)
UNDER_THEIR_NAMES: Final = (
    "publisher publisher_place volume article_number abstract type language stage updated"
)
RARE: Final = frozenset(
    {
        *("editors", "editor", "keywords", "notes", "note", "groups", "issn", "ISSN", "isbn"),
        *("ISBN", "database", "accession_number", "relations", "versions", "deleted"),
    }
)
MERGED: Final = "merged_from"  # the records of a merged one
LONGEST_LIST: Final = 8  # keys that a reason names


def recognise(plain: Mapping[str, Any]) -> bool:
    """Any object with one of our keys beside its id; asked last."""
    return not KNOWN.isdisjoint(plain)


def record(plain: Mapping[str, Any]) -> Record:
    """
    The object as a record, identity still open.

    Raises:
        UnusableRow: half of it is another source's.
    """
    if foreign := claims.of_others(plain, EVERY_KEY):
        raise UnusableRow(_half_read(foreign))
    get = plain.get
    titles = texts(get("title") or get("titles"))
    dois = texts(get("doi") or get("DOI") or get("doi_url"))
    # Most objects hold none of these: to ask for each of them took as long as all the rest.
    further = {} if RARE.isdisjoint(plain) else _rare_fields(plain)
    return Record(
        source=source_name(text(get("source"))),
        source_id=first(plain, "source_id", "id", "_id"),
        **same(plain, UNDER_THEIR_NAMES),
        title=titles[0] if titles else "",
        alternate_titles=(*titles[1:], *texts(get("alternate_titles"))),
        authors=authors(get("authors") or get("author")),
        date=first(plain, "date", "publication_date", "published"),
        year=first(plain, "year", "publication_year"),
        container=first(plain, *CHOICES[3]),
        issue=first(plain, "issue", "number"),
        pages=text(get("pages") or get("page")),
        doi=dois[0] if dois else "",
        identifiers=(*(("doi", doi) for doi in dois[1:]), *identifiers(plain)),
        urls=every(get("urls"), get("url")),
        **further,
        extra=(*extra(get("extra")), *_unread(plain)),
    )


def _rare_fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    get = plain.get
    issn, isbn = serials((*texts(get("issn") or get("ISSN")), *texts(get("isbn") or get("ISBN"))))
    return {
        "editors": authors(get("editors") or get("editor")),
        "keywords": listed(get("keywords"), ";"),
        "notes": texts(get("notes") or get("note")),
        "groups": texts(get("groups")),
        "issn": issn,
        "isbn": isbn,
        "database": "; ".join(texts(get("database"))),
        "accession_number": "; ".join(texts(get("accession_number"))),
        "relations": tuple(relations(get("relations"))),
        "versions": tuple(shallow(version) for version in objects(get("versions"))),
        "deleted": get("deleted") is True,
    }


def _half_read(foreign: tuple[str, ...]) -> str:
    shown = ", ".join(foreign[:LONGEST_LIST])
    more = f" and {len(foreign) - LONGEST_LIST} more" if len(foreign) > LONGEST_LIST else ""
    return (
        f"half of it is of no known shape, by its keys {shown}{more}; export it as RIS, BibTeX or "
        "CSV, or name the keys as docs/feeds.md does"
    )


def _unread(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What stands under keys that were not read, or in a form that no field takes."""
    merged = isinstance(plain.get(MERGED), list)  # an export of ours; its labels are in `extra`
    for name, alone in _looked_at(tuple(plain)):
        value = plain[name]
        if alone and type(value) is str:
            continue
        if merged and name in (MERGED, "labels"):
            continue
        if name in _CHOICE_OF:
            chosen = next((other for other in _CHOICE_OF[name] if plain.get(other)), name)
            read = name == chosen and (name in TREES or not is_nested(value))
        else:
            read = name in READ and (name in TREES or not is_nested(value))
        if not read:
            yield from ((f"json:{name}", said) for said in as_texts(value))


@lru_cache(maxsize=1 << 10)  # the objects of a file have few sets of keys
def _looked_at(keys: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Keys whose values may be unread, and whether a text under them is certain to be read."""
    alone = {
        name: name in READ or sum(other in keys for other in _CHOICE_OF.get(name, ())) == 1
        for name in keys
    }
    return tuple(
        (name, alone[name])
        for name in keys
        if not name.startswith("_") and not (alone[name] and name in TREES)
    )


def source_name(given: str) -> str:
    """The seed's `SupportedSources.ARXIV` as "arxiv"; any other name as it stands."""
    if given.startswith(SEED_SOURCE):
        return given.removeprefix(SEED_SOURCE).lower()
    return given


def identifiers(plain: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands under `identifiers`, in any of its forms, and under keys named by scheme."""
    pairs: list[tuple[str, str]] = []
    given = plain.get("identifiers")
    if isinstance(given, Mapping):
        pairs += [(str(scheme), value) for scheme in given for value in texts(given[scheme])]
    elif isinstance(given, list):
        for item in given:
            pairs += _pairs_of(item)
    elif given:
        pairs += [("", value) for value in texts(given)]
    if not SCHEME_KEYS.keys().isdisjoint(plain):
        for key, scheme in SCHEME_KEYS.items():
            pairs += [(scheme, value) for value in texts(plain.get(key))]
    return list(dict.fromkeys(pairs)) if len(pairs) > 1 else pairs


def _pairs_of(item: Any) -> list[tuple[str, str]]:
    if isinstance(item, list):
        parts = [text(part) for part in item]
        if len(parts) == 2 and all(parts):
            return [(parts[0], parts[1])]
        return [("", part) for part in parts if part]
    if isinstance(item, Mapping):
        value = first(item, "value", "id", "identifier")
        return [(first(item, "scheme", "type"), value)] if value else []
    return [("", value) for value in texts(item)]


def extra(value: Any) -> list[tuple[str, str]]:
    """What another format's record carried and no field holds, as [name, value] pairs."""
    pairs = (item for item in value if isinstance(item, list)) if isinstance(value, list) else ()
    return [(name, said) for name, said in map(texts_of_pair, pairs) if name and said]


def texts_of_pair(pair: list[Any]) -> tuple[str, str]:
    """The two texts of a list of two; nothing of any other."""
    return (text(pair[0]), text(pair[1])) if len(pair) == 2 else ("", "")


def relations(value: Any) -> list[Relation]:
    """What the row says of other records, as {"kind", "target"} objects."""
    pairs = ((first(item, "kind", "type"), first(item, "target", "id")) for item in objects(value))
    return [Relation(kind, target) for kind, target in pairs if kind and target]
