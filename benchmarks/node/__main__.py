"""
Records that arrive at a filled OpenSearch node: their candidates, `match`, `ingest --detect`.

    python -m benchmarks.node 50000 [200000 …] [--heap 1500m] [--write]

For each size a node of its own is filled with made records by `samework ingest`, all are
compared once, and then further records of the same population are asked about: candidates
of a thousand at once, `match` of single ones in a process that goes on, `ingest --detect`
of a thousand that were not there. Records are given by number, so which describe one work
is known. The node's CPU seconds are counted beside our own, since wall time says what else
the machine does. With --write results.json is kept; `make docs` then writes
docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import orjson
import psutil

import samework as sw
from benchmarks.measuring import measured
from benchmarks.node.results import Filled, Spent, store
from benchmarks.records.generator import Population
from benchmarks.scale.results import circumstances
from detector.detecting.pipeline import Detector
from indexer.feeds.formats import read_bytes
from indexer.fields.fields import fields_of_batch
from indexer.index.opening import open_engine
from indexer.keys import keys_of
from indexer.keys.pairs import Pairs
from indexer.records import Occurrence, Record
from tests.opensearch_node.distribution import cache_folder
from tests.opensearch_node.node import Node, NodeSettings, free_ports

ASKED: Final = 1_000  # at once for candidates
MATCHED: Final = 400  # one by one
WARM: Final = 50  # of them unmeasured
WARM_ROUNDS: Final = 20  # of others asked about first: a node compiles what it does often
ARRIVING: Final = 1_000
PREFIX: Final = "samework"


@dataclass
class Clock:
    """Wall and CPU seconds of a block, of this process and of a node."""

    node: Node
    wall: float = field(init=False, default=0.0)
    client: float = field(init=False, default=0.0)
    served: float = field(init=False, default=0.0)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what the block takes."""
        served, client, began = self._served(), time.process_time(), time.perf_counter()
        yield
        self.wall = time.perf_counter() - began
        self.client = time.process_time() - client
        self.served = self._served() - served

    def command(self, *words: str | Path) -> None:
        """Run the command and count what it takes."""
        samework = str(Path(sys.executable).with_name("samework"))
        with self.running():
            done = measured([samework, *map(str, words)])
        self.client = done.cpu
        if done.status:
            sys.exit(f"samework {words[0]} ended with status {done.status}")

    def spent(self, records: int) -> Spent:
        """What was counted last, for so many records."""
        figures = (self.wall, self.client, self.served)
        return Spent(records, *(round(figure, 2) for figure in figures))

    def _served(self) -> float:
        times = psutil.Process(self.node.pid).cpu_times()
        return times.user + times.system


def main() -> None:
    """Fill and ask a node of each size, print what it took and keep it if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="+")
    parser.add_argument("--heap", default="1500m")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    for records in chosen.records:
        folder = cache_folder() / f"benchmark-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        http, transport = free_ports(2)
        node = Node(folder, NodeSettings(http, transport, heap=chosen.heap, quick=False))
        node.start()
        try:
            filled = measure(node, records)
        finally:
            node.kill()
            shutil.rmtree(folder)
        print(orjson.dumps(filled, option=orjson.OPT_INDENT_2).decode(), flush=True)
        if chosen.write:
            store(filled)


def measure(node: Node, records: int) -> Filled:
    """Fill a node with so many records and ask it."""
    index = f"{node.url}/{PREFIX}"
    made = Population(records + ASKED + MATCHED + ARRIVING)
    stored, arriving = node.folder / "stored.jsonl", node.folder / "arriving.jsonl"
    made.write(stored, 0, records)
    made.write(arriving, records + ASKED + MATCHED)
    clock = Clock(node)
    clock.command("ingest", stored, "--index", index)
    ingest = _said("ingest", clock.spent(records))
    clock.command("ingest", stored, "--index", index, "--detect")
    whole = _said("whole", clock.spent(records))
    load = os.getloadavg()[0]
    pairs = asked_at_once(made, records, index, clock)
    candidates = _said("candidates", clock.spent(ASKED))
    cpu, wall = asked_singly(made, records + ASKED, index)
    clock.command("ingest", arriving, "--index", index, "--detect")
    detect = _said("ingest --detect", clock.spent(ARRIVING))
    with closing(open_engine(index)) as engine:
        totals = engine.totals()
    return Filled(
        records=records,
        ingest=ingest,
        whole=whole,
        candidates=candidates,
        candidates_a_record=round(len(pairs) / ASKED, 2),
        recall=round(recall_of(pairs, made, records), 4),
        match_cpu=_percentiles(cpu),
        match_wall=_percentiles(wall),
        detect=detect,
        bytes_a_record=round(totals.bytes / totals.records),
        heap=node.settings.heap,
        **circumstances(load),
    )


def asked_at_once(made: Population, at: int, index: str, clock: Clock) -> Pairs:
    """The candidates of the records behind those that are stored, when the node is warm."""
    keys = keys_of(fields_of_batch(_records(made, at)))
    with closing(open_engine(index)) as engine:
        epoch = Detector(engine).holdings.epoch() or engine.learn(1)
        for turn in range(1, WARM_ROUNDS + 1):
            others = keys_of(fields_of_batch(_records(made, max(at - turn * ASKED, 0))))
            engine.candidates(others, epoch)
        with clock.running():
            pairs = engine.candidates(keys, epoch)
    return pairs


def asked_singly(made: Population, at: int, index: str) -> tuple[list[float], list[float]]:
    """CPU and wall milliseconds of `match` of each of some records."""
    cpu, wall = [], []
    with sw.open(index) as catalogue:
        for row in made.rows(at, at + MATCHED):
            busy, began = time.process_time(), time.perf_counter()
            list(catalogue.match([row]))
            cpu.append((time.process_time() - busy) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
    return cpu[WARM:], wall[WARM:]


def recall_of(pairs: Pairs, made: Population, records: int) -> float:
    """Which share of the true pairs of an asked and a stored record are candidates."""
    asked = dict(made.truth(records, records + ASKED))
    works = set(asked.values())
    there = {name: work for name, work in made.truth(0, records) if work in works}
    sizes = Counter(there.values())
    true = sum(sizes[work] for work in asked.values())
    ends = ([end.rpartition(":")[2] for end in pair] for *pair, _ in pairs)
    known = there | asked
    found = sum(known.get(a, a) == known.get(b, b) for a, b in ends)
    return found / max(true, 1)


def _records(made: Population, start: int) -> list[Record]:
    """The ASKED records from this one on."""
    rows = made.rows(start, start + ASKED)
    lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    return [row.record for row in read_bytes(lines, "made.jsonl") if isinstance(row, Occurrence)]


def _said(what: str, spent: Spent) -> Spent:
    load = os.getloadavg()[0]
    both = f"{spent.client_cpu:.2f} + {spent.node_cpu:.2f} CPU s"
    print(f"{what:16} {spent.rate:,.0f} records/s, {spent.cpu_ms:.2f} CPU ms a record "
          f"({both})  [load {load:.1f}]", flush=True)  # fmt: skip
    return spent


def _percentiles(figures: list[float]) -> tuple[float, float]:
    return round(median(figures), 1), round(quantiles(figures, n=100, method="inclusive")[-1], 1)


if __name__ == "__main__":
    main()
