"""
Stored works: what is tied to a record in a collection, and how works formed anew replace it.

    records  ->  all that is tied to them by decisions, works or judgements
    works before, works formed  ->  events, redirects, stored works

Does not: form works (`works.py` does) or decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision
from detector.store.changes import changes_between
from detector.store.first_works import store_first
from detector.store.holdings import GivenIds, Holdings
from detector.works.work_ids import Known
from detector.works.work_rules import WorkRules
from detector.works.works import Work, Works
from indexer.keys import TWIN_SOURCE
from indexer.keys.pairs import Pairs


def tied_to(
    record_ids: Iterable[str], holdings: Holdings, rules: WorkRules
) -> tuple[set[str], DecisionColumns]:
    """All records tied to these, over any number of steps, and the decisions between them."""
    reached: set[str] = set()
    frontier = set(record_ids)
    decisions: dict[tuple[str, str], Decision] = {}
    judged = [set(judgement.pair) for judgement in holdings.judgements()]
    while frontier:
        reached |= frontier
        about = holdings.decisions_about(frontier)
        decisions.update(about)
        ties = (pair for pair, decision in about.items() if rules.links(decision))
        beyond = {record_id for pair in ties for record_id in pair}
        homes = set(holdings.work_ids_of(sorted(frontier)).values())
        works = holdings.works(sorted(homes)).values()
        beyond.update(*(work.records for work in works))
        beyond.update(*(pair for pair in judged if pair & frontier))
        frontier = beyond - reached
    inside = [decided for pair, decided in decisions.items() if reached.issuperset(pair)]
    return reached, DecisionColumns.of(inside, sorted(reached))


def twins_of(record_ids: Iterable[str], pairs: Pairs, holdings: Holdings) -> set[str]:
    """
    Return the other twins of these records: equal in every compared field now, or when stored.

    Of twins only the one of least id is paired with other records. So when that one changes,
    its twins need pairs of their own, and where it becomes equal to others, they need none.

    Args:
        record_ids: records that changed.
        pairs: the candidates of these records as they are now.
        holdings: has the decisions on these records as they were before.
    """
    changed = set(record_ids)
    now = {right for left, right, by in pairs if TWIN_SOURCE in by and left in changed}
    before = {
        right
        for (left, right), decision in holdings.decisions_about(changed).items()
        if TWIN_SOURCE in decision.found_by and left in changed
    }
    return (now | before) - changed


def replace_works(
    holdings: Holdings, before: Iterable[Work], formed: Works, retired: frozenset[str] | None = None
) -> None:
    """
    Give the works formed their ids, store them, and log what became of the works before.

    Args:
        holdings: where they are stored.
        before: the stored works of all records of `formed`.
        formed: works under provisional ids.
        retired: the ids that redirect, where `before` is all works; None asks for those few
            that may be given now.
    """
    before = list(before)
    if not before and not retired and retired is not None:
        store_first(holdings.collection, formed.works)
        return
    home = {record: work.work_id for work in before for record in work.records}
    fresh = (work.work_id for work in formed.works if home.keys().isdisjoint(work.records))
    given = GivenIds(holdings, fresh) if retired is None else retired
    changed = changes_between(before, formed.works, Known(work_of=home, given=given))
    holdings.log_changes(changed.events)
    holdings.store_works(changed.works, changed.gone)
    holdings.store_redirects(changed.redirects)
