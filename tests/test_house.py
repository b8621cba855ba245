"""The house itself: what a stranger is promised when opening the tree, held by its own source."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("samework", "detector", "indexer")
MOST_MODULES: Final = 6  # beside rooms: more want a room of their own
MOST_LINES: Final = 300
LONGEST: Final = 40  # lines of a function below its docstring, so that it is seen whole
# A record made of an entry, a line a field of the format, has nothing to see whole.
LONGEST_MAPPING: Final = 55
MAPPINGS: Final = "indexer/feeds/formats/"
NO_NAMES: Final = {"utils", "util", "helpers", "common", "manager", "misc", "core_utils"}

FILES: Final = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
TREES: Final = {file: ast.parse(file.read_text("utf-8")) for file in FILES}


def _named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _functions() -> Iterator[tuple[str, str, int]]:
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body:
                    assert body[-1].end_lineno is not None
                    yield _named(file), node.name, body[-1].end_lineno - body[0].lineno + 1


def test_a_folder_that_holds_rooms_holds_at_most_six_modules_of_its_own() -> None:
    """Eighteen names side by side tell nobody which is which."""
    crowded = {}
    for folder in {file.parent for file in FILES}:
        rooms = [room for room in folder.iterdir() if (room / "__init__.py").exists()]
        modules = [m.name for m in folder.glob("*.py") if not m.name.startswith("__")]
        if rooms and len(modules) > MOST_MODULES:
            crowded[_named(folder)] = modules

    assert not crowded


def test_no_two_classes_have_one_name() -> None:
    """Who greps for a name finds one thing."""
    names = Counter(
        node.name for tree in TREES.values() for node in tree.body if isinstance(node, ast.ClassDef)
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_functions_are_short_enough_to_see_whole() -> None:
    """Forty lines; a mapping of a format, a line a field, may have fifty-five."""
    long = [
        (file, name, lines)
        for file, name, lines in _functions()
        if lines > (LONGEST_MAPPING if file.startswith(MAPPINGS) else LONGEST)
    ]

    assert long == []


def test_files_have_at_most_three_hundred_lines() -> None:
    """Longer ones hold two things."""
    lines = {_named(file): file.read_text("utf-8").count("\n") for file in FILES}

    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}


def test_an_import_inside_a_function_says_why() -> None:
    """Imports stand at the top; what a few runs need and takes long to load has a comment."""
    silent = []
    for file, tree in TREES.items():
        lines = file.read_text("utf-8").splitlines()
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    near = lines[node.lineno - 4 : node.end_lineno]
                    if not any("#" in line for line in near):
                        silent.append(f"{_named(file)}:{node.lineno}")

    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    """A name of all trades collects what nobody finds again."""
    assert [_named(file) for file in FILES if file.stem in NO_NAMES] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_each_module_says_what_it_is_for(package: str) -> None:
    """The first line of a file is what a reader decides by."""
    silent = [
        _named(file)
        for file, tree in TREES.items()
        if _named(file).startswith(package) and not ast.get_docstring(tree)
    ]

    assert silent == []


def test_nothing_is_left_to_be_done_in_the_source() -> None:
    """What is not finished is an issue, not a comment."""
    marks = ("TODO", "FIXME")
    left = [
        f"{_named(file)}:{number}"
        for file in FILES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if any(mark in line and "#" in line for mark in marks)
    ]

    assert left == []
