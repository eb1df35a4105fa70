"""Quotes that swallow rows: a quote at the start of a text, closed only lines later."""

from __future__ import annotations

from collections.abc import Sequence

_IN_PROSE = (",", ";", " ", ".", ":", "-")


class Swallowed:
    r"""Counts the records of which one text seems to hold whole rows.

    Args:
        delimiter: what stands between fields.

    Attributes:
        count: how many there are.
        first: the line the first begins in.
        lines: over how many lines its text runs.

    Example:
        >>> swallowed = Swallowed("\t")
        >>> swallowed.see(7, ['So"\t1\nlate\t0\n"yes', "1"])
        >>> swallowed.see(10, ["two\nlines", "1"])
        >>> swallowed.count, swallowed.first, swallowed.lines
        (1, 7, 3)
    """

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self.count = self.first = self.lines = 0

    def see(self, line: int, record: Sequence[str]) -> None:
        """Look at a record of several lines; `line` is the one it begins in."""
        for column, field in enumerate(record):
            if "\n" not in field and "\r" not in field:
                continue
            lines = field.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            if self._holds_rows(lines, column, len(record)):
                if not self.count:
                    self.first, self.lines = line, len(lines)
                self.count += 1
                return

    def _holds_rows(self, lines: Sequence[str], column: int, width: int) -> bool:
        """Say whether the lines of a field look like the rest, rows and the beginning of rows.

        No prose holds tabs or bars. Commas it has, mostly with a blank after them, and seldom
        as many in each line as a row has.
        """
        sign = self._delimiter
        held = [line.count(sign) for line in lines]
        if sign not in _IN_PROSE:
            return any(held)
        as_in_rows = [width - 1 - column, *[width - 1] * (len(lines) - 2), column]
        blanks = any(f"{sign} " in line for line in lines)
        return held == as_in_rows and sum(held) > 1 and not blanks
