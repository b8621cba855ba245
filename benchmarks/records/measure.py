"""
Measure how often words, surnames and journals repeat in real records: ranks, no text.

    python -m benchmarks.records.measure      the labelled sets of ../shared  ->  ranks.json

Of the n-th most frequent word only n and its count are kept, at some sixty ranks, and how
many letters words of about that rank have. A title or abstract that several records share
counts once: duplicates are made, not measured. Nothing here is read when records are made
but ranks.json.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.quality.sets import SETS
from indexer.feeds.formats import read_files
from indexer.fields.people.names import names_of
from indexer.records import Occurrence, Record

STORED: Final = Path(__file__).with_name("ranks.json")
WORD: Final = re.compile(r"[^\W_]+")
QUANTILES: Final = 40


def main() -> None:
    """Read the sets and write the table."""
    spelt = json.dumps(measured(), indent=1)
    # A list of numbers on a line.
    STORED.write_text(re.sub(r"(?<=[\d\[,])\n +(?=[\d\]])", "", spelt) + "\n", "utf-8")


def measured() -> dict[str, Any]:
    """All counts and lengths."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("title words", "abstract words", "surnames", "journals")
    }
    lengths: dict[str, list[int]] = {"title words": [], "abstract words": [], "authors": []}
    records = with_abstract = 0
    titles: set[str] = set()
    abstracts: set[int] = set()
    for dataset in SETS:
        for record in records_of(dataset.records):
            records += 1
            with_abstract += bool(record.abstract)
            title = WORD.findall(record.title.lower())
            if "".join(title) in titles:
                continue
            titles.add("".join(title))
            counts["title words"].update(title)
            lengths["title words"].append(len(title))
            counts["journals"][record.container.lower()] += bool(record.container)
            names = names_of(record.authors).names
            counts["surnames"].update(name.family for name in names if name.family)
            lengths["authors"].append(len(names))
            if record.abstract and hash(record.abstract) not in abstracts:
                abstracts.add(hash(record.abstract))
                words = WORD.findall(record.abstract.lower())
                counts["abstract words"].update(words)
                lengths["abstract words"].append(len(words))
    return {
        "records": records,
        "with abstract": round(with_abstract / records, 3),
        **{name: ranked(counter) for name, counter in counts.items()},
        **{f"{name} of a record": quantiles(values) for name, values in lengths.items()},
    }


def records_of(path: str) -> Iterable[Record]:
    """The records of a set."""
    return (row.record for row in read_files([path]) if isinstance(row, Occurrence))


def ranked(counter: Counter[str]) -> dict[str, Any]:
    """Ranks with the count at each, and the letters of the words about it."""
    words = [word for word, count in counter.most_common() if count]
    ranks = sorted(
        {round(10 ** (step / 12)) for step in range(73) if 10 ** (step / 12) < len(words)}
    )
    counts = [counter[words[rank - 1]] for rank in ranks]
    near = [words[rank - 1 : max(rank, round(rank * 1.2))] for rank in ranks]
    return {
        "uses": counter.total(),
        "distinct": len(words),
        "once": sum(count == 1 for count in counter.values()),
        "ranks": ranks,
        "counts": counts,
        "letters": [round(sum(map(len, some)) / len(some), 1) for some in near],
    }


def quantiles(values: Sequence[int]) -> list[int]:
    """The values at each fortieth of their order, the least and the greatest too."""
    ordered = sorted(values)
    return [ordered[(len(ordered) - 1) * step // QUANTILES] for step in range(QUANTILES + 1)]


if __name__ == "__main__":
    main()
