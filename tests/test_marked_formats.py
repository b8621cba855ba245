"""Marked and kept rows in the formats of databases: what tools import, with one set of marks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from lxml import etree
from openpyxl import Workbook
from pymarc import Field, Indicators, MARCReader, Subfield
from pymarc import Record as Marc

from indexer.feeds.formats import read_bytes
from indexer.records import Occurrence
from tests.one_shot import answer

TITLE, OTHER = "Sediment memory of braided rivers", "Otters and urchins in made bays"
NBIB = "".join(
    f"PMID- {number}\nOWN - NLM\nTI  - {title}\nFAU - Okonjo, Amara\nAB  - A text that\n"
    f"      goes on.\nOT  - rivers\nGN  - NLM: a note of theirs\nSO  - Made. 2018.\n\n"
    for number, title in (("31", TITLE), ("31", TITLE), ("33", OTHER))
)
WOS = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\n"
    + "".join(
        f"PT J\nAU Okonjo, A\n   Stone, L\nTI {title}\nSO MADE HYDROLOGY\nPY 2018\nDE rivers\n"
        f"UT WOS:00000000000000{number}\nER\n\n"
        for number, title in ((1, TITLE), (2, TITLE), (3, OTHER))
    )
    + "EF\n"
)
ENW = "".join(
    f"%0 Journal Article\n%T {title}\n%A Okonjo, Amara\n%D 2018\n%K rivers\n%Z own note\n%@ {n}\n\n"
    for n, title in ((1, TITLE), (2, TITLE), (3, OTHER))
)


def endnote_record(number: int, title: str, notes: str) -> str:
    style = '<style face="normal" font="default" size="100%">'
    return (
        f'<record><database name="a.enl">a.enl</database><rec-number>{number}</rec-number>'
        f'<ref-type name="Journal Article">17</ref-type><contributors><authors><author>{style}'
        f"Okonjo, Amara</style></author></authors></contributors><titles><title>{style}{title}"
        f"</style></title></titles><dates><year>{style}2018</style></year></dates>{notes}"
        f"<label>{style}x &amp; y</style></label></record>"
    )


ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-8" ?><xml><records>'
    + endnote_record(1, TITLE, "<notes><style>own note</style></notes>")
    + endnote_record(2, TITLE, "")
    + endnote_record(3, OTHER, "<notes/>")
    + "</records></xml>"
)
MARCXML = (
    '<?xml version="1.0"?>\n<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">'
    + "".join(
        "<m:record><m:leader>00000nam a2200000 a 4500</m:leader>"
        f'<m:controlfield tag="001">{n}</m:controlfield>'
        '<m:datafield tag="100" ind1="1" ind2=" "><m:subfield code="a">Okonjo, Amara</m:subfield>'
        '</m:datafield><m:datafield tag="245" ind1="1" ind2="0">'
        f'<m:subfield code="a">{title}</m:subfield></m:datafield></m:record>\n'
        for n, title in ((1, TITLE), (2, TITLE), (3, OTHER))
    )
)
MARCXML += "</m:collection>"
RIS = "".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Okonjo, Amara\nPY  - 2018\nN1  - own note\nER  - \n\n"
    for title in (TITLE, TITLE + ".", OTHER)
)
BIB = "".join(
    f"@article{{k{n}, title = {{{title}}}, author = {{Okonjo, Amara}}, year = 2018}}\n"
    for n, title in ((1, TITLE), (2, TITLE), (3, OTHER))
)
CSV = "Title,Authors,Year,Shelf\n" + "".join(
    f'{title},"Okonjo, Amara",2018,{n}\n' for n, title in ((1, TITLE), (2, TITLE), (3, OTHER))
)
JSON = json.dumps(
    [
        {"id": n, "title": title, "authors": ["Okonjo, Amara"], "year": "2018"}
        for n, title in ((1, TITLE), (2, TITLE), (3, OTHER))
    ]
)


def marc() -> bytes:
    out = b""
    for number, title in ((1, TITLE), (2, TITLE), (3, f"{OTHER} après")):
        one = Marc(leader="00000nam a2200000 a 4500", force_utf8=True)
        one.add_field(Field("001", data=str(number)))
        for tag, value in (("100", "Okonjo, Amara"), ("245", title), ("946", "of the library")):
            one.add_field(Field(tag, Indicators(" ", " "), [Subfield("a", value)]))
        out += one.as_marc()
    return out


Marks = list[dict[str, str]]


def of_texts(notes: list[list[str]]) -> Marks:
    """The marks among the notes of each row."""
    parts = [[one.split() for one in row if one.startswith("samework ")] for row in notes]
    return [{words[1].rstrip(":"): words[2] for words in row} for row in parts]


def by_lines(end: str, tag: str) -> Callable[[bytes], Marks]:
    """A reader of formats that no library here reads: entries by their ends, notes by a tag."""

    def read(data: bytes) -> Marks:
        entries = [part for part in data.decode().split(end) if tag in part]
        lines = [[one for one in part.splitlines() if one.startswith(tag)] for part in entries]
        return of_texts([[one.removeprefix(tag) for one in row] for row in lines])

    return read


def of_wos(data: bytes) -> Marks:
    assert data.startswith(b"FN ")
    assert data.rstrip().endswith(b"EF")
    return by_lines("\nER\n", "NT ")(data)


def of_endnote(data: bytes) -> Marks:
    notes = etree.fromstring(data).findall(".//record/notes")
    return of_texts([[*"".join(map(str, one.itertext())).split("\r")] for one in notes])


def of_marc(data: bytes) -> Marks:
    records = [one for one in MARCReader(data, to_unicode=True) if one is not None]
    return of_texts([[str(f["a"]) for f in one.get_fields("946")] for one in records])


def of_marcxml(data: bytes) -> Marks:
    rows = etree.fromstring(data).findall("{*}record")
    return of_texts(
        [[str(one.text) for one in row.findall("{*}datafield[@tag='946']/*")] for row in rows]
    )


def of_ris(data: bytes) -> Marks:
    return of_texts([row.get("notes", []) for row in rispy.loads(data.decode())])


def of_bib(data: bytes) -> Marks:
    found = [
        {f.key: str(f.value) for f in one.fields} for one in parse_string(data.decode()).entries
    ]
    marks = [{k[9:]: v for k, v in one.items() if k.startswith("samework_")} for one in found]
    assert all(data.count(f"samework_{name} ".encode()) == len(marks) for name in marks[0])
    return marks


def of_csv(data: bytes) -> Marks:
    names = data.decode("utf-8-sig").splitlines()[0].split(",")
    assert len(set(names)) == len(names)
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return [{name: row[name] for name in NAMES} for row in rows]


def of_json(data: bytes) -> Marks:
    return [{name: row[name] for name in NAMES} for row in json.loads(data)]


NAMES = ("work_id", "version_group", "verdict")
FORMATS: dict[str, tuple[bytes, Callable[[bytes], Marks]]] = {
    "in.nbib": (NBIB.encode(), by_lines("\n\n", "GN  - ")),
    "in.ciw": (WOS.encode(), of_wos),
    "in.enw": (ENW.encode(), by_lines("\n\n", "%Z ")),
    "in.xml": (ENDNOTE.encode(), of_endnote),
    "in.mrc": (marc(), of_marc),
    "marc.xml": (MARCXML.encode(), of_marcxml),
    "in.ris": (RIS.encode(), of_ris),
    "in.bib": (BIB.encode(), of_bib),
    "in.csv": (CSV.encode(), of_csv),
    "in.json": (JSON.encode(), of_json),
}


def titles_of(data: bytes, name: str) -> list[str]:
    rows = list(read_bytes(data, name))
    assert all(isinstance(row, Occurrence) for row in rows), rows
    return [row.record.title for row in rows if isinstance(row, Occurrence)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_is_marked_in_its_own_format(tmp_path: Path, name: str) -> None:
    """JSON Lines are of no use to a reference manager."""
    data, marks_of = FORMATS[name]
    (tmp_path / name).write_bytes(data)

    answer(tmp_path / "out", tmp_path / name, keep="one", report=False)

    marked = (tmp_path / "out/marked" / name).read_bytes()
    marks = marks_of(marked)
    assert [sorted(one) for one in marks] == [sorted(NAMES)] * 3
    assert sorted(one["verdict"] for one in marks) == ["duplicate", "kept", "unique"]
    assert titles_of(marked, name) == titles_of(data, name)
    kept = (tmp_path / "out/kept" / name).read_bytes()
    assert len(marks_of(kept)) == len(titles_of(kept, name)) == 2


@pytest.mark.parametrize("name", FORMATS)
def test_marks_of_an_earlier_run_are_replaced(tmp_path: Path, name: str) -> None:
    """A marked file goes in again next week, and twice marked is not marked."""
    data, marks_of = FORMATS[name]
    (tmp_path / name).write_bytes(data)
    answer(tmp_path / "one", tmp_path / name, report=False)

    answer(tmp_path / "two", tmp_path / "one/marked" / name, report=False)

    once = (tmp_path / "one/marked" / name).read_bytes()
    twice = (tmp_path / "two/marked" / name).read_bytes()
    assert twice.count(b"version_group") == once.count(b"version_group")
    verdicts = [sorted(one["verdict"] for one in marks_of(data)) for data in (once, twice)]
    assert verdicts[0] == verdicts[1]
    assert [sorted(one) for one in marks_of(twice)] == [sorted(NAMES)] * 3


def _words(data: bytes) -> set[bytes]:
    return set(re.findall(rb"\w+", data))


@pytest.mark.parametrize("name", FORMATS)
def test_a_marked_row_loses_nothing_of_its_own(tmp_path: Path, name: str) -> None:
    """Every word of the input is in the output."""
    data, _ = FORMATS[name]
    (tmp_path / name).write_bytes(data)

    answer(tmp_path / "out", tmp_path / name, report=False)

    marked = (tmp_path / "out/marked" / name).read_bytes()
    numbers = rb"\d+|\d{5}nam|a\d{7}" if name == "in.mrc" else rb"\Z"  # lengths and places
    lost = _words(data) - _words(marked)
    assert not [word for word in lost if not re.fullmatch(numbers, word)]
    for word in (TITLE, OTHER, "Okonjo"):
        assert marked.count(word.encode()) >= data.count(word.encode())


def test_notes_and_local_fields_of_others_stay(tmp_path: Path) -> None:
    for name, word in (("in.mrc", b"of the library"), ("in.xml", b"own note"), ("in.enw", b"own")):
        data, _ = FORMATS[name]
        (tmp_path / name).write_bytes(data)

        answer(tmp_path / "out", tmp_path / name, report=False)

        assert (tmp_path / "out/marked" / name).read_bytes().count(word) == data.count(word)


def test_marc_of_an_old_encoding_is_marked_byte_by_byte(tmp_path: Path) -> None:
    """MARC-8 that is written anew as something else is damaged."""
    one = Marc(leader="00000nam  2200000 a 4500")
    for tag, value in (("100", "Okonjo, Amara"), ("245", "Le prâsent travail")):
        one.add_field(Field(tag, Indicators(" ", " "), [Subfield("a", value)]))
    raw = one.as_marc().replace("â".encode(), b"\xe2e").replace(b"nam a", b"nam  ")
    (tmp_path / "in.mrc").write_bytes(raw)

    answer(tmp_path / "out", tmp_path / "in.mrc", report=False)

    assert b"Le pr\xe2esent travail" in (tmp_path / "out/marked/in.mrc").read_bytes()


def test_what_no_mark_fits_into_becomes_ris(tmp_path: Path) -> None:
    """PubMed's XML, say: every reference manager takes RIS."""
    rows = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>{TITLE} {n}"
        "</ArticleTitle><Abstract><AbstractText>Text.</AbstractText></Abstract></Article>"
        "</MedlineCitation></PubmedArticle>"
        for n in (1, 2)
    )
    (tmp_path / "in.xml").write_text(f"<PubmedArticleSet>{rows}</PubmedArticleSet>")

    answer(tmp_path / "out", tmp_path / "in.xml", keep="one", report=False)

    entries = rispy.loads((tmp_path / "out/marked/in.xml.ris").read_text("utf-8"))
    assert [one["title"] for one in entries] == [f"{TITLE} 1", f"{TITLE} 2"]
    assert len([note for note in entries[0]["notes"] if note.startswith("samework ")]) == 3


def test_a_workbook_comes_back_as_one_table(tmp_path: Path) -> None:
    """Its sheets under the columns of both; a spreadsheet opens it again."""
    book = Workbook()
    first = book.active
    assert first is not None
    for row in (["Title", "Year", "Shelf"], [TITLE, 2018, "3"], [OTHER, 2011, "=1+1"]):
        first.append(row)
    second = book.create_sheet("more")
    for row in (["Title", "included", "Year"], [TITLE, "1", 2018]):
        second.append(row)
    book.save(tmp_path / "in.xlsx")

    answer(tmp_path / "out", tmp_path / "in.xlsx", keep="one", report=False)

    text = (tmp_path / "out/marked/in.xlsx.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [*rows[0]] == ["Title", "Year", "Shelf", "included", *NAMES]
    assert [(row["Title"], row["Shelf"], row["included"]) for row in rows[::2]] == [
        (TITLE, "3", ""),
        (TITLE, "", "1"),
    ]


def test_a_column_of_the_user_is_not_overwritten(tmp_path: Path) -> None:
    """Only all three names together are ours."""
    (tmp_path / "in.csv").write_text(f"Title,Year,verdict\n{TITLE},2018,guilty\n")
    (tmp_path / "in.jsonl").write_text(json.dumps({"title": OTHER, "verdict": "guilty"}) + "\n")

    answer(tmp_path / "out", tmp_path / "in.csv", tmp_path / "in.jsonl", report=False)

    text = (tmp_path / "out/marked/in.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["verdict"], row["samework_verdict"]) == ("guilty", "unique")
    other = json.loads((tmp_path / "out/marked/in.jsonl").read_text())
    assert (other["verdict"], other["samework_verdict"]) == ("guilty", "unique")


def test_line_ends_inside_a_cell_stay(tmp_path: Path) -> None:
    """An abstract in parts is one cell of several lines, formulas aside."""
    abstract = "Aim: one.\nMethods:  two blanks."
    (tmp_path / "in.csv").write_text(f'Title,Abstract,X\n{TITLE},"{abstract}",=1+1\n')

    answer(tmp_path / "out", tmp_path / "in.csv", report=False)

    with (tmp_path / "out/marked/in.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Abstract"], row["X"]) == (abstract, "'=1+1")
