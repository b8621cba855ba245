"""
Blocking keys: the one list of what candidates are found by.

    Fields  ->  Keys: for each record a set of 64-bit keys, each of one Kind

Two records that share a key are candidates (`join.py` has the exact rule: a key
that too many carry proposes nothing, title terms are weighed together). A key is
a hash, equal on every platform and Python version, so it may be stored; its kind
stands in its top bits. Does not: store keys or know of any engine.

To find pairs by something new, add a Kind and a row of `_SPELLINGS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from itertools import chain
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

from indexer.fields import Fields
from indexer.fields.titles.titles import Title
from indexer.keys import signatures
from indexer.keys.batch import Keys, sorted_by_row
from indexer.keys.signatures import Banding
from indexer.keys.untitled import openings_of, places_of
from indexer.records import Identifier

KIND_SHIFT: Final = 60  # the top bit stays 0: SQLite and Lucene know signed 64 bits only
HASH_MASK: Final = (1 << KIND_SHIFT) - 1

# Jaccard 0.7 of title and surnames meets with probability 0.99, 0.5 with 0.55; the curve of
# other cuts stands in docs/design.md.
TITLE_AUTHOR_BANDING: Final = Banding(25, 5)
TITLE_BANDING: Final = Banding(12, 5)
ABSTRACT_BANDING: Final = Banding(8, 4)
SIGNED: Final = 1000  # records at once: what is made in between stays in the processor's cache
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
    ABSTRACT = 3  # LSH buckets, and the first author with how it begins
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
    Kind.ABSTRACT: "abstract",
    Kind.IDENTIFIER: "identifier",
    Kind.TERM: "title-terms",
    Kind.TITLE: "title",
    Kind.PLACE: "place",
}
BANDINGS: Final = {
    Kind.TITLE_AUTHOR_BAND: TITLE_AUTHOR_BANDING,
    Kind.TITLE_BAND: TITLE_BANDING,
    Kind.ABSTRACT: ABSTRACT_BANDING,
}
PERMUTATIONS: Final = frozenset(banding.permutations for banding in BANDINGS.values())
TITLE_BUCKETS: Final = (Kind.TITLE_AUTHOR_BAND, Kind.TITLE_BAND)
TWIN_SOURCE: Final = "identical"  # every compared field is equal; bit 0 of found_by


def version() -> str:
    """What the keys of an index were made with; keys of another version never meet ours."""
    cut = ",".join(f"{banding.bands}x{banding.rows}" for banding in BANDINGS.values())
    return (
        f"keys-7 {signatures.SCHEME} seed={signatures.SEED} bands={cut} "
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
    spelling = _counted_title(title)
    return key(Kind.TITLE, spelling) if spelling else 0


def _counted_title(title: Title) -> str:
    return "" if title.placeholder else title.compact or title.original


def _first_surname(fields: Fields) -> str:
    """What first authors are counted by; "" when the record names none."""
    names = fields.authors.names
    return names[0].family if names else ""


def terms_of(fields: Fields) -> tuple[str, ...]:
    """The distinct title words that may find candidates, function words left out."""
    words: Sequence[str] = fields.title.words  # a placeholder has none
    if fields.alternates:
        words = [*words, *(word for title in fields.alternates for word in title.words)]
    return tuple(dict.fromkeys([word for word in words if word not in STOP_WORDS]))


def spelled_keys(fields: Fields) -> Iterator[tuple[Kind, str]]:
    """The keys of a record that have a spelling (all but LSH buckets), for `explain`."""
    for kind, spellings in _SPELLINGS.items():
        yield from ((kind, spelling) for spelling in spellings(fields))


def keys_of(batch: Sequence[Fields]) -> Keys:
    """The keys of a batch of records."""
    everyone = np.arange(len(batch), dtype=np.int64)
    rows, values = [], []
    for kind, spellings in _SPELLINGS.items():
        spelled = list(map(spellings, batch))
        values.append(_hashed(kind, list(chain.from_iterable(spelled))))
        lengths = np.fromiter(map(len, spelled), np.int64, len(batch))
        rows.append(np.repeat(everyone, lengths))
    for begin in range(0, len(batch), SIGNED):
        for kind, buckets, owners in _bands(batch[begin : begin + SIGNED]):
            within = buckets.ravel() & np.uint64(HASH_MASK)
            filled = np.flatnonzero(buckets.ravel())
            values.append(within[filled] | np.uint64(kind << KIND_SHIFT))
            rows.append(np.repeat(owners + begin, buckets.shape[1])[filled])
    starts, distinct = sorted_by_row(np.concatenate(rows), np.concatenate(values), len(batch))
    return Keys(
        tuple(f.record_id for f in batch),
        _hashed(Kind.TITLE, ["\x1f".join(_compared(f)) for f in batch]),
        _hashed_or_0(Kind.TITLE, [_counted_title(f.title) for f in batch]),
        _hashed_or_0(Kind.PLACE, [_first_surname(f) for f in batch]),
        starts,
        distinct,
    )


def _hashed(kind: Kind, spellings: Sequence[str]) -> NDArray[np.uint64]:
    """
    The `key` of each spelling.

    Without a call of `key` for each: 17 spellings a record take 2 µs where they took 6.
    """
    try:
        digests = map(xxhash.xxh3_64_intdigest, list(map(str.encode, spellings)))
    except UnicodeEncodeError:  # half of a surrogate pair
        return np.array([key(kind, spelling) for spelling in spellings], np.uint64)
    hashes = np.fromiter(digests, np.uint64, len(spellings))
    return hashes & np.uint64(HASH_MASK) | np.uint64(kind << KIND_SHIFT)


def _hashed_or_0(kind: Kind, spellings: Sequence[str]) -> NDArray[np.uint64]:
    """The same with 0 for what is empty."""
    stated = np.fromiter(map(bool, spellings), bool, len(spellings))
    return np.where(stated, _hashed(kind, spellings), np.uint64(0))


def _identifiers(fields: Fields) -> list[str]:
    return [
        f"{identifier.scheme}:{identifier.value}"
        for identifier in fields.identifiers
        if identifier.scheme not in SCHEME_NOT_A_KEY
    ]


def _titles(fields: Fields) -> list[str]:
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
        if title.main != title.key and title.main.count(" ") > 1:
            spellings[title.main.replace(" ", "")] = None
    spellings.pop("", None)
    if not spellings:
        return []
    beside = [f"|{name.family}" for name in fields.authors.names[:COMPOUND_SURNAMES]]
    beside += [f"|{year}" for year in fields.years[:2]]
    return [*spellings, *(spelling + more for spelling in spellings for more in beside)]


_SPELLINGS: Final[dict[Kind, Callable[[Fields], Sequence[str]]]] = {
    Kind.IDENTIFIER: _identifiers,
    Kind.TERM: terms_of,
    Kind.TITLE: _titles,
    Kind.PLACE: places_of,
    Kind.ABSTRACT: openings_of,
}


def _bands(
    batch: Sequence[Fields],
) -> Iterator[tuple[Kind, NDArray[np.uint64], NDArray[np.int64]]]:
    """For each signature its kind, the buckets [m, bands] and the row that each of m is of."""
    everyone = np.arange(len(batch), dtype=np.int64)
    titled = ["" if f.title.placeholder else f.title.key for f in batch]
    signed = list(map(_with_surnames, titled, batch))
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
        kind, shingles = Kind.ABSTRACT, np.concatenate([f.abstract_shingles for f in batch])
        signature = signatures.sign_hashes(shingles, counts, ABSTRACT_BANDING.permutations)
        yield kind, signatures.bands_of(signature, ABSTRACT_BANDING, salt=kind), everyone


def _with_surnames(title: str, fields: Fields) -> str:
    """Surnames in alphabetical order: feeds give the same byline in different orders."""
    if not title:
        return ""
    surnames = sorted([name.family for name in fields.authors.names[:SIGNED_SURNAMES]])
    return " ".join([title, *surnames])


def _compared(fields: Fields) -> list[str]:
    """Equal for two records of one source that say the same in every compared field."""
    places = fields.places
    compared = [fields.source, fields.kind, fields.stage, fields.language, str(fields.date)]
    compared.append(fields.title.text)
    compared += [title.text for title in fields.alternates]
    compared += [name.text for name in fields.authors.names]
    compared += map(str, fields.years)
    compared += (fields.container.text, places.volume, places.issue, places.first_page)
    compared += (places.last_page, places.article_number, fields.abstract)
    compared += [f"{one.scheme}:{one.value}:{one.version}" for one in fields.identifiers]
    return compared
