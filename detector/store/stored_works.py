"""
Stored works: what is tied to a record in a collection, and how works formed anew replace it.

    records  ->  all that is tied to them by decisions, works or judgements
    works before, works formed  ->  events, redirects, stored works

Does not: form works (`works.py` does) or decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision
from detector.store.changes import Changed, TiesOf, changes_between, no_ties
from detector.store.events import Occasion, log_events
from detector.store.first_works import store_first
from detector.store.holdings import GivenIds, Holdings
from detector.store.stored_ids import Home
from detector.store.ties import TiesInside
from detector.works.judgements import Judgement
from detector.works.work_ids import Known
from detector.works.work_rules import WorkRules
from detector.works.works import Work, Works
from indexer.keys import TWIN_SOURCE
from indexer.keys.pairs import Pairs


def tied_to(
    record_ids: Iterable[str],
    holdings: Holdings,
    rules: WorkRules,
    more: Sequence[Judgement] = (),
) -> tuple[set[str], DecisionColumns]:
    """
    All records tied to these, over any number of steps, and the decisions between them.

    `more` are judgements that are not stored, which tie as the stored ones do.
    """
    reached: set[str] = set()
    frontier = set(record_ids)
    decisions: dict[tuple[str, str], Decision] = {}
    while frontier:
        reached |= frontier
        about = holdings.decisions_about(frontier)
        decisions.update(about)
        ties = (pair for pair, decision in about.items() if rules.links(decision))
        beyond = {record_id for pair in ties for record_id in pair}
        homes = set(holdings.work_ids_of(sorted(frontier)).values())
        works = holdings.works(sorted(homes)).values()
        beyond.update(*(work.records for work in works))
        judged = (*holdings.judgements(frontier), *more)
        beyond.update(*(said.pair for said in judged if not frontier.isdisjoint(said.pair)))
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


def works_changed(
    holdings: Holdings,
    before: Iterable[Work],
    formed: Works,
    occasion: Occasion,
    ties_of: TiesOf = no_ties,
    homes_before: Mapping[str, str] | None = None,
) -> tuple[Changed, dict[str, Home]]:
    """
    What became of the works before, and where the records of what changed are at home now.

    Args:
        holdings: where ids and arrivals are stored; nothing is stored by this.
        before: the stored works of all records of `formed`.
        formed: works under provisional ids.
        occasion: its turn is the arrival of records that come into a work for the first time.
        ties_of: why records came together.
        homes_before: records that get back the work ids which they had once: an undo's.
    """
    after: Iterable[Work] = formed.works
    if not homes_before:  # which give works other ids that are the same otherwise
        before, after = _differing(before, after)
    before, after = list(before), list(after)
    ids = [record for work in before for record in work.records]
    known = {record: work.work_id for work in before for record in work.records}
    founded = [work for work in after if known.keys().isdisjoint(work.records)]
    fresh = [record for work in founded for record in work.records]
    returned = holdings.former_homes(fresh)
    ended = holdings.deleted({home.work_id for home in returned.values()})
    homes = {**returned, **holdings.homes(ids)}
    work_of = {r: home.work_id for r, home in returned.items() if home.work_id in ended}
    work_of |= known | dict(homes_before or {})
    age = {record: home.arrival for record, home in homes.items()}
    for work in after:
        for record in work.records:
            age.setdefault(record, occasion.turn)
    given = GivenIds(holdings, (work.work_id for work in founded))
    changed = changes_between(before, after, Known(work_of, age, given), ties_of)
    homes_now = {
        record: Home(work.work_id, age[record]) for work in changed.works for record in work.records
    }
    return changed, homes_now


def _differing(before: Iterable[Work], after: Iterable[Work]) -> tuple[list[Work], list[Work]]:
    """The works that are other than before, and were; most are the same where all are formed."""
    was = {work.records: work for work in before}
    now: list[Work] = []
    for work in after:
        stored = was.get(work.records)
        if stored is not None and stored.version_groups == work.version_groups:
            del was[work.records]
        else:
            now.append(work)
    return list(was.values()), now


def store_changed(
    holdings: Holdings, changed: Changed, homes: Mapping[str, Home], occasion: Occasion
) -> list[int]:
    """
    Log and store what became of works; the numbers of its events.

    Events first: on an engine without transactions a killed step is done again, and what it
    logs twice comes and goes twice, which leaves who replays the events in the same state.
    """
    numbers = log_events(holdings.collection, changed.events, occasion)
    holdings.retire(changed.redirects, changed.deleted, occasion.at)
    holdings.store_works(changed.works, changed.gone)
    holdings.revive(work.work_id for work in changed.works)
    holdings.store_homes(homes)
    holdings.forget_homes(changed.lost)
    return numbers


def replace_all_works(
    holdings: Holdings, formed: Works, decisions: DecisionColumns, occasion: Occasion
) -> None:
    """Make these the works of the whole collection."""
    before = list(holdings.all_works())
    if not before and not holdings.retired():
        store_first(holdings.collection, formed.works, occasion)
    else:
        ties_of = TiesInside(decisions)
        changed, homes = works_changed(holdings, before, formed, occasion, ties_of)
        store_changed(holdings, changed, homes, occasion)
    holdings.replace_conflicts(formed.conflicts)


def name_anew(
    holdings: Holdings, formed: Works, occasion: Occasion, known: Known | None = None
) -> None:
    """Make these the works of the whole collection, by what was known before it was filled."""
    known = known or Known()
    before = list(holdings.all_works())
    changed = changes_between(before, formed.works, known)
    homes = {
        record: Home(work.work_id, known.age.get(record, occasion.turn))
        for work in changed.works
        for record in work.records
    }
    store_changed(holdings, changed, homes, occasion)
    holdings.replace_conflicts(formed.conflicts)
