"""`samework review`: the pairs that the program leaves to people, in the order that pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from detector.detecting.pipeline import Detector
from detector.review.alike import alike
from detector.review.answering import Answering
from detector.review.cards import Card, cards_of
from detector.review.counts import review_counts
from detector.review.queue import Doubt, ReviewQueue
from indexer.ingesting.runs import person
from samework.commands.detectors import stored_detector
from samework.commands.keyboard import Keyboard, at_terminal
from samework.commands.options import (
    DEFAULT_INDEX,
    BlindOption,
    ByOption,
    IndexOption,
    JsonOption,
    WeightsOption,
)
from samework.commands.review_card import console, like_lines
from samework.commands.review_session import Session
from samework.commands.review_sheets import agreement_lines, export, import_
from samework.commands.terminal import Status, emit, emit_json, resume_by, say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Decide the pairs that the program leaves to people: one by one, or many alike at once.",
)

NO_TERMINAL: Final = (
    "review next takes its answers from a terminal, which this is not; "
    "`samework review export pairs.csv` writes the pairs as a sheet"
)
NOTHING_WAITS: Final = "no pair waits for a person"


@app.command("next")
def next_(
    index: IndexOption = DEFAULT_INDEX,
    weights: WeightsOption = "",
    blind: BlindOption = False,
    by: ByOption = "",
) -> None:
    """
    Show the pairs that wait one by one, and take an answer by one key; each acts at once.

    Example: samework review next --index catalogue
    """
    if not at_terminal():
        say(NO_TERMINAL)
        raise typer.Exit(Status.USAGE)
    resume_by("what was answered is stored; the same command goes on")
    with stored_detector(index, weights) as detector, Keyboard() as keys:
        Session(Answering(detector, by or person()), keys, console(), blind).run()


@app.command("list")
def list_(
    index: IndexOption = DEFAULT_INDEX,
    limit: Annotated[int, typer.Option(min=1, help="How many, from the first.")] = 20,
    weights: WeightsOption = "",
    number: Annotated[
        int,
        typer.Option("--alike", min=0, metavar="N", help="Only those alike to number N, it first."),
    ] = 0,
    blind: BlindOption = False,
    json: JsonOption = False,
) -> None:
    """
    List the pairs that wait for a person, first those whose answer changes most.

    Example: samework review list --index catalogue --limit 5
    """
    with stored_detector(index, weights) as detector:
        doubts = ReviewQueue(detector.holdings).best(max(limit, number))
        if number:
            doubts = _alike(detector, doubts, number, blind or json)
        for card in cards_of(detector, doubts[:limit]):
            if json:
                emit_json(card.to_dict(blind=blind))
            else:
                emit(_line(card, blind))
                for line in like_lines(card):
                    emit(f"      {line}")
        if not doubts and not json:
            emit(NOTHING_WAITS)


def _alike(detector: Detector, doubts: list[Doubt], number: int, silent: bool) -> list[Doubt]:
    """The pairs like the one of a number, and in words what they have in common."""
    if number > len(doubts):
        raise typer.BadParameter(
            f"{number} pairs do not wait, only {len(doubts)}; `samework review list` numbers them",
            param_hint="--alike",
        )
    group = alike(detector, doubts[number - 1])
    if group is None:
        return []
    if not silent:
        say(f"{group.pairs} pairs alike: {group.likeness}")
    return list(group.doubts)


def _line(card: Card, blind: bool) -> str:
    left, right = card.doubt.pair
    line = f"{card.number:4}  {left}  {right}  moves {card.doubt.moved}"
    if blind:
        return line
    why = card.grounds.held_back or card.grounds.against
    if card.doubt.conflict is not None:
        return f"{line}  conflict: {card.doubt.conflict.reason}"
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
    with stored_detector(index, weights) as detector:
        counts = review_counts(detector)
    if json:
        emit_json(counts)
        return
    for line in counted_lines(counts):
        emit(line)


def counted_lines(counts: dict[str, Any]) -> Iterator[str]:
    """The counts as lines for a person."""
    waiting, judged = counts["waiting"], counts["judged"]
    yield f"{waiting['conflicts']:6} conflicts: records judged not the same, and tied all the same"
    yield f"{waiting['pairs']:6} pairs to decide, alike in {waiting['groups']} ways"
    yield f"{waiting['questions']:6} answers would settle them, of {waiting['records']} records"
    yield f"{judged['pairs']:6} pairs judged"
    for name, count in judged["by"].items():
        yield f"{count:6} by {name}"
    for verdict, count in judged["verdicts"].items():
        yield f"{count:6} stand as {verdict}"
    if judged["share_same"] is not None:
        yield f"{judged['share_same']:6.0%} of those that could be told are one work"
    for agreement in judged["agreement"]:
        yield from agreement_lines(agreement)


app.command("export")(export)
app.command("import")(import_)
