"""
Short decisions: decisions as they are stored, one document a record with all that is about it.

    DecisionColumns  ->  JSON of each decision  ->  documents of the records on either side

Reasons, weights and levels follow from the pair and the epoch, and are left out. Does not:
store anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import orjson

from detector.decision.decided import VERDICTS, DecisionColumns, Rows, found_names, guard_names
from indexer.keys.gathered import ids_at, runs_of

DOCUMENTS_AT_ONCE: Final = 20_000


def shorts(decisions: DecisionColumns, rows: Rows) -> list[bytes]:
    """
    The decisions of these rows as JSON: 2 µs each, put together of what is encoded once.

    Few things are said in many decisions, so all but the two records and the probability is
    encoded for the first that says it, where a dictionary and its JSON took 6.
    """
    if not len(rows):
        return []
    around: dict[tuple[int, ...], tuple[bytes, bytes]] = {}
    plain = orjson.dumps(decisions.probability[rows].tolist())[1:-1].split(b",")
    columns = (decisions.verdict, decisions.kind, decisions.found_by, decisions.guards)
    codes = zip(*(column[rows].tolist() for column in columns), strict=True)
    made: list[bytes] = []
    ends = (
        ids_at(decisions.ids, side[rows].tolist()) for side in (decisions.left, decisions.right)
    )
    for left, right, said, probability in zip(*ends, codes, plain, strict=True):
        if (parts := around.get(said)) is None:
            parts = around[said] = _around(decisions, *said)
        made.append(
            b'{"left":%b,"right":%b,%b%b%b'
            % (orjson.dumps(left), orjson.dumps(right), parts[0], probability, parts[1])
        )
    return made


def _around(
    decisions: DecisionColumns, verdict: int, kind: int, found_by: int, guards: int
) -> tuple[bytes, bytes]:
    """The JSON before a probability and behind it."""
    before = orjson.dumps({"verdict": VERDICTS[verdict], "kind": decisions.kinds[kind]})
    behind = orjson.dumps({"found_by": found_names(found_by), "guards": guard_names(guards)})
    return before[1:-1] + b',"probability":', b"," + behind[1:]


def document_of(decisions: Sequence[bytes]) -> bytes:
    """A document: the list of what is decided about one record."""
    return b"[" + b",".join(decisions) + b"]"


def documents_of(decisions: DecisionColumns) -> Iterator[dict[str, bytes]]:
    """The documents of decisions of ascending ids, in the order of these, so many at a time."""
    rows = np.tile(np.arange(len(decisions)), 2)
    ends = np.concatenate((decisions.right, decisions.left))
    # a record's decisions in the order of their pairs, the records in the order of their ids
    order = np.lexsort((decisions.right[rows], decisions.left[rows], ends))
    ends, rows = ends[order], rows[order]
    borders = runs_of(ends)
    for begin in range(0, len(borders) - 1, DOCUMENTS_AT_ONCE):
        part = borders[begin : begin + DOCUMENTS_AT_ONCE + 1]
        asked, places = np.unique(rows[part[0] : part[-1]], return_inverse=True)
        said = shorts(decisions, asked)
        inside = [said[place] for place in places.tolist()]
        spans = pairwise((part - part[0]).tolist())
        about = ids_at(decisions.ids, ends[part[:-1]].tolist())
        yield {
            record_id: document_of(inside[start:end])
            for record_id, (start, end) in zip(about, spans, strict=True)
        }
