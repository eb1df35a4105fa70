"""Items side by side, and labelled facts: what Rich's own wrapping would tear apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

LABEL_WIDTH = 8


class Flow:
    """Items one after the other, with a line end only between two of them."""

    def __init__(self, items: Sequence[Text], separator: str = ", ") -> None:
        self._items = items
        self._separator = separator

    def lines(self, width: int) -> list[Text]:
        """Give the lines for a width; an item wider than that stands alone."""
        lines: list[Text] = []
        for item in self._items:
            room = width - len(self._separator.rstrip())
            joined = lines[-1].cell_len + len(self._separator) + item.cell_len if lines else 0
            if lines and joined <= room:
                lines[-1].append(self._separator).append_text(item)
                continue
            if lines:
                lines[-1].append(self._separator.rstrip())
            lines.append(item.copy())
        return lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines(options.max_width):
            line.overflow = "fold"
            yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widths = [item.cell_len for item in self._items] or [0]
        gaps = len(self._separator) * (len(widths) - 1)
        most = min(options.max_width, sum(widths) + gaps + len(self._separator))
        return Measurement(min(max(widths), most), most)


def facts(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    """Set facts below each other: a dim label, and a value that wraps beside it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="label", width=LABEL_WIDTH, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(Text(label), Text(value) if isinstance(value, str) else value)
    return grid
