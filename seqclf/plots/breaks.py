"""Where an axis has its numbers: R's `pretty`."""

from __future__ import annotations

import math
from collections.abc import Iterable

_BIAS = 1.5
_ROUNDING = 1e-7


def pretty(low: float, high: float, intervals: int = 5) -> list[float]:
    """Give round numbers from `low` or below to `high` or above.

    Args:
        low, high: the ends; `low` must be below `high`.
        intervals: about how many; their width is 1, 2 or 5 times a power of ten.

    Example:
        >>> pretty(1, 12)
        [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]

    Source:
        R `pretty()`, its defaults.
    """
    cell = (high - low) / intervals
    base = 10.0 ** math.floor(math.log10(cell))
    unit = base
    for factor, bias in ((2, _BIAS), (5, 0.5 + 1.5 * _BIAS), (10, _BIAS)):
        if factor * base - cell < bias * (cell - unit):
            unit = factor * base
    first = math.floor(low / unit + _ROUNDING)
    last = math.ceil(high / unit - _ROUNDING)
    decimals = max(0, -math.floor(math.log10(unit)))
    return [round(count * unit, decimals) for count in range(first, last + 1)]


def within(breaks: Iterable[float], low: float, high: float) -> list[float]:
    """Keep the breaks from `low` to `high`.

    Example:
        >>> within(pretty(0.53, 0.94), 0.53, 0.94)
        [0.6, 0.7, 0.8, 0.9]
    """
    slack = (high - low) * _ROUNDING
    return [value for value in breaks if low - slack <= value <= high + slack]


def epoch_breaks(last: int, intervals: int = 5) -> list[int]:
    """Give whole epochs for an axis from 1 to `last`.

    Example:
        >>> epoch_breaks(3), epoch_breaks(12), epoch_breaks(1)
        ([1, 2, 3], [2, 4, 6, 8, 10, 12], [1])

    Source:
        R `plot.keras_training_history()`: the whole numbers among `pretty()`'s.
    """
    if last <= 1:
        return [1]
    return [int(value) for value in within(pretty(1, last, intervals), 1, last) if value % 1 == 0]


def widened(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Move an axis' ends apart by a share of its length, so that no point lies on the edge.

    Example:
        >>> widened(1, 21), widened(1, 1)
        ((0.0, 22.0), (0.95, 1.05))

    Source:
        ggplot2's `expansion(mult = 0.05)`, also for an axis of length zero.
    """
    margin = (high - low) * share or abs(low) * share or share
    return low - margin, high + margin
