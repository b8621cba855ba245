"""
Counts: how long the queue is, and what people said so far.

    queue, judgements  ->  what waits, who judged how much, how often it was one work

Does not: order or show the queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from detector.detecting.pipeline import Detector
from detector.judgements.agreement_of_judges import agreements_of
from detector.review.grounds import Likeness, grounds_of
from detector.review.queue import ReviewQueue
from detector.works.judgements import Judgement, standing
from indexer.ingesting.ingest import batches

AT_ONCE: Final = 2_000  # pairs
NOBODY: Final = "-"  # who judged, where a judgement does not say


def review_counts(detector: Detector) -> dict[str, Any]:
    """What waits for a person, and what was judged; all pairs that wait are compared for it."""
    groups: set[Likeness] = set()
    between: set[int] = set()
    records: set[int] = set()
    pairs = 0
    for doubts in batches(ReviewQueue(detector.holdings).all(), AT_ONCE):
        pairs += len(doubts)
        between.update(hash(doubt.between) for doubt in doubts)
        records.update(hash(record_id) for doubt in doubts for record_id in doubt.pair)
        told = grounds_of(detector, [doubt.pair for doubt in doubts])
        groups.update(grounds.likeness for grounds in told if grounds is not None)
    conflicts = len(detector.holdings.conflicts())
    waits = {
        "conflicts": conflicts,
        "pairs": pairs,
        "questions": len(between),
        "records": len(records),
    }
    return {
        "waiting": waits | {"groups": len(groups)},
        "judged": judged_counts(detector.holdings.all_judgements()),
    }


def judged_counts(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """Who said how much, what stands of it, how often it was one work, how far people agree."""
    said = list(judgements)
    stands = standing(said)
    verdicts = Counter(str(judgement.verdict) for judgement in stands.values())
    same = sum(judgement.same for judgement in stands.values())
    told = same + sum(judgement.not_same for judgement in stands.values())
    return {
        "judgements": len(said),
        "pairs": len(stands),
        "by": dict(Counter(judgement.by or NOBODY for judgement in said).most_common()),
        "verdicts": dict(verdicts.most_common()),
        "share_same": round(same / told, 4) if told else None,
        "agreement": [found.to_dict() for found in agreements_of(said)],
    }
