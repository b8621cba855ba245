"""Ways of writing that single exporters have are read as what they mean."""

from __future__ import annotations

import pytest

from indexer.feeds.formats import read_bytes
from indexer.records import Occurrence, Record, Rejected
from tests.reading import occurrences, rejected, rows_of


def records_of(text: str, file: str) -> list[Record]:
    rows = list(read_bytes(text.encode(), file))
    assert all(isinstance(row, Occurrence) for row in rows), rows
    return [row.record for row in rows if isinstance(row, Occurrence)]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("A Okonjo, MB Stone", ["A Okonjo", "MB Stone"]),
        ("A Okonjo, R de la Cruz, ...", ["A Okonjo", "R de la Cruz", "et al."]),
        ("Okonjo, A", ["Okonjo, A"]),
        ("Okonjo, Amara", ["Okonjo, Amara"]),
        ("Okonjo A., Stone M.B.", ["Okonjo A., Stone M.B."]),
        ("OKONJO, AMARA", ["OKONJO, AMARA"]),
    ],
)
def test_bylines_with_initials_first_are_parted_at_their_commas(
    cell: str, names: list[str]
) -> None:
    table = f'Cites,Authors,Title,Year,GSRank\n3,"{cell}",Made waters,2011,1\n'
    (record,) = records_of(table, "pop.csv")
    assert [author.name for author in record.authors] == names


def test_names_in_parts_of_biblatex_are_put_together() -> None:
    byline = "family=Berg, given=Ann, prefix=van der, useprefix=true and Stone, Moss and others"
    (record,) = records_of(f"@book{{a, title={{Made waters}}, author={{{byline}}}}}", "made.bib")
    names = [author.name for author in record.authors]
    assert names == ["van der Berg, Ann", "Stone, Moss", "et al."]


def test_two_addresses_in_one_field_are_two() -> None:
    urls = "https://example.org/a https://example.org/b"
    (record,) = records_of(f"@book{{a, title={{Made waters}}, url={{{urls}}}}}", "made.bib")
    assert record.urls == ("https://example.org/a", "https://example.org/b")


def test_keywords_of_cochrane_are_several() -> None:
    text = "Record #1 of 1\nID: CN-01\nAU: Stone M\nTI: Made waters\nKY: Rivers; Beds; \n"
    (record,) = records_of(text, "made.txt")
    assert record.keywords == ("Rivers", "Beds")


def test_lists_of_ten_thousand_references_and_more_are_read_to_their_end() -> None:
    numbers = range(9_990, 10_030)
    lines = [f"[{n}]Stone M. Made waters {n}[J]. J Made, 2011, 3(1): 1-5.\n" for n in numbers]
    titles = [record.title for record in records_of("".join(lines), "made.txt")]
    assert titles == [f"Made waters {n}" for n in numbers]


@pytest.mark.parametrize(
    "joined",
    ['{"title": "Made waters"}', "TY  - JOUR\nTI  - Made waters\nER  - ", "%0 Book\n%T Waters"],
)
def test_entries_of_another_format_amid_bibtex_are_refused_by_name(joined: str) -> None:
    text = f"Written by hand.\n@book{{a, title={{Made waters}}}}\n{joined}\n"
    rows = list(read_bytes(text.encode(), "made.bib"))
    assert sorted(type(row).__name__ for row in rows) == ["Occurrence", "Rejected"]
    (refused,) = (row for row in rows if isinstance(row, Rejected))
    assert "hand them in as a file of their own" in refused.reason


@pytest.mark.parametrize(
    "entry",
    [b"@article{a, title = {Title A}}\n\n", b"TY  - JOUR\nTI  - Title A\nER  - \n\n"],
    ids=["bibtex", "ris"],
)
def test_a_table_behind_entries_of_another_format_is_refused_by_name(entry: bytes) -> None:
    table = b'title,authors,year,doi\nTitle B,"Okonjo, A",2018,10.5555/b\n'
    rows = rows_of(entry + table)

    assert [row.record.title for row in occurrences(rows)] == ["Title A"]
    assert "file of their own" in rejected(rows)[0].reason


def test_a_day_of_endnote_is_completed_by_its_year() -> None:
    (record,) = records_of(
        "%0 Journal Article\n%A Okonjo, A\n%T Eels\n%D 2018\n%8 March 4\n", "a.enw"
    )

    assert record.date == "2018 March 4"


def test_a_kind_of_file_is_no_type_of_work() -> None:
    (record,) = records_of("Cites,Authors,Title,Year,Type\n1,A Okonjo,Eels,2018,PDF\n", "pop.csv")

    assert record.type == ""
    assert ("csv:Type", "PDF") in record.extra
