"""Plain tables, and what is told meanwhile."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence


def say(sentence: str) -> None:
    """Tell how far it has come, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def print_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the first to the left and the others to the right."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        cells = [
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip(), flush=True)


def speed(rounds: Sequence[float] | None) -> list[str]:
    """Give the least, the median and the greatest of the rounds' speeds; blanks for none."""
    if not rounds:
        return ["", "", ""]
    return [number(value) for value in (min(rounds), statistics.median(rounds), max(rounds))]


def number(value: float) -> str:
    """Give a number with three digits at least: 1,234 and 12.3."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def ratio(ours: Sequence[float] | None, theirs: Sequence[float] | None) -> float | None:
    """Give how many times theirs our median is."""
    if not ours or not theirs:
        return None
    return statistics.median(ours) / statistics.median(theirs)


def times(value: float | None) -> str:
    """Give a ratio as a table shows it."""
    return "" if value is None else f"{value:.2f}"
