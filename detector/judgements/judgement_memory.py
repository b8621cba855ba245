"""
Judgement memory: what people judged, stored in an answer folder for every later run into it.

    OUT/judgements.jsonl, sheets  ->  judgements of a run  ->  OUT/judgements.jsonl, grown

The file has a line a judgement, with both records as they were then, and only grows; a
line that a person takes out is forgotten. Several sheets add up: of two judgements of
one pair the later stands, and that is said. Does not: put the file in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.errors import JudgementError
from detector.judgements.judged_index import SaidInIndex
from detector.judgements.judged_records import ResolvedRow, resolve
from detector.judgements.judgement_sheet import JudgedRow, Sheet, Side, read_sheet, summed_up
from detector.works.judgements import Judgement, standing
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.records import Record

JUDGEMENTS_FILE: Final = "judgements.jsonl"


class JudgementMemory:
    """The judgements of one folder and those of sheets, for one run."""

    def __init__(self, file: Path, sheets: Sequence[Path | Sheet | SaidInIndex] = ()) -> None:
        """
        Read all of them.

        Raises:
            JudgementError: a file cannot be read as what it should be.
        """
        self.notes: list[str] = []  # what a person should know
        self._file = file
        self._stored = file.read_bytes() if file.exists() else b""
        before = read_stored(file) if self._stored else Sheet(file)
        self._rows = before.rows
        self._sheets: list[Sheet] = []
        self._more: list[bytes] = []
        self._taken_back = frozenset[tuple[str, ...]]()
        self._choices: list[FieldChoice] = []
        for sheet in sheets:
            if isinstance(sheet, SaidInIndex):
                self.add(sheet)
            else:
                self._sheets.append(_sheet(sheet) if isinstance(sheet, Path) else sheet)
        faults = [fault for sheet in (before, *self._sheets) for fault in sheet.faults]
        self.notes += summed_up(faults, "judgements that were not understood")

    def __bool__(self) -> bool:
        return bool(self._rows or any(sheet.rows for sheet in self._sheets))

    def add(self, said: SaidInIndex) -> None:
        """Take up what people said in an index too."""
        self._sheets.append(said.sheet)
        self._taken_back |= said.taken_back
        self._choices += said.choices

    def choose(self, detector: Detector) -> None:
        """Store the fields that people chose, of the records that there are."""
        there = detector.engine.get([choice.record for choice in self._choices])
        lost = [choice for choice in self._choices if choice.record not in there]
        for choice in self._choices:
            if choice.record in there:
                detector.holdings.store_choice(choice)
        self.notes += summed_up(
            [f"{choice.field} of {choice.record}" for choice in lost],
            "fields that were chosen of records which are gone",
        )

    def judgements_of(self, record_ids: Mapping[str, str], detector: Detector) -> list[Judgement]:
        """The judgements on the detector's records; rows that fit none are noted."""
        fresh = [row for sheet in self._sheets for row in sheet.rows]
        rows = resolve([*self._rows, *fresh], record_ids, detector)
        stored, added = rows[: len(self._rows)], rows[len(self._rows) :]
        self._forget([row for row in stored if _said(row) in self._taken_back])
        stored = [row for row in stored if _said(row) not in self._taken_back]
        added = [row for row in added if _said(row) not in self._taken_back]
        resolved = [*stored, *added]
        judged = [result.judgement for result in resolved if result.judgement]
        pairs = {result.judgement.pair for result in added if result.judgement}
        self._note_conflicts(resolved, pairs)
        self._store(stored, added, detector)
        unfit = [
            f"{result.row.where}: {result.reason}" for result in resolved if not result.judgement
        ]
        self.notes += summed_up(unfit, f"judgements without effect, which stay in {self._file}")
        return judged

    def _forget(self, resolved: Iterable[ResolvedRow]) -> None:
        """Take the lines out that people took back elsewhere."""
        gone = {one.row.where for one in resolved}
        if not gone:
            return
        lines = enumerate(self._stored.splitlines(keepends=True), 1)
        stays = [line for number, line in lines if _where(self._file, number) not in gone]
        self._stored = b"".join(stays)
        self.notes.append(f"judgements that were taken back are forgotten: {len(gone)}")

    def write(self, target: Path) -> bool:
        """Write all judgements, old and new, to a file; whether there are any."""
        content = self._stored
        if content and not content.endswith(b"\n"):
            content += b"\n"
        content += b"".join(self._more)
        if content or self._file.exists():  # all of it may have been taken back
            target.write_bytes(content)
        return bool(content)

    def _store(
        self, stored: Sequence[ResolvedRow], added: Sequence[ResolvedRow], detector: Detector
    ) -> None:
        """Add what sheets say that is not stored yet."""
        held = standing(result.judgement for result in stored if result.judgement)
        seen = {_said(result) for result in stored}
        ids = [name for result in added if result.judgement for name in result.judgement.pair]
        records = detector.engine.get(list(dict.fromkeys(ids)))
        for result in added:
            before = held.get(result.judgement.pair) if result.judgement else None
            if _said(result) in seen or (before and before.verdict is result.row.verdict):
                continue
            seen.add(_said(result))
            self._more.append(_line(result, records))
        if self._more:
            count = len(self._more)
            said = f"{count} judgement{'s were' if count > 1 else ' was'} taken up from"
            sheets = ", ".join(str(sheet.path) for sheet in self._sheets if sheet.rows)
            lasting = f"every run into {self._file.parent} obeys what {self._file.name} there keeps"
            self.notes.append(f"{said} {sheets}; {lasting}")

    def _note_conflicts(self, resolved: Iterable[ResolvedRow], pairs: set[tuple[str, str]]) -> None:
        """Say where sheets of this run contradict each other or what was stored."""
        where = {
            result.judgement: result.row.where
            for result in resolved
            if result.judgement and result.judgement.pair in pairs
        }
        stands = standing(where)
        contradictions = [
            f"{said} says {judgement.verdict}, {where[other]} says {other.verdict} and stands"
            for judgement, said in where.items()
            if judgement.verdict is not (other := stands[judgement.pair]).verdict
        ]
        self.notes += summed_up(
            list(dict.fromkeys(contradictions)), "judgements that contradict later ones"
        )


def _sheet(file: Path) -> Sheet:
    return read_stored(file) if file.suffix == ".jsonl" else read_sheet(file)


def read_stored(file: Path) -> Sheet:
    """
    The judgements of a file that `JudgementMemory` wrote; what is wrong with a line costs no other.

    Raises:
        JudgementError: no line of it is a judgement.
    """
    sheet = Sheet(file)
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        where = _where(file, number)
        try:
            sheet.rows.append(stored_row(orjson.loads(line), where))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if line.strip():
                sheet.faults.append(f"{where}: {type(error).__name__}: {error}")
    if sheet.faults and not sheet.rows:
        raise JudgementError(str(file), "no line of it is a judgement that samework kept")
    return sheet


def _where(file: Path, number: int) -> str:
    return f"{file} line {number}"


def _said(resolved: ResolvedRow) -> tuple[str, ...]:
    row, judgement = resolved.row, resolved.judgement
    own = row.left.name, row.right.name, str(row.verdict), row.at
    return judgement.identity if judgement else own


def stored_row(plain: Mapping[str, Any], where: str) -> JudgedRow:
    """The judgement in a line of the file; raises what a line of another form makes it raise."""
    left, right = (_side(plain[side]) for side in ("left", "right"))
    by, why, said = (str(plain.get(name, "")) for name in ("by", "why", "said"))
    verdict = Verdict(plain["judgement"])
    return JudgedRow(left, right, verdict, str(plain["at"]), where, by, why, said=said)


def _side(plain: Mapping[str, Any]) -> Side:
    record = plain.get("record")
    return Side(
        str(plain["name"]), Record.from_dict({"record_id": "", **record}) if record else None
    )


def _line(resolved: ResolvedRow, records: Mapping[str, Record]) -> bytes:
    row, judgement = resolved.row, resolved.judgement
    plain: dict[str, Any] = {"judgement": str(row.verdict), "at": row.at, "from": row.where}
    told = {"by": row.by, "why": row.why, "said": row.said}
    plain |= {name: text for name, text in told.items() if text}
    ids: Iterator[str | None] = iter(
        (judgement.left, judgement.right) if judgement else (None, None)
    )
    for name, side in (("left", row.left), ("right", row.right)):
        record = records.get(next(ids) or "", side.seen)
        plain[name] = {"name": side.name}
        if record:
            plain[name]["record"] = {
                key: value for key, value in record.to_dict().items() if key not in _NOT_STORED
            }
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


# An abstract is long, and nothing is found again by what else is left out here.
_NOT_STORED: Final = frozenset({"record_id", "abstract", "keywords", "notes", "groups", "extra"})
