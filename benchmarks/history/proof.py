"""
Proof: what must be true of an index after a year, and what is not, in words.

    index after the year, the feed's truth  ->  Proof(counts, wrong)

Works are compared with those that one pass over all records gives, on this index and on an
empty one; ids with those before that pass. Does not: run the year, or mend anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from benchmarks.history.replay import replayed
from detector.checking.checking import check
from detector.checking.findings import Grade
from detector.detecting.pipeline import Detector
from detector.store.events import events_of
from detector.store.holdings import Holdings
from detector.works.joining.tied import Conflict
from detector.works.judgements import standing
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence, Record

SHOWN: Final = 3  # examples of what is wrong

Partition = dict[frozenset[str], frozenset[tuple[str, ...]]]  # records of a work -> its groups


@dataclass(slots=True)
class Proof:
    """What was compared, over how many, and what was not as it should be."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def compare(self, what: str, over: int, differing: Iterable[object]) -> None:
        """Count a comparison; whatever differs is wrong."""
        self.counts[what] = over
        several = list(differing)
        if several:
            shown = "; ".join(map(str, several[:SHOWN]))
            self.wrong.append(f"{what}: {len(several)} differ, as {shown}")


def proof_of(location: str, empty: str, living: set[str], said: set[int]) -> Proof:
    """
    Prove the year's end.

    Args:
        location: the index that lived through the year.
        empty: where an index of the same records can be made.
        living: the ids of the records that the feed has by now.
        said: the numbers of the judgements that were not taken back.
    """
    proof = Proof()
    with closing(open_engine(location, create=False)) as engine:
        detector = Detector(engine)
        holdings = detector.holdings
        proof.compare("records", len(living), living ^ set(engine.ids()))
        numbers = {judgement.number for judgement in holdings.all_judgements()}
        proof.compare("judgements", len(said), said ^ numbers)
        detector.settle()
        before, ids = partition_of(holdings), ids_of_works(holdings)
        proof.compare("every record in one work", len(living), living ^ set(ids))
        conflicts = set(holdings.conflicts())
        _prove_events(proof, holdings)
        found = check(detector)
        faults = (fault.text for fault in found.faults if fault.grade is Grade.FAULT)
        proof.compare("what `works check` finds", found.records, faults)
        events = sum(1 for _ in engine.log())
        detector.whole()
        proof.compare("works after a full pass", len(before), _unlike(before, holdings))
        after = ids_of_works(holdings)
        changed = (r for r in ids.keys() | after.keys() if ids.get(r) != after.get(r))
        proof.compare("ids after a full pass", len(after), changed)
        further = (f"{one['number']} {one['event']}" for one in events_of(engine, events))
        proof.compare("events of a full pass", events, further)
        _prove_apart(proof, holdings)
        _prove_conflicts(proof, conflicts, holdings)
        with closing(open_engine(empty)) as fresh:
            formed_afresh(engine, fresh)
            proof.compare("works of an empty index", len(before), _unlike(before, Holdings(fresh)))
            _prove_conflicts(proof, conflicts, Holdings(fresh), " of an empty index")
    return proof


def partition_of(holdings: Holdings) -> Partition:
    """The works by their records, whatever their ids."""
    works = holdings.all_works()
    return {frozenset(work.records): frozenset(work.version_groups) for work in works}


def ids_of_works(holdings: Holdings) -> dict[str, str]:
    """The id of each record's work, as the works say it."""
    return {record: work.work_id for work in holdings.all_works() for record in work.records}


def formed_afresh(engine: Engine, fresh: Engine) -> None:
    """Put what an index holds of records and judgements into an empty one, and form its works."""
    Ingestion(fresh).run(_rows(engine.scan()))
    Holdings(fresh).add_judgements(Holdings(engine).all_judgements())
    Detector(fresh).whole()


def _rows(records: Iterable[Record]) -> Iterator[Occurrence]:
    for at, record in enumerate(records):
        yield Occurrence(record, "the same records", at, at + 1)


def _unlike(before: Mapping[frozenset[str], object], holdings: Holdings) -> Iterator[str]:
    """Works that are there only once, and those of other version groups."""
    now = partition_of(holdings)
    for records in before.keys() | now.keys():
        if before.get(records) != now.get(records):
            said = "other groups" if records in before and records in now else "there once"
            yield f"{said}: {' '.join(sorted(records))}"


def _prove_apart(proof: Proof, holdings: Holdings) -> None:
    """No two records that somebody judged not the same are in one work."""
    apart = [pair for pair, said in standing(holdings.all_judgements()).items() if said.not_same]
    homes = holdings.work_ids_of(sorted({name for pair in apart for name in pair}))
    joined = (pair for pair in apart if homes.get(pair[0]) == homes.get(pair[1], ""))
    proof.compare("pairs judged not the same are apart", len(apart), joined)


def _prove_conflicts(
    proof: Proof, conflicts: set[Conflict], holdings: Holdings, where: str = " after a full pass"
) -> None:
    differing = conflicts ^ set(holdings.conflicts())
    proof.compare(f"conflicts{where}", len(conflicts), differing)


def _prove_events(proof: Proof, holdings: Holdings) -> None:
    """Whoever reads all events has the works, and every id that they name leads somewhere."""
    copied = replayed(events_of(holdings.collection))
    works = {work.work_id: frozenset(work.version_groups) for work in holdings.all_works()}
    unlike = (name for name in works.keys() | copied.works.keys()
              if works.get(name) != copied.works.get(name))  # fmt: skip
    proof.compare("works of the events replayed", len(works), unlike)
    proof.compare("ids given once", len(copied.given), copied.twice)
    lost = (name for name in sorted(copied.given - works.keys()) if not _leads(holdings, name))
    proof.compare("retired ids lead on", len(copied.given - works.keys()), lost)


def _leads(holdings: Holdings, work_id: str) -> bool:
    """Whether an id leads to a work, or says when the last one ended."""
    leads = holdings.living(work_id)
    return leads.known and len(set(leads.via)) == len(leads.via)
