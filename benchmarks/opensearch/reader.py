"""
A reader beside a re-index: another process that asks for candidates at a steady rate.

    Reader(url, keys, epoch)  ->  end()  ->  Reads(waits, what failed)

A process of its own, for a thread would wait for the re-index's Python. Does not: try
again; what the engine does not answer is a failed read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np

from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from indexer.keys import Keys
from indexer.keys.epoch import Epoch

READS_A_SECOND = 20


@dataclass
class Reads:
    """What became of the reads."""

    waits: list[float] = field(default_factory=list)  # seconds
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Reads a second."""
        return len(self.waits) / max(self.seconds, 1e-9)


class Reader:
    """The process, from when it has had its first answer."""

    def __init__(self, url: str, keys: Keys, epoch: Epoch) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_read, args=(theirs, url, keys, epoch.to_bytes()), daemon=True
        )
        self._process.start()
        self._pipe.recv()

    def end(self) -> Reads:
        """Stop it; what it saw."""
        self._pipe.send("end")
        reads = self._pipe.recv()
        assert isinstance(reads, Reads)
        return reads

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


def _read(pipe: Connection, url: str, keys: Keys, epoch: bytes) -> None:
    engine = OpenSearchEngine(Location.parse(f"{url}/samework", {}), create=False)
    learnt = Epoch.from_bytes(epoch)
    engine.candidates(keys.take(np.array([0])), learnt)
    pipe.send("ready")
    reads, began, row = Reads(), time.perf_counter(), 0
    while not pipe.poll():
        due = began + row / READS_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        asked = time.perf_counter()
        try:
            engine.candidates(keys.take(np.array([row % len(keys)])), learnt)
        except Exception as fault:
            reads.failed.append(str(fault))
        reads.waits.append(time.perf_counter() - asked)
        row += 1
    reads.seconds = time.perf_counter() - began
    pipe.send(reads)
