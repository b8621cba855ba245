"""
Which sets were seen: errors of them were read, so that what was revised since may fit them.

    is_seen(name)    whether seen.json has the name
    mark(name, how)  add it; whoever reads errors of a set calls this first

The file is committed, so that no figure is called never seen after somebody looked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("seen.json")


def seen() -> Mapping[str, str]:
    """How each set was read."""
    marks: dict[str, str] = json.loads(FILE.read_text("utf-8"))
    return marks


def is_seen(name: str) -> bool:
    """Whether errors of a set were ever read."""
    return name in seen()


def told(name: str) -> str:
    """What a table says of a set, or of a row of one."""
    return "errors read" if is_seen(name.partition(",")[0]) else "never"


def mark(name: str, how: str) -> str:
    """Say that errors of a set are read from now on; a warning, or nothing if it is known."""
    if is_seen(name):
        return ""
    marks = {**seen(), name: how}
    FILE.write_text(json.dumps(marks, indent=1, sort_keys=True) + "\n", "utf-8")
    return (
        f"{name} had never been seen: it is marked in {FILE.name} now. Commit that file; "
        "no figure of the set counts as never seen any more."
    )
