"""
The OpenSearch engine on one node: ingest against raw bulk, candidates, pairs, re-index.

    python -m benchmarks.opensearch.engine --records 100000

Starts a node of its own, fills it with made records block by block and prints one line a
question. Records and their keys are made outside of what is timed, by workers that idle
meanwhile. Wall times depend on what else the machine does: the load is printed beside
them, and raw bulk and ingest are timed in turns, so their ratio holds.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, islice

import numpy as np
import orjson
from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk

from benchmarks.opensearch.reader import Reader
from benchmarks.opensearch.records import made_block
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.sources import Sources
from indexer.ingesting import reindex
from indexer.ingesting.ingest import BATCH
from indexer.keys import Keys
from indexer.keys.epoch import Epoch
from indexer.records import Record, content_hash_of
from indexer.running.workers import Workers
from tests.opensearch_node.distribution import cache_folder, version
from tests.opensearch_node.node import Node, NodeSettings, free_ports

HELD = 3  # blocks made ahead of what is timed
TURNS = 7
STATISTICS = 11.0  # seconds; OpenSearch counts the bytes of an index every ten
MERGED_UP_TO = 200_000  # records; merging a million to one segment says little for its minutes
Batch = tuple[list[Record], Keys]
Way = Callable[[str, str, list[Batch], OpenSearch], float]


def main() -> None:
    """Run all questions and print their answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--heap", default="4g")
    parser.add_argument("--turns", type=int, default=TURNS, help="of put against raw bulk")
    parser.add_argument("--workers", type=int, default=2, help="that make keys")
    arguments = parser.parse_args()
    print("python -m benchmarks.opensearch.engine", *sys.argv[1:])
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, OpenSearch {version()}, one node, one "
        f"shard, heap {arguments.heap}; made records, half with an abstract"
    )
    folder = cache_folder() / f"benchmark-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    settings = NodeSettings(*free_ports(2), heap=arguments.heap, quick=False)  # type: ignore[misc, arg-type]
    node = Node(folder, settings)
    node.start()
    try:
        with closing(Workers(arguments.workers)) as workers:
            blocks = _blocks(arguments.records, workers)
            first = list(islice(blocks, HELD))
            if arguments.turns:
                _against_raw(node.url, first, arguments.turns)
            _ask(node.url, arguments.records, chain(first, blocks), workers)
    finally:
        node.kill()
        shutil.rmtree(folder)


def _ask(url: str, count: int, blocks: Iterator[Batch], workers: Workers) -> None:
    engine = _engine(url, "samework")
    last = _filled(engine, blocks, count)
    _say("refresh", f"{_timed(engine.make_visible):.1f} s")
    _sizes(url, engine)
    epochs: list[Epoch] = []
    _say("learn", f"{_timed(lambda: epochs.append(engine.learn(1))):.1f} s")
    for step in (1, 100, 1_000):
        rate, answers = _candidates(engine, last[1], epochs[0], step)
        all_of_them = f"{count / rate:,.0f} s for all {count:,}, extrapolated"
        each = f"{answers:.1f} a record"
        _say(f"candidates of {step}", f"{rate:,.0f} records/s ({each}; {all_of_them})")
    _reindexed(url, engine, last[1], epochs[0], workers)
    pairs: list[int] = []
    seconds = _timed(lambda: pairs.extend(map(len, engine.all_pairs(epochs[0]))))
    _say("all pairs", f"{seconds:.1f} s for {sum(pairs):,} pairs, by the join")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say("memory", f"{peak:,.0f} MB at most, of the process that asked")


def _blocks(count: int, workers: Workers) -> Iterator[Batch]:
    """Blocks of records with their keys, some HELD of them made before the first is given."""
    numbers = iter(range(0, count, BATCH))
    while some := list(islice(numbers, HELD)):
        yield from list(workers.each(made_block, [(at, min(BATCH, count - at)) for at in some]))


def _filled(engine: OpenSearchEngine, blocks: Iterator[Batch], count: int) -> Batch:
    """Put all blocks, telling the rate of each fifth; the last of them."""
    fifth = max(count // 5, BATCH)
    spent = begun = 0.0
    done = at = 0
    for block in blocks:
        spent += _timed(lambda block=block: engine.put(*block))  # type: ignore[misc]
        done += len(block[0])
        if done - at >= fifth:
            rate = (done - at) / (spent - begun)
            _say("  put, so far", f"{done:,} records, the last {done - at:,} at {rate:,.0f}/s")
            begun, at = spent, done
    _say("put", f"{count / spent:,.0f} records/s, read, judged and stored")
    return block


def _sizes(url: str, engine: OpenSearchEngine) -> None:
    client = OpenSearch(url, timeout=1200)
    client.indices.flush(index="samework-records")
    time.sleep(STATISTICS)
    totals = engine.totals()
    _say("size", f"{totals.bytes / totals.records:,.0f} bytes a record, one copy, as it stands")
    if totals.records <= MERGED_UP_TO:
        client.indices.forcemerge(index="samework-records", max_num_segments=1)
        client.indices.refresh(index="samework-records")  # lets go of the segments before
        time.sleep(STATISTICS)
        totals = engine.totals()
        _say("size", f"{totals.bytes / totals.records:,.0f} bytes a record, one copy, merged")


def _against_raw(url: str, batches: list[Batch], turns: int) -> None:
    """
    The same documents by `put` and by the client library's parallel_bulk, in turns.

    The one that goes first changes from turn to turn; a turn before the first warms the node.
    """
    client = OpenSearch(url, timeout=60)
    count = sum(len(records) for records, _ in batches)
    ways = [_by_raw, _by_put]
    rates: dict[Way, list[float]] = {way: [] for way in ways}
    for turn in range(turns + 1):
        for way in ways if turn % 2 else reversed(ways):
            seconds = way(url, f"turn{turn}", batches, client)
            if turn:
                rates[way].append(count / seconds)
            client.indices.delete(index=f"turn{turn}-*")
    raw, put = (statistics.median(rates[way]) for way in ways)
    _say("raw bulk", f"{raw:,.0f} documents/s, median of {turns} of {count:,}")
    ratios = sorted(put / raw for raw, put in zip(*rates.values(), strict=True))
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    middle = statistics.median(ratios)
    _say("put", f"{put:,.0f} records/s, {middle:.2f} of raw (the median of {each})")


def _by_raw(url: str, prefix: str, batches: list[Batch], client: OpenSearch) -> float:
    """Seconds of parallel_bulk for documents that are made before the clock starts."""
    _engine(url, prefix).close()
    documents = [
        document for batch in batches for document in _documents(batch, f"{prefix}-records")
    ]
    return _timed(lambda: list(parallel_bulk(client, documents, thread_count=4, chunk_size=500)))


def _by_put(url: str, prefix: str, batches: list[Batch], client: OpenSearch) -> float:
    """Seconds of `put`, which reads what is stored, judges and makes the documents."""
    with closing(_engine(url, prefix)) as engine:
        return _timed(lambda: [engine.put(*batch) for batch in batches])


def _documents(batch: Batch, index: str) -> Iterator[dict[str, object]]:
    records, keys = batch
    sources = Sources(keys)
    for at, record in enumerate(records):
        version = (record.updated, content_hash_of(record.to_dict()), False)
        source = sources.living(record.record_id, version, record.to_json(), at)
        name = document_id(record.record_id)
        yield {"_index": index, "_id": name, "_source": orjson.loads(source)}


def _candidates(
    engine: OpenSearchEngine, keys: Keys, epoch: Epoch, step: int
) -> tuple[float, float]:
    """Records answered a second, asked so many at once, and how many candidates each had."""
    count = min(len(keys), 200 if step == 1 else 2_000)
    parts = [keys.take(np.arange(at, min(at + step, count))) for at in range(0, count, step)]
    counts: list[int] = []
    seconds = _timed(lambda: counts.extend(len(engine.candidates(p, epoch)) for p in parts))
    return count / seconds, sum(counts) / count


def _reindexed(
    url: str, engine: OpenSearchEngine, keys: Keys, epoch: Epoch, workers: Workers
) -> None:
    """A re-index while another process asks for candidates at a steady rate."""
    planned = reindex.plan(engine, workers.count)
    _say("plan", f"{planned.seconds:,.0f} s to make keys, by the sample of {reindex.SAMPLE}")
    with closing(Reader(url, keys, epoch)) as reader:
        done = reindex.reindex(engine, workers=workers)
        reads = reader.end()
    rate = done.records / done.seconds
    _say("re-index", f"{done.seconds:,.0f} s, {rate:,.0f} records/s, {workers.count} workers")
    waits = sorted(wait * 1000 for wait in reads.waits)
    half, most = statistics.median(waits), waits[int(len(waits) * 0.95)]
    share = f"{len(reads.failed)} of {len(waits):,} failed, {reads.rate:.1f}/s"
    _say("reads", f"{share}, p50 {half:.0f} ms, p95 {most:.0f} ms, slowest {waits[-1]:.0f} ms")
    for fault in reads.failed[:3]:
        _say("  failed", fault)


def _engine(url: str, prefix: str) -> OpenSearchEngine:
    return OpenSearchEngine(Location.parse(f"{url}/{prefix}", {}))


def _timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _say(question: str, answer: str) -> None:
    print(f"{question:20} {answer}  [load {os.getloadavg()[0]:.1f}]", flush=True)


if __name__ == "__main__":
    main()
