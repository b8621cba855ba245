"""Abstracts are folded cheaply, and their sketches tell how much two texts share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields.abstracts import (
    SHINGLE_WORDS,
    SHINGLES,
    SHORTEST,
    abstract_of,
    abstracts_of,
    shingles_of,
    shingles_of_each,
)
from indexer.fields.text.folding import fold, fold_each
from tests.test_text import ANY_TEXT

WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=1, max_size=80)
TERNS = "We counted terns on the gravel roofs of a harbour town in four summers. "


def jaccard(one: str, other: str) -> float:
    ours, theirs = set(shingles_of(one).tolist()), set(shingles_of(other).tolist())
    return len(ours & theirs) / len(ours | theirs)


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_sketch_is_made_of_all_runs_of_words(words: list[str]) -> None:
    """One hash a distinct run, whatever the text around it: the definition, run by run."""
    runs = {
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(max(1, len(words) - SHINGLE_WORDS + 1))
    }
    expected = sorted({int(shingles_of(run)[0]) for run in runs})

    assert shingles_of(" ".join(words)).tolist() == expected


def test_sketches_of_alike_texts_are_alike_and_of_others_apart() -> None:
    words = [f"word{number}" for number in range(300)]
    half = [*words[:150], *(f"other{number}" for number in range(150))]

    assert jaccard(" ".join(words), " ".join(words)) == 1
    assert jaccard(" ".join(words), " ".join(half)) == pytest.approx(1 / 3, abs=0.02)
    assert jaccard(" ".join(words[:150]), " ".join(half[150:])) == 0


def test_sketch_is_sorted_distinct_and_capped() -> None:
    sketch = shingles_of(" ".join(f"w{number}" for number in range(5000)))

    assert len(sketch) == SHINGLES
    assert sketch.dtype == np.uint32
    assert np.all(sketch[1:] > sketch[:-1])


@pytest.mark.parametrize(
    "dressed",
    [
        f"<jats:p>{TERNS * 2}</jats:p>",
        f"Abstract: {TERNS * 2}",
        f"{TERNS * 2} © 2012 Roof Press. All rights reserved.",
        f"{TERNS * 2} Copyright (C) 2012 Roof Press",
        f"{TERNS * 2} Â© 2012 Elsevier B.V.",
        (TERNS * 2).upper(),
    ],
)
def test_abstract_is_the_same_in_any_dress(dressed: str) -> None:
    assert abstract_of(dressed) == abstract_of(TERNS * 2)


@pytest.mark.parametrize(
    "raw", ["", "No abstract available for this article, sorry.", "n/a", "..."]
)
def test_placeholder_is_no_abstract(raw: str) -> None:
    assert abstract_of(raw) == ""
    assert shingles_of("").size == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_string_may_be_an_abstract(raw: str) -> None:
    folded = abstract_of(raw)

    assert folded == "" or len(folded) >= SHORTEST
    shingles_of(folded)


ANY_FOLDED = st.lists(WORDS.map(" ".join) | st.sampled_from(["", "a", "a b", "a b c", "x " * 9000]))


@settings(max_examples=200, deadline=None)
@given(ANY_FOLDED)
def test_sketches_made_together_are_those_made_alone(texts: list[str]) -> None:
    together = shingles_of_each(texts)

    assert [sketch.tolist() for sketch in together] == [shingles_of(t).tolist() for t in texts]
    assert all(sketch.dtype == np.uint32 for sketch in together)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY_TEXT | ANY_TEXT.map(lambda text: text * 5)))
def test_texts_folded_together_are_as_folded_alone(texts: list[str]) -> None:
    assert fold_each(texts) == [fold(text) for text in texts]
    assert abstracts_of(texts) == [abstract_of(text) for text in texts]
