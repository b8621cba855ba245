"""
Monotone weights: expressed by free parameters, so that no level outweighs a better one.

    parameters >= 0  <->  weights in the orders that the comparisons name

Arithmetic only: `fit.py` knows what is fitted, and to what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.comparisons import COMPARISONS
from detector.decision.weights import MOST_LEVELS

Floats = NDArray[np.float64]
SIZE = len(COMPARISONS) * MOST_LEVELS + 1  # weights in the flat table, and the prior


@dataclass(frozen=True, slots=True)
class Orders:
    """
    The weights as sums of parameters that are never negative.

    Along an order of agreement each level weighs as much as the next plus its parameter,
    the last its parameter; along one of conflict each as much as the one before less its
    parameter. So an agreement never weighs against a pair, nor a conflict for it.
    """

    orders: tuple[tuple[NDArray[np.int64], int], ...]  # weights from weakest on, sign
    free: NDArray[np.int64]  # weights in no order, and the prior

    @classmethod
    def of_comparisons(cls) -> Orders:
        """The orders that the comparisons name."""
        orders: list[tuple[NDArray[np.int64], int]] = []
        named = set()
        for row, comparison in enumerate(COMPARISONS):
            number = {level.name: column for column, level in enumerate(comparison.levels)}
            for sign, group in ((1, comparison.agree), (-1, comparison.conflict)):
                for order in group:
                    cells = [row * MOST_LEVELS + number[name] for name in order][::-sign]
                    orders.append((np.array(cells), sign))
                    named |= set(cells)
        free = [at for at in range(SIZE - 1) if at not in named and at % MOST_LEVELS]
        return cls(tuple(orders), np.array([*free, SIZE - 1]))

    def weights(self, parameters: Floats) -> Floats:
        """The weights that these parameters mean; missing levels weigh 0."""
        out = np.zeros_like(parameters)
        out[self.free] = parameters[self.free]
        for order, sign in self.orders:
            out[order] = sign * np.cumsum(parameters[order])
        return out

    def parameters(self, weights: Floats) -> Floats:
        """Parameters for these weights, or for near ones that are in order."""
        out = weights.copy()
        for order, sign in self.orders:
            rising = np.maximum.accumulate(np.maximum(sign * weights[order], 0.0))
            out[order] = np.diff(rising, prepend=0.0)
        return out

    def slopes(self, of_weights: Floats) -> Floats:
        """Slopes by parameter, from slopes by weight."""
        out = np.zeros_like(of_weights)
        out[self.free] = of_weights[self.free]
        for order, sign in self.orders:
            out[order] = sign * np.cumsum(of_weights[order][::-1])[::-1]
        return out

    def bounds(self) -> list[tuple[float | None, float | None]]:
        """The bounds of the parameters: no step the wrong way."""
        out: list[tuple[float | None, float | None]] = [(None, None)] * SIZE
        for order, _ in self.orders:
            for at in order.tolist():
                out[at] = (0.0, None)
        return out
