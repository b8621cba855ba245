"""
Kept works: what stands together in a collection, and how works formed anew replace it.

    records  ->  all that is tied to them by decisions, works or judgements
    works before, works formed  ->  events, redirects, stored works

Does not: form works (`works.py` does) or judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from detector.decision.verdicts import Decision
from detector.store.changes import changes_between
from detector.store.holdings import GivenIds, Holdings
from detector.works.work_ids import Known
from detector.works.work_rules import WorkRules
from detector.works.works import Work, Works
from indexer.keys import TWIN_SOURCE
from indexer.keys.join import Pairs


def tied_to(
    record_ids: Iterable[str], holdings: Holdings, rules: WorkRules
) -> tuple[set[str], list[Decision]]:
    """All records tied to these by decisions, works or judgements, and what ties them."""
    reached: set[str] = set()
    frontier = set(record_ids)
    decisions: dict[tuple[str, str], Decision] = {}
    judged = [set(judgement.pair) for judgement in holdings.judgements()]
    while frontier:
        reached |= frontier
        about = holdings.decisions_about(frontier)
        decisions.update(about)
        ties = (one for one in about.values() if rules.links(one))
        beyond = {record_id for one in ties for record_id in (one.left, one.right)}
        homes = set(holdings.work_ids_of(sorted(frontier)).values())
        beyond |= {r for w in holdings.works(sorted(homes)).values() for r in w.records}
        beyond.update(*(pair for pair in judged if pair & frontier))
        frontier = beyond - reached
    return reached, [one for one in decisions.values() if {one.left, one.right} <= reached]


def spoken_for(record_ids: Iterable[str], pairs: Pairs, holdings: Holdings) -> set[str]:
    """
    Records that one of these stands for now, or did until it changed.

    Their other pairs go by the record that stands for them: they are judged again.
    """
    leads = set(record_ids)
    now = {right for left, right, by in pairs if TWIN_SOURCE in by and left in leads}
    before = {
        right
        for (left, right), one in holdings.decisions_about(leads).items()
        if TWIN_SOURCE in one.found_by and left in leads
    }
    return (now | before) - leads


def keep_works(
    holdings: Holdings, before: Iterable[Work], formed: Works, retired: frozenset[str] | None = None
) -> None:
    """
    Name the works formed, store them, and tell what became of those before.

    Args:
        holdings: where.
        before: the stored works of all records of `formed`.
        formed: works under provisional ids.
        retired: the ids that redirect, where `before` is all works; None asks for those few
            that may be given now.
    """
    before = list(before)
    home = {record: work.work_id for work in before for record in work.records}
    fresh = (one.work_id for one in formed.works if home.keys().isdisjoint(one.records))
    given = GivenIds(holdings, fresh) if retired is None else retired
    changed = changes_between(before, formed.works, Known(work_of=home, given=given))
    holdings.log_changes(changed.events)
    holdings.keep_works(changed.works, changed.gone)
    holdings.keep_redirects(changed.redirects)
