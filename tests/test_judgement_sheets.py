"""What people judged is found again and obeyed, whatever became of the exports."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from detector.decision.verdicts import Verdict
from detector.errors import JudgementError
from detector.judgements.judged_records import resolve
from detector.judgements.judgement_memory import JudgementMemory, read_stored
from detector.judgements.judgement_sheet import JudgedRow, is_sheet, read_sheet
from tests.command import here
from tests.one_shot import deduplicated, lines, write

EELS: dict[str, Any] = {
    "id": "e1",
    "title": "Grazing eels and mud carbon in made estuaries",
    "authors": ["Kenji Ono"],
    "year": "2012",
    "container": "Made Eel Journal",
}
AGAIN = {**EELS, "id": "e2", "title": f"{EELS['title']}: 2 years on", "year": "2013"}
REWORDED = "Grazing eels and mud carbon in made estuaries of the north"
OTTERS: dict[str, Any] = {
    "id": "o1",
    "title": "Burrows of otters along a made canal",
    "authors": ["Carla Due"],
    "year": "2001",
}
COLUMNS = ("title", "authors", "year", "container", "volume", "issue", "pages", "doi")


def sheet(file: Path, *rows: tuple[Mapping[str, Any], Mapping[str, Any], str]) -> Path:
    """A to-check pile as a run writes it, with judgements."""
    sides = [f"{column}_{side}" for column in COLUMNS for side in ("left", "right")]
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(["left", "right", "judgement", "probability", "kind", *sides, "why"])
        for left, right, word in rows:
            facts = [shown(one, column) for column in COLUMNS for one in (left, right)]
            table.writerow([left["id"], right["id"], word, "0.500", "", *facts, ""])
    return file


def shown(record: Mapping[str, Any], column: str) -> str:
    """A cell of it."""
    value = record.get(column, "")
    return "; ".join(value) if isinstance(value, list) else str(value)


def judged(folder: Path, records: list[dict[str, Any]], rows: list[JudgedRow]) -> list[set[str]]:
    """The titles and volumes that each row's records have; an empty set where it fits none."""
    file = write(folder / "now.jsonl", records)
    out: list[set[str]] = []
    with deduplicated(folder / "run", [file]) as found:
        ids = {name: record_id for record_id, name in found.names().items()}
        names = found.names()
        for one in resolve(rows, ids, found.detector):
            pair = one.judgement.pair if one.judgement else ()
            out.append({names[record_id] for record_id in pair})
    return out


def renumbered(record: Mapping[str, Any], name: str, **changed: Any) -> dict[str, Any]:
    """A record under another id, perhaps changed."""
    return {**record, "id": name, **changed}


@pytest.mark.parametrize(
    ("now", "meant"),
    [
        ([EELS, AGAIN], {"e1", "e2"}),
        ([renumbered(EELS, "n1"), renumbered(AGAIN, "n2")], {"n1", "n2"}),
        # ids counted anew: what was e1 is e2 now, and another record is e1
        ([renumbered(OTTERS, "e1"), renumbered(EELS, "e2"), renumbered(AGAIN, "e3")], {"e2", "e3"}),
        # a corrected author, a corrected title
        ([renumbered(EELS, "n1", authors=["K. Ōno"]), AGAIN], {"n1", "e2"}),
        ([{**EELS, "title": REWORDED, "year": "2011"}, AGAIN], {"e1", "e2"}),
        ([renumbered(EELS, "n1", title=f"{EELS['title']}.", year="2011"), AGAIN], {"n1", "e2"}),
        ([EELS, OTTERS], set()),
        ([OTTERS], set()),
    ],
)
def test_a_row_finds_its_records_again(
    now: list[dict[str, Any]], meant: set[str], tmp_path: Path
) -> None:
    """By name where that says the like, else by what the sheet shows."""
    rows = read_sheet(sheet(tmp_path / "sheet.csv", (EELS, AGAIN, "different"))).rows

    (found,) = judged(tmp_path, now, rows)

    assert found == meant


def test_a_row_finds_a_rewritten_record_by_its_identifier(tmp_path: Path) -> None:
    """Its title was put into English, its DOI stayed."""
    left = {**EELS, "doi": "10.5555/eel.3.11"}
    rows = read_sheet(sheet(tmp_path / "sheet.csv", (left, AGAIN, "different"))).rows
    now = renumbered(left, "n1", title="Eels, their grazing, and carbon of the mud")

    assert judged(tmp_path, [now, AGAIN], rows) == [{"n1", "e2"}]


def test_a_hand_made_sheet_goes_by_names_alone(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("left,right,judgement\ne1,o1,same\ne1,gone,same\n", "utf-8")

    assert judged(tmp_path, [EELS, OTTERS], read_sheet(path).rows) == [{"e1", "o1"}, set()]


def as_excel(text: str) -> bytes:
    return text.replace(",", ";").encode("cp1252")


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        as_excel,
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: b"sep=;\r\n" + as_excel(text),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "mark", "semicolons and cp1252", "Unicode text", "sep=", "CRLF"],
)
def test_a_sheet_is_read_as_spreadsheet_programs_save_it(
    saved: Callable[[str], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "sheet.csv"
    header = "Left,Right,Judgement,title_left,authors_left,pages_left\n"
    path.write_bytes(saved(f"{header}e1,e2, SAME ,Über Äale im Fluß,José Über,01. Dez\n"))

    (row,) = read_sheet(path).rows

    assert (row.left.name, row.right.name, row.verdict) == ("e1", "e2", Verdict.DUPLICATE)
    assert row.left.seen is not None
    assert row.left.seen.title == "Über Äale im Fluß"
    assert row.left.seen.pages == ""  # a date that the spreadsheet made of 1-12


def test_a_sheet_saved_as_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    table = book.create_sheet(index=0)
    table.append(["left", "right", "judgement", "title_left"])
    table.append([17, "b", "different", "Eels"])
    book.save(tmp_path / "sheet.xlsx")

    (row,) = read_sheet(tmp_path / "sheet.xlsx").rows

    assert (row.left.name, row.verdict) == ("17", Verdict.DISTINCT)
    assert is_sheet(tmp_path / "sheet.xlsx")


def test_a_row_that_is_not_understood_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("left,right,judgement\na,b,perhaps\na,b,same\n\nc\n", "utf-8")

    read = read_sheet(path)

    assert [row.verdict for row in read.rows] == [Verdict.DUPLICATE]
    (fault,) = read.faults
    assert "row 2" in fault
    assert "'perhaps'" in fault


@pytest.mark.parametrize("content", ["", "left,right\na,b\n", "a table of another kind\n"])
def test_a_table_that_is_no_sheet_is_an_error_by_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content, "utf-8")

    with pytest.raises(JudgementError, match=r"other\.csv"):
        read_sheet(path)
    assert not is_sheet(path)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with records of which samework wants one pair checked, and its answer."""
    write(tmp_path / "in.jsonl", [EELS, AGAIN, OTTERS])
    run(tmp_path, "in.jsonl")
    assert pile(tmp_path), "the made pair is to check"
    return tmp_path


def run(folder: Path, *arguments: str, out: str = "answer") -> tuple[dict[str, Any], str]:
    """The summary of a run, and what it said."""
    done = here("dedupe", *arguments, "--out", out, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def pile(folder: Path, out: str = "answer") -> list[dict[str, str]]:
    text = (folder / out / "piles/to-check.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def fill(file: Path, word: str) -> None:
    """Judge every row of a sheet where it lies."""
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows({**row, "judgement": word} for row in rows)


@pytest.mark.parametrize("named", [False, True], ids=["not named", "named"])
def test_a_sheet_filled_in_where_it_lies_is_taken_up_and_kept(named: bool, library: Path) -> None:
    """Once it was overwritten by the next run, or obeyed once and emptied."""
    filled = library / "answer/piles/to-check.csv"
    fill(filled, "different")
    content = filled.read_bytes()
    options = ("--judgements", "answer/piles/to-check.csv") if named else ()

    first, said = run(library, "in.jsonl", *options)

    assert "1 judgement was taken up" in said
    assert (library / "answer/piles/to-check.kept-1.csv").read_bytes() == content
    assert len(lines(library / "answer/judgements.jsonl")) == 1
    for summary in (first, run(library, "in.jsonl")[0], run(library, "in.jsonl")[0]):
        assert summary["judged"] == 1
        assert summary["works"] == 3
    assert pile(library) == []
    assert len(lines(library / "answer/judgements.jsonl")) == 1


def test_a_judgement_holds_for_an_export_renamed_and_corrected(library: Path) -> None:
    """The library is exported again next week, with a new record first and an author put right."""
    fill(library / "answer/piles/to-check.csv", "different")
    run(library, "in.jsonl")
    now = [
        {**OTTERS, "id": "1", "title": "Another made thing altogether, about herons"},
        renumbered(EELS, "2", authors=["Kenichi Ono"]),
        renumbered(AGAIN, "3"),
    ]
    write(library / "my library (2).jsonl", now)

    summary, _ = run(library, "my library (2).jsonl")

    assert summary["judged"] == 1
    assert pile(library) == []


def test_rows_that_fit_no_longer_are_listed_and_the_run_goes_on(library: Path) -> None:
    gone = {**OTTERS, "id": "g1", "title": "Feathers of a made heron"}
    sheet(library / "s.csv", (EELS, AGAIN, "different"), (EELS, gone, "different"),
          (EELS, AGAIN, "hm"))  # fmt: skip

    summary, said = run(library, "in.jsonl", "--judgements", "s.csv")

    assert summary["judged"] == 1
    assert "s.csv row 3: 'g1'" in said
    assert "s.csv row 4: 'hm'" in said
    assert len(lines(library / "answer/judgements.jsonl")) == 2  # it may fit another day


def test_sheets_add_up_and_contradictions_are_said(library: Path) -> None:
    """The later sheet stands, whatever the order they are named in."""
    older = sheet(library / "older.csv", (EELS, AGAIN, "same"), (EELS, OTTERS, "different"))
    later = sheet(library / "later.csv", (EELS, AGAIN, "different"))
    os.utime(older, (1e9, 1e9))
    os.utime(later, (1.1e9, 1.1e9))

    for names in (("older.csv", "later.csv"), ("later.csv", "older.csv")):
        options = [part for name in names for part in ("--judgements", name)]
        summary, said = run(library, "in.jsonl", *options, out="-".join(names))
        assert (summary["judged"], summary["works"]) == (2, 3)
        assert "older.csv row 2 says duplicate" in said
        assert "later.csv row 2 says distinct and stands" in said


def test_a_sheet_named_again_does_not_undo_a_later_judgement(library: Path) -> None:
    """checked.csv stays on the command line of a script; the pile was judged since."""
    checked = sheet(library / "checked.csv", (EELS, AGAIN, "same"))
    os.utime(checked, (1e9, 1e9))
    assert run(library, "in.jsonl", "--judgements", "checked.csv")[0]["works"] == 2
    sheet(library / "new.csv", (EELS, AGAIN, "different"))
    run(library, "in.jsonl", "--judgements", "new.csv")

    summary, _ = run(library, "in.jsonl", "--judgements", "checked.csv")

    assert summary["works"] == 3
    assert len(lines(library / "answer/judgements.jsonl")) == 2


def test_a_judgement_taken_out_of_the_file_is_forgotten(library: Path) -> None:
    fill(library / "answer/piles/to-check.csv", "different")
    run(library, "in.jsonl")
    (library / "answer/judgements.jsonl").write_text("")

    summary, _ = run(library, "in.jsonl")

    assert "judged" not in summary
    assert len(pile(library)) == 1


def test_judgements_of_another_folder_are_a_sheet_too(library: Path) -> None:
    fill(library / "answer/piles/to-check.csv", "different")
    run(library, "in.jsonl")

    summary, _ = run(library, "in.jsonl", "--judgements", "answer/judgements.jsonl", out="two")

    assert summary["judged"] == 1
    assert len(read_stored(library / "two/judgements.jsonl").rows) == 1


def test_a_file_of_somebody_else_called_judgements_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judgements.jsonl").write_text('{"case": 1}\n')

    with pytest.raises(JudgementError, match="no line of it"):
        JudgementMemory(tmp_path / "judgements.jsonl")


def test_a_lasting_index_says_where_judgements_are_taken(library: Path) -> None:
    done = here("ingest", "in.jsonl", "--index", "ix", "--judgements", "s.csv", cwd=library)

    assert done.returncode == 2
    assert "samework judge s.csv" in done.stderr


def test_a_sheet_saved_beside_the_pile_is_taken_up_and_stays(library: Path) -> None:
    """Excel's "save as" makes a workbook of it; the pile itself is as it was."""
    (row,) = pile(library)
    book = openpyxl.Workbook()
    table = book.create_sheet(index=0)
    table.append(list(row))
    table.append(list({**row, "judgement": "different"}.values()))
    book.save(library / "answer/piles/to-check.xlsx")

    for _ in range(2):
        summary, _ = run(library, "in.jsonl")
        assert summary["judged"] == 1
        assert (library / "answer/piles/to-check.xlsx").exists()
    assert len(lines(library / "answer/judgements.jsonl")) == 1
