"""
How candidates grow with a collection: pairs a record, recall and time from size to size.

    python -m benchmarks.growth 12500 25000 50000 100000

Over made records (`benchmarks.records`), whose numbers nest: those of a small size are among
those of each larger one. Only keys are held, 500 bytes a record; nothing is compared.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from time import process_time
from typing import Final

import numpy as np
import orjson

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
HEADS: Final = (
    *("records", "pairs a record", "exponent of pairs", "recall", "µs to learn and join"),
    "pairs a record by one source alone",
)


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    records: int
    pairs: int
    recall: float  # of the pairs of one work, those of twins by the one that stands for them
    micro: float  # CPU of gathering, learning and joining, a record
    alone: dict[str, int]

    def row(self, before: Size | None) -> str:
        """A row of the table."""
        each = self.pairs / self.records
        exponent = ""
        if before is not None:
            exponent = f"{log(self.pairs / before.pairs, self.records / before.records):.2f}"
        counts = (f"{name} {pairs / self.records:.2f}" for name, pairs in self.alone.items())
        figures = (f"{each:.2f}", exponent, f"{self.recall:.4f}", f"{self.micro:.0f}")
        return _line(f"{self.records:,}", *figures, ", ".join(counts))


def main() -> None:
    """Measure what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(_line(*HEADS))
    print(f"|{'---|' * len(HEADS)}")
    before = None
    for records in chosen.records:
        size = measured(Population(records, chosen.seed))
        print(size.row(before), flush=True)
        before = size


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
    return Size(len(gathered), sum(map(len, pairs)), found / wanted, micro, alone)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


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
