"""
Drift: a sample of works, with all that is decided of their records, made anew.

    seed, works  ->  candidates and decisions recomputed  ->  those stored?
                 ->  works formed of them                 ->  those stored?

Half of the sample are works of several records, since most have one. What the pairs of the sample
that are called distinct still leave is said too: an index stores no such pairs. Stores nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from detector.checking.census import Census, hashed
from detector.checking.findings import Fault
from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.detecting.deciding import decide_pairs, ids_in
from detector.detecting.detection import Detection
from detector.detecting.forming_again import FormingAgain
from detector.detecting.pipeline import Detector
from detector.store.holdings import Holdings, Pair
from detector.works.works import Work
from indexer.ingesting.ingest import batches

SAMPLE: Final = 200  # works
AT_ONCE: Final = 500  # works recomputed in one step
_ROUNDING: Final = 1e-9  # of a probability that was written and read


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a sample showed."""

    works: int
    records: int
    apart: float = (
        0.0  # missed joins to expect of all pairs called distinct, by those of the sample
    )
    faults: tuple[Fault, ...] = ()


def sampled(detector: Detector, census: Census, size: int = SAMPLE, seed: int = 0) -> Sampled:
    """Recompute a sample of the works; nothing where other weights or keys made them."""
    epoch, holdings = detector.holdings.epoch(), detector.holdings
    if epoch is None or detector.outdated() or not size:
        return Sampled(0, 0)
    drawn = _chosen(holdings, size, seed)
    works = [work for work in drawn if not _waits(census, work.records)]
    stand_for = {name: drawn[work] for work in works for name in work.records}
    records, apart = 0, 0.0
    decided: list[tuple[Pair, str]] = []
    formed: set[str] = set()
    conflicts: set[str] = set()
    for part in batches(works, AT_ONCE):
        names = sorted({name for work in part for name in work.records})
        records += len(names)
        pairs = detector.engine.candidates(detector.arriving.keys(names), epoch)
        again = Detection.joined(
            [
                decide_pairs(detector.decider(epoch), detector.fields.of(ids_in(some)), some)
                for some in pairs.parts(AT_ONCE)
            ],
            epoch,
        )
        stored = holdings.decisions_about(names)
        decided += _decided_otherwise(census, again.decisions, stored)
        asked = [pair for pair, one in stored.items() if one.verdict is Verdict.REVIEW]
        apart += _left_by(holdings, again.apart, asked, stand_for)
        anew = FormingAgain(detector.forming(epoch), holdings).works(names)
        if _waits(census, anew.concerned):
            continue
        formed |= {work_id for event in anew.events for work_id in _works_of(event)}
        if set(anew.conflicts) != set(holdings.conflicts(anew.concerned)):
            conflicts |= anew.concerned
    faults = tuple(_faults(holdings, decided, sorted(formed), sorted(conflicts)))
    return Sampled(len(works), records, apart, faults)


def _chosen(holdings: Holdings, size: int, seed: int) -> dict[Work, float]:
    """
    Works drawn of those of one record, and as many of several, by one reading of them.

    Returns:
        For each how many works it stands for.
    """
    draw = random.Random(seed)
    one, several = _Reservoir(size - size // 2, draw), _Reservoir(size // 2, draw)
    for work in holdings.all_works():
        (several if len(work.records) > 1 else one).offer(work)
    drawn = [(work, part.stands_for) for part in (one, several) for work in part.held]
    return dict(sorted(drawn, key=lambda pair: pair[0].work_id))


class _Reservoir:
    """So many of what is offered, each with the same chance (Vitter's algorithm R)."""

    def __init__(self, size: int, draw: random.Random) -> None:
        self.held: list[Work] = []
        self._size, self._draw, self._offered = size, draw, 0

    @property
    def stands_for(self) -> float:
        """How many of those offered each that is held stands for."""
        return self._offered / max(len(self.held), 1)

    def offer(self, work: Work) -> None:
        """Take it, perhaps in the place of another."""
        self._offered += 1
        if len(self.held) < self._size:
            self.held.append(work)
        elif (at := self._draw.randrange(self._offered)) < self._size:
            self.held[at] = work


def _waits(census: Census, names: Sequence[str] | frozenset[str]) -> bool:
    """Whether one of these waits to be compared: it may be in another work by then."""
    if not len(census.waiting):
        return False
    hashes = np.fromiter(map(hashed, names), np.uint64)
    return bool(np.isin(hashes, census.waiting).any())


def _left_by(
    holdings: Holdings,
    columns: DecisionColumns,
    asked: Iterable[Pair],
    stand_for: Mapping[str, float],
) -> float:
    """
    The joins that distinct pairs leave, for the whole: one for every two works.

    Those between works that a person is asked about are counted there; of the others each
    counts by half at each side, as it may be drawn at both.
    """
    pairs = list(columns.pairs())
    names = {name for pair in (*pairs, *asked) for name in pair}
    homes = holdings.work_ids_of(sorted(names))
    counted = {frozenset(homes.get(name, name) for name in pair) for pair in asked}
    strongest: dict[frozenset[str], tuple[float, Pair]] = {}
    for pair, said in zip(pairs, columns.probability.tolist(), strict=True):
        works = frozenset(homes.get(name, name) for name in pair)
        if len(works) > 1 and works not in counted:
            strongest[works] = max(strongest.get(works, (0.0, pair)), (said, pair))
    return sum(
        said * stand_for.get(name, 0.0) / 2 for said, pair in strongest.values() for name in pair
    )


def _decided_otherwise(
    census: Census, columns: DecisionColumns, stored: dict[Pair, Decision]
) -> Iterator[tuple[Pair, str]]:
    """The pairs that are decided otherwise now than is stored, and how."""
    now = {one.pair: one for one in columns.shorts(np.arange(len(columns)))}
    for pair in sorted(now.keys() | stored.keys()):
        if _same(now.get(pair), stored.get(pair)) or _waits(census, pair):
            continue
        yield pair, " and ".join(pair)


def _same(one: Decision | None, other: Decision | None) -> bool:
    if one is None or other is None:
        return one is other
    alike = (one.verdict, one.kind, set(one.found_by), set(one.guards)) == (
        other.verdict, other.kind, set(other.found_by), set(other.guards)
    )  # fmt: skip
    return alike and abs(one.probability - other.probability) <= _ROUNDING


def _works_of(event: dict[str, object]) -> Iterator[str]:
    for name in ("work_id", "to"):
        if work_id := event.get(name):
            yield str(work_id)


def _faults(
    holdings: Holdings, decided: list[tuple[Pair, str]], formed: list[str], conflicts: list[str]
) -> Iterator[Fault]:
    if decided:
        yield Fault("decided-otherwise", "pairs of the sample are decided otherwise than stored",
                    [told for _, told in decided],
                    again=sorted({name for pair, _ in decided for name in pair}))  # fmt: skip
    if formed:
        held = holdings.works(formed).values()
        yield Fault("formed-otherwise", "works of the sample are others when formed anew",
                    formed,
                    again=sorted({name for work in held for name in work.records}))  # fmt: skip
    if conflicts:
        yield Fault("conflicts-otherwise", "records of the sample have other conflicts",
                    conflicts, again=conflicts)  # fmt: skip
