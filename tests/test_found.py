"""Labelled sets out of other projects' repositories: records and labels as samework reads them."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality.found import taking
from benchmarks.quality.found.__main__ import beside, taken
from benchmarks.quality.found.known import FOUND, kept_aside
from detector.evaluation.truth import read_truth

KNOWN = {known.name: known for known in FOUND}
REVIEW = {
    "data/haematology/records_pre_merged.csv": """ID,title,author,year,journal,number
1,A title,"Olson, M. and Gu, X.",2001,J. of A,2
2,A title,,2001,,
""",
    "data/haematology/merged_record_ids.csv": 'merged_ids\n"1;2"\n',
}
LEFT, RIGHT = (f"COL title VAL {title} COL authors VAL a. olson , x. gu COL venue VAL  "
               "COL year VAL 1998 " for title in ("two trees", "two trees , again"))  # fmt: skip
OTHER = "COL title VAL oaks "
COLUMNS = {
    "data/er_magellan/Structured/DBLP-GoogleScholar/test.txt": (
        f"{LEFT}\t{RIGHT}\t1\n{LEFT}\t{OTHER}\t0\n"
    )
}
VENICE = {
    "data/dataset.tsv": "\tseed_ref\tseed_ref_id\tref\tref_id\tsame-bibl-entity\tcluster_file\n"
    "0\tOlson, Venice, 1988\ta\tOlson: Venice. 1988\tb\t1.0\tc\n"
    "1\tOlson, Venice, 1988\ta\tGu, Padua\td\t0.0\tc\n"
    "2\tOlson, Venice, 1988\ta\tGu, Padua\te\t0.5\tc\n"
}
COPIES = {
    "s2orc/testFiles/NEWyearTrial.csv": "corpus_id,title,authors,year,field\n"
    "1,Trees,M. Olson  X. Gu,2013,B\n2,Trees,,2013,B\n3,Trees,,2014,B\n4,Oaks,,2014,B\n",
    "s2orc/groundTruth.csv": "Corpus,Amount,Duplicates\n1,1,2\n3,1,2\n",
}


MEDRXIV = {
    "1-medrxiv_analysis/medrxiv-gold.tsv": "\n".join(
        "\t".join(cells)
        for cells in (
            ("#", "10.1101/1", "1", "2020-01-01", "NA", "Olson, M.; Gu, X.", "Trees, first draft"),
            ("#", "10.1101/1", "2", "2020-02-01", "NA", "Olson, M.; Gu, X.", "Trees"),
            ("#", "10.1101/2", "1", "2020-02-01", "NA", "Olson, M.", "Oaks"),
            ("# 2 pairs in medrxiv gold.",),
            ("10.1101/1", "10.5555/1", *("",) * 8, "2020", "Trees in print", "Olson, Mary", ""),
        )
    )
}


def checkout(tmp_path: Path, files: dict[str, str]) -> Path:
    """A repository that holds these files."""
    folder = tmp_path / "checkout"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "data"],
    ):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def records_of(folder: Path) -> list[dict[str, Any]]:
    """The records that were written."""
    with gzip.open(folder / "records.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def test_a_set_is_taken_with_its_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(taking, "COMMIT", "HEAD")

    said = taken(KNOWN["haematology"], checkout(tmp_path, REVIEW), tmp_path / "haematology")

    assert said == "2 records"
    first, second = records_of(tmp_path / "haematology")
    assert first["authors"] == ["Olson, M.", "Gu, X."]
    assert (first["issue"], first["container"], second["authors"]) == ("2", "J. of A", [])
    assert read_truth(tmp_path / "haematology" / "truth.tsv").same("1", "2")


def test_a_set_that_the_checkout_lacks_is_said_to_be_left_out(tmp_path: Path):
    said = taken(KNOWN["depression"], checkout(tmp_path, VENICE), tmp_path / "depression")

    assert "left out" in said
    assert not (tmp_path / "depression").exists()


def test_a_record_of_two_labelled_pairs_is_there_once(tmp_path: Path):
    taken(KNOWN["dblp_scholar"], checkout(tmp_path, COLUMNS), tmp_path / "set")

    first, second, third = records_of(tmp_path / "set")
    assert first["authors"] == ["a. olson", "x. gu"]
    assert (first["year"], first["source"], second["source"]) == ("1998", "dblp", "scholar")
    truth = read_truth(tmp_path / "set" / "truth.tsv")
    assert truth.same(first["id"], second["id"])
    assert truth.same(first["id"], third["id"]) is False


def test_a_pair_that_a_person_called_partly_one_work_is_no_label(tmp_path: Path):
    taken(KNOWN["venice_references"], checkout(tmp_path, VENICE), tmp_path / "set")

    truth = read_truth(tmp_path / "set" / "truth.tsv")
    assert (truth.same("a", "b"), truth.same("a", "d"), truth.same("a", "e")) == (True, False, None)


def test_copies_of_copies_are_one_work(tmp_path: Path):
    taken(KNOWN["s2orc_copies"], checkout(tmp_path, COPIES), tmp_path / "set")

    truth = read_truth(tmp_path / "set" / "truth.tsv")
    assert truth.same("1", "3")
    assert truth.same("1", "4") is False
    assert records_of(tmp_path / "set")[0]["authors"] == ["M. Olson", "X. Gu"]


def test_sets_of_the_same_records_are_read_or_kept_aside_together():
    """Who reads the one has read the other."""
    families = {known.family or known.name for known in FOUND}

    for family in families:
        members = [known for known in FOUND if family in (known.family, known.name)]
        assert {known.kept_aside for known in members} == {kept_aside(family)}


def test_figures_of_sets_that_were_not_measured_now_stay_in_the_table():
    before = ["| set | F1 |", "|---|---|", "| first | 0.1 |", "| second | 0.2 |"]

    assert beside(before, ["| set | F1 |", "|---|---|", "| second | 0.3 |", "| third | 0.4 |"]) == [
        *before[:3], "| second | 0.3 |", "| third | 0.4 |"
    ]  # fmt: skip


def test_an_article_is_one_work_with_the_preprint_that_names_it(tmp_path: Path):
    taken(KNOWN["medrxiv_versions"], checkout(tmp_path, MEDRXIV), tmp_path / "set")

    titles = {row["id"]: row["title"] for row in records_of(tmp_path / "set")}
    assert titles == {"10.1101/1": "Trees", "10.1101/2": "Oaks", "10.5555/1": "Trees in print"}
    truth = read_truth(tmp_path / "set" / "truth.tsv")
    assert truth.same("10.1101/1", "10.5555/1")
    assert truth.same("10.1101/2", "10.5555/1") is False
