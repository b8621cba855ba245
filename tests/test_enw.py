"""ENW: EndNote's tagged export, entry by entry and field by field."""

from __future__ import annotations

import pytest

from tests.reading import SMALL, records_of, rejected, rows_of, titles


def test_every_field_finds_a_place():
    (record,) = records_of(
        b"%0 Journal Article\n%A Okonjo, Amara\n%E Vale, Noor\n%D 2018\n%8 April 2, 2018\n%T A\n"
        b"%! Short\n%B J. Made Hydrol.\n%I Made Press\n%C Oxford\n%V 12\n%N 3\n%P 139-154\n"
        b"%@ 2049-3630\n%K rivers\nclay\n%X What rivers do.\n%Z Read it\n%M 31234567\n"
        b"%2 PMC7654321\n%3 NIHMS364253\n%W NLM\n%~ PubMed\n%R 10.5555/a\n%U https://made.example\n"
        b"%+ Made University\n%G eng\n"
    )

    assert record.identifiers == (
        ("pmid", "31234567"),
        ("pmcid", "PMC7654321"),
        ("nihms", "NIHMS364253"),
    )
    assert [editor.name for editor in record.editors] == ["Vale, Noor"]
    assert (record.publisher_place, record.database) == ("Oxford", "PubMed")
    assert (record.keywords, record.notes) == (("rivers", "clay"), ("Read it",))
    assert record.accession_number == "31234567"
    assert set(record.extra) == {
        ("enw:!", "Short"),
        ("enw:2", "PMC7654321"),
        ("enw:3", "NIHMS364253"),
        ("enw:W", "NLM"),
        ("enw:+", "Made University"),
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"%M 31234567\n", ("", "31234567")),
        (b"%M 31234567\n%U https://www.ncbi.nlm.nih.gov/pubmed/31234567\n", ("pmid", "31234567")),
        (b"%M 31234567\n%2 PMC\n", ("pmid", "31234567")),
        (b"%M WOS:000123456700001\n", ("", "WOS:000123456700001")),
        (b"%M MEDLINE:31234567\n", ("pmid", "31234567")),
    ],
)
def test_an_accession_number_is_known_by_its_database(lines, expected):
    (record,) = records_of(b"%0 Journal Article\n%T A\n" + lines)

    assert record.identifiers == (expected,)


def test_a_blank_line_inside_an_abstract_ends_nothing():
    data = b"%0 Journal Article\n%T A\n%X One.\n\nTwo.\n\n%K word\n%U https://made.example/1\n\n"
    first, second = records_of(data + b"%0 Book\n%T B\n")

    assert (first.abstract, first.keywords) == ("One. Two.", ("word",))
    assert (first.urls, second.title) == (("https://made.example/1",), "B")


def test_an_entry_begins_at_its_title_or_author_behind_a_blank_line():
    data = b"%T A\n%D 2001\n\n\n%T B\n%D 2002\n\n%A Vale, Noor\n%T C\n"

    assert titles(rows_of(data)) == ["A", "B", "C"]


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = b"%0 Book\n%T Long\n" + b"%K word\n" * 400
    rows = rows_of(b"%0 Book\n%T A\n\n" + long + b"\n%0 Book\n%T C\n", settings=SMALL)

    assert titles(rows) == ["A", "C"]
    assert f"{len(long):,} bytes" in rejected(rows)[0].reason
