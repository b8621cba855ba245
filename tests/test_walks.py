"""The walks of ARCHITECTURE.md lead through functions that are where it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PATH: Final = re.compile(r"`([a-z_]+/[\w/]+\.py)`")
NAME: Final = re.compile(r"`([a-z_]\w*)`")


def walks() -> str:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return text.partition("# Three walks")[2].partition("\n# ")[0]


def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_function_of_a_walk_stands_in_the_file_that_is_named_before_it() -> None:
    """A walk that leads astray is worse than none."""
    astray, steps = [], 0
    path = ""
    for token in re.findall(r"`[^`\n]+`", walks()):
        if named := PATH.fullmatch(token):
            path = named[1]
        elif (name := NAME.fullmatch(token)) and path:
            steps += 1
            if name[1] not in functions_of(path):
                astray.append(f"{path} {name[1]}")

    assert astray == []
    assert steps > 30
