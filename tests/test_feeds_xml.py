"""Bad XML: what is refused, what is mended, and what never happens."""

from __future__ import annotations

import codecs
import io
import time
from pathlib import Path

import pytest

from indexer.feeds.formats import read_bytes
from indexer.feeds.formats.markup import pieces, xml
from indexer.feeds.formats.markup.xml import Forbidden, XmlFault, parse
from indexer.records import Occurrence, Rejected

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a>&l9;</a>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]><a>{"&x;" * 5_000}</a>'

REFUSED = {
    "billion laughs": LAUGHS,
    "quadratic blow-up": QUADRATIC,
    "an entity from a file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "an entity from the network": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>',
    "any DOCTYPE at all": "<!DOCTYPE a><a/>",
    "a DOCTYPE in lower case": "<!doctype a><a/>",
    "a DOCTYPE behind a comment": f"<!--{'x' * 3000}--><!DOCTYPE a><a/>",
    "a DOCTYPE in UTF-16": "\ufeff<!DOCTYPE a><a/>",
    "10,000 deep": "<a>" * 10_000 + "</a>" * 10_000,
    "an attribute of 11 MB": f'<a b="{"x" * (11 << 20)}"/>',
    "an undeclared prefix": "<a><x:b/></a>",
    "an undeclared prefix of an attribute": '<a x:b="1"/>',
    "an undeclared entity": "<a>&nbsp;</a>",
    "a control character": "<a>\x01</a>",
    "a reference to one": "<a>&#x1a;</a>",
    "a reference to U+FFFE": "<a>&#xFFFE;</a>",
    "text behind the root": "<a/>trailing <html>",
    "two roots": "<a/><b/>",
    "half a document": "<a><b>text</b><c>mo",
    "nothing": "",
    "blanks": "  \n ",
    "no XML": '{"a": 1}',
    "CDATA that never ends": "<a><![CDATA[x</a>",
    "a bare ampersand": "<a>AT&T</a>",
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_document_that_is_not_clean_is_refused(fault: str) -> None:
    encoding = "utf-16" if "UTF-16" in fault else "utf-8"
    begun = time.monotonic()

    with pytest.raises(XmlFault):
        parse(REFUSED[fault].encode(encoding))

    assert time.monotonic() - begun < 20


READ = {
    "CDATA with an end tag in it": ("<a><![CDATA[x</a>]]></a>", "x</a>"),
    "CDATA that holds ]]>": ("<a><![CDATA[x]]]]><![CDATA[>y]]></a>", "x]]>y"),
    "an XInclude, which stays unread": (
        '<a>x<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></a>',
        "x",
    ),
    "a style sheet, which stays unfetched": (
        '<?xml-stylesheet href="http://127.0.0.1/x.xsl" type="text/xsl"?><a>x</a>',
        "x",
    ),
    "text around inline elements": (
        "<a>one <i>two</i> three<!-- no --> four</a>",
        "one two three four",
    ),
    "line breaks of the layout": ("<a>\n  one\n  two\t</a>", "one two"),
}


@pytest.mark.parametrize("case", READ)
def test_clean_documents_are_read_as_they_are(case: str) -> None:
    document, text = READ[case]

    assert xml.text(parse(document.encode())) == text


def test_utf_16_and_latin_1_are_read_where_they_say_so() -> None:
    assert (
        xml.text(parse('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"))) == "é"
    )
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert xml.text(parse(latin)) == "é"


def texts(document: bytes, name: str = "r") -> list[str]:
    """The text of every piece, or "!" and the beginning of its reason."""
    return [
        xml.text(piece.element) if piece.element is not None else f"! {piece.reason}"
        for piece in pieces.cut(document, {name})
    ]


MENDED = {
    "a control character": (b"<l><r>a\x01b</r></l>", ["ab"]),
    "a forbidden reference": (b"<l><r>a&#x1a;&#xFFFE;b</r></l>", ["ab"]),
    "a bare ampersand": (b"<l><r>AT&T & co</r></l>", ["AT&T & co"]),
    "an entity of HTML": (b"<l><r>caf&eacute;&nbsp;x</r></l>", ["café x"]),
    "an entity of nobody": (b"<l><r>a&nonsense;b</r></l>", ["a&nonsense;b"]),
    "Latin-1 that says UTF-8": ("<l><r>café</r></l>".encode("latin-1"), ["café"]),
    "one bad byte in UTF-8": ("<l><r>café x".encode() + b"\xff</r></l>", ["café x\ufffd"]),
    "UTF-8 that says UTF-16": (
        '<?xml version="1.0" encoding="UTF-16"?><l><r>é</r></l>'.encode(),
        ["é"],
    ),
    "an encoding nobody knows": (b'<?xml version="1.0" encoding="x-made"?><l><r>a</r></l>', ["a"]),
    "an undeclared prefix": (b"<l><x:r><x:t>a</x:t></x:r></l>", ["a"]),
    "namespaces of the ancestors": (b'<l xmlns:x="urn:x"><x:r><x:t>a</x:t></x:r></l>', ["a"]),
}


@pytest.mark.parametrize("fault", MENDED)
def test_the_usual_faults_of_a_record_are_mended(fault: str) -> None:
    document, expected = MENDED[fault]

    assert texts(document) == expected


def test_a_broken_record_takes_no_other_with_it() -> None:
    document = b"<l><r>a</r><r><b>x</r><r><r>nested</r></r><r/><r>c</r></l>"

    found = texts(document)

    assert (found[0], found[2:]) == ("a", ["nested", "", "c"])
    assert found[1].startswith("! not well-formed")


@pytest.mark.parametrize(
    ("document", "last"),
    [
        (b"<l><r>a</r><r>b", "! <r> never ends"),
        (b"<l><r>a</r>", "! the file ends before </l>"),
    ],
)
def test_a_file_cut_short_says_so(document: bytes, last: str) -> None:
    assert texts(document)[0] == "a"
    assert texts(document)[-1].startswith(last)


def test_a_file_that_defines_entities_is_refused_whole() -> None:
    with pytest.raises(Forbidden):
        list(pieces.cut(b'<!DOCTYPE l [<!ENTITY x "y">]><l><r>&x;</r></l>', {"r"}))


def test_a_doctype_that_only_names_a_dtd_is_passed_over() -> None:
    document = b'<!DOCTYPE l PUBLIC "-//X//DTD//EN" "http://127.0.0.1/x.dtd"><l><r>a&uuml;</r></l>'

    assert texts(document) == ["aü"]


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 16])
def test_pieces_are_the_same_however_the_bytes_arrive(size: int) -> None:
    """A tag may be cut anywhere between two reads."""
    records = [f"<x:r id='{n}'>t{n}<x:r/></x:r>" for n in range(50)]
    document = f"<l xmlns:x='urn:x'>{'  '.join(records)}</l>".encode()

    class Slow(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(min(count or size, size) if count and count > 0 else size)

    found = [piece.element for piece in pieces.cut(Slow(document), {"r"})]

    assert [xml.text(element) for element in found] == [f"t{n}" for n in range(50)]


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    """Memory is bounded by a record, not by the file: 60 MB here."""
    import resource

    path = tmp_path / "long.xml"
    record = b"<r>" + b"x" * 5_000 + b"</r>\n"
    with open(path, "wb") as file:
        file.write(b"<l>")
        for _ in range(12_000):
            file.write(record)
        file.write(b"</l>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with open(path, "rb") as file:
        count = sum(1 for _ in pieces.cut(file, {"r"}))

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert count == 12_000
    assert grown < 40_000  # KB


@pytest.mark.parametrize(
    "document",
    [
        b"<html><body>Please log in</body></html>",
        b"<?xml version='1.0'?><Unheard><Of/></Unheard>",
        codecs.BOM_UTF16_LE + "<a/>".encode("utf-16-le"),
        b"<OAI-PMH><error code='noRecordsMatch'>none</error></OAI-PMH>",
        LAUGHS.encode(),
        b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>",
        b"<collection><record/></collection>",
        b"<article><front/></article>",
        b"<feed><entry><id>x</id></entry></feed>",
    ],
)
def test_an_xml_file_without_anything_usable_is_rejected_with_a_reason(document: bytes) -> None:
    rows = list(read_bytes(document, "made.xml"))

    assert rows
    assert all(isinstance(row, Rejected) and row.reason for row in rows)


def test_a_file_of_records_keeps_their_bytes_and_places() -> None:
    document = (
        b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim">'
        b'<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">7'
        b'</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">Made title :'
        b'</subfield><subfield code="b">a subtitle /</subfield></datafield></record></collection>'
    )

    row = next(iter(read_bytes(document, "made.xml")))

    assert isinstance(row, Occurrence)
    assert row.record.title == "Made title : a subtitle"
    assert row.record.record_id == "made.xml:7"
    assert document[row.position :].startswith(row.raw)
