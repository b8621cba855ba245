"""Kept rows stand as they came; citation keys of the input lead to those of the output."""

from __future__ import annotations

import csv
from pathlib import Path

import rispy
from bibtexparser.entrypoint import parse_file

from tests.one_shot import answer

TITLE = "All kinds of made grain in the northern market"
RIS = (
    "1.\r\nTY  - JOUR\r\nT1  - River ice breakup in a made basin\r\nA1  - Moe, Ingrid\r\n"
    "XX  - a tag nobody knows\r\nN1  - a note\r\nthat goes on\r\nPY  - 2019\r\nER  - \r\n\r\n"
    f"2.\r\nTY  - JOUR\r\nTI  - {TITLE}\r\nAU  - Sower, Ada\r\nPY  - 2005\r\n"
    "DO  - 10.5555/jmb.2005.1\r\nER  - \r\n"
)
BIB = f"""@string{{jmb = "Journal of Made Botany"}}
@Article{{Sower2005,
  author = {{Sower, Ada}}, title = {{{TITLE}}},
  journal = jmb, year = 2005, doi = {{10.5555/jmb.2005.1}}, pages = {{1--9}},
  comment = {{Read by {{A.}}}}, volume = 4, owner = {{ada}}
}}
@article{{Sower05, author = {{Sower, A.}}, title = {{{TITLE}}}, doi = {{10.5555/JMB.2005.1}}}}
@misc{{land, title = {{Medieval land charters of the northern coast}}, year = 2001}}
"""


def inputs(folder: Path) -> list[Path]:
    (folder / "a.ris").write_bytes(RIS.encode())
    (folder / "b.bib").write_text(BIB, "utf-8")
    return [folder / "a.ris", folder / "b.bib"]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


def keys_of(file: Path) -> list[str]:
    return [entry.key for entry in parse_file(str(file)).entries]


def test_kept_rows_stand_in_their_own_format_byte_for_byte(tmp_path: Path) -> None:
    """The guide promises whole records, untouched."""
    answer(tmp_path / "out", *inputs(tmp_path), keep="one", exports=("ris", "bibtex"))

    ris = (tmp_path / "out/kept.ris").read_bytes()
    bib = (tmp_path / "out/kept.bib").read_text("utf-8")
    assert RIS.split("1.\r\n")[1].split("2.\r\n")[0].strip().encode() in ris
    assert BIB[: BIB.index("@article{Sower05")].split("\n", 1)[1].strip() in bib
    assert bib.count("@string") == 1
    assert bib.index("@string") < bib.index("@Article{Sower2005")
    assert len(rispy.loads(ris.decode())) == len(keys_of(tmp_path / "out/kept.bib")) == 3


def test_rows_in_an_old_encoding_are_kept_in_one_that_fits_the_file(tmp_path: Path) -> None:
    """Two encodings in one file would be none."""
    old = RIS.replace("Moe, Ingrid", "Müller, Jürgen").encode("cp1252")
    (tmp_path / "a.ris").write_bytes(old)

    answer(tmp_path / "out", tmp_path / "a.ris", keep="one", exports=("ris",))

    assert "A1  - Müller, Jürgen" in (tmp_path / "out/kept.ris").read_text("utf-8")


def test_a_merged_entry_keeps_one_of_its_keys_and_names_the_others(tmp_path: Path) -> None:
    """A document cites both."""
    answer(tmp_path / "out", *inputs(tmp_path), exports=("bibtex",))

    entries = parse_file(str(tmp_path / "out/works.bib")).entries_dict
    assert entries["Sower2005"].fields_dict["ids"].value == "Sower05"
    assert "land" in entries
    told = {row["old_key"]: row["new_key"] for row in table(tmp_path / "out/piles/keys.csv")}
    assert told == {"Sower2005": "Sower2005", "Sower05": "Sower2005", "land": "land"}


def test_no_key_is_given_twice(tmp_path: Path) -> None:
    """Two libraries call two works alike, and a made key would be a third."""
    first = "@misc{moe2019river, title = {Coral bleaching thresholds of made reefs}}\n"
    second = "@misc{moe2019river, title = {Sparse matrices and their made factors}}\n"
    (tmp_path / "a.bib").write_text(first)
    (tmp_path / "b.bib").write_text(second)
    (tmp_path / "c.ris").write_bytes(RIS.encode())
    files = [tmp_path / name for name in ("a.bib", "b.bib", "c.ris")]

    for keep, name in (("merged", "works.bib"), ("one", "kept.bib")):
        answer(tmp_path / "out", *files, exports=("bibtex",), keep=keep)

        keys = keys_of(tmp_path / "out" / name)
        assert len(set(keys)) == len(keys) == 4
        told = [row["new_key"] for row in table(tmp_path / "out/piles/keys.csv")]
        assert set(told) <= set(keys)
        assert len(set(told)) == 2


def test_there_is_no_table_of_keys_without_keys(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_bytes(RIS.encode())

    answer(tmp_path / "out", tmp_path / "a.ris")

    assert not (tmp_path / "out/piles/keys.csv").exists()


def test_an_entry_names_its_parent_by_the_key_that_it_has_now(tmp_path: Path) -> None:
    """The overview of a conference is in both libraries, its talk in one."""
    overview = (
        "@proceedings{KEY, title = {Proceedings of the Made Ocean Workshop}, year = 2010, "
        "editor = {Boss, Bea}, doi = {10.5555/mow.2010}}\n"
    )
    talk = (
        "@inproceedings{tide, title = {Tide gauges without tides}, author = {Ito, Ken}, "
        "doi = {10.5555/tide.1}, crossref = {mow10}}\n"
    )
    (tmp_path / "a.bib").write_text(overview.replace("KEY", "mow"))
    (tmp_path / "b.bib").write_text(talk + overview.replace("KEY", "mow10"))

    answer(tmp_path / "out", tmp_path / "a.bib", tmp_path / "b.bib", exports=("bibtex",))

    entries = parse_file(str(tmp_path / "out/works.bib")).entries_dict
    parents = {"mow", "mow10"} & set(entries)
    assert len(parents) == 1
    assert {entries["tide"].fields_dict["crossref"].value} == parents


def test_marked_files_whose_names_become_one_are_both_there(tmp_path: Path) -> None:
    """Blanks and signs of a name are replaced."""
    for name in ("a b.ris", "a-b.ris"):
        (tmp_path / name).write_bytes(RIS.encode())

    answer(tmp_path / "out", tmp_path / "a b.ris", tmp_path / "a-b.ris", report=False)

    assert len(list((tmp_path / "out/marked").iterdir())) == 2
