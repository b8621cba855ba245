"""`samework review`: the pairs that the program leaves to people, in the order that pays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.review.cards import Card, cards_of
from detector.review.counts import review_counts
from detector.review.queue import ReviewQueue
from indexer.index.opening import open_engine
from samework.commands.options import (
    DEFAULT_INDEX,
    BlindOption,
    IndexOption,
    JsonOption,
    WeightsOption,
)
from samework.commands.review_card import console, draw
from samework.commands.review_sheets import agreement_lines, export
from samework.commands.terminal import emit, emit_json

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Decide the pairs that the program leaves to people: one by one, or many alike at once.",
)


app.command("export")(export)


@contextmanager
def detector_of(index: str, weights: str) -> Iterator[Detector]:
    """A detector over an index that is there."""
    table = Weights.load(weights)
    engine = open_engine(index, create=False)
    try:
        yield Detector(engine, table)
    finally:
        engine.close()


@app.command("next")
def next_(
    index: IndexOption = DEFAULT_INDEX,
    weights: WeightsOption = "",
    blind: BlindOption = False,
) -> None:
    """
    Show the pair that comes next: both records, why it is asked, what an answer changes.

    Example: samework review next --index catalogue
    """
    with detector_of(index, weights) as detector:
        doubts = ReviewQueue(detector.holdings).best(1)
        cards = list(cards_of(detector, doubts))
        for card in cards:
            draw(card, console(), blind=blind)
        if not cards:
            emit(NOTHING_WAITS)


NOTHING_WAITS = "no pair waits for a person"


@app.command("list")
def list_(
    index: IndexOption = DEFAULT_INDEX,
    limit: Annotated[int, typer.Option(min=1, help="How many, from the first.")] = 20,
    weights: WeightsOption = "",
    blind: BlindOption = False,
    json: JsonOption = False,
) -> None:
    """
    List the pairs that wait for a person, first those whose answer changes most.

    Example: samework review list --index catalogue --limit 5
    """
    with detector_of(index, weights) as detector:
        doubts = ReviewQueue(detector.holdings).best(limit)
        for card in cards_of(detector, doubts):
            if json:
                emit_json(card.to_dict(blind=blind))
            else:
                emit(_line(card, blind))
        if not doubts and not json:
            emit(NOTHING_WAITS)


def _line(card: Card, blind: bool) -> str:
    left, right = card.doubt.pair
    line = f"{card.number:4}  {left}  {right}  moves {card.doubt.moved}"
    if blind:
        return line
    why = card.grounds.held_back or card.grounds.against
    said = f"  {card.doubt.decision.saying} {card.doubt.decision.probability:.2f}"
    return f"{line}{said}: {'; '.join(why)}" if why else f"{line}{said}"


@app.command()
def stats(
    index: IndexOption = DEFAULT_INDEX, weights: WeightsOption = "", json: JsonOption = False
) -> None:
    """
    Count what waits for a person, and what people judged so far.

    Example: samework review stats --index catalogue
    """
    with detector_of(index, weights) as detector:
        counts = review_counts(detector)
    if json:
        emit_json(counts)
        return
    for line in counted_lines(counts):
        emit(line)


def counted_lines(counts: dict[str, Any]) -> Iterator[str]:
    """The counts as lines for a person."""
    waiting, judged = counts["waiting"], counts["judged"]
    yield f"{waiting['pairs']:6} pairs wait, in {waiting['groups']} groups of alike ones"
    yield f"{waiting['questions']:6} answers settle them all"
    yield f"{waiting['records']:6} records are in them"
    yield f"{judged['pairs']:6} pairs are judged"
    for name, count in judged["by"].items():
        yield f"{count:6} judgements by {name}"
    for verdict, count in judged["verdicts"].items():
        yield f"{count:6} stand as {verdict}"
    if judged["share_same"] is not None:
        yield f"{judged['share_same']:6.0%} of those decided are one work"
    for agreement in judged["agreement"]:
        yield from agreement_lines(agreement)
