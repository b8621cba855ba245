"""Labelled sets out of another project's history: records and groups as samework reads them."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from benchmarks.quality import found
from detector.evaluation.truth import read_truth

RECORDS = """ID,title,author,year,journal,number
1,A title,"Olson, M. and Gu, X.",2001,J. of A,2
2,A title,,2001,,
"""
GROUPS = 'merged_ids\n"1;2"\n'


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose second commit no longer holds the data."""
    folder = tmp_path / "checkout"
    data = folder / "data" / "haematology"
    data.mkdir(parents=True)
    (data / "records_pre_merged.csv").write_text(RECORDS)
    (data / "merged_record_ids.csv").write_text(GROUPS)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "data"],
    ):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    monkeypatch.setattr(found, "COMMIT", "HEAD")
    return folder


def test_a_set_is_taken_with_its_groups(checkout: Path, tmp_path: Path):
    said = found.taken(checkout, tmp_path / "haematology")

    assert said == "2 records"
    with gzip.open(tmp_path / "haematology" / "records.jsonl.gz", "rt") as lines:
        first, second = map(json.loads, lines)
    assert first["authors"] == ["Olson, M.", "Gu, X."]
    assert (first["issue"], first["container"], second["authors"]) == ("2", "J. of A", [])
    assert read_truth(tmp_path / "haematology" / "truth.tsv").same("1", "2")


def test_a_set_that_the_checkout_lacks_is_said_to_be_left_out(checkout: Path, tmp_path: Path):
    assert "left out" in found.taken(checkout, tmp_path / "depression")
    assert not (tmp_path / "depression").exists()
