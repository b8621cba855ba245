"""Exports are read back by their formats' own libraries; marked rows are the rows that came."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_file, parse_string

from detector.judgement_sheet import read_sheet
from detector.reports.cells import cell
from detector.reports.exports import EXPORTS
from detector.reports.reference_formats import Keys, bibtex, csl, ris
from indexer.feeds.formats import read_files
from indexer.records import Occurrence
from tests.one_shot import Shared, answer, lines, write
from tests.seed import SEED

EVERY = tuple(EXPORTS)
HOSTILE = "=cmd|' /C calc'!A0\r\nER  - \r\n} @article{x, title={"
RECORD: dict[str, Any] = {
    "title": f"{HOSTILE} & 50% of $\\alpha$_{{x}}",
    "authors": [
        "Andrei-Marius Avram",
        {"family": "van der Berg", "given": "J."},
        "Center for A and B",
    ],
    "year": "2022",
    "date": "2022-04-13",
    "container": "J. Made Stud.\nTY  - BOOK",
    "volume": "12",
    "pages": "139-154",
    "type": "article",
    "doi": "10.1002/(SICI)1097-4636(199905)45:2<140::AID-JBM9>3.0.CO;2-1",
    "identifiers": [
        *(
            ["arxiv", "2112.12650"],
            ["arxiv", "2112.99999"],
            ["pmid", "123"],
            ["pmcid", "PMC1203098"],
        ),
        *(["openalex", "W4226067207"], ["handle", "2027.42/60181"], ["s2", "247447320"]),
    ],
    "issn": ["0303-8467"],
    "isbn": ["9780470939390"],
    "urls": ["https://example.org/a?b={c}"],
    "abstract": "First line.\nTI  - another",
}
WANTED = {f"{scheme}:{value}" for scheme, value in RECORD["identifiers"]}


def test_ris_keeps_every_identifier_and_no_value_becomes_a_line_of_its_own() -> None:
    """A line end in a title must not end the entry or begin another tag."""
    (entry,) = rispy.loads(ris("w1", RECORD).decode())

    assert entry["doi"] == RECORD["doi"]
    assert set(entry["notes"]) >= WANTED
    assert entry["type_of_reference"] == "JOUR"
    assert entry["authors"] == ["Avram, Andrei-Marius", "van der Berg, J.", "Center for A and B"]
    assert "secondary_title" in entry
    assert "another" in entry["abstract"]


def test_bibtex_keeps_every_identifier_and_braces_of_a_title_stay_text() -> None:
    """An unbalanced brace would swallow the entries behind it."""
    text = bibtex(Keys().key(RECORD), RECORD).decode() + bibtex("next", RECORD).decode()

    library = parse_string(text)

    assert not library.failed_blocks
    assert len(library.entries) == 2
    found = library.entries[0].fields_dict
    others = set(found["identifiers"].value.split())
    others |= {f"arxiv:{found['eprint'].value}", f"pmid:{found['pmid'].value}"}
    others |= {f"pmcid:{found['pmcid'].value}", f"handle:{found['hdl'].value}"}
    assert others == WANTED
    assert found["doi"].value == RECORD["doi"]
    assert found["issn"].value == "0303-8467"
    assert "{Center for A and B}" in found["author"].value


def test_csl_keeps_every_identifier() -> None:
    item = json.loads(json.dumps(csl("w1", RECORD)))

    assert set(item["custom"]["identifiers"]) == WANTED
    assert (item["DOI"], item["PMID"]) == (RECORD["doi"], "123")
    assert item["issued"] == {"date-parts": [[2022, 4, 13]]}
    assert item["author"][1] == {"family": "van der Berg", "given": "J."}
    assert item["author"][2] == {"literal": "Center for A and B"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '"=1+1"', "\t=1", "\r=1", " =1", "＝1", "'=1"]
)
def test_no_cell_begins_a_formula(text: str) -> None:
    """A spreadsheet runs formulas of strangers' titles."""
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["-5", "+1.5", "A study", "2-3", "10.1/x", ""])
def test_plain_values_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_citation_keys_are_never_given_twice() -> None:
    """BibTeX drops the second entry of a key."""
    keys = Keys()

    assert len({keys.key(RECORD) for _ in range(3)}) == 3


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

    summary = answer(tmp_path / "out", file, judge=lambda ids: read_sheet(sheet, ids))

    assert (summary["works"], summary["judged"]) == (2, 1)


def test_pairs_to_check_name_every_two_works_once(shared_data: Shared, tmp_path: Path) -> None:
    """A work of six and a work of five are one question, not thirty."""
    summary = answer(tmp_path, shared_data("cases/records.jsonl.gz"), report=False)

    with (tmp_path / "piles/to-check.csv").open(encoding="utf-8-sig", newline="") as file:
        pairs = list(csv.DictReader(file))
    home = {
        one: work["work"] for work in lines(tmp_path / "works.jsonl") for one in work["records"]
    }
    asked = [frozenset({home[row["left"]], home[row["right"]]}) for row in pairs]
    assert len(asked) == len(set(asked))
    assert 0 < len(asked) < summary["pairs"]["review"]


SETS = ("cases/records.jsonl.gz", pytest.param("sr_srsr/records.jsonl.gz", marks=pytest.mark.soak))


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", SETS)
def test_every_format_holds_every_work_of_a_real_collection(
    shared_data: Shared, tmp_path: Path, name: str
) -> None:
    """Counts and identifiers are equal whichever format one takes."""
    summary = answer(tmp_path, shared_data(name), exports=EVERY, rows=False, report=False)

    found = read_back(tmp_path)

    wanted = found.pop("works.jsonl")
    assert len(wanted) == summary["works"]
    for one, identifiers in found.items():
        assert identifiers == wanted, one


def read_back(folder: Path) -> dict[str, dict[str, set[str]]]:
    """For each file the identifiers of each work, as the format's own library reads them."""
    merged = lines(folder / "works.jsonl")
    wanted = {row["work"]: identifiers_of(row["canonical"]) for row in merged}
    with (folder / "works.ris").open(encoding="utf-8") as file:
        entries = rispy.load(file)
    library = parse_file(str(folder / "works.bib"))
    assert len(library.failed_blocks) == 0
    fields = [{f.key: f.value for f in one.fields} for one in library.entries]
    csv.field_size_limit(1 << 24)
    with (folder / "works.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: of_row(row) for row in csv.DictReader(file)}
    items = json.loads((folder / "works.csl.json").read_text("utf-8"))
    return {
        "works.jsonl": wanted,
        "works.ris": {e["id"]: {*e.get("notes", ()), *doi_of(e.get("doi", ""))} for e in entries},
        # Entries stand in the order of works; their keys are names for people.
        "works.bib": {row["work"]: of_fields(one) for row, one in zip(merged, fields, strict=True)},
        "works.csv": rows,
        "works.csl.json": {item["id"]: of_item(item) for item in items},
    }


def of_fields(fields: dict[str, str]) -> set[str]:
    found = set(fields.get("identifiers", "").split()) | doi_of(fields.get("doi", ""))
    own = {"eprint": "arxiv", "pmid": "pmid", "pmcid": "pmcid", "hdl": "handle"}
    return found | {f"{own[name]}:{fields[name]}" for name in own if name in fields}


def identifiers_of(record: dict[str, Any]) -> set[str]:
    found = {f"{scheme}:{value}" for scheme, value in record.get("identifiers", ())}
    return found | doi_of(record.get("doi", ""))


def doi_of(doi: str) -> set[str]:
    return {f"doi:{doi}"} if doi else set()


def of_row(row: dict[str, str]) -> set[str]:
    return {one for one in row["identifiers"].split(" | ") if one} | doi_of(row["doi"])


def of_item(item: dict[str, Any]) -> set[str]:
    return {*item.get("custom", {}).get("identifiers", ()), *doi_of(item.get("DOI", ""))}
