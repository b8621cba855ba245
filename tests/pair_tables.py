"""
Tables of made pairs: two rows a case, left and right, columns named as record fields.

The verdict stands on the left row: `duplicate` or `version` must be joined without a
person, `related` and `apart` never.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from indexer.records import Author, Record

CASES = Path(__file__).parent / "cases"
JOINED = frozenset({"duplicate", "version"})


@dataclass(frozen=True)
class Case:
    """One made pair and what is to be said of it."""

    name: str
    left: Record
    right: Record
    verdict: str
    why: str

    @property
    def joined(self) -> bool:
        return self.verdict in JOINED


def tables() -> list[str]:
    """The names of the tables of hard kinds."""
    return sorted(path.stem for path in CASES.glob("*.csv") if _is_pairs(path))


def cases_of(table: str) -> list[Case]:
    """The cases of one table."""
    with (CASES / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Case(left["case"], _record(left), _record(right), left["verdict"], left["why"])
        for left, right in zip(rows[::2], rows[1::2], strict=True)
    ]


def _is_pairs(path: Path) -> bool:
    with path.open(encoding="utf-8", newline="") as lines:
        return "side" in next(csv.reader(lines), [])


def _record(row: dict[str, str]) -> Record:
    return Record(
        record_id=f"{row['case']}:{row['side']}",
        source=f"made-{row['side']}",
        title=row["title"],
        authors=tuple(Author(name=name) for name in row["authors"].split("; ") if name),
        year=row["year"],
        container=row["container"],
        volume=row["volume"],
        issue=row["issue"],
        pages=row["pages"],
        doi=row["doi"],
        identifiers=(("arxiv", row["arxiv"]),) if row["arxiv"] else (),
        urls=(row["url"],) if row["url"] else (),
        type=row["type"],
        abstract=row["abstract"],
    )
