"""Marks: what differs between two texts is marked, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.review.marks import Spans, marked, pieces


def shown(text: str, spans: Spans) -> str:
    return "".join(f"[{piece}]" if differs else piece for piece, differs in pieces(text, spans))


@pytest.mark.parametrize(
    ("left", "right", "seen", "beside"),
    [
        ("Counting eels", "Counting eels", "Counting eels", "Counting eels"),
        ("Counting eels", "COUNTING EELS", "Counting eels", "COUNTING EELS"),
        ("Counting eels", "Counting cranes", "Counting [eels]", "Counting [cranes]"),
        ("Sediment memory", "Sedimemt memory", "Sedime[n]t memory", "Sedime[m]t memory"),
        ("Kelp, part 1", "Kelp, part 2", "Kelp, part [1]", "Kelp, part [2]"),
        ("River ice", "River ice breakup", "River ice", "River ice[ breakup]"),
        ("2018", "", "[2018]", ""),
    ],
)
def test_words_that_differ_are_marked_and_letters_in_words_that_are_alike(
    left: str, right: str, seen: str, beside: str
) -> None:
    ours, theirs = marked(left, right)

    assert (shown(left, ours), shown(right, theirs)) == (seen, beside)


TEXTS = st.text(st.sampled_from("ab Cİßé-1\n"), max_size=25)


@given(TEXTS, TEXTS)
def test_what_is_not_marked_stands_in_both(left: str, right: str) -> None:
    """Case aside: so nobody overlooks a difference that is there."""
    ours, theirs = marked(left, right)
    rest = [
        "".join(piece for piece, differs in pieces(text, spans) if not differs and piece.strip())
        for text, spans in ((left, ours), (right, theirs))
    ]

    assert "".join(rest[0].split()).casefold() == "".join(rest[1].split()).casefold()


@given(TEXTS, TEXTS)
def test_marks_lie_inside_the_text_in_their_order(left: str, right: str) -> None:
    for text, spans in zip((left, right), marked(left, right), strict=True):
        flat = [at for span in spans for at in span]
        assert flat == sorted(flat)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert "".join(piece for piece, _ in pieces(text, spans)) == text
