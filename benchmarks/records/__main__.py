"""
Write made records and their truth.

    python -m benchmarks.records 1000000 made.jsonl --truth truth.tsv
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.records.generator import Population


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("path", type=Path, help="JSON Lines, compressed if it ends in .gz")
    parser.add_argument("--truth", type=Path, help="a line a record: its id and its work")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    population = Population(chosen.records, chosen.seed)
    population.write(chosen.path)
    if chosen.truth:
        population.write_truth(chosen.truth)


if __name__ == "__main__":
    main()
