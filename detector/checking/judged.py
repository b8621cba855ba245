"""
Judged: is obeyed what people said, and does every conflict still stand?

    judgements, conflicts, homes  ->  faults

A judgement about a record that is not there, or that waits to be compared, counts later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from detector.checking.census import waiting_records
from detector.checking.findings import Fault
from detector.store.holdings import Holdings
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement, standing
from indexer.index.contract import Engine
from indexer.ingesting.ingest import batches

AT_ONCE: Final = 5_000  # judgements


def judged_faults(engine: Engine) -> Iterator[Fault]:
    """What is not as people said."""
    holdings = Holdings(engine)
    waiting = frozenset(waiting_records(engine))
    conflicts = holdings.conflicts()
    bridged: list[Judgement] = []
    apart: list[Judgement] = []
    excused = _between(holdings, conflicts)
    for part in batches(all_standing(holdings), AT_ONCE):
        free = [said for said in part if waiting.isdisjoint(said.pair)]
        homes = holdings.work_ids_of(sorted({name for said in free for name in said.pair}))
        for said in free:
            ours, theirs = (homes.get(name, "") for name in said.pair)
            if not ours or not theirs:
                continue
            if said.not_same and ours == theirs:
                bridged.append(said)
            elif said.same and ours != theirs and frozenset((ours, theirs)) not in excused:
                apart.append(said)
    yield from _fault("judged-apart-and-joined", "pairs judged not the same are in one work",
                      [said.pair for said in bridged])  # fmt: skip
    yield from _fault("judged-one-and-apart", "pairs judged the same are in two works, and no "
                      "conflict says why", [said.pair for said in apart])  # fmt: skip
    over = [one for part in batches(conflicts, AT_ONCE) for one in _over(holdings, part)]
    yield from _fault("conflict-over", "conflicts are none any more",
                      [(one.left, one.right) for one in over])  # fmt: skip


def all_standing(holdings: Holdings) -> Iterator[Judgement]:
    """What stands of each pair: the judgements of one follow one another."""
    for _, said in groupby(holdings.all_judgements(), key=lambda one: one.pair[0]):
        yield from standing(said).values()


def _between(holdings: Holdings, conflicts: Iterable[Conflict]) -> set[frozenset[str]]:
    """The pairs of works that conflicts are between."""
    pairs = [(one.left, one.right) for one in conflicts]
    homes = holdings.work_ids_of(sorted({name for pair in pairs for name in pair}))
    return {frozenset(homes.get(name, "") for name in pair) for pair in pairs}


def _over(holdings: Holdings, conflicts: Sequence[Conflict]) -> Iterator[Conflict]:
    """Those whose two records are not there, not apart or not judged so any more."""
    names = {name for one in conflicts for name in _named(one)}
    homes = holdings.work_ids_of(sorted(names))
    said = standing(
        holdings.judgements(name for one in conflicts for name in (one.left, one.right))
    )
    for one in conflicts:
        pair = min(one.left, one.right), max(one.left, one.right)
        stands = pair in said and said[pair].not_same and homes.keys() >= _named(one)
        if not stands or homes[one.left] == homes[one.right]:
            yield one


def _named(conflict: Conflict) -> set[str]:
    return {conflict.left, conflict.right, *conflict.bridge, *conflict.path}


def _fault(name: str, text: str, pairs: list[tuple[str, str]]) -> Iterator[Fault]:
    if pairs:
        names = sorted({record for pair in pairs for record in pair})
        yield Fault(name, text, [" and ".join(pair) for pair in pairs], again=names)
