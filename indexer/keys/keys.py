"""
Blocking keys: the one list of what candidates are found by.

    Fields  ->  Keys: for each record a set of 64-bit keys, each of one Kind

Two records that share a key are candidates (`join.py` has the exact rule: a key
that too many carry proposes nothing, title terms are weighed together). A key is
a hash, equal on every platform and Python version, so it may be stored; its kind
stands in its top bits. Does not: store keys or know of any engine.

To find pairs by something new, add a Kind and a line in `_spell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from indexer.fields import Fields
from indexer.fields.titles.titles import Title
from indexer.keys import signatures
from indexer.keys.batch import Keys
from indexer.keys.signatures import Banding
from indexer.records import Identifier

KIND_SHIFT: Final = 60  # the top bit stays 0: SQLite and Lucene know signed 64 bits only
HASH_MASK: Final = (1 << KIND_SHIFT) - 1

# Jaccard 0.7 of title and surnames meets with probability 0.99, 0.5 with 0.55; the curve of
# other cuts stands in docs/design.md.
TITLE_AUTHOR_BANDING: Final = Banding(25, 5)
TITLE_BANDING: Final = Banding(12, 5)
ABSTRACT_BANDING: Final = Banding(8, 4)
SIGNED_SURNAMES: Final = 3  # more would let a long byline outweigh the title
COMPOUND_SURNAMES: Final = 4
# Of a container, of a person, of what many papers tell of.
SCHEME_NOT_A_KEY: Final = frozenset({"issn", "orcid", "trial"})

# Function words of the languages most titles are in: each stands in a tenth of all titles
# and could never be among a title's rarest terms.
_FUNCTION_WORDS: Final = (
    "a an and are as at by for from in into is its of on or the to with "
    "der die das des den dem und ein eine im in zur zum von fur mit auf bei "
    "de la le les et du des un une en pour dans sur au aux par "
    "el los las y del con por para e o da do dos das um uma em no na il di per i gli"
)
STOP_WORDS: Final = frozenset(_FUNCTION_WORDS.split())


class Kind(IntEnum):
    """What a key is made of; the number is part of stored keys and never reused."""

    TITLE_AUTHOR_BAND = 1
    TITLE_BAND = 2
    ABSTRACT_BAND = 3
    IDENTIFIER = 4
    TERM = 5
    TITLE = 6
    PLACE = 7

    @property
    def source(self) -> str:
        """The candidate source as `found_by` names it."""
        return _SOURCES[self]


_SOURCES: Final = {
    Kind.TITLE_AUTHOR_BAND: "lsh",
    Kind.TITLE_BAND: "lsh-title",
    Kind.ABSTRACT_BAND: "lsh-abstract",
    Kind.IDENTIFIER: "identifier",
    Kind.TERM: "title-terms",
    Kind.TITLE: "title",
    Kind.PLACE: "place",
}
BANDINGS: Final = {
    Kind.TITLE_AUTHOR_BAND: TITLE_AUTHOR_BANDING,
    Kind.TITLE_BAND: TITLE_BANDING,
    Kind.ABSTRACT_BAND: ABSTRACT_BANDING,
}
TWIN_SOURCE: Final = "identical"  # every compared field is equal; bit 0 of found_by


def version() -> str:
    """What the keys of an index were made with; keys of another version never meet ours."""
    cut = ",".join(f"{banding.bands}x{banding.rows}" for banding in BANDINGS.values())
    return (
        f"keys-5 {signatures.SCHEME} seed={signatures.SEED} bands={cut} "
        f"shingles={signatures.LATIN_SHINGLE},{signatures.SCRIPT_SHINGLE}"
    )


def key(kind: Kind, spelling: str) -> int:
    """The 64-bit key of one spelling, e.g. (Kind.IDENTIFIER, "doi:10.1000/182")."""
    digest = xxhash.xxh3_64_intdigest(spelling.encode("utf-8", "replace"))
    return kind << KIND_SHIFT | digest & HASH_MASK


def kinds_of(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """The kind of each key."""
    return (values >> np.uint64(KIND_SHIFT)).astype(np.uint8)


def borders_of(kind: Kind) -> NDArray[np.uint64]:
    """The least key of a kind, and the least of the kind behind it."""
    return np.array([kind, kind + 1], np.uint64) << np.uint64(KIND_SHIFT)


def term_key(word: str) -> int:
    """The key of a title word."""
    return key(Kind.TERM, word)


def identifier_key(identifier: Identifier) -> int:
    """The key of an identifier, its version left out."""
    return key(Kind.IDENTIFIER, f"{identifier.scheme}:{identifier.value}")


def title_hash(title: Title) -> int:
    """What titles are counted by: equal for titles of equal letters and digits; 0 for none."""
    spelling = title.compact or title.original
    return 0 if title.placeholder or not spelling else key(Kind.TITLE, spelling)


def surname_hash(fields: Fields) -> int:
    """What first authors are counted by; 0 when the record names none."""
    names = fields.authors.names
    return key(Kind.PLACE, names[0].family) if names and names[0].family else 0


def terms_of(fields: Fields) -> tuple[str, ...]:
    """The distinct title words that may find candidates, function words left out."""
    titles = (fields.title, *fields.alternates)
    words = (word for title in titles if not title.placeholder for word in title.words)
    return tuple(dict.fromkeys(w for w in words if w not in STOP_WORDS))


def spelled_keys(fields: Fields) -> Iterator[tuple[Kind, str]]:
    """The keys of a record that have a spelling (all but the bands), for `explain`."""
    for identifier in fields.identifiers:
        if identifier.scheme not in SCHEME_NOT_A_KEY:
            yield Kind.IDENTIFIER, f"{identifier.scheme}:{identifier.value}"
    for word in terms_of(fields):
        yield Kind.TERM, word
    yield from ((Kind.TITLE, spelling) for spelling in _titles(fields))
    yield from ((Kind.PLACE, spelling) for spelling in _places(fields))


def keys_of(batch: Sequence[Fields]) -> Keys:
    """The keys of a batch of records."""
    spelled = [[key(kind, spelling) for kind, spelling in spelled_keys(f)] for f in batch]
    lengths = np.fromiter(map(len, spelled), np.int64, len(batch))
    rows = np.repeat(np.arange(len(batch), dtype=np.int64), lengths)
    values = np.fromiter((k for keys in spelled for k in keys), np.uint64, int(lengths.sum()))
    for kind, buckets, owners in _bands(batch):
        within = buckets.ravel() & np.uint64(HASH_MASK)
        filled = np.flatnonzero(buckets.ravel())
        values = np.concatenate((values, within[filled] | np.uint64(kind << KIND_SHIFT)))
        rows = np.concatenate((rows, np.repeat(owners, buckets.shape[1])[filled]))
    order = np.lexsort((values, rows))
    rows, values = rows[order], values[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (values[1:] != values[:-1])
    starts = np.searchsorted(rows[first], np.arange(len(batch) + 1))
    return Keys(
        tuple(f.record_id for f in batch),
        np.fromiter((_twin(f) for f in batch), np.uint64, len(batch)),
        np.fromiter((title_hash(f.title) for f in batch), np.uint64, len(batch)),
        np.fromiter((surname_hash(f) for f in batch), np.uint64, len(batch)),
        starts.astype(np.int64),
        values[first],
    )


def _titles(fields: Fields) -> Iterator[str]:
    """Whole titles, and with surname or year what titles that thousands share still meet by."""
    spellings: dict[str, None] = {}
    for title in (fields.title, *fields.alternates):
        if title.placeholder:
            continue
        spellings[title.compact or title.original] = None
        if title.original:
            spellings[title.original] = None
        if title.subject != title.key and title.subject:  # "Correction: X" meets X
            spellings[title.subject.replace(" ", "")] = None
        if title.main != title.key and len(title.main.split()) > 2:
            spellings[title.main.replace(" ", "")] = None
    spellings.pop("", None)
    yield from spellings
    surnames = [name.family for name in fields.authors.names[:COMPOUND_SURNAMES]]
    for spelling in spellings:
        yield from (f"{spelling}|{surname}" for surname in surnames)
        yield from (f"{spelling}|{year}" for year in fields.years[:2])


def _places(fields: Fields) -> Iterator[str]:
    """Volume and page, which find what has a blank, translated or destroyed title."""
    places = fields.places
    page = places.first_page or places.article_number
    if not page:
        return
    years = fields.years[:2]
    if places.volume:
        yield from (f"{places.volume}|{page}|{year}" for year in years)
        if fields.container.words:
            yield f"{places.volume}|{page}|{fields.container.words[0][:3]}"
    if fields.authors.names:
        yield from (f"{fields.authors.names[0].family}|{page}|{year}" for year in years)


def _bands(
    batch: Sequence[Fields],
) -> Iterator[tuple[Kind, NDArray[np.uint64], NDArray[np.int64]]]:
    """For each signature its kind, the buckets [m, bands] and the row that each of m is of."""
    everyone = np.arange(len(batch), dtype=np.int64)
    titled = ["" if f.title.placeholder else f.title.key for f in batch]
    signed = [_with_surnames(t, f) for t, f in zip(titled, batch, strict=True)]
    for kind, texts in ((Kind.TITLE_AUTHOR_BAND, signed), (Kind.TITLE_BAND, titled)):
        signature = signatures.sign_latin(texts, BANDINGS[kind].permutations)
        yield kind, signatures.bands_of(signature, BANDINGS[kind], salt=kind), everyone
    scripted = np.flatnonzero([bool(f.title.original) for f in batch])
    if scripted.size:
        texts = [batch[row].title.original for row in scripted.tolist()]
        signature = signatures.sign_script(texts, TITLE_BANDING.permutations)
        yield Kind.TITLE_BAND, signatures.bands_of(signature, TITLE_BANDING, salt=99), scripted
    counts = np.fromiter((len(f.abstract_shingles) for f in batch), np.int64, len(batch))
    if counts.any():
        kind, shingles = Kind.ABSTRACT_BAND, np.concatenate([f.abstract_shingles for f in batch])
        signature = signatures.sign_hashes(shingles, counts, ABSTRACT_BANDING.permutations)
        yield kind, signatures.bands_of(signature, ABSTRACT_BANDING, salt=kind), everyone


def _with_surnames(title: str, fields: Fields) -> str:
    """Surnames in alphabetical order: feeds give the same byline in different orders."""
    if not title:
        return ""
    surnames = sorted(name.family for name in fields.authors.names[:SIGNED_SURNAMES])
    return " ".join((title, *surnames))


def _twin(fields: Fields) -> int:
    """Equal for two records of one source that say the same in every compared field."""
    return key(Kind.TITLE, "\x1f".join(_compared(fields)))


def _compared(fields: Fields) -> Iterable[str]:
    places = fields.places
    yield from (fields.source, fields.kind, fields.stage, fields.language, str(fields.date))
    yield from (title.text for title in (fields.title, *fields.alternates))
    yield from (name.text for name in fields.authors.names)
    yield from map(str, fields.years)
    yield from (fields.container.text, places.volume, places.issue, places.first_page)
    yield from (places.last_page, places.article_number, fields.abstract)
    yield from (
        f"{identifier.scheme}:{identifier.value}:{identifier.version}"
        for identifier in fields.identifiers
    )
