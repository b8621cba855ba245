"""RIS entries that begin, end or are spaced otherwise than the format says."""

from __future__ import annotations

import pytest

from tests.reading import occurrences, records_of, rejected, rows_of, titles

LED = (
    b"DB  - Made\nC8  - \nTI  - A\nSP  - 67-76\nAB  - NA\nTY  - JOUR\nAU  - Example, Ada\n"
    b"VL  - 49\nER  - \n\nDB  - Other\nAB  - NA\nTY  - JOUR\nTI  - B\nSP  - 67\nEP  - 76\nER  - \n"
)


def test_fields_before_ty_belong_to_the_entry_that_follows():
    first, second = records_of(LED)

    assert (first.title, first.database, first.volume) == ("A", "Made", "49")
    assert (second.title, second.database) == ("B", "Other")
    assert (first.pages, second.pages) == ("67-76", "67-76")
    assert (first.abstract, second.abstract) == ("", "")


def test_fields_before_ty_belong_to_their_entry_without_a_blank_line_too():
    assert titles(rows_of(LED.replace(b"\n\n", b"\n"))) == ["A", "B"]


def test_an_entry_that_lost_its_ends_is_no_part_of_the_next():
    """Both say a title, so the fields before TY are an entry of their own."""
    rows = rows_of(b"TI  - A\nAU  - Example, Ada\nPY  - 2001\n\nTY  - JOUR\nTI  - B\nER  - \n")

    assert titles(rows) == ["A", "B"]


def test_entries_with_one_blank_are_read_amid_entries_with_two():
    data = (
        b"TY  - JOUR\nTI  - A\nAB  - The cytokine\nIL - 6 rose.\nER  - \n\n"
        b"TY - JOUR\nAU - Pike, Jo\nTI - B\nPY - 2018\nER -\n\n"
        b"TY  - JOUR\nTI  - C\nER  - \n"
    )
    first, second, third = records_of(data)

    assert first.abstract == "The cytokine IL - 6 rose."
    assert (second.title, second.authors[0].name, second.year) == ("B", "Pike, Jo", "2018")
    assert third.title == "C"


def test_the_first_entry_does_not_choose_for_the_others():
    data = b"TY - JOUR\nTI - A\nER -\nTY  - JOUR\nTI  - B\nAB  - x\nIL - 6 rose\nER  - \n"

    assert records_of(data)[1].abstract == "x IL - 6 rose"


def test_longer_tags_are_read_as_what_they_say():
    (record,) = records_of(
        b"TY  - JOUR\nTI  - A\nEP  - 154\nDOI  - 10.5555/a.1\nPMID  - 31234567\nER  - \n"
    )

    assert (record.pages, record.doi, record.identifiers) == (
        "154",
        "10.5555/a.1",
        (("pmid", "31234567"),),
    )


def test_lines_that_look_like_an_entry_of_another_form_are_refused_by_name():
    rows = rows_of(
        b"TY  - JOUR\nTI  - A\nER  - \n\n%0 Journal Article\n%T B\n%D 2001\n\n"
        b"TY  - JOUR\nTI  - C\nER  - \n"
    )

    assert titles(rows) == ["A", "C"]
    (refused,) = rejected(rows)
    assert "%0 Journal Article" in refused.reason
    assert refused.raw.startswith(b"%0 Journal Article\n%T B")


def test_a_second_ty_ends_the_entry_before_it():
    rows = rows_of(b"TY  - JOUR\nTI  - A\nTY  - BOOK\nTI  - B\n")

    assert titles(rows) == ["A", "B"]
    assert [row.record.type for row in occurrences(rows)] == ["JOUR", "BOOK"]


def test_the_raw_row_holds_the_fields_before_ty():
    assert LED.startswith(occurrences(rows_of(LED))[0].raw)
    assert occurrences(rows_of(LED))[0].raw.startswith(b"DB  - Made")


@pytest.mark.parametrize(
    "separator", [" - ", "  -", "- ", "\t- ", "   - ", "\u00a0\u00a0- ", "\u00a0 - ", "  \u2013 "]
)
def test_any_separator_parts_tags_from_values(separator):
    lines = ("TY|JOUR", "TI|A: the RT", "RT - PCR", "PY|2001", "AU|Vale, Noor", "ER|")
    text = "\n".join(line.replace("|", separator) for line in lines)
    first, second = records_of(f"{text}\n\n{text}\n".encode())

    assert (first.title, first.year, first.type) == ("A: the RT RT - PCR", "2001", "JOUR")
    assert second.authors[0].name == "Vale, Noor"
