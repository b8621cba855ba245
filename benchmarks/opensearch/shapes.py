"""
What candidates cost in OpenSearch: the join against asking for each, and the query's shape.

    records  ->  all pairs by the join, by msearch of every record, and how many agree
    a sample  ->  without the title search, with 2, 4, 8, 16 clauses of it, in turns

    python -m benchmarks.opensearch.shapes --records 20000 [--url http://127.0.0.1:9200]

Starts a node of its own unless told one. The turns of the shapes are taken one after the
other, so that their ratio holds whatever else the machine does. Does not: measure
ingest or a re-index (`engine.py` does).
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from unittest import mock

import numpy as np

from benchmarks.opensearch.records import made_block
from indexer.index.opensearch import OpenSearchEngine, candidates
from indexer.index.opensearch.location import Location
from indexer.keys import Keys, Kind, kinds_of
from indexer.keys.epoch import Epoch
from tests.opensearch_node.distribution import cache_folder, version
from tests.opensearch_node.node import Node, NodeSettings, free_ports

BLOCK = 2_000
ASKED = 100  # records of one msearch
SAMPLE = 1_000  # records that each shape is asked for
TURNS = 5
CLAUSES = (2, 4, 8, 16)  # of the title search; the further words share one
WORDS = 3  # of an ad-hoc question
Pair = tuple[str, str]


def main() -> None:
    """Fill an index, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--url", default="", help="a running node, instead of one of its own")
    arguments = parser.parse_args()
    print(f"python -m benchmarks.opensearch.shapes --records {arguments.records}")
    with _node(arguments.url, arguments.heap) as url:
        engine = OpenSearchEngine(Location.parse(f"{url}/shapes-{os.getpid()}", {}))
        try:
            _ask(engine, arguments.records)
        finally:
            for index in (*engine._indices.all_records(), *_others(engine)):
                engine._indices.drop(index)
            engine.close()


@contextmanager
def _node(url: str, heap: str) -> Iterator[str]:
    if url:
        yield url
        return
    folder = cache_folder() / f"shapes-{os.getpid()}"
    http, transport = free_ports(2)
    node = Node(folder, NodeSettings(http, transport, heap=heap, quick=False))
    node.start()
    print(f"OpenSearch {version()}, one node, heap {heap}, {os.cpu_count()} cores")
    try:
        yield node.url
    finally:
        node.kill()
        shutil.rmtree(folder)


def _others(engine: OpenSearchEngine) -> list[str]:
    names = engine._indices.names
    return [
        index for alias in (names.documents, names.log) for index in engine._indices.behind(alias)
    ]


def _ask(engine: OpenSearchEngine, count: int) -> None:
    batches: list[Keys] = []
    for start in range(0, count, BLOCK):
        records, keys = made_block((start, min(BLOCK, count - start)))
        engine.put(records, keys)
        batches.append(keys)
    engine.make_visible()
    epoch = engine.learn(1)
    everything = Keys.join(batches)
    _all_pairs(engine, everything, epoch)
    rows = np.random.default_rng(1).permutation(len(everything))[:SAMPLE]
    sample = everything.take(rows.astype(np.int64))
    _shapes(engine, sample, epoch)
    _questions(engine, sample, epoch)


def _all_pairs(engine: OpenSearchEngine, keys: Keys, epoch: Epoch) -> None:
    """The same pairs both ways, each timed to its end."""
    joined: set[Pair] = set()
    asked: set[Pair] = set()

    def join() -> None:
        joined.update((a, b) for batch in engine.all_pairs(epoch) for a, b, _ in batch)

    def ask() -> None:
        for part in _parts(keys, ASKED):
            asked.update((a, b) for a, b, _ in engine.candidates(part, epoch))

    by_join, by_search = _timed(join), _timed(ask)
    _say("all pairs, join", f"{by_join:.1f} s for {len(joined):,} pairs")
    times = f"{by_search / by_join:.1f} times as long, {len(keys) / by_search:,.0f} records/s"
    _say("all pairs, msearch", f"{by_search:.1f} s for {len(asked):,} pairs, {times}")
    _say("they agree on", f"{len(joined & asked):,}, and differ in {len(joined ^ asked):,}")


def _shapes(engine: OpenSearchEngine, sample: Keys, epoch: Epoch) -> None:
    """The time of each shape, and how many pairs it finds that the first does."""
    shapes: dict[str, Callable[[], object]] = {
        f"{clauses} clauses": mock.patch.object(candidates, "TERM_CLAUSES", clauses).start
        for clauses in CLAUSES
    }
    shapes["no title search"] = mock.patch.object(
        candidates, "_title_searches", return_value=[]
    ).start
    spent: dict[str, list[float]] = {name: [] for name in shapes}
    pairs_by_shape: dict[str, int] = {}

    def ask(name: str) -> None:
        pairs_by_shape[name] = sum(
            len(engine.candidates(part, epoch)) for part in _parts(sample, ASKED)
        )

    ask("warm")
    for _ in range(TURNS):
        for name, begin in shapes.items():
            begin()
            spent[name].append(_timed(lambda name=name: ask(name)))  # type: ignore[misc]
            mock.patch.stopall()
    usual = min(spent[f"{candidates.TERM_CLAUSES} clauses"])
    for name, seconds in spent.items():
        best = min(seconds)  # what else the machine does only ever adds
        rate = f"{1000 * best / len(sample):.2f} ms a record, {best / usual:.2f} of the usual"
        _say(f"shape, {name}", f"{rate}; {pairs_by_shape[name]:,} pairs")


def _questions(engine: OpenSearchEngine, sample: Keys, epoch: Epoch) -> None:
    """Ad-hoc questions by BM25, one request each."""
    waits = []
    for row in islice(range(len(sample)), 300):
        keys = sample.of(row)
        words = keys[kinds_of(keys) == Kind.TERM][:WORDS]
        waits.append(_timed(lambda words=words: engine.ranked(words.tolist(), epoch, 200)))  # type: ignore[misc]
    waits.sort()
    half, most = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.95))
    _say(
        "ranked", f"p50 {half:.1f} ms, p95 {most:.1f} ms of {len(waits)} questions of {WORDS} words"
    )


def _parts(keys: Keys, size: int) -> Iterator[Keys]:
    for start in range(0, len(keys), size):
        yield keys.take(np.arange(start, min(start + size, len(keys))))


def _timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _say(question: str, answer: str) -> None:
    print(f"{question:24} {answer}  [load {os.getloadavg()[0]:.1f}]", flush=True)


if __name__ == "__main__":
    main()
