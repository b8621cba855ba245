"""Sheets for people: written, saved by a spreadsheet program that guesses, and read again."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.decision.verdicts import Verdict
from detector.detecting.field_cache import FieldCache
from detector.errors import JudgementError, UnknownValue
from detector.judgements.judgement_sheet import CHOICES, read_sheet
from detector.judgements.sheet_cells import guarded, rows_of, unguarded
from detector.reports.exports.review_sheet import (
    COLUMNS,
    SAYS,
    SheetEntry,
    write_review_sheet,
)
from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from indexer.records import Author, Record

# Each has something that a spreadsheet program likes to change.
EELS = Record(
    "0012:1-2", title="=SUM(A1) of eels in the Łódź canal", authors=(Author(name="+Ono, Kenji"),),
    year="2012", container="0012", volume="12", issue="1-2", pages="3-4", doi="10.1000/182",
)  # fmt: skip
AGAIN = Record(
    "made:Füße", title="'t Hooft on _x000D_ eels", authors=(Author(name="’t Hooft"),),
    year="2013", container="-1 degree", volume="1e5", issue="Mar 3", pages="1234567890123456789",
)  # fmt: skip
PAIR = SheetEntry("0012:1-2", "made:Füße", 0.5, "preprint", "the titles differ")


@pytest.fixture
def fields(tmp_path: Path) -> Iterator[FieldCache]:
    """Of an index with both records."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    engine.put([EELS, AGAIN], keys_of([fields_of(EELS), fields_of(AGAIN)]))
    yield FieldCache(engine)
    engine.close()


def written(file: Path, fields: FieldCache, *, blind: bool = False) -> Path:
    assert write_review_sheet(file, [PAIR], fields, blind=blind) == 1
    return file


def cells(file: Path) -> dict[str, str]:
    """What a sheet's only row shows, by column, as it is read back."""
    (_, header), (_, row) = rows_of(str(file))
    return dict(zip(header, map(unguarded, row), strict=True))


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def guessed(cell: str) -> str:
    """What Excel shows and saves of a cell of a CSV file; much of what it is known to do."""
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", cell):
        number = float(cell)
        return f"{number:.5E}" if abs(number) >= 1e11 else f"{number:.11g}"
    if re.fullmatch(r"\d+[eE]\d+", cell):
        return f"{float(cell):.2E}"
    if found := re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", cell):
        day, month = int(found[1]), int(found[2])
        if 1 <= day <= 31 and 1 <= month <= 12:
            return f"{day:02}. {MONTHS[month - 1].capitalize()}"
    if found := re.fullmatch(rf"({'|'.join(MONTHS)})[ -]?(\d{{1,2}})", cell.lower()):
        return f"{int(found[2]):02}. {found[1].capitalize()}"
    return "#NAME?" if cell.startswith(("=", "+", "-", "@")) else cell


def as_excel_saves_it(file: Path) -> None:
    """With semicolons, in the code page of western Windows, without a mark, after guessing."""
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        [[guessed(cell) for cell in row] for row in rows]
    )
    file.write_bytes(out.getvalue().encode("cp1252", "replace"))


def judge(file: Path, **said: str) -> None:
    """Write into the cells of the first row, where the file lies."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        header, row = book.worksheets[0].iter_rows()
        for heading, cell in zip(header, row, strict=True):
            if heading.value in said:
                cell.value = said[str(heading.value)]
        book.save(file)
        return
    data, encoding = file.read_bytes(), "utf-8-sig"
    rows = list(csv.reader(io.StringIO(data.decode(encoding))))
    for name, word in said.items():
        rows[1][rows[0].index(name)] = word
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_every_cell_survives_a_spreadsheet(name: str, fields: FieldCache, tmp_path: Path) -> None:
    """Leading zeros, pages that look like dates, formulas, apostrophes, long numbers, DOIs."""
    file = written(tmp_path / name, fields)
    before = cells(file)

    if name.endswith(".csv"):
        as_excel_saves_it(file)
    else:
        openpyxl.load_workbook(file).save(file)

    after = cells(file)
    assert before["title_left"] == EELS.title
    assert before["title_right"] == AGAIN.title
    assert [before[f"{column}_left"] for column in ("container", "issue", "pages", "doi")] == [
        "0012", "1-2", "3-4", "10.1000/182",
    ]  # fmt: skip
    if name.endswith(".csv"):  # what the code page lacks is lost, and nothing else
        before = {k: v.encode("cp1252", "replace").decode("cp1252") for k, v in before.items()}
    assert after == before


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
@pytest.mark.parametrize("blind", [False, True])
def test_a_filled_sheet_names_its_pair_who_when_and_why(
    name: str, blind: bool, fields: FieldCache, tmp_path: Path
) -> None:
    file = written(tmp_path / name, fields, blind=blind)
    judge(file, judgement="Different", by="ada", at="2026-05-31", comment="another canal")
    if name.endswith(".csv"):
        as_excel_saves_it(file)

    (row,) = read_sheet(file).rows

    assert (row.left.name, row.right.name) == (PAIR.left, PAIR.right)
    assert (row.verdict, row.by, row.why) == (Verdict.DISTINCT, "ada", "another canal")
    assert row.at == "2026-05-31T00:00:00+00:00"


def test_who_gives_no_time_judged_when_the_sheet_was_saved(
    fields: FieldCache, tmp_path: Path
) -> None:
    file = written(tmp_path / "sheet.csv", fields)
    judge(file, judgement="unsure")
    os.utime(file, (1e9, 1e9))

    (row,) = read_sheet(file).rows

    assert row.at == "2001-09-09T01:46:40+00:00"
    assert row.why == ""  # the reasons of the program are not those of a person


@pytest.mark.parametrize(
    "word",
    ["31.05.2026", (datetime.now(UTC) + timedelta(2)).isoformat()],
    ids=["no date of ISO 8601", "in two days"],
)
def test_a_time_that_cannot_be_is_a_fault_of_its_row(
    word: str, fields: FieldCache, tmp_path: Path
) -> None:
    """A judgement dated in the next year would stand over all that are made until then."""
    file = written(tmp_path / "sheet.xlsx", fields)
    judge(file, judgement="same", at=word)

    read = read_sheet(file)

    assert read.rows == []
    assert repr(word) in read.faults[0]


def test_a_blind_sheet_shows_nothing_that_the_program_thinks(
    fields: FieldCache, tmp_path: Path
) -> None:
    file = written(tmp_path / "sheet.csv", fields, blind=True)

    shown = cells(file)

    assert [name for name in COLUMNS if name not in SAYS] == list(shown)
    assert "0.5" not in file.read_text("utf-8-sig")


def test_same_in_a_blind_sheet_says_nothing_of_versions(fields: FieldCache, tmp_path: Path) -> None:
    """Beside `preprint` it means a version; without it the stored decision is asked."""
    for blind, verdict in ((True, Verdict.DUPLICATE), (False, Verdict.VERSION)):
        file = written(tmp_path / "sheet.csv", fields, blind=blind)
        judge(file, judgement="same")
        (row,) = read_sheet(file).rows
        assert (row.verdict, row.one_work) == (verdict, blind)


def test_columns_that_were_sorted_without_the_others_are_noticed(
    fields: FieldCache, tmp_path: Path
) -> None:
    """The hidden column stays where it is when a person sorts those that are seen."""
    file = written(tmp_path / "sheet.csv", fields)
    judge(file, judgement="same", title_left="Another record altogether")

    read = read_sheet(file)

    assert read.rows == []
    assert "sorted without the others" in read.faults[0]


@pytest.mark.parametrize(
    "now",
    ["=SUM(A1) of eels in the Lodz canal", "=SUM(A1) of eels in the ?\u00f3d? canal", "", "\u9c3b",
     "=Sum(A1) of eels in the L\u00f3dz Canal. "],
)  # fmt: skip
def test_a_title_that_a_code_page_changed_is_still_that_of_its_pair(
    now: str, fields: FieldCache, tmp_path: Path
) -> None:
    """Excel saves the letters that are nearest, or question marks; a person mends a slip."""
    file = written(tmp_path / "sheet.csv", fields)
    judge(file, judgement="same", title_left=now)

    assert len(read_sheet(file).rows) == 1


@pytest.mark.parametrize("cell", ["w1 w2", '["a","b"]', "7"])
def test_a_pair_cell_that_was_changed_is_a_fault(
    cell: str, fields: FieldCache, tmp_path: Path
) -> None:
    file = written(tmp_path / "sheet.csv", fields)
    judge(file, judgement="same", pair=cell)

    assert "samework review export" in read_sheet(file).faults[0]


def test_a_row_written_by_hand_below_goes_by_its_names(fields: FieldCache, tmp_path: Path) -> None:
    file = written(tmp_path / "sheet.xlsx", fields)
    book = openpyxl.load_workbook(file)
    header = [str(cell.value) for cell in book.worksheets[0][1]]
    by_hand = {"judgement": "same", "left": "a", "right": "b"}
    book.worksheets[0].append([by_hand.get(name, "") for name in header])
    book.save(file)

    (row,) = read_sheet(file).rows

    assert (row.left.name, row.right.name) == ("a", "b")


def test_a_workbook_is_ready_to_be_filled_in(fields: FieldCache, tmp_path: Path) -> None:
    """Text cells, the header and the judgement in sight, a list to choose from, ids hidden."""
    table = openpyxl.load_workbook(written(tmp_path / "sheet.xlsx", fields)).worksheets[0]

    assert {cell.number_format for row in table.iter_rows() for cell in row} == {"@"}
    assert {cell.data_type for row in table.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert table.freeze_panes == "B2"
    (choice,) = table.data_validations.dataValidation
    assert choice.formula1 == f'"{",".join(CHOICES)}"'
    assert "A2" in choice.sqref
    hidden = [letter for letter, column in table.column_dimensions.items() if column.hidden]
    assert [table[f"{letter}1"].value for letter in hidden] == ["pair"]


def test_a_sheet_of_another_kind_is_refused_by_its_name(fields: FieldCache, tmp_path: Path) -> None:
    with pytest.raises(UnknownValue, match=r"sheet\.ods"):
        write_review_sheet(tmp_path / "sheet.ods", [PAIR], fields)
    assert not (tmp_path / "sheet.ods").exists()


def test_pairs_of_records_that_are_gone_are_left_out(fields: FieldCache, tmp_path: Path) -> None:
    entries = [SheetEntry("0012:1-2", "gone"), PAIR]

    assert write_review_sheet(tmp_path / "sheet.csv", entries, fields) == 1


def test_a_sheet_needs_its_judgements(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("pair,left,right\n", "utf-8")

    with pytest.raises(JudgementError, match="'judgement' is missing"):
        read_sheet(tmp_path / "sheet.csv")


@given(st.text())
def test_what_is_guarded_is_read_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text("'=+-@0159./: eEAPRaprx\t", max_size=12))
def test_what_is_guarded_is_read_as_it_was_and_left_alone(text: str) -> None:
    """Of the characters that numbers, dates and formulas are made of."""
    assert unguarded(guarded(text)) == text
    assert guessed(guarded(text)) in (guarded(text), text)


@pytest.mark.parametrize(
    "text",
    ["0012", "1-2", "1/2", "10/12/2020", "3-Mar", "Mar 3", "MAR1", "1e5", "12:30", "1.5", "TRUE",
     "1234567890123456", "=1+1", "+1", "-1", "@a", "5%", "12 a", "Dez 12", "2,5"],
)  # fmt: skip
def test_what_a_spreadsheet_would_change_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["2012", "0", "Eels", "", "a-b", "10 years of eels", "e5"])
def test_what_a_spreadsheet_leaves_alone_is_not(text: str) -> None:
    assert guarded(text) == text


SAVED: list[Callable[[str], bytes]] = [
    lambda text: text.encode("utf-16"),
    lambda text: b"sep=,\r\n" + text.encode("utf-8"),
]


@pytest.mark.parametrize("saved", SAVED, ids=["Unicode text", "sep="])
def test_other_encodings_keep_the_pair(
    saved: Callable[[str], bytes], fields: FieldCache, tmp_path: Path
) -> None:
    file = written(tmp_path / "sheet.csv", fields)
    judge(file, judgement="version")
    file.write_bytes(saved(file.read_text("utf-8-sig")))

    (row,) = read_sheet(file).rows

    assert (row.left.name, row.verdict) == (PAIR.left, Verdict.VERSION)
