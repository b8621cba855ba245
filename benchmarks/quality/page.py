"""
The generated parts of docs/evaluation-appendix.md, each between two markers.

    section name, lines  ->  the page with that section written anew

What stands outside markers is written by hand and left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGE: Final = DOCS / "evaluation-appendix.md"


def write(name: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """
    Put these lines between the section's markers.

    Raises:
        ValueError: the page has no such section.
    """
    page.write_text(replaced(page.read_text("utf-8"), name, lines), "utf-8")


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """
    Return a page's text with these lines between the section's markers.

    Raises:
        ValueError: the text has no such section.
    """
    before, _, after = _parted(text, name)
    return f"{before}{chr(10).join(lines)}\n{after}"


def section(text: str, name: str) -> list[str]:
    """
    Return the lines between the section's markers.

    Raises:
        ValueError: the text has no such section.
    """
    return _parted(text, name)[1].splitlines()


def _parted(text: str, name: str) -> tuple[str, str, str]:
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, begun, rest = text.partition(begin)
    lines, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"the page has no {begin.strip()} and {end} for what was measured")
    return before + begin, lines, end + after
