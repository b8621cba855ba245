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
    wanted = homes_before or holdings.wanted_homes()
    before, after = _differing(before, formed.works, wanted)
    ids = [record for work in before for record in work.records]
    known = {record: work.work_id for work in before for record in work.records}
    founded = [work for work in after if known.keys().isdisjoint(work.records)]
    fresh = [record for work in after for record in work.records if record not in known]
    returned = holdings.former_homes(fresh)
    ended = holdings.deleted({home.work_id for home in returned.values()})
    homes = {**returned, **holdings.homes(ids)}
    founders = (record for work in founded for record in work.records if record in returned)
    work_of = {r: home for r in founders if (home := returned[r].work_id) in ended}
    work_of |= known
    if wanted:
        asked = {r: wanted[r] for work in after for r in work.records if r in wanted}
        work_of = _as_wanted(holdings, work_of, asked, {work.work_id for work in before})
    age = {record: home.arrival for record, home in homes.items()}
    for work in after:
        for record in work.records:
            age.setdefault(record, occasion.turn)
    given = GivenIds(holdings, (work.work_id for work in founded))
    today = known if wanted else {}
    changed = changes_between(before, after, Known(work_of, age, given, today), ties_of)
    homes_now = {
        record: Home(work.work_id, age[record]) for work in changed.works for record in work.records
    }
    return changed, homes_now


def _differing(
    before: Iterable[Work], after: Iterable[Work], wanted: Mapping[str, str]
) -> tuple[list[Work], list[Work]]:
    """
    The works that are other than before, and were; most are the same where all are formed.

    One whose records are wanted under another id is among them.
    """
    was = {work.records: work for work in before}
    now: list[Work] = []
    for work in after:
        stored = was.get(work.records)
        if (
            stored is not None
            and stored.version_groups == work.version_groups
            and not (wanted and any(wanted.get(r, "") for r in work.records))
        ):
            del was[work.records]
        else:
            now.append(work)
    return list(was.values()), now


def _as_wanted(
    holdings: Holdings, work_of: Mapping[str, str], wanted: Mapping[str, str], own: set[str]
) -> dict[str, str]:
    """
    The works of records as an undo wants them; "" says that the present one tells nothing.

    Not under an id that another work has: one of those that are not formed now, of which `own`
    are the ids.
    """
    elsewhere = holdings.works(sorted({*wanted.values()} - own - {""}))
    free = {record: home for record, home in wanted.items() if home not in elsewhere}
    return {record: home for record, home in {**work_of, **free}.items() if home}


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
