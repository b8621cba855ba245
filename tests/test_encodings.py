"""Encodings: rows come out as the text that was written, whatever bytes it was written in."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, unpacked
from indexer.feeds.reading.rows import lines
from tests.reading import occurrences, rows_of, titles

TITLES = ["Über die Grenzen", "Größe — “quoted”", "Plain title", "Naïve façade, señor Núñez"]
RIS = "".join(f"TY  - JOUR\r\nTI  - {title}\r\nER  - \r\n\r\n" for title in TITLES)


def text_of(data: bytes) -> Text:
    return Text(unpacked(io.BytesIO(data), ReadSettings()))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp1252"],
)
def test_western_text_survives_every_encoding_it_is_exported_in(encoding):
    data = RIS.encode(encoding)

    assert titles(rows_of(data, "export.ris")) == TITLES


def test_a_cyrillic_export_is_not_read_as_western():
    words = "Влияние температуры на свойства материалов в условиях высокого давления"
    data = f"TY  - JOUR\nTI  - {words}\nAU  - Иванов, Пётр\nER  - \n".encode("cp1251")

    assert titles(rows_of(data, "export.ris")) == [words]


def test_a_polish_export_keeps_its_letters():
    """cp1250 and cp1252 share most letters; a "³" inside a word gives the Polish one away."""
    title = "Wpływ żółtej gorączki na własności"
    data = f"TY  - JOUR\nTI  - {title}\nER  - \n".encode("cp1250")

    assert titles(rows_of(data)) == [title]


def test_latin_1_is_read_by_its_own_characters():
    data = "TY  - JOUR\nTI  - Études sur l'équilibre des systèmes\nER  - \n".encode("latin-1")

    assert titles(rows_of(data)) == ["Études sur l'équilibre des systèmes"]


def test_one_stray_byte_does_not_spoil_a_utf8_file():
    """Databases paste cp1252 into UTF-8 exports: only the stray byte is foreign."""
    data = "TY  - JOUR\nTI  - Größe\nER  - \n".encode()
    data += b"TY  - JOUR\nTI  - Gr\xc3\xb6\xc3\x9fe and Gr\xf6\xdfe\nER  - \n"

    assert titles(rows_of(data)) == ["Größe", "Größe and Größe"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-be"])
def test_positions_are_bytes_of_the_file_and_not_of_its_recoding(encoding):
    data = RIS.encode(encoding)
    starts = [RIS[: RIS.index(f"TY  - JOUR\r\nTI  - {title}")] for title in TITLES]
    wide = encoding.removesuffix("-sig")
    expected = [len(data) - len((RIS[len(start) :]).encode(wide)) for start in starts]
    if encoding == "utf-16":  # its mark is written once more by every encode
        expected = [position + 2 for position in expected]

    assert [row.position for row in occurrences(rows_of(data))] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(end):
    data = end.join(RIS.split("\r\n")).encode()

    assert titles(rows_of(data)) == TITLES


def test_a_mark_in_the_middle_of_joined_files_is_dropped():
    part = b'\xef\xbb\xbf{"title": "A"}\n'

    assert titles(rows_of(part * 3)) == ["A", "A", "A"]


def test_a_line_over_the_limit_is_cut_and_its_length_told():
    data = b"a" * 90 + b"\n" + b"b" * 200_000 + b"\n" + b"c"

    found = list(lines(text_of(data), 100))

    assert [line.length for line in found] == [91, 200_001, 1]
    assert [line.too_long for line in found] == [False, True, False]
    assert [line.offset for line in found] == [0, 91, 200_092]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff")), st.integers(1, 40))
def test_lines_lose_no_byte(text, limit):
    data = text.encode()

    assert b"".join(line.data for line in lines(text_of(data), 10_000)) == data
    cut = list(lines(text_of(data), limit))
    assert sum(line.length for line in cut) == len(data)
    assert [line.offset for line in cut] == [
        sum(line.length for line in cut[:n]) for n in range(len(cut))
    ]


@given(st.binary(max_size=400))
def test_decoding_never_fails(data):
    text = text_of(data)

    for chunk in text.chunks():
        text.decode(chunk).encode()
