"""Titles are taken apart: notices, marks, parts, numbers, subtitles and other titles."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields.titles.notice_rules import FIRST_WORDS, LABEL_WORDS, MARKS, NOTICES
from indexer.fields.titles.numerals import numbers_of
from indexer.fields.titles.titles import Title, titles_of

CASES = Path(__file__).parent / "cases" / "titles.csv"
WORDS = (
    "Reply to|Erratum:|RETRACTED:|Comment on|Review of|by|“|”|'|[|]|(|)|Part|II|I|2.|1|:| - |. |"
    "@@@| = |[Review]|[German]|Chapter 3:|C-11|(11)C|terns|of roofs|ΑΒ|屋根の|крачки|é|\ud800|\x00"
)
ANY_TITLE = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(WORDS.split("|")), max_size=14).map(" ".join)
)


def title_of(raw: str) -> Title:
    return titles_of(raw)[0]


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_title_is_taken_apart_as_its_case_says(case: dict[str, str]) -> None:
    """An empty subject is that of the key (of a notice: none), an empty main the subject."""
    title, alternates = titles_of(case["raw"])
    subject = case["subject"] or ("" if case["notice"] else case["key"])

    assert title.key == case["key"]
    assert " ".join(title.numbers) == case["numbers"]
    assert (title.part, title.notice, title.mark) == (case["part"], case["notice"], case["mark"])
    assert (title.subject, title.main) == (subject, case["main"] or subject)
    assert "|".join(alternate.key for alternate in alternates) == case["alternates"]
    assert title.placeholder == (not case["key"])


@settings(max_examples=400, deadline=None)
@given(ANY_TITLE)
def test_any_string_is_a_title_or_a_placeholder(raw: str) -> None:
    """No harvested string stops a run; a title that is none has no parts that could agree."""
    title, alternates = titles_of(raw)

    assert title.placeholder == (not title.key)
    assert title.words == tuple(title.key.split())
    assert title.compact == title.key.replace(" ", "")
    assert title.notice in ("", *NOTICES)
    assert title.mark in ("", *MARKS)
    assert all(number.isdigit() for number in title.numbers)
    assert not any(other.placeholder or other.key == title.key for other in alternates)


@settings(max_examples=200, deadline=None)
@given(ANY_TITLE)
def test_repaired_title_has_the_parts_of_the_harvested_one(raw: str) -> None:
    """A record that was exported, repaired, and comes back is the same record."""
    title = title_of(raw)

    assert title_of(title.text) == title


@pytest.mark.parametrize(
    "dressed",
    [
        "TERNS OF GRAVEL ROOFS: PART II",
        "Terns of gravel roofs: part 2.",
        "[Terns of gravel roofs: Part II]. [Russian]",
        "Terns of gravel roofs: Part two [Review] [12 refs]",
        "&lt;i&gt;Terns&lt;/i&gt; of gravel roofs: Part Ⅱ",
        r"{Terns} of \emph{gravel} roofs: Part~II",
        "Review article: Terns of gravel roofs: Part II",
        "RETRACTED: Terns of gravel roofs: Part II",
    ],
)
def test_title_is_the_same_in_any_dress(dressed: str) -> None:
    """Numerals apart, eight databases' ways to write one title have one main title and part."""
    title = title_of(dressed)

    assert (title.main, title.part, title.numbers) == ("terns of gravel roofs", "2", ("2",))


def test_stated_and_bracketed_titles_are_alternates_once_each() -> None:
    title, alternates = titles_of(
        "Seeschwalben auf Dächern im Sommer [Terns on roofs in summer]",
        [
            "Terns on roofs in summer.",
            "Sternes sur les toits",
            "seeschwalben auf dachern im sommer",
            "",
        ],
    )

    assert title.key == "seeschwalben auf dachern im sommer"
    assert [other.key for other in alternates] == [
        "terns on roofs in summer",
        "sternes sur les toits",
    ]


def test_script_without_transliteration_still_has_a_key() -> None:
    """Two Tifinagh titles must not be equal because neither can be spelled in Latin."""
    one, other = title_of("ⵜⴰⵎⴰⵣⵉⵖⵜ ⵏ"), title_of("ⴰⵎⴰⵣⵉⵖ")

    assert one.key
    assert other.key
    assert one.key != other.key


def test_title_in_another_script_keeps_its_own_words() -> None:
    title = title_of("Крачки на крышах")

    assert (title.script, title.original) == ("cyrillic", "крачки на крышах")
    assert title_of("Terns on roofs").original == ""


@pytest.mark.parametrize("title", ["[ = Sediment memory of rivers]", "[Sediment memory = ]"])
def test_an_equals_sign_with_nothing_on_one_side_parts_no_title(title: str) -> None:
    assert titles_of(title)[1] == ()
    assert title_of(title).key.startswith("sediment memory")


def test_default_title_is_none() -> None:
    assert Title() == title_of("Title") or title_of("").placeholder


def test_first_words_of_notices_are_folded_single_words() -> None:
    """A word that is spelled otherwise here would switch its rules off without a sound."""
    assert all(word.isascii() and word.isalnum() for word in FIRST_WORDS | LABEL_WORDS)


def test_numbers_are_read_in_order_whatever_their_form() -> None:
    assert numbers_of("Three of the 2nd IV", ["three", "of", "the", "2nd", "iv"]) == ("3", "2", "4")


@pytest.mark.parametrize(
    "unit", ["I ", "II ", "[a ", "(a) ", "a: commentary on ", "ab = ", "a@@@", "1. ", "Reply to "]
)
def test_no_long_title_takes_long(unit: str) -> None:
    began = time.process_time()

    titles_of((unit * 65536)[:65536])

    assert time.process_time() - began < 5
