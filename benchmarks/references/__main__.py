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
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

PEERS = ("splink", "bib-dedupe")


def measured(command: list[str]) -> tuple[float, float, float, int]:
    """Wall seconds, CPU seconds, peak MB and exit status of a command with its children."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        together = 0.0
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            together = max(together, resident(process.pid))
            time.sleep(0.2)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace")[-2000:])
    wall = time.perf_counter() - began
    peak = max(together, usage.ru_maxrss / 1024)
    return wall, usage.ru_utime + usage.ru_stime, peak, process.returncode


def resident(pid: int) -> float:
    """MB that a process and all its children hold at this moment."""
    held = 0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                held += process.memory_info().rss
    return held / 2**20


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
            wall, cpu, peak, status = measured(command)
            load = f"  [load {os.getloadavg()[0]:.1f}]"
            print(f"{name:12} {wall:8.1f} {cpu:8.1f} {peak:8.0f} {status:6}{load}", flush=True)
    memory = resource.getpagesize() * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB; each run once")


if __name__ == "__main__":
    main()
