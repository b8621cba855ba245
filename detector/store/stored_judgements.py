"""
Stored judgements: what people said of pairs, found by the records that it is about.

    Judgement  ->  a document of each of its two records  ->  judgements about some records

As with decisions, each record has one document with all that is about it: what a batch of
records costs follows the batch, however many judgements there are. They name records by
their ids, so an update, a re-index, a deletion and a return leave them as they are.
Does not: say which of them stands (`detector/works/judgements.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import orjson

from detector.works.judgements import Judgement
from indexer.index.contract import Collection

JUDGEMENT: Final = "judged"
COUNTER: Final = "counter"  # of what is numbered in an index: its last number
JUDGED: Final = "judgements"  # the counter of these


class StoredJudgements:
    """The judgements of a collection."""

    collection: Collection

    def judgements(self, record_ids: Iterable[str]) -> list[Judgement]:
        """All judgements about any of these records, in the order of their numbers."""
        documents = self.collection.read(JUDGEMENT, sorted(set(record_ids)))
        told = {
            judgement for stored in documents.values() for judgement in _judgements(stored.body)
        }
        return sorted(told, key=_place)

    def all_judgements(self) -> Iterator[Judgement]:
        """Every judgement once, ascending by its first record."""
        for record_id, stored in self.collection.documents(JUDGEMENT):
            yield from (said for said in _judgements(stored.body) if said.pair[0] == record_id)

    def add_judgements(self, judgements: Iterable[Judgement]) -> list[Judgement]:
        """
        Store what people said; those that have no number yet get the next ones.

        Who calls holds the lock of works: two may not number at once.
        """
        fresh = list(judgements)
        last = next_number(self.collection, JUDGED, sum(not said.number for said in fresh))
        numbered = []
        for said in fresh:
            numbered.append(said if said.number else replace(said, number=last))
            last += not said.number
        self._write(numbered, frozenset())
        return numbered

    def take_back(self, judgements: Iterable[Judgement]) -> None:
        """Take exactly these out; others of the same pairs stay."""
        gone = list(judgements)
        self._write([], frozenset(gone), {name for said in gone for name in said.pair})

    def _write(
        self,
        more: list[Judgement],
        gone: frozenset[Judgement],
        about: Iterable[str] = (),
    ) -> None:
        by_record: dict[str, list[Judgement]] = {name: [] for name in about}
        for said in more:
            for name in said.pair:
                by_record.setdefault(name, []).append(said)
        stored = self.collection.read(JUDGEMENT, sorted(by_record))
        for name, document in stored.items():
            before = [said for said in _judgements(document.body) if said not in gone]
            by_record[name] = [*before, *by_record[name]]
        bodies = {
            name: orjson.dumps([said.to_dict() for said in sorted(set(held), key=_place)])
            for name, held in by_record.items()
            if held
        }
        self.collection.write(JUDGEMENT, bodies)
        self.collection.remove(JUDGEMENT, stored.keys() - bodies.keys())


def next_number(collection: Collection, counter: str, count: int = 1) -> int:
    """The first of the next `count` numbers of a counter, which are taken by this."""
    stored = collection.read(COUNTER, [counter])
    last = int(stored[counter].body) if stored else 0
    if count:
        collection.write(COUNTER, {counter: str(last + count).encode()})
    return last + 1


def _judgements(stored: bytes) -> list[Judgement]:
    plain: list[dict[str, Any]] = orjson.loads(stored)
    return [Judgement.from_dict(said) for said in plain]


def _place(said: Judgement) -> tuple[int, str, str, str, str]:
    return said.number, *said.pair, said.at, str(said.verdict)
