"""
Every exception the detector raises on purpose:

* DetectorError
  - WeightsError   a weights file cannot be used
  - TruthError     a file of labelled pairs cannot be used
  - JudgementError a sheet of judgements cannot be used
  - PairError      two names do not mean two records or works to judge
  - ClaimsError    whose work a record is, in somebody's view, cannot be told
  - OutputError    what is there would be harmed by what a command writes
  - PreviousError  an earlier answer cannot be gone on from
  - TuningError    too few judgements to fit weights to
  - MissingExtra   a library that only one command needs is not installed
  - NothingUnfinished  a re-index should go on that was not begun
  - UnknownRecord  an id names no record of an index, or several
  - UnknownWork    an id names no work of an index
  - UnusableChoice a field cannot be taken from the record that was chosen
  - Closed         a run or an index was closed and is used again (a ValueError too)
  - UnknownValue   a value is none of those that there are (a ValueError too)

A message names the value, what was expected and the next command.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.errors import SameworkError


class DetectorError(SameworkError):
    """Base of all errors that the detector raises on purpose."""


class WeightsError(DetectorError):
    """A weights file cannot be used."""

    def __init__(self, name: str, fault: str) -> None:
        self.name, self.fault = name, fault
        super().__init__(
            f"weights {name!r} cannot be used: {fault}; "
            "`samework tune` writes a file that can, no `--weights` uses those shipped"
        )


class TruthError(DetectorError):
    """A file of labelled pairs cannot be used."""

    def __init__(self, name: str, fault: str) -> None:
        self.name, self.fault = name, fault
        super().__init__(
            f"truth {name!r} cannot be used: {fault}; expected columns `id cluster`, "
            "`left right 0|1` or a header with left, right and label, split by tabs"
        )


class JudgementError(DetectorError):
    """A sheet of judgements cannot be used."""

    def __init__(self, name: str, fault: str, expected: str = "") -> None:
        self.name, self.fault = name, fault
        sheet = (
            "a sheet of `samework review export` or the to-check.csv of `samework dedupe`, its "
            "column `judgement` filled in: same, version, related or different"
        )
        super().__init__(f"{name}: {fault}; expected {expected or sheet}")


class PairError(DetectorError):
    """Two names do not mean two records or works to judge; the message says what to name."""


class ClaimsError(DetectorError):
    """Which works somebody else made of the records cannot be told."""

    def __init__(self, name: str, fault: str, expected: str) -> None:
        self.name, self.fault = name, fault
        super().__init__(f"{name!r} {fault}; expected {expected}")


class OutputError(DetectorError):
    """What is there would be harmed by what a command writes."""

    def __init__(self, name: str, fault: str) -> None:
        self.name, self.fault = name, fault
        super().__init__(f"{name!r} {fault}")


class PreviousError(DetectorError):
    """An earlier answer cannot be gone on from."""

    def __init__(self, name: str, fault: str) -> None:
        self.name, self.fault = name, fault
        super().__init__(
            f"--since {name!r}: it {fault}; expected the folder of an earlier run, as "
            "`samework dedupe FILES --out FOLDER` leaves it; nothing was written"
        )


class TuningError(DetectorError):
    """Too few judgements to fit weights to."""

    def __init__(self, same: int, different: int, fewest: int) -> None:
        self.same, self.different, self.fewest = same, different, fewest
        super().__init__(
            f"{same} labelled pairs of one work and {different} of two are among the candidates, "
            f"expected at least {fewest} of each; judge more of the to-check.csv of `samework "
            "dedupe`, or check that the labels name the ids of these files"
        )


class MissingExtra(DetectorError):
    """A library that only one command needs is not installed."""

    def __init__(self, extra: str, library: str) -> None:
        self.extra, self.library = extra, library
        super().__init__(
            f"`samework {extra}` needs {library}, which is not installed; "
            f"pip install 'samework[{extra}]'"
        )


class NothingUnfinished(DetectorError):
    """A re-index should go on that was not begun."""

    def __init__(self, index: str) -> None:
        self.index = index
        super().__init__(
            f"nothing is unfinished at {index!r}; `samework reindex` without --resume begins a "
            "re-index, --plan says whether there is a reason to"
        )


class UnknownRecord(DetectorError):
    """An id names no record of an index, or several."""

    def __init__(self, name: str, index: str, meant: Sequence[str] = ()) -> None:
        self.name, self.index, self.meant = name, index, tuple(meant)
        if meant:
            some = ", ".join(sorted(meant)[:5])
            fault = f"may be {len(meant)} records of {index!r}; give one of {some}"
        else:
            fault = f"is no record of {index!r}; give an id as works.jsonl or `query` print it"
        super().__init__(f"{name!r} {fault}")


class UnknownWork(DetectorError):
    """An id names no work of an index, or a record that is in none yet."""

    def __init__(self, name: str, index: str, record: str = "") -> None:
        self.name, self.index, self.record = name, index, record
        if record:
            fault = f"is in no work of {index!r} yet; `samework ingest FILE --detect` compares it"
        else:
            fault = f"is no work of {index!r}, nor ever was; give its id or that of a record of it"
        super().__init__(f"{name!r} {fault}")


class UnusableChoice(DetectorError):
    """A field of a merged record cannot be taken from the record that was chosen."""

    def __init__(self, record: str, fault: str, others: Sequence[str]) -> None:
        self.record, self.others = record, tuple(others)
        some = ", ".join(self.others[:5]) + (", …" if len(self.others) > 5 else "")
        super().__init__(f"{record!r} {fault}; {f'expected {some}' if some else 'no record does'}")


class UnknownValue(DetectorError, ValueError):
    """A value is none of those that there are, or does not go with another."""

    def __init__(self, text: str, what: str, choices: Sequence[str]) -> None:
        self.text, self.what, self.choices = text, what, tuple(choices)
        known = ", ".join(choices[:-1]) + " or " + choices[-1] if len(choices) > 1 else choices[0]
        super().__init__(f"{text!r} is no {what}; expected {known}")


class Closed(DetectorError, ValueError):
    """A run or an index was closed and is used again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is closed; use it before close(), or inside its `with` block")
