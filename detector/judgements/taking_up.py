"""
Taking up: what people judged, in a sheet or one pair at a time, on the records of an index.

    Sheet  ->  pairs of records  ->  what is not said yet  ->  judged, as one run  ->  TakenUp

Of each row it is known afterwards what became of it: taken, said before, naming no two records,
or not understood. Acts at once: the works are formed again step by step, some hundreds of
judgements each. Does not: read files (`judged_lines.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from detector.decision.verdicts import Verdict
from detector.detecting.judging import Acted, judge, preview
from detector.detecting.pipeline import Detector
from detector.errors import PairError
from detector.judgements.judged_records import resolve
from detector.judgements.judgement_sheet import JudgedRow, Sheet, Side
from detector.judgements.named_pairs import PairNames
from detector.questions.event_words import SAID
from detector.runs.incremental import PATIENCE
from detector.runs.patience import patiently
from detector.store.events import moment
from detector.store.holdings import Pair
from detector.store.waiting import lists_of, waiting_in
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement, standing
from indexer.ingesting.ingest import batches
from indexer.ingesting.runs import begin_run

AT_ONCE: Final = 500  # judgements of one step
_READ_AT_ONCE: Final = 2_000


class SaidRow(NamedTuple):
    """What a row says of two records."""

    judgement: Judgement
    row: JudgedRow


@dataclass(slots=True)
class TakenUp:
    """What became of the rows of a sheet, and of the works."""

    taken: list[Judgement] = field(default_factory=list)  # as they are stored
    unchanged: list[Judgement] = field(default_factory=list)  # said before by the same person
    unknown: list[str] = field(default_factory=list)  # rows that name no two records, and why
    faults: list[str] = field(default_factory=list)  # rows that were not understood, and why
    contradictions: list[str] = field(default_factory=list)  # of several people, or of one sheet
    events: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    moved: int = 0  # records that are in another work now
    run: str = ""  # by which `samework undo` takes all of it back; "" where nothing was stored

    @property
    def complete(self) -> bool:
        """Every row with a judgement was taken, or had been before."""
        return not self.unknown and not self.faults

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values, the counts first."""
        return {
            "taken": len(self.taken),
            "unchanged": len(self.unchanged),
            "unknown": len(self.unknown),
            "not_understood": len(self.faults),
            "contradictory": len(self.contradictions),
            "records_moved": self.moved,
            "run": self.run,
            "judgements": [judgement.to_dict() for judgement in self.taken],
            "events": self.events,
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "left_out": [*self.unknown, *self.faults],
            "contradictions": self.contradictions,
        }


@dataclass(frozen=True, slots=True)
class Taking:
    """How judgements are taken up."""

    command: str  # what stores them, as a person would name it
    by: str = ""  # who judged, where a row does not tell
    dry_run: bool = False  # tell what would change, store nothing
    patience: float = PATIENCE  # seconds to wait for another process that changes works
    say: Callable[[str], object] = str  # is called with a sentence for the person who waits


def take_up(detector: Detector, sheet: Sheet, taking: Taking) -> TakenUp:
    """
    Obey what a sheet says that is not said yet, or tell what that would change.

    Raises:
        BackendBusy: another process changes works; of a long sheet the steps before are stored,
            and the same command goes on.
    """
    told = TakenUp(faults=list(sheet.faults))
    said, told.unknown = judgements_of(detector, sheet.rows, taking.by)
    stored = _stored_of(detector, said)
    fresh, told.unchanged = _parted(said, stored)
    told.contradictions = list(_contradictions(fresh, stored))
    if taking.dry_run:
        _add(told, preview(detector, fresh))
        return told
    _finish(detector, told.unchanged, taking)
    if fresh:
        with begin_run(detector.engine, taking.command, taking.by) as run:
            told.run = run.run
            for batch in batches(fresh, AT_ONCE):
                step = partial(judge, detector, batch, run.run, run.note)
                _add(told, patiently(step, taking.patience, taking.say))
        told.conflicts = _still(detector, told.conflicts)
    return told


def _finish(detector: Detector, said: Sequence[Judgement], taking: Taking) -> None:
    """
    Compare what waits, if a step was killed between storing what is said again and its works.

    Where an engine has no transactions, the records of such a step wait in the queue.
    """
    if not said:
        return
    about = {record_id for judgement in said for record_id in judgement.pair}
    names = [name for name, count in lists_of(detector.engine) if count <= 2 * AT_ONCE]
    waiting = waiting_in(detector.engine, names).values()
    if any(not about.isdisjoint(records) for records in waiting):
        patiently(detector.arrived, taking.patience, taking.say)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says now of one pair."""

    verdict: Verdict
    why: str = ""
    one_work: bool = False  # in versions where the program says so


def take_up_pair(detector: Detector, left: str, right: str, said: Said, taking: Taking) -> TakenUp:
    """
    Obey what is said of two records or works.

    Raises:
        PairError: the names do not mean two records or works.
        BackendBusy: another process changes works; nothing was stored.
    """
    row = JudgedRow(
        *(Side(left), Side(right), said.verdict, moment()),
        why=said.why,
        one_work=said.one_work,
        dated=True,
    )
    taken = take_up(detector, Sheet(Path(taking.command), [row]), taking)
    if taken.unknown:
        raise PairError(taken.unknown[0])
    return taken


def judgements_of(
    detector: Detector, rows: Sequence[JudgedRow], by: str
) -> tuple[list[SaidRow], list[str]]:
    """What the rows say of records that the index holds; and of the other rows, why not."""
    names = PairNames(detector)
    names.look_up(side.name for row in rows for side in (row.left, row.right))
    shown = [row for row in rows if row.left.seen or row.right.seen]
    record_ids = names.records(side.name for row in shown for side in (row.left, row.right))
    resolved = iter(resolve(shown, record_ids, detector) if shown else ())
    said: list[SaidRow] = []
    unknown = []
    for row in rows:
        pair: Pair | None = None
        if row.left.seen or row.right.seen:
            meant = next(resolved)
            pair, why = meant.judgement.pair if meant.judgement else None, meant.reason
        else:
            try:
                pair, why = names.pair(row.left.name, row.right.name), ""
            except ValueError as error:
                why = str(error)
        if pair is None:
            unknown.append(f"{row.where}: {why}" if row.where else why)
            continue
        said.append(
            SaidRow(Judgement(*pair, row.verdict, row.at, row.by or by, row.why, row.said), row)
        )
    return _with_versions(detector, said), unknown


def _with_versions(detector: Detector, said: Sequence[SaidRow]) -> list[SaidRow]:
    """The same; "same" means two versions where the program says what sets them apart."""
    told: list[SaidRow] = []
    for batch in batches(said, _READ_AT_ONCE):
        asked = {judgement.left for judgement, row in batch if row.one_work}
        decided = detector.holdings.decisions_about(asked)
        for judgement, row in batch:
            decision = decided.get(judgement.pair) if row.one_work else None
            if decision is not None and decision.kind:
                judgement = replace(judgement, verdict=Verdict.VERSION)
            told.append(SaidRow(judgement, row))
    return told


def _stored_of(detector: Detector, said: Sequence[SaidRow]) -> dict[Pair, list[Judgement]]:
    """What is stored of the same pairs."""
    stored: dict[Pair, list[Judgement]] = {}
    pairs = {judgement.pair for judgement, _ in said}
    for batch in batches(sorted({left for left, _ in pairs}), _READ_AT_ONCE):
        for judgement in detector.holdings.judgements(batch):
            if judgement.pair in pairs and judgement not in stored.get(judgement.pair, ()):
                stored.setdefault(judgement.pair, []).append(judgement)
    return stored


def _parted(
    said: Iterable[SaidRow], stored: Mapping[Pair, Sequence[Judgement]]
) -> tuple[list[Judgement], list[Judgement]]:
    """What is new, and what the same person said before."""
    before = {pair: list(judgements) for pair, judgements in stored.items()}
    fresh, unchanged = [], []
    for judgement, row in said:
        held = before.setdefault(judgement.pair, [])
        if _repeats(judgement, held, dated=row.dated):
            unchanged.append(judgement)
        else:
            fresh.append(judgement)
            held.append(judgement)
    return fresh, unchanged


def _repeats(judgement: Judgement, held: Sequence[Judgement], *, dated: bool) -> bool:
    """
    Whether this person said this before: at that time, or as their last word.

    A sheet that tells no time is no new word of theirs, whenever it was saved. What is said at
    a time is one where somebody else has said otherwise since.
    """
    own = [one for one in held if one.by == judgement.by]
    if any(one.at == judgement.at and one.verdict is judgement.verdict for one in own):
        return True
    last = standing(own).get(judgement.pair)
    if last is None or last.verdict is not judgement.verdict:
        return False
    if judgement.why not in ("", last.why):
        return False  # a reason that is new is worth keeping
    return not dated or standing(held)[judgement.pair].verdict is judgement.verdict


def _contradictions(
    fresh: Sequence[Judgement], stored: Mapping[Pair, Sequence[Judgement]]
) -> Iterator[str]:
    """Where what is new does not say what stands, or what others said does not any more."""
    by_pair: dict[Pair, list[Judgement]] = {}
    for judgement in fresh:
        by_pair.setdefault(judgement.pair, []).append(judgement)
    for pair, new in by_pair.items():
        everything = [*stored.get(pair, ()), *new]
        stands = standing(everything)[pair]
        last = {one.by: one for one in sorted(everything, key=lambda one: one.at)}
        for other in dict.fromkeys([*last.values(), *new]):
            if other.verdict is not stands.verdict:
                yield (
                    f"{pair[0]} and {pair[1]}: {_who(other)} says that they {SAID[other.verdict]}, "
                    f"{_who(stands)} that they {SAID[stands.verdict]}, which stands"
                )


def _who(said: Judgement) -> str:
    return (said.by or "somebody") + (f" ({said.at[:10]})" if said.at else "")


def _add(told: TakenUp, acted: Acted) -> None:
    told.taken += acted.judgements
    told.events += acted.events
    told.conflicts += acted.conflicts
    told.moved += acted.moved


def _still(detector: Detector, conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Those of these that stand after the last step, each once."""
    pairs = {(conflict.left, conflict.right) for conflict in conflicts}
    stored = detector.holdings.conflicts(left for left, _ in pairs)
    return [conflict for conflict in stored if (conflict.left, conflict.right) in pairs]
