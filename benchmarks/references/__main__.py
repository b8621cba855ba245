"""
Wall, CPU and memory of `samework dedupe` and of its peers over one file, in one hour.

    PEERS_PYTHON=…/bin/python python -m benchmarks.references records.jsonl.gz
    python -m benchmarks.references records.jsonl.gz --workers 1 2

Prints a table. A peer whose interpreter is not given is left out, and that is said. With
--workers only samework is run, once with each number of them.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import measured

PEERS = ("splink", "bib-dedupe")


def main() -> None:
    """Run each once and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("records")
    parser.add_argument("--workers", type=int, nargs="*", default=[])
    arguments = parser.parse_args()
    records = arguments.records
    print(f"{'run':12} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'status':>6}")
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "samework.cli", "dedupe", records, "--out"]
        rows = [("samework", [*ours, str(Path(folder) / "out")])]
        if arguments.workers:
            out = [[*ours, str(Path(folder) / f"out{n}")] for n in arguments.workers]
            counts = [str(n) for n in arguments.workers]
            rows = [
                (f"workers {n}", [*o, "--workers", n]) for n, o in zip(counts, out, strict=True)
            ]
        python = os.environ.get("PEERS_PYTHON")
        script = str(Path(__file__).with_name("peers.py"))
        for peer in () if arguments.workers else PEERS:
            if python:
                rows.append((peer, [python, script, peer, records]))
            else:
                print(f"{peer:12} left out: PEERS_PYTHON names no interpreter that has it")
        for name, command in rows:
            took = measured(command)
            figures = f"{took.wall:8.1f} {took.cpu:8.1f} {took.peak_mb:8.0f} {took.status:6}"
            print(f"{name:12} {figures}  [load {os.getloadavg()[0]:.1f}]", flush=True)
    memory = resource.getpagesize() * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB; each run once")


if __name__ == "__main__":
    main()
