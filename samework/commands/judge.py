"""`samework judge`: what people say of pairs, obeyed at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detector.judgements.judged_lines import read_judgements
from detector.judgements.judgement_sheet import CHOICES, WORDS
from detector.judgements.taking_up import Said, TakenUp, Taking, take_up, take_up_pair
from detector.judgements.told_judgements import left_out_lines, told_lines
from indexer.ingesting.runs import person
from indexer.scheduling.times import span_of
from samework.commands.detectors import stored_detector
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    ByOption,
    DryRunOption,
    IndexOption,
    JsonOption,
    JudgePatienceOption,
    WeightsOption,
)
from samework.commands.terminal import Status, emit, emit_json, resume_by, say

COMMAND = "judge"
SAME = "same"


def judge(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="A B|FILE",
            help="Two records or works; or a sheet or JSON Lines of many, '-' reads stdin.",
        ),
    ],
    same: Annotated[
        bool, typer.Option("--same", help="One work; in versions where the program says so.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="One work, two versions.")] = False,
    duplicate: Annotated[
        bool, typer.Option("--duplicate", help="One work and version, described twice.")
    ] = False,
    related: Annotated[bool, typer.Option("--related", help="Two works that are tied.")] = False,
    different: Annotated[bool, typer.Option("--different", help="Two works.")] = False,
    unsure: Annotated[bool, typer.Option("--unsure", help="Not to be told.")] = False,
    why: Annotated[str, typer.Option(help="Why, for those who read it later.")] = "",
    by: ByOption = "",
    index: IndexOption = DEFAULT_INDEX,
    dry_run: DryRunOption = False,
    patience: JudgePatienceOption = DEFAULT_PATIENCE,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Say that two records or works are one, or not; obeyed at once, and in every later run.

    A judgement keeps who, when, why and what the program had said. It outlives updates,
    deletion and return of its records, a re-index and other weights. What is judged not
    the same no third record joins: that becomes a conflict. Of two works the pair is judged
    that ties them most. A file has columns (or keys) left, right, judgement, and perhaps
    by, at, why. Exit status: 0 done, 1 error, 3 when judgements of a file were left out.

    Example: samework judge arxiv:2112.12650 made.bib:avram2022 --same --why "same DOI" --by ada
    """
    asked = (same, version, duplicate, related, different, unsure)
    said = [word for word, wanted in zip(CHOICES, asked, strict=True) if wanted]
    _check(names, said, why)
    resume_by("what was judged stays; the same command goes on, and judges nothing twice")
    sheet = read_judgements(Path(names[0])) if len(names) == 1 else None
    taking = Taking(
        COMMAND, by or person(), dry_run, span_of(patience, "--patience").total_seconds(), say
    )
    with stored_detector(index, weights) as detector:
        if sheet is not None:
            told = take_up(detector, sheet, taking)
        else:
            row = Said(WORDS[said[0]], why, one_work=said[0] == SAME)
            told = take_up_pair(detector, names[0], names[1], row, taking)
    tell(told, dry_run=dry_run, as_json=json)


def tell(told: TakenUp, *, dry_run: bool, as_json: bool) -> None:
    """Print what became of judgements; leaves with status 3 where some were left out."""
    if as_json:
        emit_json(told.to_dict())
    else:
        for line in told_lines(told, dry_run=dry_run):
            emit(line)
    for line in left_out_lines(told):
        say(line)
    if not told.complete:
        raise typer.Exit(Status.INCOMPLETE)


def _check(names: list[str], said: list[str], why: str) -> None:
    """Two names with what is said of them, or one file that says it itself."""
    words = " ".join(f"--{word}" for word in CHOICES)
    if len(names) > 2:
        raise typer.BadParameter(
            f"{len(names)} names; expected two, or one file (many pairs: a file, or - for stdin)"
        )
    if len(names) == 2 and len(said) != 1:
        given = (
            f"it has {' '.join(f'--{word}' for word in said)}"
            if said
            else "it has none (of several files name one)"
        )
        raise typer.BadParameter(f"two names need one of {words}; {given}")
    if len(names) == 1 and (said or why):
        raise typer.BadParameter(
            f"{names[0]!r} alone is a file of judgements, which says itself what is judged and "
            "why; name two records or works, or leave these options out"
        )
