"""
Update counts: the numbers of a search that was repeated.

    Deduplication that goes on from an earlier answer  ->  what became of its works, what is new

Rows that were read = unusable + withdrawn + there already + duplicates among the new + to screen,
as in the flow diagram of an updated review (PRISMA 2020). Does not: find anything.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from detector.runs.one_shot import Deduplication
from detector.runs.previous import Previous, Since, of_all


def summary_since(run: Deduplication) -> dict[str, Any]:
    """What became of the works of the earlier answer, and what is new, in works and in rows."""
    before = _before(run)
    works, rows, of_record = Counter[str](), Counter[str](), dict[str, str]()
    ids, beyond = set[str](), 0
    for work in run.detection.works.works:
        said = before.of_groups(work)
        works[of_all(said)] += 1
        if Since.NEW not in said:
            ids.add(work.work_id)
            beyond += len(set(work.records) - before.record_ids)
        for since, group in zip(said, work.version_groups, strict=True):
            of_record |= dict.fromkeys(group, since)
    rows.update(map(of_record.__getitem__, run.places.record_ids))
    redirects = redirected(run)
    return {
        "answer": before.out,
        "previous_works": len(before.work_ids),
        "works": {str(said): works[said] for said in Since},
        "rows": {str(said): rows[said] for said in Since},
        "records_beside_those_of_then": beyond,
        "redirected": redirects,
        "split_off": len(ids - before.work_ids),
        "gone": len(before.work_ids - ids - redirects.keys()),
        "asked_again": asked_again(run),
        "conflicts": len(run.detection.works.conflicts),
    }


def prisma_since(run: Deduplication) -> dict[str, Any]:
    """The counts of the flow diagram that are others in an update, and those that it has beside."""
    before = _before(run)
    works = run.detection.works.works
    fresh = [work for work in works if before.of_work(work) is Since.NEW]
    names = {name for work in fresh for name in work.records}
    rows = sum(record_id in names for record_id in run.places.record_ids)
    prisma = before.summary.get("prisma", {})
    identified = (prisma.get(name) for name in ("previous_records", "records_identified"))
    return {
        "previous_records": sum(count for count in identified if count),
        "previous_works": len(before.work_ids),
        "duplicate_records_removed": len(run.places) - len(fresh),
        "records_there_already": len(run.places) - rows,
        "duplicates_among_the_new": rows - len(fresh),
        "records_to_screen": len(fresh),
        "records_in_pairs_to_check": len(run.records_to_check() & names),
    }


def redirected(run: Deduplication) -> dict[str, str]:
    """The works of the earlier answer that others took in, and which."""
    before = _before(run)
    ids = {work.work_id for work in run.detection.works.works}
    holdings = run.detector.holdings
    led = {work_id: holdings.living(work_id).work_id for work_id in sorted(before.work_ids - ids)}
    return {work_id: now for work_id, now in led.items() if now}


def asked_again(run: Deduplication) -> int:
    """How many of the pairs to check the earlier answer asked about too, without being told."""
    pairs = run.detection.decisions.pairs(run.to_check())
    return sum(pair in _before(run).to_check for pair in pairs)


def _before(run: Deduplication) -> Previous:
    if run.previous is None:
        raise ValueError("there is no earlier answer")
    return run.previous
