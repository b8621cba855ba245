"""
The results of docs/evaluation.md, made from the tables of its appendix.

    tables `sets` and `peers` of evaluation-appendix.md  ->  one row a set, the best in bold
    table `found`  ->  the sets never seen

Measures nothing: `python -m benchmarks.quality` writes the appendix, then this page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.quality import page
from benchmarks.quality.figures import table

RESULTS: Final = page.DOCS / "evaluation.md"
# Records of each set and what is special about it, in the order of the table.
SETS: Final[Mapping[str, tuple[int, str]]] = {
    "cases": (1_177, "preprints, theses and articles of eight live sources"),
    "cases, only `read`": (0, "the pairs of these that a person had to read"),
    "harvest": (2_827, "look-alikes of the same sources: equal titles, follow-ups, thin records"),
    "harvest, only `read`": (0, "the pairs of these that a person had to read"),
    "sr_stroke": (1_292, "a review's exports, no DOI"),
    "sr_cytology_screening": (1_856, "a review's exports, page numbers of two kinds"),
    "sr_diabetes": (1_845, "a review's exports, names run together, pages as dates"),
    "sr_neuroimaging": (3_438, "a review's exports, mojibake and markup"),
    "sr_srsr": (53_001, "a review's exports, at scale"),
    "glutton_refs": (17_015, "references with one surname each; 236 true pairs"),
    "dblp_acm": (4_910, "titles, names, years, venues of two catalogues"),
    "fuzzycat_verify": (421, "versions, supplements, data sheets"),
    "bibdedupe_cases": (50, "hard cases made by hand; 10 true pairs"),
    "cora": (1_295, "citation strings, up to 64 of one paper"),
}
PEERS: Final = ("bib-dedupe", "splink", "dedupe", "MinHash LSH")
HEAD: Final = ("set", "records", "what it is", "samework", "false merges", *PEERS)
UNSEEN_HEAD: Final = ("set", "records", "pairs, one work / two", "automatic P / R", "false",
                      "F1 best")  # fmt: skip
_F1: Final = re.compile(r"[01]\.\d{4}")


def page_text() -> str:
    """The page as it should be."""
    text = page.replaced(RESULTS.read_text("utf-8"), "results", rows())
    return page.replaced(text, "never seen", unseen_rows())


def rows() -> list[str]:
    """The lines of the table."""
    appendix = page.PAGE.read_text("utf-8")
    sets = dict(_table(page.section(appendix, "sets")))
    peers = dict(_table(page.section(appendix, "peers")))
    return table(HEAD, (_row(name, sets[name], peers[name]) for name in SETS))


def unseen_rows() -> list[str]:
    """The lines of the table of sets that had not been read when they were measured."""
    found = _table(page.section(page.PAGE.read_text("utf-8"), "found"))
    never = [(name, cells) for name, cells in found if cells["seen"].startswith("never")]
    return table(UNSEEN_HEAD, ([name, *(cells[head] for head in UNSEEN_HEAD[1:])]
                               for name, cells in never))  # fmt: skip


def _row(name: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    records, special = SETS[name]
    reached = [_f1(ours["F1 best, median"])]
    for peer in PEERS:
        reached.append(_f1(next(cell for head, cell in theirs.items() if head.startswith(peer))))
    best = max(reached)
    figures = [f"**{f1}**" if f1 == best else f1 for f1 in reached]
    false = ours["false (Wilson)"].partition(" (")[0]
    return [name, f"{records:,}" if records else "", special, figures[0], false, *figures[1:]]


def _f1(cell: str) -> str:
    """The F1 that a cell begins with, "" where the peer could not be measured."""
    match = _F1.match(cell)
    return match[0] if match else ""


def _table(lines: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a Markdown table by their first cell, each with its cells by column."""
    head, _, *body = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    )
    for cells in body:
        yield cells[0], dict(zip(head, cells, strict=True))


def write(path: Path = RESULTS) -> None:
    """Write the page anew."""
    path.write_text(page_text(), "utf-8")


if __name__ == "__main__":
    write()
