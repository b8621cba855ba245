"""
Time, memory and F1 of `samework dedupe` and its peers over made records of several sizes.

    python -m benchmarks.scale 50000 1000000 [--write]
    PEERS_PYTHON=…/bin/python python -m benchmarks.scale 50000 --tools samework splink --limit 3600
    python -m benchmarks.scale 50000 --samework ../before/.venv/bin/samework --label "before"

Each tool runs in a process of its own, over the same file, one after the other; what it
finds is scored against the truth of the made records. One that is not done within the limit
is stopped, which is a result as well; so is one that takes four fifths of all memory. With
--write results.json and docs/performance.md follow.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.measuring import Measured, measured, revision
from benchmarks.records.generator import Population
from benchmarks.scale import page
from benchmarks.scale.peers import PEERS
from benchmarks.scale.results import (
    OURS,
    Result,
    circumstances,
    disk_speed,
    exponent,
    memory,
    store,
)
from benchmarks.scale.scoring import Agreement, agreement, groups_in, works_in

PYTHON: Final = "PEERS_PYTHON"
ROOT: Final = Path(__file__).resolve().parents[2]
ROW: Final = "{:14} {:>10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>6}"
USUAL_STATUS: Final = (0, 3)


def main() -> None:
    """Run what is asked for, print a row each and keep it if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--tools", nargs="+", default=[OURS], choices=[OURS, *PEERS])
    parser.add_argument("--peers", action="store_true", help="all of them, where they are")
    parser.add_argument("--options", default="", help="more options of samework dedupe")
    parser.add_argument("--samework", default=str(Path(sys.executable).with_name("samework")),
                        help="the command, that of another checkout for one")  # fmt: skip
    parser.add_argument("--label", default="", help="what such a run is called")
    parser.add_argument("--limit", type=float, default=float("inf"), help="seconds a run")
    parser.add_argument("--memory", type=float, default=memory() * 0.8, help="MB a run")
    parser.add_argument("--folder", type=Path, help="where made files are put, and stay")
    parser.add_argument("--write", action="store_true", help="keep results, write the page")
    chosen = parser.parse_args()
    if chosen.peers:
        chosen.tools += PEERS if os.environ.get(PYTHON) else []
        if not os.environ.get(PYTHON):
            print(f"peers left out: {PYTHON} names no Python that has them")
    if (set(chosen.tools) - {OURS}) and not os.environ.get(PYTHON):
        sys.exit(f"{PYTHON} names no interpreter; see requirements-peers.in for one with the peers")
    print(ROW.format("tool", "records", "wall s", "CPU s", "peak MB", "read MB", "wrote MB", "F1",
                     "load"))  # fmt: skip
    results = []
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        for size in chosen.sizes:
            population = Population(size)
            made = made_file(population, chosen.folder or Path(folder), set(chosen.tools) != {OURS})
            for tool in chosen.tools:
                results.append(run(tool, population, made, Path(folder), chosen))
                print(row(results[-1]), flush=True)
                if chosen.write:
                    store(results[-1])
    for line in growth(results):
        print(line)
    if chosen.write:
        page.write()


def made_file(population: Population, folder: Path, truth: bool) -> Path:
    """The records of a population, made if they are not there, and if asked for their truth."""
    path = folder / f"made-{population.records}.jsonl"
    if not path.exists():
        population.write(path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    if truth and not path.with_suffix(".tsv").exists():
        population.write_truth(path.with_suffix(".tsv"))
    return path


def run(
    tool: str, population: Population, made: Path, folder: Path, chosen: argparse.Namespace
) -> Result:
    """One tool over one file."""
    out = folder / f"{tool.replace(' ', '-')}-{population.records}"
    command = ours(made, out, chosen) if tool == OURS else peer(tool, made, out)
    load = os.getloadavg()[0]
    took = measured(command, chosen.limit, chosen.memory, cwd=ROOT)
    failed = bool(took.stopped) or took.status not in USUAL_STATUS
    score = None if failed else scored(tool, population, out)
    about = {} if failed or tool != OURS else json.loads((out / "summary.json").read_bytes())
    left = size_of(out)
    if out.is_dir():  # ten million take a disk, and the next size comes after it
        shutil.rmtree(out)
    shown = shlex.join([Path(command[0]).name, *command[1:]])
    for where in (folder, made.parent):
        shown = shown.replace(f"{where}/", "")
    return Result(
        tool=f"{tool} {chosen.label}".strip() if tool == OURS else tool,
        records=population.records,
        **circumstances(load) | {"version": version_of(tool, took, chosen.label)},
        command=shown,
        wall=round(took.wall, 1),
        cpu=round(took.cpu, 1),
        peak_mb=round(took.peak_mb),
        read_mb=round(took.read_mb),
        written_mb=round(took.written_mb),
        input_mb=round(made.stat().st_size / 1e6),
        left_mb=round(left / 1e6),
        disk_mb_s=disk_speed(folder),
        stopped=reason(took) if failed else "",
        **({} if score is None else _rounded(score)),
        summary={name: about[name] for name in ("works", "pairs", "candidates") if name in about},
        stages=about.get("seconds", {}).get("stages", []),
    )


def size_of(out: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    files = out.rglob("*") if out.is_dir() else [out]
    return sum(file.stat().st_size for file in files if file.is_file())


def ours(made: Path, out: Path, chosen: argparse.Namespace) -> list[str]:
    """The command that a user types."""
    return [chosen.samework, "dedupe", str(made), "--out", str(out), *shlex.split(chosen.options)]


def peer(tool: str, made: Path, out: Path) -> list[str]:
    """A peer by the interpreter that has it."""
    files = [str(made), str(made.with_suffix(".tsv")), str(out)]
    return [os.environ[PYTHON], "-m", "benchmarks.scale.peers", tool, *files]


def scored(tool: str, population: Population, out: Path) -> Agreement:
    """How far what a tool wrote agrees with the truth."""
    groups = works_in(out / "works.jsonl") if tool == OURS else groups_in(out)
    return agreement(population, groups)


def reason(took: Measured) -> str:
    """Why a run has no result."""
    if took.stopped:
        return took.stopped
    lines = [line for line in took.said.splitlines() if line.strip()]
    return f"failed: {lines[-1].strip()[:100]}" if lines else f"failed: status {took.status}"


def version_of(tool: str, took: Measured, label: str) -> str:
    """Of a peer what it printed last, of ours the commit; a label says its own."""
    if tool == OURS:
        return "" if label else revision()
    last = took.said.strip().splitlines()[-1:]
    return str(json.loads(last[0])["version"]) if last and last[0].startswith("{") else ""


def row(result: Result) -> str:
    """A result as a line of figures."""
    f1 = result.stopped or ("" if result.f1 is None else f"{result.f1:.4f}")
    figures = (result.wall, result.cpu, result.peak_mb, result.read_mb, result.written_mb)
    shown = (f"{figure:,.1f}" if at < 2 else f"{figure:,.0f}" for at, figure in enumerate(figures))
    return ROW.format(result.tool, f"{result.records:,}", *shown, f1, result.load)


def growth(results: Sequence[Result]) -> list[str]:
    """For each tool the exponents between one size and the next."""
    lines = []
    for tool in dict.fromkeys(result.tool for result in results):
        sizes = sorted((r for r in results if r.tool == tool and not r.stopped),
                       key=lambda r: r.records)  # fmt: skip
        for less, more in pairwise(sizes):
            cpu, peak = exponent(less, more, "cpu"), exponent(less, more, "peak_mb")
            span = f"{less.records:,} to {more.records:,}"
            lines.append(f"{tool}: from {span} CPU grows by {cpu:.2f}, peak by {peak:.2f}")
    return lines


def _rounded(score: Agreement) -> dict[str, Any]:
    return {
        "precision": round(score.precision, 5),
        "recall": round(score.recall, 5),
        "f1": round(score.f1, 5),
    }


if __name__ == "__main__":
    main()
