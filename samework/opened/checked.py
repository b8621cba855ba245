"""
Checked: what a check of an index's works says, for people and for programs.

    Checked, ExpectedMistakes, what was mended  ->  lines, plain values
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detector.checking.checking import Checked, check
from detector.checking.findings import Fault, Grade
from detector.checking.mending import Mended, mended
from detector.detecting.pipeline import Detector
from detector.evaluation.expected import ExpectedMistakes
from detector.evaluation.expecting import expected_of_index

_MARKS = {Grade.WELL: "ok   ", Grade.NOTE: "note ", Grade.FAULT: "FAULT"}


@dataclass(frozen=True, slots=True)
class CheckedWorks:
    """What was found of the works of an index; `str()` of it is for people."""

    checked: Checked  # as they are now: after a repair, where one was asked for
    expected: ExpectedMistakes | None  # None where nothing was compared yet
    mended: Mended | None = None

    @property
    def well(self) -> bool:
        """Nothing is wrong, or nothing any more."""
        return self.checked.well

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        plain = self.checked.to_dict()
        if self.expected is not None:
            missed = round(self.checked.sample.apart, 2)
            plain["expected_mistakes"] = self.expected.to_dict() | {"missed_in_distinct": missed}
        if self.mended is not None:
            plain["mended"] = {
                "found": [fault.to_dict() for fault in self.mended.before.faults],
                "records": self.mended.records,
                "events": list(self.mended.events),
            }
        return plain

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.mended is not None:
            for fault in self.mended.before.faults:
                yield from _told(fault)
            first, last = self.mended.events
            yield (
                f"mended: {self.mended.records:,} records decided and formed again, "
                f"{last - first:,} events"
            )
        left = self.checked.faults
        if self.mended is None or any(fault.grade is Grade.FAULT for fault in left):
            for fault in left:
                yield from _told(fault)
        if self.well:
            counts, sample = self.checked, self.checked.sample
            told = (
                f"{_MARKS[Grade.WELL]}  {counts.works:,} works hold {counts.records:,} records, "
                f"each once; {counts.redirects:,} old ids lead to them"
            )
            if sample.works:
                told += (
                    f"; {sample.works:,} works of {sample.records:,} records made anew are the same"
                )
            yield told
        if self.expected is not None:
            yield self.expected.words
            if self.checked.sample.works:
                yield (
                    "Pairs called distinct are not stored: by those of the sample they leave some "
                    f"{self.checked.sample.apart:.1f} joins more missing."
                )


def checked_works(detector: Detector, sample: int, seed: int, repair: bool) -> CheckedWorks:
    """Check the works of an index, and mend them first where that is asked for."""
    done = mended(detector, sample, seed) if repair else None
    found = done.after if done else check(detector, sample, seed)
    compared = detector.holdings.epoch() is not None
    return CheckedWorks(found, expected_of_index(detector) if compared else None, done)


def _told(fault: Fault) -> Iterator[str]:
    found = fault.finding
    yield f"{_MARKS[found.grade]}  {found.text}"
    yield f"{'':5}  -> {found.advice}"
