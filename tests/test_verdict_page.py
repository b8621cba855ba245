"""The page of verdicts is what the program decides with."""

from pathlib import Path

from detector.comparisons import NAMES
from detector.decision.guards import GUARDS
from detector.decision.model import WIDTH, model
from detector.decision.verdict_page import page
from detector.decision.weights import Weights

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verdicts.md"


def test_the_page_of_verdicts_is_made_from_the_tables() -> None:
    """A page written by hand would say yesterday's weights."""
    assert PAGE.read_text("utf-8") == page(Weights.load()), (
        "run `python -m detector.decision.verdict_page > docs/verdicts.md`"
    )


def test_the_model_stands_on_one_screen_with_every_comparison_and_guard() -> None:
    """What a successor reads first: nothing that moves a verdict is missing from it."""
    lines = list(model(Weights.load()))
    rows = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]

    assert rows == [*NAMES, *(guard.name for guard in GUARDS)]
    assert len(lines) <= 72
    assert max(map(len, lines)) <= WIDTH
    assert "differ -3.30" in next(line for line in lines if line.split()[0] == "arxiv")
