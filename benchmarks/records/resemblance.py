"""
How much made records behave as real ones do: what candidates cost, and how often words repeat.

    python -m benchmarks.records.resemblance [--write]      real sets beside made records
    python -m benchmarks.records.resemblance FILE …         the figures of these files alone

The real sets are the labelled ones of ../shared; the table stands in docs/performance.md.
Only fields, keys and the join are run, so that 88,000 records take a minute.
Does not: decide a pair.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality.sets import SETS
from benchmarks.records.generator import Population
from indexer.feeds.formats import read_files
from indexer.fields import Fields, fields_of_batch
from indexer.keys import Keys, Kind, keys_of
from indexer.keys.gathered import GatheredKeys
from indexer.keys.learning import learn
from indexer.keys.self_join import self_join
from indexer.records import Occurrence, Record

STORED: Final = Path(__file__).with_name("resemblance.json")
AT_ONCE: Final = 2_000
HITS: Final = {kind.source: 1 << kind for kind in Kind}
LARGEST: Final = "sr_srsr"


def figures(paths: Iterable[str]) -> dict[str, float]:
    """The figures of these files together, each with its name."""
    spread = Spread()
    batches: list[Keys] = []
    batch: list[Record] = []
    seen: set[str] = set()
    for row in read_files(paths):
        if isinstance(row, Occurrence) and row.record.record_id not in seen:
            seen.add(row.record.record_id)
            batch.append(row.record)
        if len(batch) == AT_ONCE:
            batches.append(spread.keys(batch))
            batch = []
    batches.append(spread.keys(batch))
    return {**spread.figures(), **candidates(batches)}


class Spread:
    """How often words and titles repeat, and how long records are."""

    def __init__(self) -> None:
        self.records = 0
        self.words: Counter[str] = Counter()
        self.titles: Counter[str] = Counter()
        self.lengths: Counter[int] = Counter()
        self.abstracts: list[int] = []
        self.filled: Counter[str] = Counter()

    def keys(self, records: Sequence[Record]) -> Keys:
        """Count a batch and give its keys."""
        batch = fields_of_batch(records)
        self._add(batch)
        return keys_of(batch)

    def _add(self, batch: Sequence[Fields]) -> None:
        self.records += len(batch)
        for fields in batch:
            self.words.update(set(fields.title.words))
            self.titles[fields.title.compact or fields.title.original] += 1
            self.lengths[len(fields.title.words)] += 1
            if fields.abstract:
                self.abstracts.append(fields.abstract.count(" ") + 1)
            self.filled["DOI"] += any(i.scheme == "doi" for i in fields.identifiers)
            self.filled["authors"] += bool(fields.authors.names)
            self.filled["first page"] += bool(fields.places.first_page)
            self.filled["year"] += bool(fields.years)

    def figures(self) -> dict[str, float]:
        """Shares of records, of title words and of titles."""
        n = self.records
        counts = np.sort(np.fromiter(self.words.values(), np.int64))[::-1]
        titles = np.fromiter(self.titles.values(), np.int64)
        tokens = counts.sum()
        shared = {
            f"records whose title {many} have":
            float(titles[(titles >= least) & (titles <= most)].sum()) / n
            for many, least, most in ((1, 1, 1), (2, 2, 2), (3, 3, 3), ("4 to 6", 4, 6))
        }  # fmt: skip
        return {
            "records": n,
            **{f"records with {name}": count / n for name, count in self.filled.items()},
            "records with abstract": len(self.abstracts) / n,
            "words of an abstract, median": float(np.median(self.abstracts or [0])),
            "words of a title, mean": sum(k * v for k, v in self.lengths.items()) / n,
            "distinct title words a record": len(counts) / n,
            **{f"title words, the first {k}": float(counts[:k].sum()) / tokens
               for k in (10, 100, 1_000, 10_000)},
            **{f"title words in {many}":
               float(counts[(counts >= least) & (counts <= most)].sum()) / tokens
               for many, least, most in
               (("one title", 1, 1), ("2 to 10 titles", 2, 10), ("11 to 127 titles", 11, 127))},
            **shared,
        }  # fmt: skip


def candidates(batches: Sequence[Keys]) -> dict[str, float]:
    """Keys and pairs a record, all and by what found them; over-full keys."""
    n = sum(map(len, batches))
    gathered = GatheredKeys.of(lambda: iter(batches))
    epoch = learn(gathered, 1)
    found: Counter[int] = Counter()
    for pairs in self_join(gathered, epoch):
        masks, counts = np.unique(pairs.found_by, return_counts=True)
        found.update(dict(zip(masks.tolist(), counts.tolist(), strict=True)))
    by = {name: sum(c for mask, c in found.items() if mask & bit) / n for name, bit in HITS.items()}
    alone = {name: found[bit] / n for name, bit in HITS.items()}
    return {
        "keys a record": sum(len(batch.values) for batch in batches) / n,
        "over-full keys": int(epoch.overfull.size),
        "pairs a record": sum(found.values()) / n,
        **{f"pairs a record by {name}": value for name, value in by.items()},
        **{f"pairs a record only by {name}": value for name, value in alone.items()},
    }


def main() -> None:
    """Print the figures of files, or of the real sets beside made records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--write", action="store_true", help=f"keep them in {STORED.name}")
    chosen = parser.parse_args()
    if chosen.files:
        print(json.dumps(figures(chosen.files), indent=1))
        return
    every = [dataset.records for dataset in SETS]
    largest = [path for path in every if f"/{LARGEST}/" in path]
    table: dict[str, Any] = {"real, all": figures(every), "real, one review": figures(largest)}
    with tempfile.TemporaryDirectory() as folder:
        for name in list(table):
            made = Path(folder) / "made.jsonl"
            Population(int(table[name]["records"])).write(made)
            table[name.replace("real", "made")] = figures([str(made)])
    print(json.dumps(table, indent=1))
    if chosen.write:
        STORED.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
