"""
Labels: what people decided and noted about a record while screening.

    Record  ->  ScreeningLabel(name, value), ...
    labels of the rows of one work  ->  what they say together, and where they disagree

Found by the names of columns (`included`, `label_included`, `Exclusion reason`), and in
the notes of Rayyan and ASReview. A new name is a word of DECISIONS or REMARKS, or an
option of the command. Does not: believe one label more than another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from detector.works.merging.united import same
from indexer.feeds.reading.rows import MISSING
from indexer.records import Record

# Words of a column that holds a decision of its record, and of one that holds remarks on it.
DECISIONS: Final = frozenset(
    {
        *("included", "include", "inclusion", "excluded", "exclude", "exclusion", "screened"),
        *("screening", "eligible", "eligibility", "relevant", "relevance", "decision", "label"),
        *("labels", "vote", "votes", "consensus", "asreview", "rayyan"),
    }
)
STATUSES: Final = frozenset({"status", "covidence status", "study status", "review status"})
REMARKS: Final = frozenset(
    {
        *("note", "notes", "comment", "comments", "remark", "remarks", "reason", "reasons"),
        *("tag", "tags"),
    }
)
NO_LABELS: Final = frozenset({"keywords", "author keywords", "index keywords"})
_NO_WORD: Final = re.compile(r"[^0-9a-z]+")
_COLUMNS: Final = frozenset(
    {"csv", "xlsx", "json", "parquet", "bibtex", "csl"}
)  # formats of free names
_RAYYAN: Final = re.compile(r"(RAYYAN-(?:INCLUSION|LABELS|EXCLUSION-REASONS)):\s*([^|]*)")
_RAYYAN_SAID: Final = re.compile(r'"([^"]*)"\s*=>\s*"([^"]*)"')
_ASREVIEW: Final = re.compile(r"ASReview_(relevant|irrelevant)\b")
_UNSEEN: Final = "-1"  # how ASReview writes that nobody decided
_YES: Final = frozenset({"1", "1.0", "y", "yes", "true", "included", "include", "relevant"})
_NO: Final = frozenset({"0", "0.0", "n", "no", "false", "excluded", "exclude", "irrelevant"})


class ScreeningLabel(NamedTuple):
    """One column of one row."""

    name: str  # as the row's file spells it
    value: str
    decides: bool = True  # else a remark


def plain(name: str) -> str:
    """The name in lower case, anything but letters and digits a blank."""
    return _NO_WORD.sub(" ", name.casefold()).strip()


def labels_of(record: Record, named: Collection[str] = ()) -> Iterator[ScreeningLabel]:
    """
    The labels of a record.

    Args:
        record: with the columns of its row in `extra`.
        named: further columns that hold decisions.
    """
    decisions = {plain(name) for name in named}
    for name, value in record.extra:
        form, _, column = name.partition(":")
        if form not in _COLUMNS or value.strip() in (*MISSING, _UNSEEN):
            continue
        words = plain(column)
        remarks = not REMARKS.isdisjoint(words.split())
        if words in decisions or (not remarks and _decides(words)):
            yield ScreeningLabel(column, value.strip())
        elif remarks and form != "bibtex":
            yield ScreeningLabel(column, value.strip(), decides=False)
    for note in record.notes:
        yield from _of_note(note)


def _decides(words: str) -> bool:
    if words in NO_LABELS:
        return False
    return words in STATUSES or not DECISIONS.isdisjoint(words.split())


def _of_note(note: str) -> Iterator[ScreeningLabel]:
    for name, said in _RAYYAN.findall(note):
        people = _RAYYAN_SAID.findall(said)
        if people:
            yield from (ScreeningLabel(f"{name} {person}", value) for person, value in people)
        elif said.strip():
            yield ScreeningLabel(name, said.strip(), decides=False)
    if asreview := _ASREVIEW.search(note):
        yield ScreeningLabel("ASReview", asreview[1])


def meaning(value: str) -> str:
    """The value in a form in which equal meanings are equal: "yes" for "1" and "Included"."""
    text = same(value)
    return "yes" if text in _YES else "no" if text in _NO else text


class Settled(NamedTuple):
    """What the rows of a work say under one label."""

    name: str
    values: tuple[str, ...]  # each once, the kept row's first
    decides: bool

    @property
    def conflict(self) -> bool:
        """Its rows decided differently."""
        return self.decides and len(self.values) > 1

    @property
    def text(self) -> str:
        """All values in one cell."""
        return " | ".join(self.values)


def settled(rows: Iterable[Sequence[ScreeningLabel]]) -> dict[str, Settled]:
    """What the rows of one work say, by the plain name of each label; give the kept row first."""
    by_name: dict[str, Settled] = {}
    for row in rows:
        for label in row:
            before = by_name.get(plain(label.name), Settled(label.name, (), label.decides))
            if meaning(label.value) not in map(meaning, before.values):
                values = (*before.values, label.value)
                by_name[plain(label.name)] = Settled(before.name, values, before.decides)
    return by_name


def carried(row: Sequence[ScreeningLabel], work: Mapping[str, Settled]) -> dict[str, str]:
    """
    The labels to add to the kept row: those of its work that it lacks and that do not conflict.

    Remarks are united with its own.
    """
    own = settled([row])
    return {
        label.name: label.text
        for name, label in work.items()
        if not label.conflict and label != own.get(name)
    }
