"""Made stores for the tests of the queue: works, decisions and judgements put in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision
from detector.store.holdings import Holdings
from detector.store.stored_ids import Home
from detector.works.works import Work
from tests.made_works import decided


def stored(
    holdings: Holdings, works: Iterable[Sequence[str]], decisions: Iterable[Decision]
) -> None:
    """Store works, each called by its records, and decisions."""
    made = [Work("w" + "".join(ids), tuple(sorted(ids)), (tuple(sorted(ids)),)) for ids in works]
    holdings.store_works(made, [])
    holdings.store_homes({name: Home(work.work_id) for work in made for name in work.records})
    holdings.replace_decisions(DecisionColumns.of(sorted(decisions, key=lambda one: one.pair)))


def doubt(left: str, right: str, p: float = 0.6) -> Decision:
    """A decision that asks for a person."""
    return decided(left, right, "review", p)
