"""The plot in the terminal: the panels as text, drawn on plotille's canvas."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from seqclf.contracts import History
from seqclf.plots.breaks import epoch_breaks, pretty, within
from seqclf.plots.panels import ALONE, COLOURS, Panel, Plot, Series, panels

_NO_DOT = "\u2800"
_ROWS = (5, 20)
_NARROWEST = 10
_WIDEST_LABEL = 8
_BOTH = "*"
Cell = tuple[str, str | None]
"""A character and its colour."""


@dataclass(frozen=True)
class _Glyphs:
    """The characters of points and axes."""

    points: dict[str, str]
    lines: dict[str, str] | None
    side: str
    left_tick: str
    corner: str
    floor: str
    floor_tick: str


_UNICODE = _Glyphs({"training": "●", "validation": "×"}, None, "│", "┤", "└", "─", "┬")
_ASCII = _Glyphs(
    {"training": "o", "validation": "x"},
    {"training": ".", "validation": ":"},
    "|",
    "+",
    "+",
    "-",
    "+",
)


def draw(
    history: History,
    width: int = 80,
    height: int = 24,
    colour: bool = False,
    unicode: bool = True,
    smooth: bool = True,
    metrics: str | Iterable[str] | None = None,
) -> str:
    """Draw a history as text: a panel a metric below each other, points and smooth lines.

    Args:
        history: at least one epoch.
        width: columns, none of which is exceeded from 20 on.
        height: lines to fill; many metrics take more, for a panel has no fewer than five rows.
        colour: draw in R's two colours, by escape codes; else markers and dashes tell them apart.
        unicode: draw with circles, lines and Braille dots; else plain ASCII.
        smooth: draw smooth lines, if ten epochs or more were planned.
        metrics: names of metrics, without "val_"; defaults to all.

    Returns:
        The lines, joined by line feeds, without one at the end.

    Raises:
        UsageError: the history has no such metric.
        SeqclfError: no epoch was finished; or scikit-misc, which computes the lines, is missing.

    Example:
        >>> history = History([{"loss": 0.7}, {"loss": 0.5}])
        >>> print(draw(history, width=24, height=10, unicode=False))
        loss
        0.70 + o
        0.65 +
        0.60 +
             |
        0.55 +
        0.50 +                o
             +-+--------------+-
               1              2
                    epoch
    """
    plot = panels(history, metrics, smooth)
    return "\n".join(_lines(plot, width, height, colour, _UNICODE if unicode else _ASCII))


def _lines(plot: Plot, width: int, height: int, colour: bool, glyphs: _Glyphs) -> list[str]:
    count = len(plot.panels)
    rows = (height - 2 * count - 2 - int(plot.validation)) // count
    rows = min(max(rows, _ROWS[0]), _ROWS[1])
    ticks = [_ticks(panel, rows) for panel in plot.panels]
    margin = max((len(label) for labels in ticks for label in labels.values()), default=0)
    columns = max(width - margin - 2, _NARROWEST)
    drawn = [
        _Drawing(plot, panel, columns, rows, colour, glyphs, labels)
        for panel, labels in zip(plot.panels, ticks, strict=True)
    ]
    lines = [_legend(drawn, colour, glyphs)] if plot.validation else []
    for drawing in drawn:
        lines += drawing.lines(margin)
    return [*lines, *drawn[-1].epochs(margin)]


def _legend(drawn: Sequence[_Drawing], colour: bool, glyphs: _Glyphs) -> str:
    parts = [
        _escaped([(glyph, COLOURS[data] if colour else None)]) + f" {data}"
        for data, glyph in glyphs.points.items()
    ]
    if any(drawing.overlaps for drawing in drawn):
        parts.append(f"{_BOTH} both")
    return "  ".join(parts)


class _Drawing:
    """One panel: a grid of cells, and where its numbers stand.

    Lines and points are drawn on canvases of their own and laid upon each other,
    because a cell of a canvas forgets what was in it.
    """

    def __init__(
        self,
        plot: Plot,
        panel: Panel,
        columns: int,
        rows: int,
        colour: bool,
        glyphs: _Glyphs,
        ticks: dict[float, str],
    ) -> None:
        self._panel, self._glyphs = panel, glyphs
        self._colour, self._validation = colour, plot.validation
        self._across = _span(1, plot.epochs, 2 * columns, margin=2)
        self._up = _span(*(panel.limits or (0.0, 1.0)), 4 * rows, margin=1)
        self._columns, self._rows = columns, rows
        self._ruler = self._canvas()
        self._cells: list[list[Cell]] = [[(" ", None)] * columns for _ in range(rows)]
        self._labels = {self._row(value): label for value, label in ticks.items()}
        breaks = epoch_breaks(plot.epochs, max(1, min(5, columns // 8)))
        self._epochs = {self._column(epoch): str(epoch) for epoch in breaks}
        self.overlaps = False
        self._draw()

    def _draw(self) -> None:
        if self._panel.limits is None:
            self._write("no finite value")
        for series in self._panel.series:
            self._draw_line(series)
        for series in self._panel.series:
            self._draw_points(series)

    def _draw_line(self, series: Series) -> None:
        canvas = self._canvas()
        dashed = series.data == "validation" and not self._colour and self._glyphs.lines is None
        for count, (start, end) in enumerate(itertools.pairwise(series.line)):
            if not (dashed and count // 2 % 2):
                canvas.line(*start, *end)
        colour = None
        if self._colour:
            colour = COLOURS[series.data] if self._validation else ALONE
        for row, column, dots in _drawn_on(canvas):
            before, _ = self._cells[row][column]
            glyph = chr(ord(dots) | ord(before)) if before >= _NO_DOT else dots
            if self._glyphs.lines is not None:
                glyph = self._glyphs.lines[series.data]
            self._cells[row][column] = (glyph, colour)

    def _draw_points(self, series: Series) -> None:
        canvas, glyph = self._canvas(), self._glyphs.points[series.data]
        for epoch, value in series.points:
            canvas.point(epoch, value, marker=glyph)
        colour = COLOURS[series.data] if self._colour and self._validation else None
        for row, column, _ in _drawn_on(canvas):
            before, _ = self._cells[row][column]
            if before in self._glyphs.points.values():
                self.overlaps = True
                self._cells[row][column] = (_BOTH, None)
            else:
                self._cells[row][column] = (glyph, colour)

    def _canvas(self) -> Any:
        from plotille import Canvas

        return Canvas(
            self._columns,
            self._rows,
            xmin=self._across[0],
            xmax=self._across[1],
            ymin=self._up[0],
            ymax=self._up[1],
        )

    def _row(self, value: float) -> int:
        left, bottom = self._ruler.xmin, self._ruler.ymin
        _, dots = self._ruler.dots_between(left, bottom, left, value)
        return int(self._rows - 1 - dots // 4)

    def _column(self, epoch: float) -> int:
        left, bottom = self._ruler.xmin, self._ruler.ymin
        dots, _ = self._ruler.dots_between(left, bottom, epoch, bottom)
        return int(dots // 2)

    def _write(self, text: str) -> None:
        row, start = self._rows // 2, max(0, (self._columns - len(text)) // 2)
        for column, character in enumerate(text[: self._columns], start):
            self._cells[row][column] = (character, None)

    def lines(self, margin: int) -> list[str]:
        """Give the panel's name, its rows with their numbers, and its floor."""
        glyphs = self._glyphs
        name = "".join(each if each.isprintable() else "?" for each in self._panel.metric)
        drawn = [name[: margin + 2 + self._columns]]
        for row, cells in enumerate(self._cells):
            side = glyphs.left_tick if row in self._labels else glyphs.side
            drawn.append(f"{self._labels.get(row, ''):>{margin}} {side}{_escaped(cells)}".rstrip())
        floor = (
            glyphs.floor_tick if column in self._epochs else glyphs.floor
            for column in range(self._columns)
        )
        return [*drawn, " " * (margin + 1) + glyphs.corner + "".join(floor)]

    def epochs(self, margin: int) -> list[str]:
        """Give the numbers below the floor, and what they count."""
        line = ""
        for column, label in self._epochs.items():
            place = margin + 2 + column - (len(label) - 1) // 2
            place = min(place, margin + 2 + self._columns - len(label))
            if not line or place > len(line):
                line = line.ljust(place) + label
        name = " " * (margin + 2 + (self._columns - len("epoch")) // 2) + "epoch"
        return [line, name]


def _ticks(panel: Panel, rows: int) -> dict[float, str]:
    """Give the numbers at the side of a panel, about one in two rows."""
    if panel.limits is None:
        return {}
    low, high = panel.limits
    if _flat(low, high):
        return {low: f"{low:.4g}"}
    breaks = pretty(low, high, max(2, rows // 2))
    decimals = max(0, -math.floor(math.log10(breaks[1] - breaks[0]) + 1e-9))
    labels = {value: f"{value:.{decimals}f}" for value in within(breaks, low, high)}
    if max(map(len, labels.values()), default=0) > _WIDEST_LABEL:
        return {value: f"{value:.2g}" for value in labels}
    return labels


def _flat(low: float, high: float) -> bool:
    return high - low <= 1e-12 * max(abs(low), abs(high))


def _span(low: float, high: float, dots: int, margin: int) -> tuple[float, float]:
    """Give a canvas' ends, so that `low` and `high` lie `margin` dots within it."""
    if _flat(low, high):
        half = abs(low) / 2 or 0.5
        return low - half, low + half
    step = (high - low) / (dots - 1 - 2 * margin)
    return low - margin * step, low + (dots - margin) * step


def _drawn_on(canvas: Any) -> Iterable[tuple[int, int, str]]:
    """Give the row, the column and the character of all that was drawn on a canvas."""
    for row, line in enumerate(canvas.plot(linesep="\n").split("\n")):
        for column, character in enumerate(line):
            if character not in (" ", _NO_DOT):
                yield row, column, character


def _escaped(cells: Iterable[Cell]) -> str:
    """Join cells, with an escape code where the colour changes."""
    text = ""
    for colour, group in itertools.groupby(cells, key=lambda cell: cell[1]):
        characters = "".join(character for character, _ in group)
        if colour is None:
            text += characters
        else:
            red, green, blue = bytes.fromhex(colour[1:])
            text += f"\x1b[38;2;{red};{green};{blue}m{characters}\x1b[0m"
    return text
