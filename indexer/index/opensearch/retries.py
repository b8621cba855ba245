"""
Retries: how often a request to the cluster is repeated, and how long each wait is.

    TryAgain(error)  ->  retrying(seconds or tries)  ->  a wait, another try; at last its error

Waits grow from FIRST_WAIT to LONGEST_WAIT, each drawn from its upper half, so that those
refused together do not return together. Does not: know what may be sent twice.
"""

from __future__ import annotations

import random
import time
from typing import Any, Final

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
)

from indexer.errors import BackendError

FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 10.0


class TryAgain(Exception):
    """A try failed in a way that another may mend; `error` is raised when there is no other."""

    def __init__(self, error: BackendError, at_least: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.at_least = at_least  # seconds that the cluster asked to wait


def retrying(*, seconds: float | None = None, tries: int = 0) -> Retrying:
    """Tries for so many seconds, or so many of them, while they raise `TryAgain`."""
    return Retrying(
        stop=stop_after_attempt(tries) if seconds is None else stop_before_delay(seconds),
        wait=_seconds_before_next,
        retry=retry_if_exception_type(TryAgain),
        retry_error_callback=_give_up,
    )


def wait_before(attempt: int) -> float:
    """Seconds to wait before a try, by the number of those before it (from 1)."""
    longest: float = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)


def pause(attempt: int = 1) -> None:
    """Wait as before a try."""
    time.sleep(wait_before(attempt))


def _seconds_before_next(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.at_least if isinstance(failure, TryAgain) else 0.0
    return max(wait_before(state.attempt_number), asked)


def _give_up(state: RetryCallState) -> Any:
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, TryAgain)
    raise failure.error from None
