"""
Are records found whose title says nothing? Half the records of labelled sets, damaged.

    python -m benchmarks.quality.titleless [SET …] [--write]   # a row a kind of damage

Each kind of damage takes the title away in its own way and leaves the other fields as the
feed has them. Of the true pairs of which one record is damaged, those count that a cataloguer
could still find: they share an identifier, have an abstract each, or agree in three of first
author, year, volume, first page and container. Negatives are all other records of the set:
pairs proposed a record say what the keys cost. Nothing is compared or decided here.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.evaluation.truth import Pair, pair_of, read_truth
from indexer.feeds.formats import read_files
from indexer.fields import Fields
from indexer.fields.fields import fields_of_batch
from indexer.keys import keys_of
from indexer.keys.gathered import GatheredKeys
from indexer.keys.keys import SCHEME_NOT_A_KEY
from indexer.keys.learning import learn
from indexer.keys.self_join import self_join
from indexer.records import Author, Occurrence, Record

Damage = Callable[[Record, random.Random], Record]
NAMES: Final = ("sr_stroke", "sr_cytology_screening", "sr_diabetes", "harvest", "cases")
SEED: Final = 15
AGREEING: Final = 3  # of first author, year, volume, first page and container
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_OTHER_LETTERS: Final = str.maketrans(_LETTERS, "obgtiklpaqrsmneywzfducvxjh")
_OTHER_SCRIPT: Final = str.maketrans(
    {letter: chr(0x430 + at) for at, letter in enumerate(_LETTERS)}
)


def main() -> None:
    """Measure every kind of damage on every set and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=NAMES)
    parser.add_argument("--write", action="store_true", help="write the table into the appendix")
    chosen = parser.parse_args()
    head, rows = ["half of the titles …"], [[name] for name in DAMAGES]
    for dataset in (dataset for dataset in SETS if dataset.name in chosen.sets):
        head.append(f"{dataset.name}: found of findable; pairs a record")
        for row, damage in zip(rows, DAMAGES.values(), strict=True):
            found, findable, proposed = measured(dataset, damage)
            row.append(f"{found / max(findable, 1):.4f} of {findable:,}; {proposed:.2f}")
    print("\n".join(table(head, rows)))
    if chosen.write:
        page.write("titleless", table(head, rows))


def measured(dataset: DevelopmentSet, damage: Damage) -> tuple[int, int, float]:
    """True pairs found, those that could be, and pairs proposed a record."""
    records, damaged = damaged_records(dataset.records, damage)
    by_id = {fields.record_id: fields for fields in fields_of_batch(records)}
    proposed, lead = proposed_among(list(by_id.values()))
    findable = [
        (left, right)
        for left, right in read_truth(dataset.truth).same_pairs()
        if (left in damaged) != (right in damaged)
        and left in by_id
        and right in by_id
        and can_be_found(by_id[left], by_id[right])
    ]
    leads = [pair_of(lead[left], lead[right]) for left, right in findable]
    found = sum(pair in proposed or pair[0] == pair[1] for pair in leads)
    return found, len(findable), len(proposed) / len(by_id)


def damaged_records(path: str, damage: Damage) -> tuple[list[Record], set[str]]:
    """The records of a file, half of the titles damaged, and the ids of those."""
    draw, records, damaged = random.Random(SEED), [], set[str]()
    for row in read_files([path]):
        if not isinstance(row, Occurrence):
            continue
        record = replace(row.record, record_id=row.given_id)  # as the labels name it
        if draw.random() < 0.5 and record.title:
            record = damage(record, draw)
            damaged.add(record.record_id)
        records.append(record)
    return records, damaged


def proposed_among(records: Sequence[Fields]) -> tuple[set[Pair], dict[str, str]]:
    """All candidates of a collection of these records, and for each record whose twin it is."""
    keys = keys_of(records)
    gathered = GatheredKeys.of(lambda: iter([keys]))
    batches = self_join(gathered, learn(gathered, 1))
    leads: dict[int, str] = {}
    for twin, record_id in sorted(zip(keys.twins.tolist(), keys.ids, strict=True)):
        leads.setdefault(twin, record_id)
    lead = {one: leads[twin] for one, twin in zip(keys.ids, keys.twins.tolist(), strict=True)}
    return {pair_of(left, right) for batch in batches for left, right, _ in batch}, lead


def can_be_found(left: Fields, right: Fields) -> bool:
    """Whether the other fields say enough that a cataloguer would lay the two side by side."""
    ours, theirs = (
        {one for one in fields.identifiers if one.scheme not in SCHEME_NOT_A_KEY}
        for fields in (left, right)
    )
    if ours & theirs or (left.abstract and right.abstract):
        return True
    agreeing = sum(bool(a & b) for a, b in zip(_said(left), _said(right), strict=True))
    return agreeing >= AGREEING


def _said(fields: Fields) -> tuple[set[str], ...]:
    places, names = fields.places, fields.authors.names
    return (
        {names[0].family} if names else set(),
        set(map(str, fields.years)),
        {places.volume} - {""},
        {places.first_page} - {""},
        {fields.container.text} - {""},
    )


def _title(write: Callable[[str, random.Random], str]) -> Damage:
    return lambda record, draw: replace(record, title=write(record.title, draw))


def _noise(title: str, draw: random.Random) -> str:
    """What optical reading leaves of a bad page: every second letter is another."""
    return "".join(
        draw.choice(_LETTERS) if one.isalpha() and draw.random() < 0.5 else one for one in title
    )


def _few_left(title: str, draw: random.Random) -> str:
    """What a wrong character set leaves: one letter in six."""
    return "".join(one if one == " " or draw.random() < 1 / 6 else "?" for one in title)


DAMAGES: Final[Mapping[str, Damage]] = {
    "as they are": lambda record, draw: record,
    "blank": _title(lambda title, _: ""),
    "[No title available]": _title(lambda title, _: "[No title available]"),
    "[untitled]": _title(lambda title, _: "[untitled]"),
    "translated, no word the same": _title(
        lambda title, _: title.lower().translate(_OTHER_LETTERS)
    ),
    "translated, another script": _title(lambda title, _: title.lower().translate(_OTHER_SCRIPT)),
    "one letter in six, question marks": _title(_few_left),
    "every second letter misread": _title(_noise),
    "the first two words": _title(lambda title, _: " ".join(title.split()[:2])),
    "in the column of the journal": lambda record, _: replace(
        record, title="", container=f"{record.title} {record.container}".strip()
    ),
    "in the column of the authors": lambda record, _: replace(
        record, title="", authors=(Author(name=record.title), *record.authors)
    ),
}


if __name__ == "__main__":
    main()
