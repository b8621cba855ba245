"""
Rows of results in a JSON file: the latest of each name, in the order of their names.

    rows by name  ->  results.json  ->  plain rows

Does not: know what a row says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any


def rows_in(path: Path) -> list[dict[str, Any]]:
    """All rows of a file, none where there is no file yet."""
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return rows


def keep_rows(path: Path, by_name: Mapping[Any, Any]) -> None:
    """Make these dataclasses, each under its name, all that the file has."""
    rows = [asdict(by_name[name]) for name in sorted(by_name)]
    path.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
