"""Every byte of a file is in a record, in a rejected row, or named as no record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import Field as MarcField
from pymarc import Record as Marc
from pymarc import Subfield

from indexer.feeds.formats import read_bytes
from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.encodings import BOM, Text
from indexer.feeds.reading.files import ReadSettings, Stream
from indexer.feeds.reading.rows import OUR_FAULT
from indexer.records import Rejected
from tests import test_mnemonic_marc as mnemonic
from tests import test_reference_lists as references
from tests import test_text_exports as exports


def marc_of(title: str) -> Marc:
    made = Marc()
    made.add_field(MarcField("245", subfields=[Subfield("a", title)]))
    return made


MADE = Path(__file__).parent / "made"

# By format: entries in good order and what stands between them.
SAMPLES: Mapping[str, bytes] = {
    "json lines": b'{"title": "A"}\n\n \x00{"title": "B"} {"title": "C"}\r\n\xef\xbb\xbf'
    b'{"title": "D"}\n{"results": [{"title": "E"}], "count": 1}\n{"results": []}\nno json\n',
    "json array": b'\x1e[\n  {"title": "A", "authors": ["{x}"]},\n\n  {"title": "B"}\n]\n'
    b'\x00\x00\n{"title": "C"}, 17',
    "json answers": b'[{"meta": {"n": 2}, "results": [{"title": "A"},\n{"title": "B"}], '
    b'"facets": [1]},\n{"results": [], "items": [{"title": "C"}]}]\n'
    b'{"message": {"items": [{"title": "D"}]}}\n'
    b'{"header": {}, "result": {"uids": ["1"], "1": {"uid": "1", "title": "E", "pubdate": ""}}}',
    "xml": (MADE / "files/endnote.xml").read_bytes(),
    "oai-pmh": (MADE / "oai_pmh/ojs.xml").read_bytes(),
    "bibtex": (MADE / "bibtex/pitfalls.bib").read_bytes(),
    "bibtex with parents": b"@inproceedings{a, title = {A}, crossref = {b}}\n\n"
    b"@xdata{c, publisher = {P}}\n@proceedings{b, title = {B}, xdata = {c}, year = 2019}\n",
    "csv": b'Exported today\n\ntitle,year,doi\r\n"A, ""b""\nc",2020,10.1/a\r\n\r\n,,\n'
    b"title,year,doi\r\nB,2021,\nC,2022,10.1/c,more\nD,2023,10.1/d\n",
    "csl yaml": b"---\n# made\nreferences:\n- id: a\n  type: book\n  title: A\n\n"
    b"- id: b\n  title: |\n    B\n  # kept\n  author:\n  - family: C\nnocite: x\n...\n",
    "cff": b"cff-version: 1.2.0\ntitle: S\npreferred-citation:\n  type: article\n  title: A\n",
    "hayagriva": b"# made\na:\n  type: article\n  title: A\n\nb:\n  type: book\n  title: B\n",
    "tsv": (MADE / "delimited/wos_tab.txt").read_bytes(),
    "ovid by headings": exports.OVID_HEADINGS,
    "ovid by tags": exports.OVID_TAGS,
    "embase": exports.EMBASE,
    "refworks": exports.REFWORKS,
    "noteexpress": exports.NOTEEXPRESS.encode(),
    "scifinder": exports.SCIFINDER,
    "kiss": exports.KISS.encode(),
    "pubmed summaries": exports.SUMMARY,
    "pubmed abstracts": exports.ABSTRACTS,
    "sciencedirect": exports.SCIENCEDIRECT,
    "identifiers": b"doi\r\n10.5555/a.1\r\n10.5555/a.2, 31234567;PMC7654321\r\n",
    "references": references.GB.encode(),
    "vancouver": references.VANCOUVER.encode(),
    "apa": references.APA.encode() * 2,
    "ris": b"Record #1 of 2\nProvider: Made\n\n1.\nTY  - JOUR\nTI  - A\nAB  - x\ny\n\nz\nER  - \n"
    b"NL  - left behind\n\nTY - CHAP\nTI - B\nER -\n\nDB  - C\nTY  - JOUR\nTI  - C\nER  - \n",
    "cochrane": b"Record #1 of 2\nID: CN-1\nTI: A\nAB: x\n\n\nRecord #2 of 2\nID: CN-2\nTI: B\n",
    "wos": (MADE / "wos/savedrecs.ciw").read_bytes(),
    "nbib": (MADE / "files/pubmed.nbib").read_bytes(),
    "eric": b"\nOWN - ERIC\nTI  - A\nOID - ED1\nAB  - x\n      y\n\nOWN - ERIC\nTI  - B\n",
    "enw": (MADE / "files/refer.enw").read_bytes() + b"\n\n%T Third\n%X one\n\ntwo\n\n%K a\nb\n",
    "marc": marc_of("A").as_marc() + b"\r\n" + marc_of("B").as_marc() + b"\x1a",
    "mnemonic marc": mnemonic.MRK,
}


def account_of(data: bytes) -> tuple[ByteAccount | None, list[str]]:
    """The account of a file with these bytes, and why its rows were refused."""
    accounts: list[ByteAccount] = []
    settings = ReadSettings(
        row_limit=4000, on_file_read=lambda _, account: accounts.append(account)
    )
    rows = list(read_bytes(data, "made", settings))
    reasons = [row.reason for row in rows if isinstance(row, Rejected)]
    return (accounts[0] if accounts else None), reasons


def check(data: bytes) -> None:
    """Every byte is accounted for, unless no format knows the file, which is said."""
    account, reasons = account_of(data)
    assert not any(OUR_FAULT in reason or "a fault of samework" in reason for reason in reasons)
    if account is None:
        assert reasons or not data.strip()
    else:
        handed_out = sum(map(len, Text(Stream(iter((data,)))).chunks()))
        # Formats that state their own encoding take the mark as bytes of theirs.
        assert account.accounted in {len(data), handed_out}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_byte_of_a_sample_is_accounted_for(name):
    account, _ = account_of(SAMPLES[name])

    assert account is not None
    assert account.accounted == len(SAMPLES[name])
    assert account.records > 0


@st.composite
def mutated(draw, data: bytes) -> bytes:
    """The sample with lines dropped, doubled and exchanged, cut, and with bytes put in."""
    lines = data.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 4))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        deed = draw(st.sampled_from(("drop", "double", "exchange", "join")))
        if deed == "drop":
            del lines[at]
        elif deed == "double":
            lines.insert(other, lines[at])
        elif deed == "exchange":
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = lines[at].rstrip(b"\r\n")
    found = b"".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(found)))
        piece = draw(st.sampled_from((b"{", b"}", b'"', b",", b"\xff", b"\0", BOM, b"\r", b"@")))
        found = found[:at] + piece + found[at + draw(st.integers(0, 2)) :]
    return found[: draw(st.integers(0, len(found)))] if draw(st.booleans()) else found


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_every_byte_of_a_damaged_sample_is_accounted_for(name, data):
    check(data.draw(mutated(SAMPLES[name])))
