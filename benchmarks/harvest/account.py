"""
The account of a night: what was read, what is stored, what changed, and whether that is right.

    an index after a night  ->  lines to print, those that begin with WRONG among them
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from benchmarks.harvest import world as made
from benchmarks.harvest.world import World
from detector.detecting.pipeline import Detector
from detector.store.holdings import Holdings
from indexer.harvesting import checkpoints
from indexer.index.opening import open_engine

COLUMNS: Final = ("fetched", "new", "updated", "unchanged", "older", "deleted", "rejected")
Sets = Mapping[frozenset[str], tuple[tuple[str, ...], ...]]  # a work's records -> its versions


@dataclass
class Account:
    """The ledgers of a night, added up a feed."""

    feeds: dict[str, dict[str, int]]

    @classmethod
    def of(cls, index: str, since: str) -> Account:
        """All that began since."""
        engine = open_engine(index, create=False)
        feeds: dict[str, dict[str, int]] = {}
        for ledger in checkpoints.ledgers(engine):
            if ledger.started >= since:
                row = feeds.setdefault(ledger.feed, {"runs": 0, **dict.fromkeys(COLUMNS, 0)})
                row["runs"] += 1
                for column in COLUMNS:
                    row[column] += getattr(ledger, column)
        engine.close()
        return cls(feeds)

    @property
    def total(self) -> dict[str, int]:
        """The sums over all feeds."""
        return {column: sum(row[column] for row in self.feeds.values()) for column in COLUMNS}

    def lines(self) -> list[str]:
        """The table."""
        lines = [f"{'feed':<20}" + "".join(f"{name:>11}" for name in ("runs", *COLUMNS))]
        for feed, row in self.feeds.items():
            lines.append(f"{feed:<20}" + "".join(f"{value:>11,}" for value in row.values()))
        lines.append(f"{'all':<31}" + "".join(f"{value:>11,}" for value in self.total.values()))
        return lines


@dataclass
class State:
    """What an index holds: records by a hash of their content, works, pairs, events so far."""

    records: dict[str, int] = field(default_factory=dict)
    works: Sets = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Records, works by size, pairs by verdict."""
        lines = [f"records alive in the index: {len(self.records):,}"]
        if self.works:
            sizes = Counter(len(records) for records in self.works)
            told = ", ".join(f"{count:,} of {size}" for size, count in sorted(sizes.items()))
            lines.append(f"works: {len(self.works):,}; by records: {told}")
            lines.append(f"pairs: {_told(self.verdicts)}")
        return lines


def state_of(index: str) -> State:
    """The state of an index now."""
    engine = open_engine(index, create=False)
    holdings = Holdings(engine)
    state = State(
        {record.record_id: hash(record.to_json()) for record in engine.scan()},
        {frozenset(work.records): work.version_groups for work in holdings.all_works()},
        Counter(str(decision.verdict) for decision in holdings.all_decisions()),
        Counter(orjson.loads(entry)["event"] for _, entry in engine.log()),
    )
    engine.close()
    return state


def checked(world: World, number: int, account: Account, before: State, after: State) -> list[str]:
    """What became of records and works in a night, and what of it is wrong."""
    rows = [(name, row) for name in made.SHARES for row in world.of(name, number)]
    alive = sum(1 for name, row in rows if not row[2] or name == "crossref")  # it keeps all
    lines = []
    if len(after.records) != alive:
        lines.append(f"WRONG: the sources hold {alive:,} records")
    if account.total["rejected"]:
        lines.append("WRONG: rows were rejected")
    fresh = before.records.keys() ^ after.records.keys()
    both = before.records.keys() & after.records.keys()
    changed = fresh | {
        record_id for record_id in both if before.records[record_id] != after.records[record_id]
    }
    lines.append(f"records that changed, came or went: {len(changed):,}")
    late = sum(1 for _, row in rows if row[1] == made.SECOND_NIGHT or not before.records)
    if len(changed) != late:
        lines.append(f"WRONG: the sources changed {late:,}")
    if after.works:
        lines.append(f"what became of works: {_told(after.events - before.events)}")
        moved = set(before.works.items()) ^ set(after.works.items())
        held = (records for state in (before, after) for records in state.works)
        touched = {
            record_id
            for records in held
            if not records.isdisjoint(changed)
            for record_id in records
        }
        apart = sum(1 for records, _ in moved if records.isdisjoint(touched))
        if apart:
            lines.append(f"WRONG: {apart:,} works changed of whose records none did")
    return lines


def as_in_one_run(index: str, state: State) -> list[str]:
    """Whether one whole run over the records as they are now gives the same works."""
    engine = open_engine(index, create=False)
    detection = Detector(engine, stores=False).whole()
    engine.close()
    works = {frozenset(work.records): work.version_groups for work in detection.works.works}
    same = len(works.items() & state.works.items())
    line = f"one whole run over the final records: {len(works):,} works, {same:,} of them the same"
    wrong = same != len(works) or same != len(state.works)
    return [line, "WRONG: the works are not those of one run"] if wrong else [line]


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items())) or "nothing"
