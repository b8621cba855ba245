"""
Patience: a step that changes works, tried again while another process holds their lock.

Does not: wait for what is stored to be compared (`incremental.py` does).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from indexer.errors import BackendBusy

LONGEST_WAIT: Final = 2.0  # seconds between two tries: most who hold the lock hold it for less
Done = TypeVar("Done")


def patiently(step: Callable[[], Done], seconds: float, say: Callable[[str], object]) -> Done:
    """
    Do a step, waiting for others up to so many seconds; what waits is said once.

    Raises:
        BackendBusy: another process still changes works then; the step was not done.
    """
    waited = False

    def announce(state: RetryCallState) -> None:
        nonlocal waited
        error = state.outcome and state.outcome.exception()
        if not waited:
            say(f"waiting up to {seconds:.0f} s: {error}")
        waited = True

    again = Retrying(
        retry=retry_if_exception_type(BackendBusy),
        wait=wait_random_exponential(max=LONGEST_WAIT),
        stop=stop_after_delay(seconds),
        before_sleep=announce,
        reraise=True,
    )
    return again(step)
