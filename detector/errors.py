"""
Every exception the detector raises on purpose:

* DetectorError
  - WeightsError   a weights file cannot be used
  - TruthError     a file of labelled pairs cannot be used

A message names the value, what was expected and the next command.
"""

from __future__ import annotations


class DetectorError(Exception):
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
