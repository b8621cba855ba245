"""
A made year: 365 nights of new, changed, deleted and returned records, and the proof of its end.

    python -m benchmarks.history [--records 300000] [--nights 365] [--judgements 2000]
                                 [--deliveries 10] [--opensearch] [--write]

Each night is an `ingest --detect` into the index that the nights before left, then people judge
pairs, some wrongly, and mistakes and whole deliveries are undone. What a night took is
set against the night's own records and against the size of the collection; settling, which
compares again what newly learnt counts change, stands apart. In the end works and ids are
compared with those of one pass over everything, on this index and on an empty one; the exit
status is 1 if anything differs. With --write results.json is kept; `make docs` then writes
docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.history.people import People
from benchmarks.history.proof import Proof, proof_of
from benchmarks.history.results import Cost, Lived, growth_of, store, together
from benchmarks.history.running import RunYear, Seconds
from benchmarks.history.year import Year
from benchmarks.scale.results import circumstances

MONTHS = 12  # printed on the way


def main() -> int:
    """Live a year, prove its end, print both, and keep them if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300_000)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--judgements", type=int, help="in the year; of 300,000 records 2,000")
    parser.add_argument("--deliveries", type=int, default=10, help="whole nights that are undone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--opensearch", action="store_true", help="on a node of its own")
    parser.add_argument("--heap", default="1g", help="of that node")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    year = Year(chosen.records, chosen.nights, chosen.seed)
    people = People.of(year, chosen.judgements)
    with tempfile.TemporaryDirectory() as folder, _places(chosen, Path(folder)) as places:
        location, empty, cpu = places
        run = RunYear(year, location, Path(folder), people, chosen.deliveries, cpu)
        costs = list(_told(run, chosen.nights))
        proof = proof_of(location, empty, year.living_ids(), people.standing)
    lived = Lived(
        engine="opensearch" if chosen.opensearch else "embedded",
        records=chosen.records,
        nights=chosen.nights,
        seed=chosen.seed,
        costs=costs,
        growth=growth_of(costs),
        proved=proof.counts,
        wrong=proof.wrong,
        command=f"python -m benchmarks.history {' '.join(sys.argv[1:])}",
        **circumstances(load),
    )
    _print(lived, proof)
    print(f"{run.undone} undos; not possible: {len(run.refused)}", *run.refused[:3], sep="\n  ")
    if chosen.write:
        store(lived)
    return 1 if proof.wrong else 0


def _told(run: RunYear, nights: int) -> Iterator[Cost]:
    """The nights, with a line a month."""
    month: list[Cost] = []
    for cost in run.nights():
        yield cost
        month.append(cost)
        if len(month) * MONTHS >= nights:
            print(_line(f"from night {month[0].night}", together(month)), flush=True)
            month = []


def _line(what: str, cost: Cost) -> str:
    each = 1_000 * cost.own / max(cost.concerned, 1)
    return (
        f"{what}: {cost.there:,} records there, {cost.changed:,} brought, {cost.judged} judged, "
        f"{cost.undone} taken back; {cost.own:.1f} CPU s, {each:.2f} ms a record of its own; "
        f"settling {cost.settling:.1f} s"
    )


def _print(lived: Lived, proof: Proof) -> None:
    print(_line("in all", together(lived.costs)))
    print(f"growth: {lived.growth}")
    for what, over in proof.counts.items():
        print(f"compared: {what}, {over:,}")
    print(*(f"WRONG: {wrong}" for wrong in proof.wrong), sep="\n")
    print("nothing differs" if not proof.wrong else f"{len(proof.wrong)} comparisons failed")


@contextmanager
def _places(chosen: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str, Seconds]]:
    """Where the year's index and an empty one are, and the clock of all that works for them."""
    if not chosen.opensearch:
        yield str(folder / "year"), str(folder / "empty"), time.process_time
        return
    from tests.opensearch_node.distribution import cache_folder  # needs Java
    from tests.opensearch_node.node import Node, NodeSettings, free_ports

    home = cache_folder() / f"benchmark-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    http, transport = free_ports(2)
    node = Node(home, NodeSettings(http, transport, heap=chosen.heap, quick=False))
    node.start()

    def seconds() -> float:
        times = psutil.Process(node.pid).cpu_times()
        return time.process_time() + times.user + times.system

    try:
        yield f"{node.url}/year", f"{node.url}/empty", seconds
    finally:
        node.kill()
        shutil.rmtree(home)


if __name__ == "__main__":
    sys.exit(main())
