"""
A clone of a repository whose files are read by git, and what a set is taken out as.

    Checkout.text(path)  ->  the file at a commit, None where the clone lacks it
"""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]  # a record as its file will have it


@dataclass(frozen=True, slots=True)
class Taken:
    """Records and truth of a set: a cluster each record, or labelled pairs."""

    records: Iterable[Row]
    clusters: Mapping[str, str] | None = None
    pairs: Mapping[tuple[str, str], bool] | None = None

    def write(self, folder: Path) -> int:
        """Write both as the development sets have them; how many records there are."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = list(self.records)
        with gzip.open(folder / "records.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        if self.clusters is not None:
            lines = [f"{row['id']}\t{self.clusters.get(row['id'], row['id'])}\n" for row in rows]
        else:
            lines = [f"{left}\t{right}\t{int(same)}\n"
                     for (left, right), same in (self.pairs or {}).items()]  # fmt: skip
        (folder / "truth.tsv").write_text("".join(lines), "utf-8")
        return len(rows)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A clone, with or without a work tree."""

    place: Path
    commit: str = "HEAD"

    def text(self, path: str) -> str | None:
        """A file of the commit."""
        asked = ["git", "-C", str(self.place), "show", f"{self.commit}:{path}"]
        done = subprocess.run(asked, capture_output=True, check=False)
        return done.stdout.decode("utf-8") if done.returncode == 0 else None
