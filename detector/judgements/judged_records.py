"""
Judged records: which records of a collection the rows of a sheet mean.

    JudgedRow, ...  ->  by name, identifier, content, near equality  ->  Judgement, or why not

An export is renamed, a record is corrected, ids are counted anew: what a person judged
is what they saw. A record is found again under its name if it still says much the same, else
by what it said: the same content, a common identifier, or a decision `duplicate` between
what it said then and what a record says now. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.judgements.judgement_sheet import JudgedRow, Side
from detector.questions.matching import BATCH, Hit, asked_fields, epoch_of, hits_of
from detector.works.judgements import Judgement
from indexer.fields import Fields
from indexer.fields.text.folding import fold
from indexer.ingesting.ingest import batches

MOST_NAMES: Final = 8  # of a byline that a sheet shows
SHEET: Final = "sheet"  # by whom, where a row does not tell; then it is the row that says why
_Shown = tuple[str, tuple[str, ...], int]
_TELLING: Final = ("title", "authors", "date", "container", "places", "identifiers", "source")
_LIKE: Final = frozenset({Verdict.DUPLICATE, Verdict.VERSION, Verdict.REVIEW})
# How sure it is that a record is meant, the surest last.
_NEAR, _IDENTIFIED, _NAMED, _SAME, _NAMED_SAME = range(1, 6)
_Sure = tuple[int, int, float]  # kind of sureness, equal fields, probability
_Meant = Mapping[str, _Sure]  # of each record that may be meant: how sure it is


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A judged row with the judgement it is on the records of now; or why it fits none."""

    row: JudgedRow
    judgement: Judgement | None
    reason: str = ""


def resolve(
    rows: Sequence[JudgedRow], record_ids: Mapping[str, str], detector: Detector
) -> list[ResolvedRow]:
    """
    What each row says of the detector's records, in the order of the rows.

    Args:
        rows: what people judged.
        record_ids: the record that each name of the outputs means.
        detector: over the collection, which may have no works yet.
    """
    named = {**{record_id: record_id for record_id in record_ids.values()}, **record_ids}
    sides = [side for row in rows for side in (row.left, row.right)]
    meant = _Search(named, detector).meant(sides)
    return [_resolved(row, meant[2 * at], meant[2 * at + 1]) for at, row in enumerate(rows)]


def _resolved(row: JudgedRow, left: _Meant, right: _Meant) -> ResolvedRow:
    """The judgement on the two records most surely meant, never one record for both sides."""
    pairs = [
        (*(mine + other for mine, other in zip(ours, theirs, strict=True)), first, second)
        for first, ours in left.items()
        for second, theirs in right.items()
        if first != second
    ]
    if not pairs:
        return ResolvedRow(row, None, _why(row, left, right))
    *_, first, second = max(pairs)
    by, why = row.by or SHEET, row.why or row.where
    return ResolvedRow(
        row, Judgement(str(first), str(second), row.verdict, row.at, by, why, row.said)
    )


def _why(row: JudgedRow, left: _Meant, right: _Meant) -> str:
    if left and right:
        return f"{row.left.name!r} and {row.right.name!r} are one record now"
    gone = [repr(side.name) for side, meant in ((row.left, left), (row.right, right)) if not meant]
    return f"{' and '.join(gone)}: no record of these files is that or like it"


@dataclass(frozen=True, slots=True)
class _Search:
    record_ids: Mapping[str, str]
    detector: Detector

    def meant(self, sides: Sequence[Side]) -> list[_Meant]:
        """The records that each side may mean: looked for by name, then content, then likeness."""
        named = {self.record_ids[side.name] for side in sides if side.name in self.record_ids}
        fields = self.detector.fields.of(named)
        meant: dict[int, _Meant] = {}
        left: dict[int, Fields] = {}
        for at, side in enumerate(sides):
            record = fields.get(self.record_ids.get(side.name, ""))
            asked = asked_fields(side.seen, at) if side.seen else None
            if record and (asked is None or _same(asked, record)):
                meant[at] = {record.record_id: (_NAMED_SAME, 0, 1.0)}
            elif asked is None:
                meant[at] = {}
            else:
                left[at] = asked
        meant.update(self._by_content(left))
        left = {at: asked for at, asked in left.items() if at not in meant}
        meant.update(self._by_likeness(sides, left))
        return [meant[at] for at in range(len(sides))]

    def _by_content(self, left: Mapping[int, Fields]) -> dict[int, _Meant]:
        """Records that say all that the sheet shows; one pass over the collection."""
        wanted: dict[_Shown, list[int]] = {}
        for at, asked in left.items():
            wanted.setdefault(_shown(asked), []).append(at)
        meant: dict[int, dict[str, _Sure]] = {}
        ids = self.detector.engine.ids() if wanted else ()
        for batch in batches(ids, BATCH):
            for record in self.detector.fields.of(batch).values():
                for at in wanted.get(_shown(record), ()):
                    if _same(left[at], record):
                        sure = (_SAME, _equal_fields(left[at], record), 1.0)
                        meant.setdefault(at, {})[record.record_id] = sure
        return dict(meant)

    def _by_likeness(self, sides: Sequence[Side], left: Mapping[int, Fields]) -> dict[int, _Meant]:
        """Records that the keys propose and that are decided to be the same or nearly so."""
        meant: dict[int, _Meant] = {}
        epoch = epoch_of(self.detector) if left else None
        for batch in batches(left, BATCH):
            records = [seen for at in batch if (seen := sides[at].seen)]
            hits_by_side = hits_of(records, self.detector, epoch) if epoch else []
            ids = {hit.record_id for hits in hits_by_side for hit in hits}
            stored = self.detector.fields.of(ids)
            for at, hits in zip(batch, hits_by_side, strict=True):
                rated = {
                    hit.record_id: self._sure(sides[at], left[at], stored[hit.record_id], hit)
                    for hit in hits
                }
                meant[at] = {record_id: sure for record_id, sure in rated.items() if sure[0]}
        return meant

    def _sure(self, side: Side, asked: Fields, stored: Fields, hit: Hit) -> _Sure:
        sureness = self._sureness(side, asked, stored, hit)
        return sureness, _equal_fields(asked, stored), hit.decision.probability

    def _sureness(self, side: Side, asked: Fields, stored: Fields, hit: Hit) -> int:
        verdict = hit.decision.verdict
        named = self.record_ids.get(side.name) == hit.record_id
        if verdict not in _LIKE:
            return 0
        if named:
            return _NAMED
        if _identifiers(asked) & _identifiers(stored):
            return _IDENTIFIED
        return _NEAR if verdict is Verdict.DUPLICATE else 0


def _same(seen: Fields, now: Fields) -> bool:
    """Whether a record says what a sheet shows of it: title, first names, year, identifiers."""
    dois = _identifiers(seen) & {
        identifier for identifier in _identifiers(now) if identifier[0] == "doi"
    }
    had = any(scheme == "doi" for scheme, _ in _identifiers(seen))
    return _shown(seen) == _shown(now) and (bool(dois) or not had)


def _equal_fields(seen: Fields, now: Fields) -> int:
    """How many fields are the same: tells the copies of one work apart."""
    return sum(getattr(seen, name) == getattr(now, name) for name in _TELLING)


def _shown(fields: Fields) -> _Shown:
    names = tuple(fold(name.text) for name in fields.authors.names[:MOST_NAMES])
    return fold(fields.title.text), names, fields.year


def _identifiers(fields: Fields) -> set[tuple[str, str]]:
    return {(scheme, value) for scheme, values in fields.by_scheme.items() for value in values}
