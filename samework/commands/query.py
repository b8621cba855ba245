"""`samework query`: an ad-hoc look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import samework as sw
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, WeightsOption
from samework.commands.terminal import emit, emit_json, resume_by, say

if TYPE_CHECKING:
    from detector.questions.query import Explained, QueryAnswer

_MOST_AUTHORS = 4
_MOST_RECORDS = 6


def query(
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]…", help="A title, a citation, an identifier, a URL."),
    ] = None,
    title: Annotated[str, typer.Option(help="Words of the title.")] = "",
    author: Annotated[list[str] | None, typer.Option(help="An author; may be repeated.")] = None,
    year: Annotated[str, typer.Option(help="Year of publication.")] = "",
    doi: Annotated[str, typer.Option(help="A DOI.")] = "",
    id_: Annotated[
        str, typer.Option("--id", help="Any identifier: arXiv:2112.12650, PMID 123, a record's id.")
    ] = "",
    url: Annotated[str, typer.Option(help="An address of the work.")] = "",
    index: IndexOption = DEFAULT_INDEX,
    limit: Annotated[int, typer.Option(min=1, help="How many works to show.")] = 5,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the question was read, and its keys.")
    ] = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Look a work up: by title, author, identifier, URL, or a citation as it stands in a list.

    Reads the index and stores nothing. Prints the likeliest works with why; a work marked
    "yes" is the one asked for, "maybe" may be it, "like" shares its words.
    Exit status: 0 whatever is found.

    Example: samework query "Avram et al. 2022, Distilling the knowledge of Romanian BERTs"
    """
    resume_by("nothing was stored; ask again")
    if not any((text, title, author, year, doi, id_, url)):
        raise typer.BadParameter("nothing to look up; give TEXT, --title, --author, --doi, --id")
    with sw.open(index, weights=weights) as catalogue:
        known = {"title": title, "year": year, "doi": doi, "id": id_, "url": url}
        found = catalogue.query(" ".join(text or ()), author=author or (), limit=limit, **known)
    for answer in found.answers:
        if json:
            emit_json(answer.to_dict())
        else:
            _print(answer, explain)
    if explain:
        _print_keys(found.asked)
    if not found.answers:
        say("nothing in the index is like it; --explain shows what was looked for")


def _print(answer: QueryAnswer, explain: bool) -> None:
    best, decision = answer.best, answer.decision
    emit(f"{answer.says:5}  {best.title.text or '(no title)'}")
    names = [name.text for name in best.authors.names]
    byline = "; ".join(names[:_MOST_AUTHORS]) + ("; …" if len(names) > _MOST_AUTHORS else "")
    facts = [byline, str(best.date or ""), best.container.text]
    emit(f"       {', '.join(fact for fact in facts if fact)}")
    records = ", ".join(answer.records[:_MOST_RECORDS])
    more = len(answer.records) - _MOST_RECORDS
    work = answer.work_id or "in no work yet"
    emit(f"       {work}: {records}{f', {more} more' if more > 0 else ''}")
    emit(f"       p={decision.probability:.3f}  found by {', '.join(decision.found_by)}")
    for reason in decision.reasons if explain else decision.reasons[:3]:
        emit(f"       - {reason}")
    emit("")


def _print_keys(told: Explained) -> None:
    asked = told.asked
    say("read as")
    authors = "; ".join(name.text for name in asked.authors.names)
    read = {
        "title": asked.title.text,
        "authors": authors + (" et al." if asked.authors.truncated else ""),
        "year": ", ".join(map(str, asked.years)),
        "identifiers": ", ".join(map(str, asked.identifiers)),
    }
    for name, value in read.items():
        if value:
            say(f"  {name:12} {value}")
    say("looked up by")
    for source, spellings in told.keys.items():
        say(f"  {source:12} {'; '.join(spellings)}")
    for word, idf in told.words.items():
        say(f"  word         {word} ({idf:.0f} bits)")
