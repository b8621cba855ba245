"""Workbooks: what a person sees in a sheet is what its records say, and no row goes missing."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from indexer.feeds.formats.tables.workbook import ROW_BITS, position_of
from indexer.feeds.reading.files import ReadSettings
from indexer.records import Record
from tests.reading import occurrences, records_of, rejected, rows_of, titles

HEADER = ("Title", "Year", "DOI", "Included")


def place_of(position: int) -> tuple[int, int]:
    return divmod(position, 1 << ROW_BITS)


def book(*sheets: tuple[str, list[tuple[Any, ...]]]) -> Workbook:
    """A workbook of these sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def bytes_of(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet_bytes(*rows: tuple[Any, ...]) -> bytes:
    return bytes_of(book(("Sheet1", list(rows))))


def record_of(name: str, value: Any, number_format: str = "General") -> Record:
    """The record of a sheet with a title, a publisher and one other cell."""
    made = book(("Sheet1", [("Title", "Publisher", name), ("A", "P", value)]))
    made.worksheets[0]["C2"].number_format = number_format
    (record,) = records_of(bytes_of(made), "made.xlsx")
    return record


def test_rows_of_a_sheet_are_records_with_every_cell():
    data = sheet_bytes(HEADER, ("A", 2021.0, "10.5555/a", "yes"), ("B", 2020, None, None))
    rows = occurrences(rows_of(data, "made.xlsx"))

    first = rows[0].record
    assert (first.title, first.year, first.doi) == ("A", "2021", "10.5555/a")
    assert first.extra == (("csv:Included", "yes"),)
    assert [place_of(row.position) for row in rows] == [(1, 2), (1, 3)]
    assert rows[0].head + rows[0].raw == b"Title,Year,DOI,Included\nA,2021,10.5555/a,yes"


def test_a_refused_row_is_read_again_from_its_own_cells():
    data = sheet_bytes(HEADER, ("", 2021, "", "yes"))
    (refused,) = rejected(rows_of(data, "made.xlsx"))

    assert refused.reason.startswith("sheet 'Sheet1' row 2: no title")
    assert refused.head + refused.raw == b"Title,Year,DOI,Included\n,2021,,yes"


@pytest.mark.parametrize(
    ("name", "value", "number_format", "field", "expected"),
    [
        ("Volume", 12.0, "General", "volume", "12"),
        ("Volume", 12.5, "General", "volume", "12.5"),
        ("PMID", 31234567, "General", "source_id", "31234567"),
        ("ISBN", 9780306406157, "0.00E+00", "isbn", ("9780306406157",)),
        ("ISSN", 20493630, "0000-0000", "issn", ("2049-3630",)),
        ("ISSN", 363, "00000000", "issn", ("00000363",)),
        ("Date", datetime(2018, 4, 2), "yyyy-mm-dd", "date", "2018-04-02"),
        ("Date", datetime(2018, 4, 2, 10, 30), "dd/mm/yyyy hh:mm", "date", "2018-04-02 10:30:00"),
        ("Pages", datetime(2018, 10, 6), "d-mmm", "pages", "6-Oct"),
        ("Pages", datetime(2012, 10, 1), "mmm-yy", "pages", "Oct-12"),
        ("DOI", "10.5555/A_b(1)", "General", "doi", "10.5555/A_b(1)"),
        ("Abstract", "one_x000D_\ntwo", "General", "abstract", "one\ntwo"),
        ("Share", 0.07, "0%", "extra", (("csv:Share", "7%"),)),
        ("Included", True, "General", "extra", (("csv:Included", "TRUE"),)),
    ],
)
def test_a_cell_says_what_a_person_sees(name, value, number_format, field, expected):
    assert getattr(record_of(name, value, number_format), field) == expected


def test_every_sheet_with_a_header_is_read_and_a_legend_is_none():
    made = book(
        ("Legend", [("Colour", "Meaning"), ("red", "no")]),
        ("PubMed", [("Search of May",), (), HEADER, ("A", 2020, "", "")]),
        ("Embase", [("PMID", "Title"), (1, "B"), ("PMID", "Title"), (2, "C")]),
        ("Prices", [("Item", "Price", "Seller", "Town"), ("x", 1, "y", "z")]),
    )
    made.worksheets[2].sheet_state = "hidden"
    made.worksheets[2].row_dimensions[2].hidden = True
    rows = rows_of(bytes_of(made), "made.xlsx")

    assert titles(rows) == ["A", "B", "C"]
    assert [place_of(row.position) for row in occurrences(rows)] == [(2, 4), (3, 2), (3, 4)]
    assert "sheet 'Prices' has no header of known columns" in rejected(rows)[0].reason


def test_a_header_of_two_rows_with_merged_cells_is_one():
    made = book(
        (
            "Sheet1",
            [
                ("Title", "Place", "", "", "Notes"),
                ("", "Journal", "Volume", "Year", ""),
                ("A", "J", 12, 2020, "seen"),
            ],
        )
    )
    made.worksheets[0].merge_cells("A1:A2")
    made.worksheets[0].merge_cells("B1:D1")
    (record,) = records_of(bytes_of(made), "made.xlsx")

    assert (record.title, record.container, record.volume) == ("A", "J", "12")
    assert record.notes == ("seen",)


def test_two_columns_of_one_name_stay_two():
    (record,) = records_of(sheet_bytes(("Title", "Year", "x", "x"), ("A", 2020, 1, 2)), "m.xlsx")

    assert record.extra == (("csv:x", "1"), ("csv:x (column D)", "2"))


def test_cells_beside_the_table_and_under_no_name_are_kept_with_their_letter():
    (record,) = records_of(sheet_bytes(("Title", "", "Year"), ("A", "x", 2020, "", "y")), "m.xlsx")

    assert record.extra == (("csv:column B", "x"), ("csv:column E", "y"))


@pytest.mark.parametrize("damage", [b"", b"sheet1.xml", b"workbook.xml", b"[Content_Types].xml"])
def test_a_damaged_workbook_is_refused_with_what_to_do(damage):
    data = sheet_bytes(HEADER, ("A", 2020, "", ""))
    spoiled = data[:-60] if not damage else data.replace(damage, b"x" * len(damage))
    (refused,) = rejected(rows_of(spoiled, "made.xlsx"))

    assert "the workbook cannot be read" in refused.reason or "no sheet" in refused.reason
    assert "save" in refused.reason


def test_a_zip_bomb_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    settings = ReadSettings(ratio_limit=50, ratio_from=1_000_000)
    (refused,) = rejected(rows_of(out.getvalue(), "made.xlsx", settings))

    assert "decompression bomb" in refused.reason


def test_a_binary_workbook_is_refused_by_name():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    (refused,) = rejected(rows_of(out.getvalue(), "made.xlsb"))

    assert ".xlsb" in refused.reason


def test_a_row_over_the_limit_is_refused_and_the_next_is_read():
    data = sheet_bytes(HEADER, ("x" * 5000, 2020, "", ""), ("B", 2021, "", ""))
    rows = rows_of(data, "made.xlsx", ReadSettings(row_limit=2000))

    assert titles(rows) == ["B"]
    assert "more than 2,000" in rejected(rows)[0].reason


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.sp", ".ods"),
    ],
)
def test_other_workbooks_are_refused_by_name(data, what):
    (refused,) = rejected(rows_of(data, "made"))

    assert what in refused.reason
    assert "save it as .xlsx or CSV" in refused.reason


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
CELL = st.one_of(st.none(), st.integers(-(10**12), 10**12), WORDS)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=8))
def test_records_and_refused_rows_are_the_rows_of_the_sheet(table):
    rows = rows_of(sheet_bytes(("Title", "Year", "Label"), *table), "made.xlsx")

    filled = [
        number
        for number, row in enumerate(table, start=2)
        if any(cell is not None and str(cell).strip() for cell in row)
    ]
    assert sorted(place_of(row.position)[1] for row in rows) == filled


WHOLE = sheet_bytes(HEADER, *[(f"T {n}", 2000 + n, f"10.5555/{n}", "yes") for n in range(5)])
PARTS = tuple(zipfile.ZipFile(io.BytesIO(WHOLE)).namelist())
PIECES = (b"<", b">", b'"', b"&#0;", b't="s"', b"<v>1</v>", b"-1", b"99999999", b"1e400", b"\xff")


def with_damage(part: str, damage: list[tuple[int, int, bytes]]) -> bytes:
    """The workbook with pieces put into one of its parts, in the place of some bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as found, zipfile.ZipFile(out, "w") as made:
        for name in PARTS:
            data = found.read(name)
            for at, size, piece in damage if name == part else ():
                start = at % (len(data) + 1)
                data = data[:start] + piece + data[start + size :]
            made.writestr(name, data)
    return out.getvalue()


DAMAGE = st.tuples(st.integers(0, 4000), st.integers(0, 30), st.sampled_from(PIECES))


@given(st.sampled_from(PARTS), st.lists(DAMAGE, min_size=1, max_size=4))
def test_whatever_is_damaged_in_a_workbook_is_said_and_no_fault_of_ours(part, damage):
    rows = rows_of(with_damage(part, damage), "made.xlsx")

    assert rows
    assert not any("fault of samework" in row.reason for row in rejected(rows))


@given(st.integers(1, 200), st.integers(1, 1 << 20))
def test_a_position_tells_sheet_and_row(sheet, row):
    assert place_of(position_of(sheet, row)) == (sheet, row)
