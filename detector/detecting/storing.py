"""
Storing: what a run over a whole collection found, put in the place of what was stored.

    Detection  ->  decisions, works with the ids they had before, events, epoch

Does not: form works (`forming.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from detector.detecting.detection import Detection
from detector.store.events import Occasion
from detector.store.holdings import Holdings
from detector.store.stored_works import replace_all_works
from indexer.ingesting.ingest import PENDING
from indexer.running.crash_points import reached


def store_whole(
    holdings: Holdings,
    detection: Detection,
    weights: str,
    waiting: Iterable[str],
    occasion: Occasion,
) -> None:
    """
    Replace all that is stored of decisions and works.

    Args:
        holdings: where.
        detection: what was found.
        weights: the digest of the weights that it was decided by.
        waiting: names of the lists of records that this compared.
        occasion: what the events of it say.
    """
    if holdings.weights() not in ("", weights):
        occasion = replace(occasion, cause={**occasion.cause, "weights": weights})
    with holdings.collection.atomically():
        holdings.replace_decisions(detection.decisions)
        reached("within-works")
        replace_all_works(holdings, detection.works, detection.decisions, occasion)
        holdings.collection.remove(PENDING, waiting)
        # last: killed before, on an engine without transactions, settling does all again
        holdings.store_weights(weights)
        holdings.store_epoch(detection.epoch)
    reached("after-works")
