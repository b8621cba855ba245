"""One file: rows of several files together, in a form that a tool imports."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_file

from detector.reports.marked.one_file import write_rows
from indexer.feeds.formats import read_files
from indexer.records import Occurrence
from tests.test_marked_formats import FORMATS, OTHER, TITLE

MIXED = ("in.ris", "in.bib", "in.csv", "in.nbib")


def inputs(folder: Path, names: tuple[str, ...] = MIXED) -> tuple[list[str], set[tuple[str, int]]]:
    """Files, and the places of their last two rows."""
    for name in names:
        if name in FORMATS:
            (folder / name).write_bytes(FORMATS[name][0])
    files = [str(folder / name) for name in names]
    rows = [row for row in read_files(files) if isinstance(row, Occurrence) and row.row > 1]
    return files, {(row.file, row.position) for row in rows}


def titles_of(file: Path) -> list[str]:
    rows = list(read_files([str(file)]))
    assert all(isinstance(row, Occurrence) for row in rows), rows
    return [row.record.title.rstrip(".") for row in rows if isinstance(row, Occurrence)]


@pytest.mark.parametrize("name", ["new.ris", "new.bib", "new.csv", "new.csl.json", "new.jsonl"])
def test_rows_of_mixed_formats_are_of_the_one_that_the_name_tells(
    tmp_path: Path, name: str
) -> None:
    """Four formats one after the other are a file that nothing reads."""
    files, wanted = inputs(tmp_path)

    write_rows(files, tmp_path / name, wanted)

    assert titles_of(tmp_path / name) == [TITLE, OTHER] * len(MIXED)


def test_rows_stand_as_they_came_in_a_file_of_their_format(tmp_path: Path) -> None:
    """Keys are given once all the same."""
    files, wanted = inputs(tmp_path)

    write_rows(files, tmp_path / "new.ris", wanted)
    write_rows(files, tmp_path / "new.bib", wanted)

    entries = rispy.loads((tmp_path / "new.ris").read_text("utf-8"))
    assert [entry["notes"] for entry in entries[:2]] == [["own note"], ["own note"]]
    keys = [entry.key for entry in parse_file(str(tmp_path / "new.bib")).entries]
    assert len(set(keys)) == len(keys) == 8
    assert {"k2", "k3"} <= set(keys)


@pytest.mark.parametrize("name", FORMATS)
def test_rows_of_one_format_stand_as_they_came(tmp_path: Path, name: str) -> None:
    files, wanted = inputs(tmp_path, (name,))

    write_rows(files, tmp_path / f"new-{name}", wanted)

    assert titles_of(tmp_path / f"new-{name}")[-1].startswith(OTHER)
    assert b"samework" not in (tmp_path / f"new-{name}").read_bytes()


@pytest.mark.parametrize("other", ["in.ris", "more.csv"])
def test_a_table_has_its_header_once(tmp_path: Path, other: str) -> None:
    (tmp_path / "more.csv").write_bytes(FORMATS["in.csv"][0].replace(b"Shelf", b"Room"))
    files, wanted = inputs(tmp_path, ("in.csv", other))

    write_rows(files, tmp_path / "new.csv", wanted)

    text = (tmp_path / "new.csv").read_text("utf-8-sig")
    assert [row["title"].rstrip(".") for row in csv.DictReader(io.StringIO(text))] == [
        *(TITLE, OTHER, TITLE, OTHER)
    ]
