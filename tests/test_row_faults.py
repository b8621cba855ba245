"""What a row does that no reader foresaw costs that row alone, and is said as our fault."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from indexer.errors import UnusableRow
from indexer.feeds import formats
from indexer.feeds.formats import Format, read_bytes
from indexer.feeds.formats.lines import ris
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, Stream, unpacked
from indexer.feeds.reading.rows import OUR_FAULT, Input, Row, Rows
from indexer.ingesting.making import made_of
from indexer.records import Occurrence, Record, Rejected

ENTRY = b"TY  - JOUR\nTI  - Sediment memory\nER  - \n"


def rows_of(data: bytes) -> tuple[Rows, Stream]:
    stream = unpacked(io.BytesIO(data), ReadSettings())
    return Rows(Input("made.ris", "made.ris", stream, Text(stream), ReadSettings())), stream


def failing(error: Exception) -> Record:
    raise error


def test_an_unforeseen_exception_in_one_row_is_a_rejection_with_its_place() -> None:
    rows, _ = rows_of(b"")
    row = rows.made(lambda: failing(TypeError("no str")), 17, b"TY  - X")
    assert isinstance(row, Rejected)
    assert row.position == 17
    assert row.raw == b"TY  - X"
    assert row.reason.startswith(OUR_FAULT)
    assert "TypeError: no str" in row.reason


def test_a_row_that_can_be_no_record_is_no_fault_of_ours() -> None:
    rows, _ = rows_of(b"")
    row = rows.made(lambda: failing(UnusableRow("the entry has no key")), 0, b"x")
    assert isinstance(row, Rejected)
    assert row.reason == "the entry has no key"


def test_a_reader_that_fails_ends_its_file_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: Input) -> Iterator[Row]:
        yield from ris.read(source)
        raise KeyError("TI")

    monkeypatch.setattr(formats, "FORMATS", (Format("ris", ris.sniff, read),))
    rows = list(read_bytes(ENTRY, "made.ris"))
    assert [type(row) for row in rows] == [Occurrence, Rejected]
    assert isinstance(rows[1], Rejected)
    assert OUR_FAULT in rows[1].reason


def test_bytes_that_a_reader_says_nothing_of_are_rejected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(source: Input) -> Iterator[Row]:
        (data,) = source.text.chunks()
        yield Rows(source).made(lambda: Record("", title="Sediment memory"), 0, data[:10])

    form = Format("careless", lambda head: True, read)
    monkeypatch.setattr(formats, "FORMATS", (form,))
    *_, last = read_bytes(ENTRY, "made.ris")
    assert isinstance(last, Rejected)
    assert last.reason.startswith(f"{len(ENTRY) - 10:,} bytes")


def test_a_record_that_no_fields_can_be_made_of_costs_no_other() -> None:
    broken = Record("b", title=None)  # type: ignore[arg-type]
    made = made_of([Record("a", title="Sediment memory"), broken])
    assert len(made.fields) == 1
    assert list(made.faults) == [1]
    assert made.faults[1].startswith(OUR_FAULT)
