"""
Judged records: which records of a collection the rows of a sheet mean.

    JudgedRow, ...  ->  by name, identifier, content, near equality  ->  Judgement, or why not

An export is renamed, a record is corrected, ids are counted anew: what a person judged
is what they saw. A record is found again under its name if it still says the like, else
by what it said: the same content, a common identifier, or the verdict `duplicate` of
samework's own on what it said then and what a record says now. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from detector.decision.verdicts import Verdict
from detector.judgement_sheet import JudgedRow, Side
from detector.pipeline import Detector
from detector.questions.matching import BATCH, Hit, asked_fields, epoch_of, hits_of
from detector.works.judgements import Judgement
from indexer.fields import Fields
from indexer.fields.text import fold
from indexer.keys.epoch import Epoch

MOST_NAMES: Final = 8  # of a byline that a sheet shows
_LIKE: Final = frozenset({Verdict.DUPLICATE, Verdict.VERSION, Verdict.REVIEW})
# How sure it is that a record is meant, the surest last.
_NEAR, _IDENTIFIED, _NAMED, _SAME, _NAMED_SAME = range(1, 6)
_Meant = Mapping[str, tuple[int, float]]  # of each record that may be meant: how sure it is


@dataclass(frozen=True, slots=True)
class Found:
    """A row, and the judgement it is now; or why it fits no records."""

    row: JudgedRow
    judgement: Judgement | None
    reason: str = ""


def found_again(
    rows: Sequence[JudgedRow], record_ids: Mapping[str, str], detector: Detector
) -> list[Found]:
    """
    What each row says of the detector's records, in the order of the rows.

    Args:
        rows: what people judged.
        record_ids: the record that each name of the outputs means.
        detector: over the collection, which need not be judged yet.
    """
    named = {**{one: one for one in record_ids.values()}, **record_ids}
    sides = [side for row in rows for side in (row.left, row.right)]
    meant = _Search(named, detector).meant(sides)
    return [_found(row, meant[2 * at], meant[2 * at + 1]) for at, row in enumerate(rows)]


def _found(row: JudgedRow, left: _Meant, right: _Meant) -> Found:
    """The two records that are meant with most certainty; never one for both sides."""
    pairs = [
        (ours[0] + theirs[0], ours[1] + theirs[1], one, other)
        for one, ours in left.items()
        for other, theirs in right.items()
        if one != other
    ]
    if not pairs:
        return Found(row, None, _why(row, left, right))
    _, _, one, other = max(pairs)
    return Found(row, Judgement(one, other, row.verdict, row.at, by="sheet", why=row.where))


def _why(row: JudgedRow, left: _Meant, right: _Meant) -> str:
    if left and right:
        return f"{row.left.name!r} and {row.right.name!r} are one record now"
    gone = [repr(one.name) for one, meant in ((row.left, left), (row.right, right)) if not meant]
    return f"{' and '.join(gone)}: no record of these files is that or like it"


@dataclass(frozen=True, slots=True)
class _Search:
    record_ids: Mapping[str, str]
    detector: Detector

    def meant(self, sides: Sequence[Side]) -> list[_Meant]:
        """What each side may mean: by its name where that is enough, else among all."""
        named = {self.record_ids[one.name] for one in sides if one.name in self.record_ids}
        fields = self.detector.fields.of(named)
        found: dict[int, _Meant] = {}
        for at, side in enumerate(sides):
            one = fields.get(self.record_ids.get(side.name, ""))
            if one and (side.seen is None or _same(asked_fields(side.seen, at), one)):
                found[at] = {one.record_id: (_NAMED_SAME, 1.0)}
            elif side.seen is None:
                found[at] = {}
        left = [at for at in range(len(sides)) if at not in found]
        if left:
            epoch = epoch_of(self.detector)
            for start in range(0, len(left), BATCH):
                places = left[start : start + BATCH]
                among = self._among_all([sides[at] for at in places], epoch)
                found.update(zip(places, among, strict=True))
        return [found[at] for at in range(len(sides))]

    def _among_all(self, sides: Sequence[Side], epoch: Epoch) -> Iterator[_Meant]:
        records = [one.seen for one in sides if one.seen is not None]
        found = hits_of(records, self.detector, epoch)
        stored = self.detector.fields.of({hit.record_id for hits in found for hit in hits})
        for at, (side, hits) in enumerate(zip(sides, found, strict=True)):
            asked = asked_fields(records[at], at)
            rated = [(one, self._sureness(side, asked, stored[one.record_id], one)) for one in hits]
            yield {hit.record_id: (sure, hit.decision.probability) for hit, sure in rated if sure}

    def _sureness(self, side: Side, asked: Fields, stored: Fields, hit: Hit) -> int:
        verdict = hit.decision.verdict
        named = self.record_ids.get(side.name) == hit.record_id
        if _same(asked, stored):
            return _NAMED_SAME if named else _SAME
        if verdict not in _LIKE:
            return 0
        if named:
            return _NAMED
        if _identifiers(asked) & _identifiers(stored):
            return _IDENTIFIED
        return _NEAR if verdict is Verdict.DUPLICATE else 0


def _same(seen: Fields, now: Fields) -> bool:
    """Whether a record says what a sheet shows of it: title, first names, year, identifiers."""
    dois = _identifiers(seen) & {one for one in _identifiers(now) if one[0] == "doi"}
    had = any(scheme == "doi" for scheme, _ in _identifiers(seen))
    return _shown(seen) == _shown(now) and (bool(dois) or not had)


def _shown(fields: Fields) -> tuple[str, tuple[str, ...], int]:
    names = tuple(fold(name.text) for name in fields.authors.names[:MOST_NAMES])
    year = fields.date.year if fields.date else fields.years[-1] if fields.years else 0
    return fold(fields.title.text), names, year


def _identifiers(fields: Fields) -> set[tuple[str, str]]:
    return {(scheme, value) for scheme, values in fields.by_scheme.items() for value in values}
