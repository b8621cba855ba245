"""
Work names: which work a person means who gives the id of a work, living or retired, or of a record.

    "w0123456789abcdef", "arxiv:2112.12650", "2112.12650"  ->  Meant: the work, and over which ids

Does not: look into the work (`shown_work.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from detector.detecting.pipeline import Detector
from detector.errors import UnknownWork
from detector.questions.explaining import resolve
from detector.works.work_ids import ID_BYTES

WORK_ID: Final = re.compile(rf"w[0-9a-f]{{{2 * ID_BYTES}}}")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name leads to."""

    asked: str
    work_id: str  # of a living work; "" where the one that was asked for ended
    via: tuple[str, ...] = ()  # retired ids, from the one that was asked for on
    record: str = ""  # the record that was asked for, where it was one
    gone: Mapping[str, Any] | None = None  # at, records: when the work ended, and what it held


def work_meant(detector: Detector, name: str) -> Meant:
    """
    The work that a person means.

    Raises:
        UnknownWork: no work has or had this id, or the record is in none yet.
        UnknownRecord: no record, or several, are called this.
    """
    holdings = detector.holdings
    if WORK_ID.fullmatch(name):
        living = holdings.living(name)
        if living.known:
            return Meant(name, living.work_id, living.via, gone=living.gone)
        if not detector.engine.get([name]):
            raise UnknownWork(name, detector.engine.location)
    record = resolve(detector, name)
    home = holdings.work_ids_of([record]).get(record)
    if home is None:
        raise UnknownWork(name, detector.engine.location, record)
    return Meant(name, home, record=record)
