"""
MinHash signatures, signed a batch at a time, and the LSH bands cut from them.

    texts  ->  shingle hashes  ->  signatures uint32 [n, permutations]  ->  bands uint64 [n, bands]

datasketch defines a signature (its `affine32` scheme over xxh32 of a shingle's
bytes); this module computes the same numbers for thousands of texts at once,
and `tests/test_signatures.py` proves them identical. One at a time datasketch
signs some 900 texts a second, a batch here some 40,000.

Does not: choose what text is signed or store anything (`keys.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

SEED: Final = 1
SCHEME: Final = "affine32"
LATIN_SHINGLE: Final = 4  # characters of folded text, one byte each
SCRIPT_SHINGLE: Final = 2  # characters of text in its own script: CJK words are two long
Permutations = tuple[NDArray[np.uint32], NDArray[np.uint32]]
_DRAWN: Final[dict[int, Permutations]] = {}

# Of few hashes all permutations at once are a table that stays in the processor's cache: one
# title is signed in 25 µs where a permutation after the other takes 350, of 4,000 hashes in half.
FEW_HASHES: Final = 4_000

# xxHash32, specification 0.1.1: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
_P2: Final = np.uint32(2246822519)
_P3: Final = np.uint32(3266489917)
_P4: Final = np.uint32(668265263)
_P5: Final = np.uint32(374761393)


@dataclass(frozen=True, slots=True)
class Banding:
    """
    How a signature is cut: `bands` buckets of `rows` values each.

    Two sets of Jaccard similarity s share a bucket with probability
    1 - (1 - s**rows)**bands (Leskovec, Rajaraman & Ullman, Mining of Massive
    Datasets, section 3.4).
    """

    bands: int
    rows: int

    @property
    def permutations(self) -> int:
        """How many hash values a signature needs."""
        return self.bands * self.rows

    def meets(self, similarity: float) -> float:
        """The probability that two sets of this Jaccard similarity share a bucket."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)


def sign_latin(texts: Sequence[str], permutations: int) -> NDArray[np.uint32]:
    """
    Signatures of folded texts, uint32 [n, permutations]; a short text is one shingle.

    A shingle is hashed as xxh32 with seed 0 hashes its bytes. A text without shingles
    has a row of 0xFFFFFFFF, datasketch's empty MinHash.
    """
    data = [text.ljust(LATIN_SHINGLE).encode("ascii", "replace") if text else b"" for text in texts]
    lanes = np.frombuffer(b"".join(data), np.uint8).astype(np.uint32)
    lengths = np.fromiter((len(d) for d in data), np.int64, len(data))
    if lanes.size < LATIN_SHINGLE:
        return sign_hashes(np.empty(0, np.uint32), np.zeros(len(texts), np.int64), permutations)
    eight = np.uint32(8)
    words = lanes[3:]
    for lane in (lanes[2:-1], lanes[1:-2], lanes[:-3]):
        words = words << eight | lane
    kept, counts = _inside(lengths, LATIN_SHINGLE)
    return sign_hashes(_xxh32([words[kept]]), counts, permutations)


def sign_script(texts: Sequence[str], permutations: int) -> NDArray[np.uint32]:
    """Signatures of texts in their own script (UTF-32-LE), uint32 [n, permutations]."""
    data = [text.ljust(SCRIPT_SHINGLE) if text else "" for text in texts]
    lanes = np.frombuffer("".join(data).encode("utf-32-le", "replace"), np.uint32)
    lengths = np.fromiter((len(d) for d in data), np.int64, len(data))
    kept, counts = _inside(lengths, SCRIPT_SHINGLE)
    return sign_hashes(_xxh32([lanes[kept], lanes[kept + 1]]), counts, permutations)


def sign_hashes(
    hashes: NDArray[np.uint32], counts: NDArray[np.int64], permutations: int
) -> NDArray[np.uint32]:
    """
    Signatures of sets given as 32-bit element hashes, uint32 [n, permutations].

    Args:
        hashes: the elements of all sets one after another.
        counts: how many elements each of the n sets has; 0 gives an empty signature.
        permutations: the length of a signature.
    """
    signatures = np.full((permutations, len(counts)), 0xFFFFFFFF, np.uint32)
    filled = np.flatnonzero(counts)
    if filled.size:
        starts = np.concatenate(([0], np.cumsum(counts[filled])[:-1]))
        mixed = _fmix32(hashes)
        a, b = permutations_of(permutations)
        if len(mixed) <= FEW_HASHES:
            table = np.multiply.outer(a, mixed)
            table += b[:, None]
            signatures[:, filled] = np.minimum.reduceat(table, starts, axis=1)
            return np.ascontiguousarray(signatures.T)
        permuted = np.empty_like(mixed)
        for row in range(permutations):
            np.multiply(mixed, a[row], out=permuted)
            np.add(permuted, b[row], out=permuted)
            signatures[row, filled] = np.minimum.reduceat(permuted, starts)
    return np.ascontiguousarray(signatures.T)


def bands_of(signatures: NDArray[np.uint32], banding: Banding, salt: int) -> NDArray[np.uint64]:
    """
    The bucket of each band, uint64 [n, bands]; 0 for an empty signature.

    `salt` keeps the buckets of one kind of signature apart from another's. An
    empty set has no bucket: all records without a title would share it.
    """
    cut = signatures[:, : banding.permutations].reshape(-1, banding.bands, banding.rows)
    mixed = np.arange(banding.bands, dtype=np.uint64)[None, :] + np.uint64(salt << 32)
    mixed = np.broadcast_to(mixed, cut.shape[:2]).copy()
    for row in range(banding.rows):
        mixed = _mix64(mixed ^ cut[:, :, row].astype(np.uint64))
    empty = (signatures == 0xFFFFFFFF).all(axis=1)
    mixed[mixed == 0] = 1
    mixed[empty] = 0
    return mixed


def permutations_of(count: int) -> Permutations:
    """The factors and summands that datasketch draws for this many permutations."""
    if count not in _DRAWN:
        # It imports SciPy, 0.4 s of CPU, which a question to an index that has them is spared.
        from datasketch import MinHash

        a, b = MinHash(num_perm=count, seed=SEED, scheme=SCHEME).permutations
        _DRAWN[count] = np.asarray(a, np.uint32), np.asarray(b, np.uint32)
    return _DRAWN[count]


def drawn(counts: Iterable[int]) -> str:
    """What datasketch draws for each of these, to be stored; `take_drawn` reads it back."""
    tables = {str(count): np.array(permutations_of(count)).tolist() for count in sorted(counts)}
    return orjson.dumps([_digest_of(tables), tables]).decode()


def take_drawn(stored: str) -> None:
    """Use what datasketch drew earlier; what is not whole is drawn anew where it is needed."""
    try:
        digest, tables = orjson.loads(stored or "[0, 0]")
        if digest == _digest_of(tables):
            for count, table in tables.items():
                a, b = np.array(table, np.uint32)
                _DRAWN.setdefault(int(count), (a, b))
    except (ValueError, TypeError):
        return


def _digest_of(tables: object) -> str:
    return blake2b(orjson.dumps(tables), digest_size=8).hexdigest()


def _inside(lengths: NDArray[np.int64], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where shingles start that lie within one text, and how many each text has."""
    counts = np.maximum(lengths - width + 1, 0)
    ends = np.cumsum(lengths)
    first = np.repeat(ends - lengths, counts)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return first + nth, counts


def _xxh32(lanes: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    """xxh32 (seed 0) of inputs of one to three 4-byte lanes each, element by element."""
    accumulator = np.full(lanes[0].shape, _P5 + np.uint32(4 * len(lanes)), np.uint32)
    for lane in lanes:
        accumulator = accumulator + lane * _P3
        accumulator = (accumulator << np.uint32(17) | accumulator >> np.uint32(15)) * _P4
    accumulator ^= accumulator >> np.uint32(15)
    accumulator *= _P2
    accumulator ^= accumulator >> np.uint32(13)
    accumulator *= _P3
    accumulator ^= accumulator >> np.uint32(16)
    return accumulator


def _fmix32(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's finaliser, which datasketch's affine32 applies to each input hash."""
    mixed = hashes ^ hashes >> np.uint32(16)
    mixed = mixed * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed = mixed * np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _mix64(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014), a bijection on 64 bits."""
    mixed = value + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return mixed ^ mixed >> np.uint64(31)
