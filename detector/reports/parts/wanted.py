"""
Wanted: which parts of an answer a run should leave, by the names that options give them.

    options  ->  Wanted  ->  parts, the names of their files
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from detector.choices import one_of
from detector.reports.exports.exports import EXPORTS, KEEPS, MERGED, ONE
from detector.reports.exports.table_files import TABLES, require_pyarrow
from detector.reports.folder.answer_folder import INDEX
from detector.reports.marked.marked import marked_name
from detector.reports.second_reading import twice
from detector.reports.standings import Keeping
from detector.works.merging.keepers import KEEPERS
from indexer.feeds.reading.files import names_of_files

REPORT: Final = "report.html"
NEW: Final = "new.jsonl"  # the lines of works.jsonl that an earlier answer did not have
PILES: Final = ("unique", "duplicates", "to-check", "keys", "label-conflicts")
# The parts in the order in which they are told, and what each is called in the folder.
PARTS: Final = {
    "report": REPORT,
    "works": "works.jsonl",
    "pairs": "pairs.jsonl",
    "review": "review.jsonl",
    "summary": "summary.json",
    "marked": "marked/",
    "piles": "piles/",
    "kept": "kept/",
}
FROM_ROWS: Final = frozenset({"marked", "piles", "kept"})
# Above so many rows, what people look through row by row is written only when it is asked for.
LARGE: Final = 200_000
ASKED_FOR: Final = ("marked", "piles")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run should leave."""

    files: tuple[str, ...] = ()  # the input, to be marked
    exports: tuple[str, ...] = ()  # keys of EXPORTS
    keep: str = MERGED
    keeping: Keeping = field(default_factory=Keeping)
    rows: bool = True  # whether parts of FROM_ROWS may be written
    report: bool = True
    labels: tuple[str, ...] = ()  # columns of screening decisions beside those told by name
    write: tuple[str, ...] = ()  # keys of PARTS; none: all, but of a large input
    since: bool = False  # whether it goes on from an earlier answer: what is new stands apart

    def parts(self, rows: int = 0) -> list[str]:
        """The parts that are written of an answer over so many rows."""
        barred = set(self.left_out(rows))
        if not self.rows:
            barred |= FROM_ROWS
        if not self.report:
            barred.add("report")
        if self.keep != ONE:
            barred.add("kept")
        named = {*(self.write or PARTS), "summary"}
        return [part for part in PARTS if part in named and part not in barred]

    def left_out(self, rows: int) -> list[str]:
        """The parts that an answer over fewer rows would have."""
        return [] if self.write or not self.rows or rows <= LARGE else list(ASKED_FOR)

    def notes(self, rows: int) -> list[str]:
        """What a person should know of parts that are left out."""
        if not (left_out := self.left_out(rows)):
            return []
        names = " and ".join(PARTS[part] for part in left_out)
        every = ",".join(self.parts())
        why = f"are not written of more than {LARGE:,} rows unless they are asked for"
        return [f"{names} {why}: --write {every}"]

    def exported(self) -> dict[str, str]:
        """The name of the file of each format that is exported."""
        stem = "kept" if self.keep == ONE else "works"
        return {form: f"{stem}{EXPORTS[form].suffix}" for form in self.exports}

    def exported_new(self) -> dict[str, str]:
        """The same of the works that are new."""
        return {form: f"new{EXPORTS[form].suffix}" for form in self.exports if self.since}

    def pair_tables(self) -> dict[str, str]:
        """The name of the file of each table of pairs that is exported."""
        return {form: f"pairs{suffix}" for form, suffix in TABLES.items() if form in self.exports}

    def may_write(self) -> list[str]:
        """The names that a run may write, as `AnswerFolder.claim` takes them."""
        parts = self.parts()
        names = [PARTS[part] for part in parts if part not in FROM_ROWS]
        names += [INDEX, *self.exported().values(), *self.pair_tables().values()]
        names += [
            *self.exported_new().values(),
            *([NEW] if self.since and "works" in parts else ()),
        ]
        if "piles" in parts:
            names += [f"piles/{name}.csv" for name in PILES]
        files = list(names_of_files(twice(self.files)).values())
        for folder in ("marked", "kept"):
            if folder in parts:
                names += [f"{folder}/{marked_name(name)}*" for name in files]
        return names


def wanted_named(
    export: Iterable[str] = (),
    keep: str = MERGED,
    keeper: str = Keeping().rule,
    trust: Iterable[str] = (),
    write: Iterable[str] = (),
) -> Wanted:
    """
    What is wanted by the names that options give it.

    Raises:
        UnknownValue: a format, a keeper, a value of keep or a part of the answer is none.
        MissingLibrary: a table is to be exported and pyarrow is not installed.
    """
    exports = tuple(one_of(form, EXPORTS, "format to export") for form in export)
    for form in TABLES.keys() & set(exports):
        require_pyarrow(form)
    keeping = Keeping(one_of(keeper, KEEPERS, "rule to keep records by"), tuple(trust))
    keep = one_of(keep, KEEPS, "value of keep")
    parts = tuple(one_of(part, PARTS, "part of an answer") for part in write)
    return Wanted(exports=exports, keep=keep, keeping=keeping, write=parts)
