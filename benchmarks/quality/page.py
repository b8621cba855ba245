"""
The generated parts of docs/evaluation.md, each between two markers.

    section name, lines  ->  the page with that section written anew

What stands outside markers is written by hand and left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGE: Final = DOCS / "evaluation.md"


def write(section: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """
    Put these lines between the section's markers.

    Raises:
        ValueError: the page has no such section.
    """
    text = page.read_text("utf-8")
    begin, end = f"<!-- begin {section} -->\n", f"<!-- end {section} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page} has no {begin.strip()} and {end} for what was measured")
    page.write_text(f"{before}{begin}{chr(10).join(lines)}\n{end}{after}", "utf-8")
