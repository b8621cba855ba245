"""
Repairing: an index made whole again, as far as what is left of it allows.

    index  ->  file rebuilt from its records  ->  works formed anew from them

What the program decided follows from the records; the judgements of people stay. Does not:
read database pages (`indexer.index.embedded.repair` does).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.runs.health import Grade, works_findings
from detector.store.holdings import DECISIONS
from detector.store.stored_epoch import EPOCH, MARK
from detector.store.stored_ids import MEMBER, WORK
from detector.store.stored_judgements import JUDGEMENT
from indexer.errors import BackendIncomplete
from indexer.index.contract import Engine
from indexer.index.embedded import Repaired, repair
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database import FILE
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING

Progress = Callable[[str, int], None]  # stage, how many more


def repaired(index: str, weights: str, progress: Progress) -> tuple[Repaired | None, bool]:
    """
    What was saved of a damaged file, None where it is whole; and whether works were formed anew.

    Raises:
        BackendError: there is no index, another process writes to it, or nothing is left.
    """
    table = Weights.load(weights)
    path, saved = Path(index) / FILE, None
    if path.exists() and damage_of(path, contents=True):
        saved = repair(Path(index), lambda more: progress("saving", more))
    with closing(open_engine(index, create=False)) as engine:
        formed = _form_anew(engine, table, progress, always=saved is not None)
    return saved, formed


def _form_anew(engine: Engine, weights: Weights, progress: Progress, *, always: bool) -> bool:
    """Form all works of a collection anew if it had works and they are not whole."""
    if not (engine.count(WORK) or engine.count(EPOCH)):
        return False
    if not always and _works_are_whole(engine):
        return False
    for kind in (MARK, EPOCH, MEMBER, DECISIONS, PENDING):  # all of it is made anew
        engine.remove(kind, [name for name, _ in engine.documents(kind)])
    for kind, needed in ((WORK, "version_groups"), (JUDGEMENT, "verdict")):
        documents = engine.documents(kind)
        engine.remove(
            kind, [name for name, document in documents if not _has(document.body, needed)]
        )
    detector = Detector(engine, weights)
    detector.whole(lambda more, share: progress("comparing", more))
    return True


def _has(body: bytes, needed: str) -> bool:
    try:
        plain = orjson.loads(body)
    except ValueError:
        return False
    return isinstance(plain, dict) and needed in plain


def _works_are_whole(engine: Engine) -> bool:
    try:
        return not any(finding.grade is Grade.FAULT for finding in works_findings(engine))
    except (BackendIncomplete, ValueError):
        return False
