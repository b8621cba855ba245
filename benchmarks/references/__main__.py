"""
Wall, CPU and memory of `samework dedupe` and of its peers over one file, in one hour.

    PEERS_PYTHON=…/bin/python python -m benchmarks.references records.jsonl.gz

Prints a table. A peer whose interpreter is not given is left out, and that is said.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEERS = ("splink", "bib-dedupe")


def measured(command: list[str]) -> tuple[float, float, float, int]:
    """Wall seconds, CPU seconds, peak MB and exit status of a command and its children."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace")[-2000:])
    wall = time.perf_counter() - began
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def main(records: str) -> None:
    """Run each once and print what it took."""
    print(f"{'run':12} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'status':>6}")
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "detector.cli", "dedupe", records, "--out"]
        rows = [("samework", [*ours, str(Path(folder) / "out")])]
        python = os.environ.get("PEERS_PYTHON")
        script = str(Path(__file__).with_name("peers.py"))
        for peer in PEERS:
            if python:
                rows.append((peer, [python, script, peer, records]))
            else:
                print(f"{peer:12} left out: PEERS_PYTHON names no interpreter that has it")
        for name, command in rows:
            wall, cpu, peak, status = measured(command)
            print(f"{name:12} {wall:8.1f} {cpu:8.1f} {peak:8.0f} {status:6}", flush=True)
    memory = resource.getpagesize() * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB; each run once")


if __name__ == "__main__":
    main(sys.argv[1])
