"""Marks of an earlier run come off a record; labels that it carried become columns again."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.feeds.formats import read_files
from indexer.feeds.reading.own_marks import unmarked
from indexer.records import Occurrence, Record
from tests.one_shot import answer
from tests.test_marked_formats import FORMATS


def test_marks_come_off_wherever_a_format_has_them() -> None:
    marked = Record(
        "a",
        notes=("samework work_id: w1", "mine\nsamework verdict: kept", "samework is what I use"),
        extra=(
            *(("csv:work_id", "w1"), ("csv:version_group", "w1.1"), ("csv:verdict", "kept")),
            *(("bibtex:samework_verdict", "kept"), ("wos:NT", "samework work_id: w1")),
            ("csv:Shelf", "3"),
        ),
    )

    assert unmarked(marked) == Record(
        "a", notes=("mine", "samework is what I use"), extra=(("csv:Shelf", "3"),)
    )


def test_a_label_that_was_carried_is_a_column_again() -> None:
    marked = Record(
        "a",
        notes=("samework included: 1",),
        extra=(("bibtex:samework_reason", "too old"), ("csl:samework_vote", "2")),
    )

    assert unmarked(marked).extra == (
        ("csv:reason", "too old"),
        ("csv:vote", "2"),
        ("csv:included", "1"),
    )


def test_marks_in_a_note_that_became_one_line_come_off_too() -> None:
    """Some readers join the lines of a note."""
    note = "mine samework work_id: w1 samework included: 1 samework verdict: kept"

    assert unmarked(Record("a", notes=(note,))) == Record(
        "a", notes=("mine",), extra=(("csv:included", "1"),)
    )


@pytest.mark.parametrize("extra", [(("csv:verdict", "guilty"),), (("csv:work_id", "9"),), ()])
def test_columns_of_the_user_stay(extra: tuple[tuple[str, str], ...]) -> None:
    record = Record("a", notes=("a note",), extra=extra)

    assert unmarked(record) is record


@pytest.mark.parametrize("name", FORMATS)
def test_a_marked_row_is_the_record_that_it_was(tmp_path: Path, name: str) -> None:
    """With another id it would be a new record of every search."""
    (tmp_path / name).write_bytes(FORMATS[name][0])
    answer(tmp_path / "out", tmp_path / name, report=False)

    ids = [
        [row.record.record_id for row in read_files([str(file)]) if isinstance(row, Occurrence)]
        for file in (tmp_path / name, tmp_path / "out/marked" / name)
    ]

    assert ids[0] == ids[1]
