"""The page of verdicts is what the program decides with."""

from pathlib import Path

from detector.decision.verdict_page import page
from detector.decision.weights import Weights

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verdicts.md"


def test_the_page_of_verdicts_is_made_from_the_tables() -> None:
    """A page written by hand would say yesterday's weights."""
    assert PAGE.read_text("utf-8") == page(Weights.load()), (
        "run `python -m detector.decision.verdict_page > docs/verdicts.md`"
    )
