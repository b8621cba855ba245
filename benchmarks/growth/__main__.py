"""
How candidates grow with a collection: pairs a record, recall and time from size to size.

    python -m benchmarks.growth 50000 100000 1000000 --write

Over made records (`benchmarks.records`), whose numbers nest: those of a small size are among
those of each larger one. Only keys are held, 500 bytes a record; nothing is compared.
`--write` keeps the sizes in results.json and puts table and curve into docs/evaluation-appendix.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from time import process_time
from typing import Final

import numpy as np
import orjson

from benchmarks.growth import page
from benchmarks.growth.page import Size
from benchmarks.measuring import revision
from benchmarks.records.generator import Population
from indexer.feeds.formats import read_bytes
from indexer.fields.fields import fields_of_batch
from indexer.keys import Keys, keys_of
from indexer.keys.gathered import GatheredKeys
from indexer.keys.learning import learn
from indexer.keys.pairs import sources_of
from indexer.keys.self_join import self_join
from indexer.records import Occurrence, Record

AT_ONCE: Final = 5_000


def main() -> None:
    """Measure what is asked for, print the table and keep it where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep them, and write the page anew")
    chosen = parser.parse_args()
    sizes = []
    for records in sorted(chosen.records):
        sizes.append(measured(Population(records, chosen.seed)))
        print(page.lines(sizes)[-1], flush=True)
    print("\n".join(page.lines(sizes)))
    if chosen.write:
        page.store(sizes)
        page.write()


def measured(population: Population) -> Size:
    """Learn and join the keys of a population."""
    batches = list(keys_in(population))
    began = process_time()
    gathered = GatheredKeys.of(lambda: iter(batches))
    epoch = learn(gathered, 1)
    pairs = list(self_join(gathered, epoch))
    micro = (process_time() - began) / len(gathered) * 1e6
    works = dict(population.truth())
    names = [works[record_id.rpartition(":")[2]] for record_id in gathered.ids]
    work = np.unique(names, return_inverse=True)[1]
    found = sum(int((work[batch.left] == work[batch.right]).sum()) for batch in pairs)
    sizes, led = np.bincount(work[gathered.leads]), int((~gathered.leads).sum())
    wanted = int((sizes * (sizes - 1) // 2).sum()) + led
    counts = Counter(bits for batch in pairs for bits in batch.found_by.tolist())
    sources = ((sources_of(bits), count) for bits, count in counts.most_common())
    alone = {found_by[0]: count for found_by, count in sources if len(found_by) == 1}
    proposed = sum(map(len, pairs))
    return Size(len(gathered), proposed, found / wanted, micro, alone, revision())


def keys_in(population: Population) -> Iterator[Keys]:
    """The keys of all records, ascending by id as an index gives them within a batch."""
    rows = population.rows()
    while batch := list(islice(rows, AT_ONCE)):
        lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in batch)
        yield keys_of(fields_of_batch(records_in(lines)))


def records_in(lines: bytes) -> Sequence[Record]:
    """The records of lines of JSON."""
    return [row.record for row in read_bytes(lines, "made.jsonl") if isinstance(row, Occurrence)]


if __name__ == "__main__":
    main()
