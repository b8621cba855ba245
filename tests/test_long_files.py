"""What a reader takes for long fields, many lines or deep brackets grows with their length."""

from __future__ import annotations

import time
from typing import Final

import pytest

from indexer.feeds.formats import read_bytes
from indexer.records import Occurrence, Rejected

LONGEST: Final = 5.0  # seconds of processor time; ways that grow with the square take minutes
LINES: Final = "of the river bed\n" * 200_000

CONTINUED: Final = {
    "ris": f"TY  - JOUR\nTI  - Made waters\nAB  - x\n{LINES}PY  - 2011\nER  - \n",
    "nbib": f"PMID- 1234567\nTI  - Made waters\nAB  - x\n{LINES}DP  - 2011\n",
    "enw": f"%0 Journal Article\n%T Made waters\n%X x\n{LINES}%D 2011\n",
    "refworks": f"RT Journal Article\nSR Print(0)\nID 1\nT1 Made waters\nAB x\n{LINES}YR 2011\n",
    "noteexpress": "{Reference Type}: Journal Article\n{Title}: Made waters\n{Author}: A\n"
    f"{{Abstract}}: x\n{LINES}{{Year}}: 2011\n",
    "marc-mnemonic": "=LDR  00000nam a2200000 a 4500\n=001  1\n=245  10$aMade waters\n"
    f"=520  $ax\n{LINES}",
}


@pytest.mark.parametrize("form", CONTINUED)
def test_a_field_of_very_many_lines_is_read_at_once(form: str) -> None:
    began = time.process_time()
    rows = list(read_bytes(CONTINUED[form].encode(), "made.txt"))
    assert time.process_time() - began < LONGEST
    assert [type(row) for row in rows] == [Occurrence]
    record = rows[0].record if isinstance(rows[0], Occurrence) else None
    assert record
    assert record.title == "Made waters"
    assert record.abstract.endswith("river bed of the river bed")


@pytest.mark.parametrize(
    "text",
    [
        "made waters of rivers " * 100_000,
        "[1]" + "Made A, " * 100_000,
        "[1]" + ";" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=["words", "names", "semicolons", "brackets"],
)
def test_a_long_text_that_is_no_record_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    assert all(isinstance(row, Rejected) for row in read_bytes(text.encode(), "made.txt"))
    assert time.process_time() - began < LONGEST


def test_macros_that_double_are_refused_and_the_entries_read() -> None:
    macros = "".join(f"@string{{m{n + 1} = m{n} # m{n}}}\n" for n in range(60))
    text = f"@string{{m0 = {{made}}}}\n{macros}@book{{a, title={{Made waters}}, note=m1}}\n"
    rows = list(read_bytes(text.encode(), "made.bib"))
    refused = [row.reason for row in rows if isinstance(row, Rejected)]
    assert any("make more than 65,536 characters" in reason for reason in refused)
    assert [row.record.notes for row in rows if isinstance(row, Occurrence)] == [("mademade",)]


MANY: Final = 80_000  # characters of one field: patterns that begin anew at each took half a minute
OVID: Final = "<1. >\nTI  - Made waters{title}\nAU  - Okonjo A{author}\n"
LONG_FIELDS: Final = {
    "orcids without one": "FN Made\nVR 1.0\nPT J\nTI Made waters\nAU Okonjo, A\n"
    f"OI {'Okonjo Ada ' * (MANY // 11)}\nER\n\nEF\n",
    "numbers behind no name": OVID.format(title="", author=" 1," * (MANY // 3) + " x"),
    "blanks between names": OVID.format(title="", author=" 1" + " " * MANY + "x"),
    "blanks between keywords": f"title,year,keywords\nMade waters,2011,a{' ' * MANY}b\n",
    "digits of a Korean issue": f"논문명: Made waters\n저자: 김\n권호사항: {'9' * MANY}\n",
    "semicolons behind a mark of ours": "TY  - JOUR\nTI  - Made waters\n"
    f"N1  - samework work_id: 1{';' * MANY}\nER  - \n",
    "stops in a title": OVID.format(title=". " * (MANY // 2) + "x", author=""),
}


@pytest.mark.parametrize("field", LONG_FIELDS)
def test_a_long_field_that_a_pattern_nearly_fits_is_read_at_once(field: str) -> None:
    began = time.process_time()
    rows = list(read_bytes(LONG_FIELDS[field].encode(), "made.txt"))
    assert time.process_time() - began < LONGEST
    assert [type(row) for row in rows] == [Occurrence]
    record = rows[0].record if isinstance(rows[0], Occurrence) else None
    assert record
    assert record.title.startswith("Made waters")


MARC_FIELD: Final = (
    '<collection><record><leader>00000nam a2200000 a 4500</leader><datafield tag="200">'
    '<subfield code="a">Made waters</subfield></datafield><datafield tag="461"><subfield code="t">'
    'J</subfield></datafield><datafield tag="215"><subfield code="a">{extent}</subfield>'
    "</datafield></record></collection>"
)
ARTICLE: Final = "<journal_article><titles><title>Made waters</title></titles></journal_article>"
# Files whose parts begin over and over and never end, or stand inside each other.
BEGUN: Final = {
    "lines of a note": '[{"id":"1","title":"Made waters","DOI":"","note":"a'
    + "\\n" * MANY
    + '!"}]',
    "brackets behind a number": '[{"title":"Made","DOI":"","note":"PMID: ' + "[" * MANY + '"}]',
    "letters of an arXiv number": "<feed><entry><id>" + "a" * MANY + "</id></entry></feed>",
    "digits of an extent": MARC_FIELD.format(extent="9" * MANY),
    "blanks before a list": "references:\n" + " " * MANY + "x\n",
    "instructions": '<?xml version="1.0"?>' + "<?" * (MANY // 2) + "<records/>",
    "comments": '<?xml version="1.0"?>' + "<!--" * (MANY // 4) + "<records/>",
    "document types": '<?xml version="1.0"?>' + "<!DOCTYPE [" * (MANY // 11) + "<records/>",
    "errors of a repository": "<OAI-PMH>" + '<error code="a" ' * (MANY // 16) + "</OAI-PMH>",
    "records in records": "<records>" + "<record>" * (MANY // 8),
    "articles of a journal": f"<doi_batch><journal>{ARTICLE * (MANY // 80)}</journal></doi_batch>",
    "rows that never close": "[\n" + '{"a":[\n' * (MANY // 7),
    "rows that close in each other": "[\n" + '{"a" 1,"b":[\n' * (MANY // 16) + "]}" * (MANY // 16),
}


@pytest.mark.parametrize("what", BEGUN)
def test_what_begins_over_and_over_is_read_at_once(what: str) -> None:
    began = time.process_time()
    assert list(read_bytes(BEGUN[what].encode(), "made.txt"))
    assert time.process_time() - began < LONGEST
