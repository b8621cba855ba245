"""
Repairing: an index made whole again, as far as what is left of it allows.

    index  ->  file rebuilt from its records  ->  works formed anew from them

What the program decided follows from the records; the judgements of people stay. Does not:
read database pages (`indexer.index.embedded.repair` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import orjson

from detector.checking.checking import works_are_whole
from detector.checking.mending import lead_and_tell
from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.store.holdings import DECISIONS, Holdings
from detector.store.stored_choices import CHOSEN
from detector.store.stored_conflicts import CONFLICT
from detector.store.stored_epoch import EPOCH, MARK
from detector.store.stored_ids import GONE, MEMBER, WORK, Home, home_of
from detector.store.stored_judgements import JUDGEMENT
from detector.store.stories import NOTED, STORY
from indexer.errors import BackendIncomplete
from indexer.index.contract import Engine
from indexer.index.embedded import Repaired, repair
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database import FILE
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING, batches

HOMES_AT_ONCE: Final = 5_000  # works
# What cannot be made anew is dropped only where it cannot be read: it has no such member.
NEEDED: Final = {
    WORK: "version_groups",
    JUDGEMENT: "judgement",
    GONE: "records",
    CONFLICT: "bridge",
    CHOSEN: "field",
}
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
    holdings = Holdings(engine)
    arrivals = dict(_arrivals(engine))
    for kind in (MARK, EPOCH, MEMBER, DECISIONS, PENDING, NOTED, STORY):  # all of it is made anew
        engine.remove(kind, [name for name, _ in engine.documents(kind)])
    for kind, needed in NEEDED.items():
        documents = engine.documents(kind)
        engine.remove(kind, [name for name, stored in documents if not _has(stored.body, needed)])
    detector = Detector(engine, weights)
    detector.whole(lambda more, share: progress("comparing", more))
    for works in batches(holdings.all_works(), HOMES_AT_ONCE):
        # also those of works that are as they were, which nothing else files again
        homes = {
            record: Home(work.work_id, arrivals.get(record, 0))
            for work in works
            for record in work.records
        }
        holdings.store_homes(homes)
    lead_and_tell(detector)
    return True


def _arrivals(engine: Engine) -> Iterator[tuple[str, int]]:
    """When each record came, as far as that can be read."""
    for record, stored in engine.documents(MEMBER):
        with suppress(ValueError):
            yield record, home_of(stored.body).arrival


def _has(body: bytes, needed: str) -> bool:
    """Whether a document, or each part of a list of them, can be read and says this."""
    try:
        plain = orjson.loads(body)
    except ValueError:
        return False
    parts = plain if isinstance(plain, list) else [plain]
    return bool(parts) and all(isinstance(part, dict) and needed in part for part in parts)


def _works_are_whole(engine: Engine) -> bool:
    try:
        return works_are_whole(engine)
    except (BackendIncomplete, ValueError):
        return False
