"""BibTeX: entries as people keep them, cut by their braces, each kept apart from the others."""

from __future__ import annotations

from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds import bibtex
from indexer.feeds.rows import Head
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

PITFALLS = (Path(__file__).parent / "made/bibtex/pitfalls.bib").read_bytes()


def test_an_entry_is_read_field_by_field():
    record = occurrences(rows_of(PITFALLS, "made.bib"))[0].record

    assert record.record_id == "made.bib:rivers2019"
    assert record.title == r"{Made} rivers and their {\'E}tudes"
    assert [author.name for author in record.authors] == [
        "Example, Ada",
        "{Made Hydrology Consortium}",
        "Bo Sample",
        "et al.",
    ]
    assert record.container == "Journal of Made Hydrology"
    assert record.publisher == "Made Press, Town"
    assert (record.date, record.year) == ("2019 mar", "2019")
    assert (record.volume, record.issue, record.pages) == ("12", "3", "101--119")
    assert (record.doi, record.issn) == ("10.5555/made.1", ("1234-5679",))
    assert record.identifiers == (("arxiv", "1903.00001"),)
    assert record.urls == ("https://made.example/a_b?c=1",)
    assert record.abstract.endswith('"Quotes" too.')
    assert record.type == "article"


def test_every_entry_is_a_row_and_comments_strings_and_preambles_are_none():
    rows = rows_of(PITFALLS, "made.bib")

    assert titles(rows)[1:] == [
        "A title with ) inside",
        "Made waters: An overview",
        "First wins",
        "Same line",
        "After the open one",
        "Last one",
    ]
    reasons = [row.reason for row in rejected(rows)]
    assert ["never close" in r for r in reasons] == [True, False, False]
    assert "does not parse" in reasons[1]
    assert "no title" in reasons[2]


def test_raw_is_the_entry_and_stands_at_its_position():
    for row in rows_of(PITFALLS, "made.bib"):
        assert PITFALLS[row.position :].startswith(row.raw)
        assert row.raw.startswith(b"@")


def test_one_key_for_two_works_keeps_both():
    """Citation keys are typed by hand; the second entry must not overwrite the first."""
    ids = [row.record.record_id for row in occurrences(rows_of(PITFALLS, "made.bib"))]

    assert ids[0] == "made.bib:rivers2019"
    assert ids[2].startswith("made.bib:rivers2019~")


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ("year = 2020, month = {10}", "date", "2020-10"),
        ("year = {2020}, month = jan # {~1}", "date", "2020 jan~1"),
        ("date = {2020-05-06}, year = 2019", "date", "2020-05-06"),
        ("journaltitle = {J}, booktitle = {B}", "container", "J"),
        ("school = {Made University}", "publisher", "Made University"),
        ("eid = {e5}", "article_number", "e5"),
        ("art_number = {1722034}", "article_number", "1722034"),
        ("eprint = {12}, eprinttype = {pubmed}", "identifiers", (("pmid", "12"),)),
        ("isbn = {1234-5679}", "issn", ("1234-5679",)),
        ("pubstate = {submitted}", "stage", "submitted"),
        ("howpublished = {\\url{https://x.example}}", "urls", ("\\url{https://x.example}",)),
        ("author = {A and B\n   and\n C}", "authors", "A|B|C"),
        ("title = {}", "title", "base"),
    ],
)
def test_fields_are_found_under_all_their_names(fields, field, value):
    (record,) = records_of(f"@misc{{k, {fields}, title = {{base}}}}".encode())

    found = getattr(record, field)
    assert ("|".join(a.name for a in found) if field == "authors" else found) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encoding, end):
    data = '@misc{a, title = "Größe der Flüsse"}\n@misc{b,\n title = {Übersicht}\n}\n'

    assert titles(rows_of(data.replace("\n", end).encode(encoding))) == [
        "Größe der Flüsse",
        "Übersicht",
    ]


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = b"@misc{long, title = {x}, abstract = {" + b"word\n" * 1000 + b"}}\n"
    rows = rows_of(b"@misc{a, title={A}}\n" + long + b"@misc{b, title={B}}\n", settings=SMALL)

    assert titles(rows) == ["A", "B"]
    assert rejected(rows)[0].position == 20


def test_a_file_cut_inside_its_last_entry_says_so():
    rows = rows_of(b"@misc{a, title={A}}\n@misc{b, title={B}, year=")

    assert titles(rows) == ["A"]
    assert "never close" in rejected(rows)[0].reason


@pytest.mark.parametrize(
    ("data", "is_bibtex"),
    [
        (b"@article{a, title={x}}", True),
        (b"% comment\n\n  @Book(key,\n", True),
        (b"@string{x = 1}", True),
        (b'{"@context": "x"}', False),
        (b"Write to\n@ada about it (soon)\n", False),
        (b"@media screen\n", False),
    ],
)
def test_bibtex_is_told_by_a_line_that_begins_an_entry(data, is_bibtex):
    assert bibtex.sniff(Head("x", data)) is is_bibtex


WORDS = st.text(st.characters(codec="ascii", exclude_characters='\\{}"@\r\n\0,=#%'), min_size=1)
NESTED = st.recursive(WORDS, lambda inner: inner.map(lambda text: "{" + text + "} x"), max_leaves=4)


@given(st.lists(NESTED, min_size=1, max_size=5))
def test_cutting_agrees_with_the_library_on_files_in_good_order(values):
    """One entry at a time or the whole file at once: the same titles."""
    data = "".join(f"@misc{{k{n},\n title = {{x {v}}}\n}}\n" for n, v in enumerate(values))
    whole = bibtexparser.parse_string(data)  # type: ignore[attr-defined]
    expected = [" ".join(str(entry["title"]).split()) for entry in whole.entries]

    assert [record.title for record in records_of(data.encode())] == expected


PIECES = st.sampled_from(
    [
        "@article{",
        "@misc(",
        "key,",
        "title",
        "=",
        "{",
        "}",
        '"',
        ",",
        ")",
        "\n",
        "\\",
        "@",
        "#",
        "x",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)), st.binary(max_size=20))
def test_any_pieces_are_rows_or_reasons(pieces, tail):
    rows_of(b"@misc{a, title={A}}\n" + "".join(pieces).encode("utf-8", "replace") + tail)
