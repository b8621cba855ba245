"""The seed case: one paper, harvested twice, however its text was damaged on the way."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from detector.decision.decision import explain_pair
from detector.decision.verdicts import SAME_WORK, Verdict
from detector.decision.weights import Weights
from indexer.feeds.formats import read_files
from indexer.fields import fields_of
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.keys.join import cross_join
from indexer.records import Author, Occurrence, Record

SEED = Path(__file__).parent.parent / "examples" / "seed.jsonl"
README = SEED.parent.parent / "README.md"
Mutation = Callable[[Record], Record]


def seed_records() -> tuple[Record, Record]:
    rows = [row for row in read_files([SEED]) if isinstance(row, Occurrence)]
    left, right = (row.record for row in rows)
    return left, right


def _title(change: Callable[[str], str]) -> Mutation:
    return lambda record: dataclasses.replace(record, title=change(record.title))


def _authors(change: Callable[[str], str]) -> Mutation:
    def mutate(record: Record) -> Record:
        changed = tuple(Author(name=change(author.display)) for author in record.authors)
        return dataclasses.replace(record, authors=changed)

    return mutate


def _mojibake(text: str) -> str:
    """Text as it looks when its UTF-8 is read as Windows-1252, where that can be."""
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text


def _spaced(text: str) -> str:
    return "  " + text.replace(" ", " \u00a0\n ") + "\t"


def _inverted(name: str) -> str:
    if "," in name:
        return name
    *given, family = name.split()
    return f"{family}, {' '.join(given)}"


def _initials(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(f"{part[0]}." for part in given), family])


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _year_only(record: Record) -> Record:
    return dataclasses.replace(record, date=record.date[:4])


def _without(field: str) -> Mutation:
    empty: object = () if field in ("authors", "alternate_titles") else ""
    return lambda record: dataclasses.replace(record, **{field: empty})  # type: ignore[arg-type]


HARMLESS: dict[str, Mutation] = {
    "title upper case": _title(str.upper),
    "title lower case": _title(str.lower),
    "title spacing": _title(_spaced),
    "title NFD": _title(_nfd),
    "title markup": _title(lambda text: f"<jats:title>{text}</jats:title>"),
    "title italics": _title(lambda text: text.replace("Romanian", "<i>Romanian</i>")),
    "title entities": _title(lambda text: text.replace(" Using", "&nbsp;Using")),
    "title full stop": _title(lambda text: f"{text}."),
    "author mojibake": _authors(_mojibake),
    "author NFD": _authors(_nfd),
    "author upper case": _authors(str.upper),
    "author order of name": _authors(_inverted),
    "author initials": _authors(_initials),
    "author spacing": _authors(_spaced),
    "year only": _year_only,
}
LOSSES: dict[str, Mutation] = {
    f"without {name}": _without(name)
    for name in ("title", "authors", "date", "container", "abstract", "type", "language")
}


def test_command_says_duplicate_and_why() -> None:
    """The README's first example, as a stranger runs it."""
    left, right = seed_records()
    command = [sys.executable, "-m", "samework.cli", "explain", left.record_id, right.record_id]

    answer = subprocess.run(
        [*command, "--records", str(SEED)], capture_output=True, text=True, check=True, timeout=120
    ).stdout

    shown = README.read_text("utf-8").split("$ samework explain", 1)[1].split("The arXiv id", 1)[0]
    for line in filter(None, map(str.strip, shown.splitlines()[1:])):
        assert line in answer  # the README shows what the command prints
    assert answer.startswith("duplicate")
    assert "2112.12650" in answer
    assert "7 of 7 authors" in answer
    assert "title" in answer.lower()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(HARMLESS)), max_size=4, unique=True),
    st.lists(st.sampled_from(sorted(HARMLESS)), max_size=4, unique=True),
    st.sampled_from(["", *sorted(LOSSES)]),
    st.booleans(),
)
def test_seed_stays_one_work_under_any_mutation(
    left_faults: list[str], right_faults: list[str], loss: str, lost_on_left: bool
) -> None:
    """Case, spacing, mojibake, NFD, markup, name order, initials, precision, one field lost."""
    left, right = seed_records()
    for name in left_faults:
        left = HARMLESS[name](left)
    for name in right_faults:
        right = HARMLESS[name](right)
    if loss and lost_on_left:
        left = LOSSES[loss](left)
    elif loss:
        right = LOSSES[loss](right)

    fields = fields_of(left), fields_of(right)
    decision = explain_pair(*fields, Epoch.empty(), Weights.load())

    assert decision.verdict in SAME_WORK, (decision.guards, decision.reasons)
    assert len(cross_join(keys_of(fields[:1]), keys_of(fields[1:]), Epoch.empty())[0]) == 1


def test_weights_of_the_seed_add_up_to_its_probability() -> None:
    """What `explain` prints is the whole of the arithmetic."""
    left, right = (fields_of(one) for one in seed_records())
    decision = explain_pair(left, right, Epoch.empty(), Weights.load())

    odds = 2 ** sum(decision.weights.values())

    assert decision.verdict is Verdict.DUPLICATE
    assert abs(odds / (1 + odds) - decision.probability) < 1e-12
