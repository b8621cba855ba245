"""
Peers over every set: run once, scored as our own runs are, kept in peers.json.

    PEERS_PYTHON=…/bin/python python -m benchmarks.quality.peer_runs [--peer NAME] [SET …]

What a peer joins is closed to works first, and pairs are counted after that, by the code
that counts ours. A peer that fails or is not done within the limit has its reason in the
place of its figures. Runs anew what is named, or else what peers.json lacks.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, measured
from benchmarks.quality.figures import Figures, table
from benchmarks.quality.peers import PEERS
from benchmarks.quality.sets import SETS, DevelopmentSet
from detector.evaluation.evaluate import Scope, ScoredRun, evaluate
from detector.evaluation.truth import Pair, read_truth

STORED = Path(__file__).with_name("peers.json")
SCRIPT = Path(__file__).with_name("peers.py")
LIMIT = 900.0  # seconds of wall time a set
PYTHON = "PEERS_PYTHON"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for and write peers.json after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--peer", action="append", choices=list(PEERS))
    parser.add_argument("names", nargs="*", metavar="SET")
    chosen = parser.parse_args(arguments)
    python = os.environ.get(PYTHON)
    if not python:
        sys.exit(f"{PYTHON} names no interpreter; see requirements-peers.in for one with the peers")
    if not (chosen.names or chosen.peer):
        run_missing(python, chosen.limit)
        return
    for peer in chosen.peer or PEERS:
        for dataset in SETS:
            if not chosen.names or dataset.name in chosen.names:
                store(peer, dataset.name, figures(python, peer, dataset, chosen.limit))


def run_missing(python: str, limit: float = LIMIT) -> None:
    """Run every peer over every set that peers.json has nothing of."""
    for peer in PEERS:
        for dataset in SETS:
            if dataset.name not in stored().get(peer, {}):
                store(peer, dataset.name, figures(python, peer, dataset, limit))


def stored() -> dict[str, dict[str, Any]]:
    """What was measured: peer -> set -> figures."""
    return json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}


def store(peer: str, name: str, result: dict[str, Any]) -> None:
    """Write one more result."""
    everything = stored()
    everything.setdefault(peer, {})[name] = result
    STORED.write_text(json.dumps(everything, indent=1, sort_keys=True) + "\n", "utf-8")
    print(peer, name, result, flush=True)


def figures(python: str, peer: str, dataset: DevelopmentSet, limit: float) -> dict[str, Any]:
    """One peer over one set: its score and cost, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "links.json"
        command = [python, str(SCRIPT), peer, dataset.records, str(dataset.truth), str(out)]
        took = measured(command, limit)
        if took.stopped:
            return {"failed": f"not done in {limit:.0f} s"}
        if took.status or not out.exists():
            return {"failed": _last_line(took)}
        said = json.loads(out.read_text("utf-8"))
    scores = score(dataset, works_of(said["links"]))
    return {
        **scores,
        "version": said["version"],
        "wall": round(took.wall, 1),
        "cpu": round(took.cpu, 1),
        "peak_mb": said["peak_mb"],
    }


def score(dataset: DevelopmentSet, works: list[set[str]]) -> dict[str, Any]:
    """The figures of works that somebody else formed."""
    with gzip.open(dataset.records, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    sources = {str(record["id"]): str(record.get("source", "")) for record in records}
    run = ScoredRun(sources, {}, {}, {}, works, works)
    evaluation = evaluate(run, read_truth(dataset.truth), Scope(cross_source=dataset.cross_source))
    best = evaluation.best
    out: dict[str, Any] = {"precision": best.precision, "recall": best.recall, "f1": best.f1,
                           "false": best.false}  # fmt: skip
    if evaluation.b_cubed:
        out["b_cubed"] = evaluation.b_cubed_f1
    out["read"] = evaluation.by_how["read"][1].f1 if "read" in evaluation.by_how else None
    return {name: round(v, 4) if isinstance(v, float) else v for name, v in out.items()}


def peer_rows(ours: Mapping[str, Figures]) -> list[str]:
    """Every peer and set as a table, with our own left-out figures beside."""
    by_peer = stored()
    peers = [peer for peer in PEERS if peer in by_peer]
    versions = {peer: next((result["version"] for result in by_peer[peer].values()
                            if result.get("version")), "") for peer in peers}  # fmt: skip
    head = ["set", "samework", *(f"{peer} {versions[peer]}".strip() for peer in peers)]
    rows = []
    for dataset in SETS:
        mine = f"{ours[dataset.name].best.f1:.4f}" if dataset.name in ours else ""
        rows.append(
            [dataset.name, mine, *(_cell(by_peer[peer].get(dataset.name)) for peer in peers)]
        )
        if (part := ours.get(f"{dataset.name}, only `read`")) is not None:
            read = [by_peer[peer].get(dataset.name, {}).get("read") for peer in peers]
            cells = ["" if f1 is None else f"{f1:.4f}" for f1 in read]
            rows.append([part.name, f"{part.best.f1:.4f}", *cells])
    return table(head, rows)


def _cell(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return "not run"
    if "failed" in result:
        return str(result["failed"]).replace("|", "/")
    rates = f"{result['f1']:.4f} ({result['precision']:.2f} / {result['recall']:.2f})"
    return f"{rates}, {result['wall']:.0f} s, {result['cpu']:.0f} s, {result['peak_mb']} MB"


def works_of(links: Iterable[Pair]) -> list[set[str]]:
    """The groups that links close to."""
    home: dict[str, set[str]] = {}
    for left, right in links:
        ours, theirs = (home.setdefault(name, {name}) for name in (left, right))
        if ours is not theirs:
            less, more = sorted((ours, theirs), key=len)
            more |= less
            home.update(dict.fromkeys(less, more))
    return list({id(work): work for work in home.values()}.values())


def _last_line(took: Measured) -> str:
    if took.status == -signal.SIGKILL:
        return "killed: the machine's memory was full"
    lines = [line for line in took.said.splitlines() if line.strip()]
    return lines[-1].strip()[:120] if lines else f"status {took.status}"


if __name__ == "__main__":
    main()
