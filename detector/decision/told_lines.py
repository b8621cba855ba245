"""
Told lines: decided pairs as the JSON of pairs.jsonl, put together of pieces that recur.

    columns of decisions, FlatFields of both  ->  ToldLine: the line, its reasons, its details

What `Teller` says of a pair and `Decision.to_dict` makes plain, without either: most rows of
levels have been met before, so that weights, levels and what is worth telling are looked up as
they are written, and only sentences are made for a pair: 46 µs in place of 62, fields
unpacked. `Teller` stays the definition, and tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import orjson

from detector.comparisons import Comparer, Profile
from detector.comparisons.base import Levels
from detector.decision.decided import VERDICTS, DecisionColumns, found_names, guard_names
from detector.decision.telling import Outcome, Teller
from detector.decision.weights import Weights
from indexer.fields import Fields
from indexer.keys.epoch import Epoch

_MOST_OUTLINES: Final = 50_000  # rows of levels remembered
_END: Final = b"}"


class _Outline(NamedTuple):
    """What is the same for all pairs of the same levels and guards."""

    telling: Sequence[Outcome]  # outcomes that are worth a reason, the strongest first
    phrases: Sequence[str]  # of the guards
    weights: bytes
    guards: bytes
    levels: bytes


class ToldLine(NamedTuple):
    """One pair as it is written."""

    line: bytes  # without the brace at its end
    reasons: Sequence[str]
    told: bytes  # the reasons as JSON
    found_by: bytes
    outline: _Outline

    def ended(self, judged: str = "") -> bytes:
        """The whole line, with what a person said of the pair."""
        return self.line + (b',"judged":%b}' % orjson.dumps(judged) if judged else _END)

    def details(self) -> bytes:
        """What the report shows of it."""
        return b'{"reasons":%b,"levels":%b,"found_by":%b,"guards":%b}' % (
            self.told, self.outline.levels, self.found_by, self.outline.guards
        )  # fmt: skip


class LineTeller:
    """Makes the lines of pairs under one table of weights and one epoch."""

    def __init__(self, epoch: Epoch, weights: Weights) -> None:
        comparer = Comparer(epoch)
        self._teller = Teller(comparer, weights)
        self._counts = comparer.counts
        self._outlines: dict[tuple[bytes, int], _Outline] = {}

    def lines(
        self,
        columns: DecisionColumns,
        fields: Sequence[Fields | None],
        names: Sequence[str],
    ) -> Iterator[ToldLine]:
        """
        The lines of all rows.

        Args:
            columns: the pairs.
            fields: of each record, in the order of the ids of the columns; None: not stored.
            names: what outputs call each record, in the same order.
        """
        called = [orjson.dumps(name) for name in names]
        profiles = [given and Profile(given, self._counts) for given in fields]
        saying = [orjson.dumps(str(verdict)) for verdict in VERDICTS]
        kinds = [orjson.dumps(kind) for kind in columns.kinds]
        finders = {bits: _names(found_names(bits)) for bits in set(columns.found_by.tolist())}
        for left, right, levels, guards, verdict, kind, probability, bits in zip(
            columns.left.tolist(),
            columns.right.tolist(),
            _rows_of(columns.levels),
            columns.guards.tolist(),
            columns.verdict.tolist(),
            columns.kind.tolist(),
            _numbers(columns.probability.tolist()),
            columns.found_by.tolist(),
            strict=True,
        ):
            ours, theirs = profiles[left], profiles[right]
            if ours and theirs:
                outline = self._outline(levels, guards)
                reasons = self._teller.reasons(outline.phrases, outline.telling, ours, theirs)
            else:
                outline, reasons = _bare(guards), []
            found_by, told = finders[bits], orjson.dumps(reasons)
            line = (
                b'{"left":%b,"right":%b,"verdict":%b,"kind":%b,"probability":%b,"found_by":%b,'
                b'"reasons":%b,"weights":%b,"guards":%b,"levels":%b'
            ) % (
                called[left], called[right], saying[verdict], kinds[kind], probability, found_by,
                told, *outline[2:],
            )  # fmt: skip
            yield ToldLine(line, reasons, told, found_by, outline)

    def _outline(self, levels: bytes, guards: int) -> _Outline:
        outline = self._outlines.get((levels, guards))
        if outline is None:
            if len(self._outlines) >= _MOST_OUTLINES:
                self._outlines.clear()
            present, weights, names, phrases = self._teller.weighed(
                np.frombuffer(levels, np.int8).tolist(), guards
            )
            outline = self._outlines[levels, guards] = _Outline(
                self._teller.telling(present),
                phrases,
                orjson.dumps(weights),
                _names(names),
                orjson.dumps({one.comparison: one.level for one in present}),
            )
        return outline


def _bare(guards: int) -> _Outline:
    """What is said of a pair of which a record is not stored any more."""
    return _Outline((), (), b"{}", _names(guard_names(guards)), b"{}")


def _rows_of(levels: Levels) -> Iterator[bytes]:
    """Each row of levels as bytes."""
    width = levels.shape[1]
    every = np.ascontiguousarray(levels).tobytes()
    return (every[at : at + width] for at in range(0, len(every), width))


def _numbers(values: Sequence[float]) -> Sequence[bytes]:
    """Each number as JSON has it."""
    return orjson.dumps(values)[1:-1].split(b",") if values else ()


def _names(names: Sequence[str]) -> bytes:
    return orjson.dumps(list(names))
