"""
Review cards, drawn: two records side by side, what differs marked, and why they are asked.

    Card  ->  lines of the terminal

In a narrow window one record stands above the other. Where nothing can be shown in another
style, what differs stands in [brackets]. Does not: read keys or choose cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from detector.review.cards import Card, CardRow
from detector.review.marks import Spans, pieces
from samework.commands.terminal import inert

MARK: Final = "bold reverse"
WIDE: Final = 100  # columns, from which two records stand beside each other
NAMES: Final = 12


def console() -> Console:
    """Where cards are drawn: the terminal, or whatever stdout is."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def draw(card: Card, on: Console, *, blind: bool = False) -> None:
    """Draw a card; a blind one has the two records and their works alone."""
    on.print(Text(_heading(card, blind), style="bold"))
    on.print(_grid(card, on))
    if not blind:
        for line in (*card.dispute, *_why(card)):
            on.print(Text(inert(line)))
    on.print(Text(inert(card.effect())))


def _heading(card: Card, blind: bool) -> str:
    if blind:
        return f"-- {card.number}"
    decision = card.doubt.decision
    what = "conflict; " if card.doubt.conflict else ""
    return f"-- {card.number}: {what}{decision.saying}, probability {decision.probability:.2f}"


def _grid(card: Card, on: Console) -> Grid:
    wide = on.width >= WIDE
    grid = Grid.grid(padding=(0, 1), expand=wide)
    grid.add_column(width=NAMES, no_wrap=True)
    for _ in range(2 if wide else 1):
        grid.add_column(ratio=1, overflow="fold")
    for row in card.rows:
        sides = tuple(_sides(row, styled=on.is_terminal))
        if wide:
            grid.add_row(row.name, *sides)
            continue
        grid.add_row(row.name, sides[0])
        if not row.same:
            grid.add_row("", sides[1])
    return grid


def _sides(row: CardRow, *, styled: bool) -> Iterator[Text]:
    for text, spans in zip((row.left, row.right), row.marks, strict=True):
        yield _marked(text, spans, styled) if text else Text("-")


def _marked(text: str, spans: Spans, styled: bool) -> Text:
    shown = Text()
    for piece, differs in pieces(text, spans):
        if not differs:
            shown.append(inert(piece))
        elif styled:
            shown.append(inert(piece), style=MARK)
        else:
            shown.append(f"[{inert(piece)}]")
    return shown


def _why(card: Card) -> Iterator[str]:
    """Why a person is asked: what holds the program back, what conflicts, what is missing."""
    grounds = card.grounds
    if card.doubt.conflict is None:
        held_back = grounds.held_back or ("the evidence does not suffice",)
        yield from _told("asked because", held_back)
    else:
        yield from _told("the program", grounds.held_back)
    yield from _told("against it", grounds.against)
    yield from _told("for it", grounds.supports)
    if grounds.missing:
        yield f"cannot be compared: {', '.join(grounds.missing)}"


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 pair", "2 pairs"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def like_lines(card: Card) -> Iterator[str]:
    """A pair of a group in few words: both titles with their years, once where they are equal."""
    rows = {row.name: row for row in card.rows}
    sides = []
    for side in ("left", "right"):
        parts = (getattr(rows[name], side) for name in ("title", "date") if name in rows)
        sides.append(", ".join(part for part in parts if part) or "-")
    yield f"{card.doubt.pair[0]}  {sides[0]}"
    yield f"{card.doubt.pair[1]}  {sides[1]}"


def _told(what: str, sentences: Iterable[str]) -> Iterator[str]:
    if said := "; ".join(sentences):
        yield f"{what}: {said}"
