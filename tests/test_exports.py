"""Exports are read back by their formats' own libraries; marked rows are the rows that came."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_file, parse_string

from detector.reports.exports.bibtex_entries import KeyMaker, bibtex
from detector.reports.exports.cells import cell
from detector.reports.exports.csl_items import csl
from detector.reports.exports.exports import EXPORTS
from detector.reports.exports.ris_entries import ris
from indexer.fields.kinds import kind_of
from tests.one_shot import Shared, answer, lines

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
    text = bibtex(KeyMaker().key(RECORD), RECORD).decode() + bibtex("next", RECORD).decode()

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


RICH: dict[str, Any] = {
    **RECORD,
    "title": "The tool a_b",
    "abstract": "Text.",
    "editors": ["Reaper, Ed"],
    "publisher_place": "Lund",
    "keywords": ["grain", "barley, two-row"],
    "notes": ["Checked", "Read twice"],
    "groups": ["fields", "barns"],
    "database": ["Embase", "Medline"],
    "accession_number": ["L200"],
    "language": "de",
    "alternate_titles": ["Das Werkzeug"],
    "extra": [
        *(["ris:AD", "Made University"], ["ris:C1", "own field"], ["bibtex:comment", "{A} \\TeX"]),
        *(["bibtex:file", ":a.pdf:PDF"], ["bibtex:file", ":b.pdf:PDF"], ["bibtex:timestamp", "1"]),
        *(["bibtex:timestamp", "2"], ["bibtex:odd", "}{"], ["csv:Shelf", "3"], ["nbib:GR", "G1"]),
    ],
}


def test_ris_has_a_tag_for_all_that_other_tools_read() -> None:
    """What Covidence, Rayyan and EndNote read, and the tags that the row came with."""
    (entry,) = rispy.loads(ris("w1", RICH).decode())

    assert entry["secondary_authors"] == ["Reaper, Ed"]
    assert (entry["place_published"], entry["custom2"]) == ("Lund", "PMC1203098")
    assert entry["keywords"] == RICH["keywords"]
    assert entry["notes"][:2] == RICH["notes"]
    assert entry["accession_number"] == "L200"
    assert (entry["author_address"], entry["custom1"]) == ("Made University", "own field")
    assert entry["file_attachments1"]
    text = ris("w1", RICH).decode()
    assert "DB  - Embase\r\nDB  - Medline\r\n" in text
    assert "Shelf" not in text


def test_bibtex_gives_fields_back_as_they_came() -> None:
    """Joined where a field may hold several, escaped where it would end its field."""
    library = parse_string(bibtex("new", RICH, ids=("old", "older")).decode())

    assert not library.failed_blocks
    found = {field.key: field.value for field in library.entries[0].fields}
    assert found["ids"] == "old,older"
    assert found["keywords"] == "grain; barley, two-row"
    assert (found["groups"], found["note"]) == ("fields, barns", "Checked; Read twice")
    assert (found["editor"], found["address"]) == ("Reaper, Ed", "Lund")
    assert (found["langid"], found["affiliation"]) == ("ngerman", "Made University")
    assert found["file"] == ":a.pdf:PDF;:b.pdf:PDF"
    assert (found["comment"], found["timestamp"]) == (r"{A} \TeX", "1")
    assert (found["title"], found["funding"]) == (r"The tool a\_b", "G1")
    assert "odd" in found


@pytest.mark.parametrize("kind", ["correction", "retraction", "letter", "editorial", "comment"])
def test_no_notice_becomes_an_article(kind: str) -> None:
    """A retraction that is imported as an article is cited as one."""
    record = {**RECORD, "type": kind}
    (entry,) = rispy.loads(ris("w1", record).decode())
    field = parse_string(bibtex("k", record).decode()).entries[0].fields_dict["type"].value

    for said in (entry["type_of_work"], field, csl("w1", record)["genre"]):
        assert kind_of(said) == kind


def test_csl_keeps_what_it_has_no_variable_for_under_custom() -> None:
    item = csl("w1", RICH)

    assert item["editor"] == [{"family": "Reaper", "given": "Ed"}]
    assert (item["publisher-place"], item["source"]) == ("Lund", "Embase; Medline")
    assert (item["keyword"], item["note"]) == ("grain; barley, two-row", "Checked\nRead twice")
    assert ["csv:Shelf", "3"] in item["custom"]["extra"]


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
    keys = KeyMaker()

    assert len({keys.key(RECORD) for _ in range(3)}) == 3


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
    wanted = {row["work_id"]: identifiers_of(row["canonical"]) for row in merged}
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
        "works.bib": {
            row["work_id"]: of_fields(one) for row, one in zip(merged, fields, strict=True)
        },
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
