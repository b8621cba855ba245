"""One-shot runs for tests: files in, the folder of an answer out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from detector.detecting.pipeline import Detector
from detector.reports.answer import write_answer
from detector.reports.parts.wanted import Wanted
from detector.runs.one_shot import Deduplication, JudgementsOf, deduplicate
from indexer.feeds.formats import read_files
from indexer.index.embedded import EmbeddedEngine
from indexer.running.timings import Timings


@contextmanager
def deduplicated(
    out: Path, files: Iterable[Path], judgements_of: JudgementsOf | None = None
) -> Iterator[Deduplication]:
    """A finished run, its engine still open."""
    out.mkdir(parents=True, exist_ok=True)
    for old in (out / "index").glob("samework.sqlite*"):
        old.unlink()
    detector = Detector(EmbeddedEngine(str(out / "index")))
    try:
        yield deduplicate(
            read_files([str(file) for file in files]), detector, judgements_of=judgements_of
        )
    finally:
        detector.engine.close()


def answer(
    out: Path, *files: Path, judgements_of: JudgementsOf | None = None, **wanted: Any
) -> dict[str, Any]:
    """The summary of a run that leaves its whole answer in a folder."""
    with deduplicated(out, files, judgements_of) as found:
        paths = tuple(map(str, files))
        summary, _ = write_answer(found, out, Wanted(files=paths, **wanted), Timings())
    return summary


def lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def write(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """A JSON Lines file."""
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return file


Shared = Callable[[str], Path]
