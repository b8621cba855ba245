"""
Made records by number, so that many processes can make a million of them in blocks.

    (first number, how many)  ->  records, keys

Words, surnames and journals are as often used as Zipf's law has it: a title of nine words
has some that thousands share and one or two of its own, as real titles do. Of three
records in a row the second describes the first again as another feed would, and every
other three have an abstract of 150 words. Does not: hold more than the block.
"""

from __future__ import annotations

import random

from indexer.fields import fields_of
from indexer.keys import Keys, keys_of
from indexer.records import Author, Record
from tests.made_records import described_again

SYLLABLES = ("ba", "cor", "del", "fen", "gri", "hal", "ju", "kel", "lo", "mar", "nis", "or", "pu",
             "ran", "sol", "tev", "ul", "ver", "xi", "zan", "bri", "dam", "es", "gol")  # fmt: skip
WORDS, SURNAMES, JOURNALS = 300_000, 60_000, 3_000
TITLE, ABSTRACT = 9, 150  # words
GIVEN = ("Ana", "Mihai", "Dan", "Ingrid", "Yuki", "Omar", "Claire", "Jan")


def made_block(block: tuple[int, int]) -> tuple[list[Record], Keys]:
    """So many records from a number on, and their keys."""
    start, count = block
    records = [made_record(number) for number in range(start, start + count)]
    return records, keys_of([fields_of(record) for record in records])


def made_record(number: int) -> Record:
    """The record of this number, the same in every run."""
    if number % 3 != 1:
        return made_work(number)
    return described_again(made_work(number - 1), str(number), random.Random(number))


def made_work(number: int) -> Record:
    """A work described without a fault."""
    choose = random.Random(number)
    authors = tuple(
        Author(family=word(choose, SURNAMES).capitalize(), given=choose.choice(GIVEN))
        for _ in range(choose.randint(1, 6))
    )
    pages = choose.randint(1, 2_000)
    return Record(
        record_id=f"made:{number}",
        source="made",
        source_id=str(number),
        title=" ".join(word(choose, WORDS) for _ in range(TITLE)).capitalize(),
        abstract=" ".join(word(choose, WORDS) for _ in range(ABSTRACT)) if number // 3 % 2 else "",
        authors=authors,
        date=str(choose.randint(1975, 2024)),
        container=f"Journal of {word(choose, JOURNALS).capitalize()} Studies",
        volume=str(choose.randint(1, 150)),
        pages=f"{pages}-{pages + choose.randint(3, 20)}",
        doi=f"10.5555/made.{number}",
    )


def word(choose: random.Random, known: int) -> str:
    """A word of so many known ones, the n-th used 1/n as often as the first."""
    rank = int(known ** choose.random())
    spelt = ""
    while rank or not spelt:
        rank, at = divmod(rank, len(SYLLABLES))
        spelt += SYLLABLES[at]
    return spelt
