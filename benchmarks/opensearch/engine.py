"""
The OpenSearch engine on one node: ingest against raw bulk, candidates, pairs, re-index.

    python -m benchmarks.opensearch.engine --records 100000

Starts a node of its own, fills it with made records and prints one line a question.
Wall times depend on what else the machine does: the load is printed beside them,
and raw bulk and ingest are timed in turns, so their ratio holds.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import orjson
from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk

from indexer import reindex
from indexer.backends.opensearch import OpenSearchEngine
from indexer.backends.opensearch.location import Location
from indexer.backends.opensearch.names import document_id
from indexer.backends.opensearch.sources import Sources
from indexer.fields import fields_of
from indexer.keys import Keys, keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Record
from tests.made_records import made_collection
from tests.opensearch_node.distribution import cache_folder, version
from tests.opensearch_node.node import Node, NodeSettings, free_ports

BATCH = 2_000
TURNS = 3
READS_A_SECOND = 20
Batch = tuple[list[Record], Keys]


def main() -> None:
    """Run all questions and print their answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--heap", default="4g")
    arguments = parser.parse_args()
    print(f"python -m benchmarks.opensearch.engine --records {arguments.records}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, OpenSearch {version()}, one node")
    folder = cache_folder() / "benchmark"
    shutil.rmtree(folder, ignore_errors=True)
    settings = NodeSettings(*free_ports(2), heap=arguments.heap, quick=False)  # type: ignore[misc, arg-type]
    node = Node(folder, settings)
    node.start()
    try:
        _ask(node.url, arguments.records)
    finally:
        node.kill()
        shutil.rmtree(folder)


def _ask(url: str, count: int) -> None:
    batches = list(_batches(count))
    _against_raw(url, batches[: max(1, min(len(batches), 10))])
    engine = _engine(url, "samework")
    seconds = _timed(lambda: [engine.put(*batch) for batch in batches])
    _say("put", f"{count / seconds:,.0f} records/s, read, judged and stored")
    _say("refresh", f"{_timed(engine.make_visible):.1f} s")
    OpenSearch(url, timeout=600).indices.forcemerge(index="samework-records", max_num_segments=1)
    totals = engine.totals()
    _say("size", f"{totals.bytes / totals.records:,.0f} bytes a record, one copy, merged")
    epochs: list[Epoch] = []
    _say("learn", f"{_timed(lambda: epochs.append(engine.learn(1))):.1f} s")
    pairs: list[int] = []
    seconds = _timed(lambda: pairs.extend(map(len, engine.all_pairs(epochs[0]))))
    _say("all pairs", f"{seconds:.1f} s for {sum(pairs):,} pairs, by the join")
    for step in (1, 100, 1_000):
        rate = _candidates(engine, batches[-1][1], epochs[0], step)
        _say(f"candidates of {step}", f"{rate:,.0f} records/s ({count / rate:,.0f} s for all)")
    _reindexed(url, engine, batches[0][1], epochs[0])


def _batches(count: int) -> Iterator[Batch]:
    records = iter(made_collection(1, count)[:count])
    while batch := list(islice(records, BATCH)):
        yield batch, keys_of([fields_of(one) for one in batch])


def _against_raw(url: str, batches: list[Batch]) -> None:
    """The same documents by `put` and by the client library's parallel_bulk, in turns."""
    client = OpenSearch(url, timeout=60)
    count = sum(len(records) for records, _ in batches)
    rates: dict[str, list[float]] = {"raw": [], "put": []}
    for turn in range(TURNS):
        documents = [one for batch in batches for one in _documents(batch, f"raw{turn}-records")]
        engine = _engine(url, f"raw{turn}")
        bulk = parallel_bulk(client, documents, thread_count=4, chunk_size=500)
        rates["raw"].append(count / _timed(lambda bulk=bulk: list(bulk)))  # type: ignore[misc]
        engine.close()
        engine = _engine(url, f"put{turn}")
        rates["put"].append(
            count / _timed(lambda engine=engine: [engine.put(*batch) for batch in batches])  # type: ignore[misc]
        )
        engine.close()
        client.indices.delete(index=f"raw{turn}-*,put{turn}-*")
    raw, put = (statistics.median(rates[name]) for name in ("raw", "put"))
    _say("raw bulk", f"{raw:,.0f} documents/s, median of {TURNS} of {count:,}")
    _say("put", f"{put:,.0f} records/s, {put / raw:.2f} of raw")


def _documents(batch: Batch, index: str) -> Iterator[dict[str, object]]:
    records, keys = batch
    sources = Sources(keys)
    for at, one in enumerate(records):
        version = (one.updated, one.content_hash, False)
        source = sources.living(one.record_id, version, one.to_json(), at)
        name = document_id(one.record_id)
        yield {"_index": index, "_id": name, "_source": orjson.loads(source)}


def _candidates(engine: OpenSearchEngine, keys: Keys, epoch: Epoch, step: int) -> float:
    count = min(len(keys), 200 if step == 1 else 2_000)
    parts = [keys.take(np.arange(at, min(at + step, count))) for at in range(0, count, step)]
    return count / _timed(lambda: [engine.candidates(part, epoch) for part in parts])


def _reindexed(url: str, engine: OpenSearchEngine, keys: Keys, epoch: Epoch) -> None:
    """A re-index while a reader asks for candidates at a steady rate."""
    ended = threading.Event()
    waits: list[float] = []
    failed: list[str] = []

    def read() -> None:
        reader = _engine(url, "samework")
        row = 0
        while not ended.is_set():
            began = time.perf_counter()
            try:
                reader.candidates(keys.take(np.array([row % len(keys)])), epoch)
            except Exception as fault:
                failed.append(str(fault))
            waits.append(time.perf_counter() - began)
            row += 1
            time.sleep(max(0.0, 1 / READS_A_SECOND - waits[-1]))

    reader = threading.Thread(target=read)
    reader.start()
    done = reindex.reindex(engine)
    ended.set()
    reader.join()
    rate = done.records / done.seconds
    _say("re-index", f"{done.seconds:,.0f} s, {rate:,.0f} records/s, {len(waits)} reads meanwhile")
    slow = sorted(waits)[int(len(waits) * 0.95)] * 1000
    _say(
        "reads",
        f"{len(failed)} failed, p50 {statistics.median(waits) * 1000:.0f} ms, "
        f"p95 {slow:.0f} ms, slowest {max(waits) * 1000:.0f} ms",
    )


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
