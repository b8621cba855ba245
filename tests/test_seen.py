"""A set whose errors were read is never called unseen again; one that is kept aside stays shut."""

import json
from pathlib import Path

import pytest

from benchmarks.quality import seen, worst
from benchmarks.quality.found.known import FOUND
from benchmarks.quality.sets import SETS


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of marks that knows one set."""
    file = tmp_path / "seen.json"
    file.write_text(json.dumps({"first": "read"}))
    monkeypatch.setattr(seen, "FILE", file)
    return file


def test_a_set_that_was_read_is_told_so_in_every_row_of_it(marks: Path) -> None:
    assert (seen.told("first, only `read`"), seen.told("second")) == ("errors read", "never")


def test_whoever_reads_a_set_first_is_warned_and_the_mark_stays(marks: Path) -> None:
    assert "Commit" in seen.mark("second", "its errors were read")

    assert seen.mark("second", "again") == ""
    assert json.loads(marks.read_text()) == {"first": "read", "second": "its errors were read"}


def test_errors_of_a_set_never_seen_are_not_shown_unasked(marks: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--mark-seen"):
        worst.main(["--folder", str(tmp_path), "second"])

    assert not seen.is_seen("second")


def test_errors_of_a_set_that_is_kept_aside_are_not_shown_at_all(
    marks: Path, tmp_path: Path
) -> None:
    aside = next(found.name for found in FOUND if found.kept_aside)

    with pytest.raises(SystemExit, match="kept aside"):
        worst.main(["--folder", str(tmp_path), "--mark-seen", aside])

    assert not seen.is_seen(aside)


def test_the_sets_that_comparisons_were_made_by_are_marked_and_none_that_is_kept_aside() -> None:
    """The committed marks."""
    assert all(seen.is_seen(dataset.name) for dataset in SETS)
    assert not [found.name for found in FOUND if found.kept_aside and seen.is_seen(found.name)]
