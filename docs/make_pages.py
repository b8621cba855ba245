"""
The pages of docs/ that are made from the program's own tables, written where they differ.

    comparisons, guards, weights  ->  verdicts.md      feeds, formats  ->  feeds.md
    the tables of evaluation-appendix.md  ->  the results of evaluation.md
    benchmarks/scale/results.json  ->  performance.md and its pictures
    benchmarks/growth/results.json  ->  a section of evaluation-appendix.md and its curve

`make docs` runs it; a test compares each page with what it should be. The pictures
candidates.svg and reliability.svg and the tables of the appendix are measured on
labelled data that is no part of the project: `python -m benchmarks.quality` draws them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.growth import page as growth
from benchmarks.quality import results
from benchmarks.scale import page as performance
from benchmarks.scale.results import stored
from detector.decision import verdict_page
from detector.decision.weights import Weights
from indexer.feeds import page as feeds_page

DOCS: Final = Path(__file__).resolve().parent


def pictures() -> Mapping[str, str]:
    """The pictures that are made of kept results."""
    curve = {growth.PICTURE.name: growth.curve(growth.stored())}
    return {**performance.pictures(stored()), **curve}


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "verdicts.md": lambda: verdict_page.page(Weights.load()),
    "feeds.md": feeds_page.page,
    "evaluation.md": results.page_text,
    "evaluation-appendix.md": growth.page_text,
    "performance.md": performance.page_text,
}


def main() -> None:
    """Write each page that is not as it should be, and say so."""
    texts = {**{name: made() for name, made in PAGES.items()}, **pictures()}
    for name, text in texts.items():
        path = DOCS / name
        changed = not path.exists() or path.read_text("utf-8") != text
        if changed:
            path.write_text(text, "utf-8")
        print(f"docs/{name} {'written' if changed else 'is as it should be'}")


if __name__ == "__main__":
    main()
