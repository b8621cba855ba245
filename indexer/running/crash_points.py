"""
Named points at which a process can be made to die, for the tests of crash safety.

    reached("after-put")  ->  nothing, or SIGKILL when SAMEWORK_DIE_AT says so

`SAMEWORK_DIE_AT=after-put:3` kills the process, as `kill -9` would, the third time
that it reaches the point. POINTS lists them all; the tests kill at each. Does not:
act without the variable.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import Final

POINTS: Final = (
    "after-fetch",  # a page was fetched or a batch read, nothing stored
    "within-put",  # records are written, their transaction is not committed
    "after-put",  # records, occurrences and dead letters are durable
    "within-undo",  # records that a run brought or replaced are taken out, nothing is put back
    "after-visible",  # their postings are too
    "within-works",  # decisions are written, the works are not
    "after-works",  # works and events are durable
    "within-judgement",  # what a person said is written, the works it concerns are not formed
    "after-forming",  # they are written, and their records wait in the queue still
    "within-repair",  # works hold their own records again, these are not formed again
    "after-repair",  # they are, the events do not lead there yet
    "after-checkpoint",  # the feed's cursor is durable
    "within-build",  # a re-index has added a batch of new keys
    "after-build",  # all of them
    "after-verify",  # the new keys were asked for a sample
    "after-swap",  # they are in use
    "within-answer",  # an answer is written beside the last one, its manifest is not
    "after-answer",  # it is whole, none of it is in place
    "within-swap",  # one more of its files is in place
)
_VARIABLE: Final = "SAMEWORK_DIE_AT"
_counts: Counter[str] = Counter()


def reached(point: str) -> None:
    """Die here if the environment says so."""
    wanted = os.environ.get(_VARIABLE)
    if not wanted:
        return
    name, _, nth = wanted.partition(":")
    _counts[point] += 1
    if name == point and _counts[point] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
