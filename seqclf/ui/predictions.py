"""Predictions as they come: aligned lines for a person, tab-separated ones for a program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from seqclf.contracts import Prediction
from seqclf.ui.terminal import is_drawn, is_utf
from seqclf.ui.text import cells, field, fold, metric, one_line, shorten

if TYPE_CHECKING:
    from rich.text import Text

_BAR = 10
_LABEL_MOST = 20
_TEXT_LEAST = 16
_COLOURS = ("magenta", "green", "cyan")


class PredictionPrinter:
    """Prints one prediction after the other, each as soon as it is there.

    On a terminal: label, probability, a bar, the shortened text. Elsewhere:
    `label<TAB>probability<TAB>text`, where tabs, line ends and backslashes
    within a field are written as escapes; with `top` above 1, that many
    label and probability pairs stand before the text. Several labels of one
    text are joined by commas, and so are their probabilities.

    Args:
        top: how many of the most probable classes to show.
        stream: where to; standard output if not given.

    Example:
        show = PredictionPrinter()
        for prediction in predictions:
            show(prediction)
    """

    def __init__(self, *, top: int = 1, stream: TextIO | None = None) -> None:
        self._top = top
        self._stream = sys.stdout if stream is None else stream
        self._drawn = is_drawn(self._stream)
        if self._drawn:
            from seqclf.ui.consoles import console_for
            from seqclf.ui.glyphs import glyphs_for

            self._console = console_for(self._stream)
            self._glyphs = glyphs_for(self._console)

    def __call__(self, prediction: Prediction) -> None:
        """Print a prediction."""
        if self._drawn:
            for drawn in self._lines(prediction, self._console.width):
                self._console.print(drawn, no_wrap=True, overflow="crop")
            return
        line = tab_separated(prediction, top=self._top) + "\n"
        stream = self._stream
        stream.write(line if is_utf(stream) else fold(line, stream.encoding))
        stream.flush()

    def _lines(self, prediction: Prediction, width: int) -> list[Text]:
        from rich.text import Text

        names = {name: one_line(name) for name in prediction.probabilities}
        room = min(_LABEL_MOST, max(map(cells, names.values()), default=0), max(4, width // 3))
        text = one_line(prediction.text)
        shown = chosen(prediction, self._top)
        if not shown:
            rest = shorten(text, width - 8, ellipsis=self._glyphs.ellipsis)
            return [Text.assemble(("(none)  ", "quiet"), rest)]
        lines = [self._class_line(prediction, name, value, room, width) for name, value in shown]
        left = width - lines[0].cell_len - 2
        if len(shown) == 1 and left >= _TEXT_LEAST:
            rest = shorten(text, left, ellipsis=self._glyphs.ellipsis)
            return [lines[0].append("  ").append(rest)]
        heading = Text(shorten(text, width, ellipsis=self._glyphs.ellipsis))
        return [heading, *(Text("  ").append_text(line) for line in lines)]

    def _class_line(
        self, prediction: Prediction, name: str, value: float, room: int, width: int
    ) -> Text:
        from rich.text import Text

        from seqclf.ui.glyphs import bar

        colour = _COLOURS[list(prediction.probabilities).index(name) % len(_COLOURS)]
        label = shorten(one_line(name), room, ellipsis=self._glyphs.ellipsis)
        picked = name in prediction.labels
        line = Text(label + " " * (room - cells(label)), f"bold {colour}" if picked else "")
        line = Text().append_text(line).append(f"  {metric(value)}")
        if width >= room + _BAR + 12:
            line.append("  ").append_text(bar(self._glyphs, value, _BAR, colour))
        return line


def chosen(prediction: Prediction, top: int) -> list[tuple[str, float]]:
    """Give the classes to show: the chosen ones, or the `top` most probable ones."""
    if top > 1:
        return prediction.top(top)
    return [(name, prediction.probabilities[name]) for name in prediction.labels]


def tab_separated(prediction: Prediction, *, top: int = 1) -> str:
    """Give a prediction as one line for a program, without the line end."""
    shown = chosen(prediction, top)
    if top > 1:
        parts = [part for name, value in shown for part in (field(name), metric(value))]
    else:
        parts = [
            ",".join(field(name) for name, _ in shown),
            ",".join(metric(value) for _, value in shown),
        ]
    return "\t".join([*parts, field(prediction.text)])
