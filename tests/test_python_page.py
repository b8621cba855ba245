"""docs/python.md and docs/samework.ipynb run as they are written, on the made records."""

from __future__ import annotations

import doctest
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import samework as sw

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/python.md"
NOTEBOOK = ROOT / "docs/samework.ipynb"


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each block of Python with what is said to be printed by it."""
    found = [*re.findall(r"```(python|text)\n(.*?)```", text, re.DOTALL), ("", "")]
    for (kind, code), (after, printed) in pairwise(found):
        if kind == "python":
            yield code, printed if after == "text" else ""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_block_of_the_page_prints_what_stands_below_it(folder: Path) -> None:
    pytest.importorskip("polars")
    names: dict[str, Any] = {}
    told = []
    for code, printed in blocks(PAGE.read_text("utf-8")):
        out = StringIO()
        with redirect_stdout(out):
            exec(compile(code, str(PAGE), "exec"), names)
        told.append((code, out.getvalue(), printed))

    assert len(told) > 8
    for code, out_of_it, printed in told:
        assert out_of_it == printed, code
    assert (folder / "answer/report.html").exists()


def test_the_examples_of_docstrings_are_true(folder: Path) -> None:
    for thing in (sw.dedupe, sw.compare):
        for example in doctest.DocTestFinder().find(thing, globs={"sw": sw}):
            assert doctest.DocTestRunner().run(example).failed == 0


def test_the_door_in_the_readme_opens(folder: Path) -> None:
    for code, _ in blocks((ROOT / "README.md").read_text("utf-8")):
        with redirect_stdout(StringIO()):
            exec(compile(code, "README.md", "exec"), {})
    assert (folder / "answer/works.ris").exists()


@pytest.mark.spawns
@pytest.mark.timeout(300)
def test_the_notebook_runs_from_its_first_cell_to_its_last(folder: Path) -> None:
    nbclient, nbformat = (pytest.importorskip(name) for name in ("nbclient", "nbformat"))
    pytest.importorskip("ipykernel")
    pytest.importorskip("polars")
    book = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(book, timeout=200, resources={"metadata": {"path": folder}}).execute()
    shown = [one for cell in book.cells for one in cell.get("outputs", ())]
    pages = [one.data["text/html"] for one in shown if "text/html" in one.get("data", {})]
    assert any("<b>43</b> records" in page for page in pages)


def test_the_notebook_is_stored_as_it_is_written_not_as_it_ran() -> None:
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
