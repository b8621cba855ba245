"""Signatures made a batch at a time are datasketch's own, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import xxhash
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.keys import signatures
from indexer.keys.keys import PERMUTATIONS as PERMUTATIONS_OF_KEYS

FOLDED = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 ", max_size=60)
PERMUTATIONS = 20


def by_datasketch(shingles: list[bytes]) -> list[int]:
    sketch = MinHash(
        num_perm=PERMUTATIONS,
        seed=signatures.SEED,
        scheme=signatures.SCHEME,
        hashfunc=xxhash.xxh32_intdigest,
    )
    sketch.update_batch(shingles)
    return [int(value) for value in sketch.hashvalues]


def latin_shingles(text: str) -> list[bytes]:
    """The distinct shingles of a folded text, as bytes; a short text is one shingle."""
    width = signatures.LATIN_SHINGLE
    encoded = (text.ljust(width) if text else "").encode("ascii", "replace")
    return sorted({encoded[i : i + width] for i in range(len(encoded) - width + 1)})


def script_shingles(text: str) -> list[bytes]:
    """The distinct shingles of a text in its own script, UTF-32-LE, two characters each."""
    padded = text.ljust(signatures.SCRIPT_SHINGLE) if text else ""
    width = signatures.SCRIPT_SHINGLE * 4
    encoded = padded.encode("utf-32-le", "replace")
    return sorted({encoded[i : i + width] for i in range(0, len(encoded) - width + 1, 4)})


@settings(max_examples=60, deadline=None)
@given(st.lists(FOLDED, min_size=1, max_size=8))
def test_batch_of_folded_texts_is_signed_as_datasketch_signs_each(texts: list[str]) -> None:
    """datasketch is the definition; the batch is only faster, of few shingles and of many."""
    wanted = [by_datasketch(latin_shingles(t)) for t in texts]

    assert signatures.sign_latin(texts, PERMUTATIONS).tolist() == wanted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "FEW_HASHES", 0)
        assert signatures.sign_latin(texts, PERMUTATIONS).tolist() == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_batch_of_texts_in_any_script_is_signed_as_datasketch_signs_each(texts: list[str]) -> None:
    """The second signature, over a title's own script, has the same definition."""
    signed = signatures.sign_script(texts, PERMUTATIONS)

    assert signed.tolist() == [by_datasketch(script_shingles(t)) for t in texts]


def test_text_without_shingles_has_no_bucket() -> None:
    """An empty MinHash is equal to every other empty one: one bucket of all blank titles."""
    signed = signatures.sign_latin(["", "a title with words"], PERMUTATIONS)

    buckets = signatures.bands_of(signed, signatures.Banding(5, 4), salt=1)

    assert not buckets[0].any()
    assert buckets[1].all()


def test_kinds_of_signature_never_share_a_bucket() -> None:
    """A salt keeps a title's bucket apart from an abstract's of the same text."""
    signed = signatures.sign_latin(["the same text"], PERMUTATIONS)
    banding = signatures.Banding(5, 4)

    ours = set(signatures.bands_of(signed, banding, salt=1)[0].tolist())
    theirs = set(signatures.bands_of(signed, banding, salt=2)[0].tolist())

    assert not ours & theirs


@pytest.mark.parametrize("similarity", [0.3, 0.6, 0.9])
def test_banding_meets_as_often_as_its_formula_says(similarity: float) -> None:
    """1 - (1 - s**r)**b, checked on 2,000 random pairs of sets."""
    banding = signatures.Banding(6, 3)
    random = np.random.default_rng(7)
    size, shared = 200, round(2 * 200 * similarity / (1 + similarity))
    met = 0
    for _ in range(2000):
        values = random.choice(2**32, 2 * size - shared, replace=False).astype(np.uint32)
        both = np.concatenate((values[:size], values[size - shared :]))
        counts = np.array([size, size], np.int64)
        signed = signatures.sign_hashes(both, counts, banding.permutations)
        buckets = signatures.bands_of(signed, banding, salt=1)
        met += bool((buckets[0] == buckets[1]).any())

    assert met / 2000 == pytest.approx(banding.meets(similarity), abs=0.05)


def test_permutations_that_were_stored_are_those_that_datasketch_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It defines them; an index has them so that a question need not import it."""
    stored = signatures.drawn(PERMUTATIONS_OF_KEYS)
    monkeypatch.setattr(signatures, "_DRAWN", {})
    signatures.take_drawn(stored)

    assert set(signatures._DRAWN) == PERMUTATIONS_OF_KEYS
    for count in PERMUTATIONS_OF_KEYS:
        sketch = MinHash(num_perm=count, seed=signatures.SEED, scheme=signatures.SCHEME)
        ours = signatures.permutations_of(count)
        assert np.array_equal(ours, sketch.permutations)
        assert {part.dtype for part in ours} == {np.dtype(np.uint32)}


@pytest.mark.parametrize("hurt", ["", "{", "[1, 2]", "[1]", "changed"])
def test_permutations_that_are_not_as_they_were_stored_are_drawn_anew(
    hurt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed by others, a question would find nothing and say so without a doubt."""
    stored = signatures.drawn({20})
    monkeypatch.setattr(signatures, "_DRAWN", {})

    signatures.take_drawn(stored.replace("1", "2") if hurt == "changed" else hurt)

    assert signatures._DRAWN == {}
    assert signatures.drawn({20}) == stored
