"""Marked rows, kept rows and piles: the rows that came, with what each is; judgements read back."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import rispy
from bibtexparser.entrypoint import parse_file

from detector.judgements.judgement_sheet import read_sheet
from detector.works.judgements import Judgement
from indexer.feeds.formats import read_files
from indexer.records import Occurrence
from tests.one_shot import Shared, answer, lines, write
from tests.seed import SEED


def made_inputs(folder: Path) -> list[Path]:
    """One work in four formats, and a work of its own in each (made)."""
    title = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"
    names = ["Avram, Andrei-Marius", "Catrina, Darius", "Cercel, Dumitru-Clementin"]
    own = "River ice breakup in a warming basin observed by satellite"
    (folder / "a.ris").write_bytes(
        (
            f"1.\r\nTY  - JOUR\r\nTI  - {title}\r\n"
            + "".join(f"AU  - {name}\r\n" for name in names)
            + "PY  - 2022\r\nDO  - 10.5555/made.1\r\nXX  - kept as it came\r\nER  - \r\n\r\n"
            + f"2.\r\nTY  - JOUR\r\nTI  - {own}\r\nAU  - Moe, Ingrid\r\nPY  - 2019\r\nER  - \r\n"
        ).encode()
    )
    (folder / "b.bib").write_text(
        '@string{jms = "Journal of Made Studies"}\n'
        f"@article{{avram,\n  title = {{{title}}},\n  author = {{{' and '.join(names)}}},\n"
        "  year = 2022, journal = jms, doi = {10.5555/made.1}\n}\n"
        "@misc(land, title = {Medieval land charters of the northern coast}, year = 2001)\n"
    )
    with (folder / "c.csv").open("w", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["Title", "Authors", "Year", "DOI", "My column"])
        rows.writerow([title, " ; ".join(names), "2022", "10.5555/made.1", "=HYPERLINK(1)"])
        rows.writerow(["Coral bleaching thresholds", "Okafor, Ana", "2010", "", "x"])
    write(
        folder / "d.jsonl",
        [
            {"id": "1", "title": title, "authors": names, "year": "2022", "mine": [1, {"a": 2}]},
            {"id": "2", "title": "Sparse matrix factorisation", "authors": ["Jan Brandt"]},
        ],
    )
    return [folder / name for name in ("a.ris", "b.bib", "c.csv", "d.jsonl")]


def marks_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The marks of every marked file, as its own library reads them."""
    marks: dict[str, list[dict[str, str]]] = {}
    names = ("work_id", "version_group", "verdict")
    with (folder / "a.ris").open() as file:
        notes = [entry["notes"] for entry in rispy.load(file)]
    marks["a.ris"] = [
        {note.split()[1].rstrip(":"): note.split()[2] for note in row if "samework" in note}
        for row in notes
    ]
    library = parse_file(str(folder / "b.bib"))
    marks["b.bib"] = [
        {name: entry.fields_dict[f"samework_{name}"].value for name in names}
        for entry in library.entries
    ]
    with (folder / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file, delimiter=";"))
        marks["c.csv"] = [{name: row[name] for name in names} for row in found]
    marks["d.jsonl"] = [{n: row[n] for n in names} for row in lines(folder / "d.jsonl")]
    return marks


def test_marked_rows_are_the_rows_that_came_with_what_each_is(tmp_path: Path) -> None:
    """Mark mode deletes nothing and loses nothing that samework does not understand."""
    answer(tmp_path / "out", *made_inputs(tmp_path))

    marks = marks_of(tmp_path / "out/marked")

    assert {name: len(rows) for name, rows in marks.items()} == dict.fromkeys(marks, 2)
    assert len({rows[0]["work_id"] for rows in marks.values()}) == 1
    assert Counter(rows[0]["verdict"] for rows in marks.values())["kept"] == 1
    assert {rows[1]["verdict"] for rows in marks.values()} == {"unique"}
    marked = tmp_path / "out/marked"
    assert b"XX  - kept as it came\r\n" in (marked / "a.ris").read_bytes()
    assert '@string{jms = "Journal of Made Studies"}' in (marked / "b.bib").read_text()
    assert lines(marked / "d.jsonl")[0]["mine"] == [1, {"a": 2}]
    assert "'=HYPERLINK(1)" in (marked / "c.csv").read_text()


def test_a_marked_file_reads_as_the_records_it_was_made_of(tmp_path: Path) -> None:
    """People go on working with it."""
    files = made_inputs(tmp_path)
    answer(tmp_path / "out", *files)

    for file in files:
        before, after = (
            [row.record.title for row in read_files([str(one)]) if isinstance(row, Occurrence)]
            for one in (file, tmp_path / "out/marked" / file.name)
        )
        assert before == after


def test_keep_one_writes_one_row_a_work(tmp_path: Path) -> None:
    """Four copies of one work and four works of their own are five works."""
    summary = answer(tmp_path / "out", *made_inputs(tmp_path), keep="one", exports=("ris",))

    kept = [
        row for file in sorted((tmp_path / "out/kept").iterdir()) for row in read_files([str(file)])
    ]
    assert len(kept) == summary["works"] == 5
    assert len(rispy.loads((tmp_path / "out/kept.ris").read_text("utf-8"))) == 5


def test_the_piles_hold_every_record_once_between_them(tmp_path: Path) -> None:
    summary = answer(tmp_path / "out", *made_inputs(tmp_path))

    piles = {}
    for name in ("unique", "duplicates", "to-check"):
        with (tmp_path / f"out/piles/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            piles[name] = list(csv.DictReader(file))
    assert len(piles["unique"]) + len(piles["duplicates"]) == summary["records"]
    assert len(piles["to-check"]) <= summary["pairs"]["review"]
    assert [row["same_as"] for row in piles["duplicates"]].count("") == 1


def test_what_a_person_wrote_into_the_sheet_is_obeyed(tmp_path: Path) -> None:
    """The loop of a spreadsheet: pairs out, judgements in, other works."""
    file = write(tmp_path / "seed.jsonl", SEED)
    names = [str(one["id"]) for one in SEED]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"left;right;judgement\n{names[0]};{names[1]};different\n", "utf-8-sig")

    def judge(ids: Mapping[str, str]) -> list[Judgement]:
        (row,) = read_sheet(sheet).rows
        return [Judgement(ids[row.left.name], ids[row.right.name], row.verdict)]

    summary = answer(tmp_path / "out", file, judgements_of=judge)

    assert (summary["works"], summary["judged"]) == (2, 1)
    assert summary["pairs"]["review"] == 0
    (pair,) = lines(tmp_path / "out/pairs.jsonl")
    assert (pair["verdict"], pair["judged"]) == ("duplicate", "distinct")


def test_pairs_to_check_name_every_two_works_once(shared_data: Shared, tmp_path: Path) -> None:
    """A work of six and a work of five are one question, not thirty."""
    summary = answer(tmp_path, shared_data("cases/records.jsonl.gz"), report=False)

    with (tmp_path / "piles/to-check.csv").open(encoding="utf-8-sig", newline="") as file:
        pairs = list(csv.DictReader(file))
    home = {
        one: work["work_id"] for work in lines(tmp_path / "works.jsonl") for one in work["records"]
    }
    asked = [frozenset({home[row["left"]], home[row["right"]]}) for row in pairs]
    assert len(asked) == len(set(asked))
    assert 0 < len(asked) < summary["pairs"]["review"]
