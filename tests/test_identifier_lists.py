"""Files that hold identifiers and nothing else."""

from __future__ import annotations

import pytest

from indexer.feeds.formats.lists import identifier_lists
from indexer.feeds.reading.rows import Head
from tests.reading import occurrences, records_of, rejected, rows_of


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"10.5555/a.1\n10.5555/a.2\n", ["10.5555/a.1", "10.5555/a.2"]),
        (b"10.5555/a.1, 10.5555/a.2", ["10.5555/a.1", "10.5555/a.2"]),
        (b"10.5555/a.1,10.5555/a.2;10.5555/a.3", ["10.5555/a.1", "10.5555/a.2", "10.5555/a.3"]),
        (b"doi\r\nhttps://doi.org/10.5555/a.1\r\n", ["10.5555/a.1"]),
        (b"doi:10.5555/a.1\nDOI: 10.5555/a.2\n", ["10.5555/a.1", "10.5555/a.2"]),
        (b'"10.5555/a.1"\n"10.5555/a.2"\n', ["10.5555/a.1", "10.5555/a.2"]),
        (b"31234567\n31234568", [("pmid", "31234567"), ("pmid", "31234568")]),
        (b"31234567,31234568\n", [("pmid", "31234567"), ("pmid", "31234568")]),
        (b"PMID: 31234567\nPMC7654321\n", [("pmid", "31234567"), ("pmcid", "PMC7654321")]),
        (b"arXiv:2112.12650\n9780306406157\n", [("arxiv", "2112.12650"),
                                               ("isbn", "9780306406157")]),
        (b"2112.12650\nW2741809807\n2-s2.0-85012345678\nEJ1131633\n",
         [("arxiv", "2112.12650"), ("openalex", "W2741809807"),
          ("scopus", "2-s2.0-85012345678"), ("eric", "EJ1131633")]),
        ("\ufeff31234567\n".encode(), [("pmid", "31234567")]),
        ("31234567\n31234568\n".encode("utf-16"), [("pmid", "31234567"), ("pmid", "31234568")]),
    ],
)  # fmt: skip
def test_every_identifier_is_a_record(data, expected):
    found = [record.doi or record.identifiers[0] for record in records_of(data)]

    assert found == expected


def test_a_doi_keeps_its_commas_and_semicolons():
    sici = "10.1002/(SICI)1097-4679(199911)55:11<1351::AID-JCLP4>3.0.CO;2-5"
    first, second = records_of(f"{sici}, 10.5555/a.1\n".encode())

    assert (first.doi, second.doi) == (sici, "10.5555/a.1")


def test_what_is_no_identifier_is_refused_by_its_value():
    lines = b"".join(b"3123%04d\n" % number for number in range(30))
    rows = rows_of(lines + b"oranges\n31234567\n")

    (refused,) = rejected(rows)
    assert "'oranges'" in refused.reason
    assert len(rows) == 32


@pytest.mark.parametrize(
    "data",
    [
        b"1\n2\n3\n",
        b"2019\n",
        b"some words\n31234567\n",
        b"Okonjo (2018). Sediment memory. 10.5555/a\n",
        b"https://made.example/1\n",
        b"",
    ],
)
def test_other_files_are_no_lists_of_identifiers(data):
    assert not identifier_lists.sniff(Head("x", data))


def test_a_line_that_is_no_identifier_is_one_refused_row_and_stops_no_other() -> None:
    data = b"# search of May\n10.5555/abc.1\n10.5555/abc.2\nnot a doi\n10.5555/abc.3\n"
    rows = rows_of(data)

    assert [row.record.doi for row in occurrences(rows)] == [
        "10.5555/abc.1",
        "10.5555/abc.2",
        "10.5555/abc.3",
    ]
    assert [row.raw for row in rejected(rows)] == [b"not a doi\n"]
