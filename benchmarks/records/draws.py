"""
Random numbers by name: the draw of a lane for a number, the same whatever was drawn before.

    Draws(seed).uniform(numbers, lane)  ->  one number in [0, 1) each

A generator with a state would have to be run from its start to make the millionth record;
these are hashes (splitmix64, Steele, Lea and Flood 2014), whole arrays at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
GOLDEN: Final = 0x9E3779B97F4A7C15
MASK: Final = (1 << 64) - 1


def mixed(values: Numbers) -> Numbers:
    """Each number hashed to another; no two numbers become one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of one seed."""

    seed: int

    def bits(self, numbers: Numbers, lane: str) -> Numbers:
        """64 random bits of a lane for each number."""
        named = int.from_bytes(lane.encode()[:8].ljust(8, b"\0"), "little")
        offset = (named * GOLDEN + self.seed * 0xD1B54A32D192ED03) & MASK
        return mixed(mixed(numbers * np.uint64(GOLDEN) + np.uint64(offset)))

    def uniform(self, numbers: Numbers, lane: str) -> NDArray[np.float64]:
        """A number in [0, 1) of a lane for each number."""
        high = self.bits(numbers, lane) >> np.uint64(11)
        return high.astype(np.float64) * 2.0**-53
