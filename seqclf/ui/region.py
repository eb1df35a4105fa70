"""The few lines that move: the running epoch's bar and numbers, or a spinner."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from seqclf.events import BatchEnded, EpochEnded, Progressed, TrainingStarted
from seqclf.ui.epochs import ordered, watched
from seqclf.ui.flow import Flow
from seqclf.ui.glyphs import Glyphs, bar
from seqclf.ui.text import (
    countdown,
    duration,
    metric,
    metric_name,
    number,
    one_line,
    rate,
    shorten,
    size,
    sparkline,
)

_BAR_MOST = 40
_BAR_LEAST = 8
_SPIN = 8  # turns of the spinner's characters a second


class Region:
    """What is going on right now, drawn in a few lines.

    Args:
        glyphs: the characters to draw with.
        height: gives the terminal's height in lines.
        clock: gives seconds.
    """

    def __init__(
        self, glyphs: Glyphs, height: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._glyphs = glyphs
        self._height = height
        self._clock = clock
        self._since = 0.0
        self._what = ""
        self._progress: Progressed | None = None
        self._training: TrainingStarted | None = None
        self._first: tuple[float, BatchEnded] | None = None
        self._now: tuple[float, BatchEnded] | None = None
        self._seconds: list[float] = []
        self._curve: list[float] = []
        self._best = ""
        self.drawn: list[int] = []
        """The widths of the lines drawn last."""

    def working(self, what: str) -> None:
        """Show a spinner."""
        self.clear()
        self._what, self._since = what, self._clock()

    def progressed(self, event: Progressed) -> None:
        """Show how far a long step has come."""
        if self._progress is None or self._progress.what != event.what:
            self.clear()
            self._since = self._clock()
        self._progress = event

    def started(self, event: TrainingStarted) -> None:
        """Show the first epoch's bar, empty."""
        self.clear()
        self._training, self._since = event, self._clock()

    def batch(self, event: BatchEnded) -> None:
        """Remember a batch. This is called for each one, so that it does next to nothing."""
        moment = (self._clock(), event)
        if self._first is None or self._first[1].epoch != event.epoch:
            self._first = moment
        self._now = moment

    def epoch(self, event: EpochEnded) -> None:
        """Add a finished epoch to the curve and to what is known of the speed."""
        self._first = self._now = None
        self._seconds.append(event.seconds)
        self._since = self._clock()
        name = watched(event.metrics)
        if name:
            self._curve.append(event.metrics[name])
        if event.best and name:
            told = f"{metric_name(name)} {metric(event.metrics[name])}"
            self._best = f"best {told}, epoch {event.epoch}"

    def clear(self) -> None:
        """Show nothing."""
        self._what, self._progress, self._training = "", None, None
        self._first = self._now = None

    def lines(self, width: int) -> list[Text]:
        """Draw it for a width; never more lines than the terminal has, the cursor's included."""
        if self._training is not None:
            lines = self._epoch_lines(self._training, width)
        elif self._progress is not None:
            lines = self._progress_lines(self._progress, width)
        elif self._what:
            lines = [self._spinning(self._what, width)]
        else:
            lines = []
        lines = lines[: max(1, self._height() - 1)]
        for line in lines:
            line.truncate(width, overflow="crop")
        return lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # A line that fills the last column makes some terminals wrap.
        lines = self.lines(options.max_width - 1)
        self.drawn = [line.cell_len for line in lines]
        yield from lines

    def _spinning(self, what: str, width: int) -> Text:
        passed = self._clock() - self._since
        sign = self._glyphs.spinner[int(passed * _SPIN) % len(self._glyphs.spinner)]
        told = duration(passed) if passed >= 1 else ""
        room = width - len(told) - 4
        shown = shorten(one_line(what), room, ellipsis=self._glyphs.ellipsis)
        return Text.assemble((sign, "bar"), f" {shown}  ", (told, "quiet"))

    def _progress_lines(self, event: Progressed, width: int) -> list[Text]:
        if event.total <= 0:
            return [self._spinning(f"{event.what} {amount(event, event.done)}", width)]
        share = min(1.0, event.done / event.total)
        passed = self._clock() - self._since
        left = countdown(passed / share - passed) if 0.02 < share < 1 else ""
        total = amount(event, event.total)
        done = amount(event, event.done).rjust(len(total))
        counted = not event.what.lower().startswith("download")  # which is in bytes
        speed = f"{event.done / passed:,.0f}/s  " if counted and passed >= 1 else ""
        numbers = f"  {done} of {total}  {speed}{left:<13}"
        return [
            Text(shorten(one_line(event.what), width, ellipsis=self._glyphs.ellipsis)),
            self._with_bar("", share, numbers, width),
        ]

    def _with_bar(self, before: str, share: float, after: str, width: int) -> Text:
        room = width - len(before) - len(after)
        line = Text(before)
        if room >= _BAR_LEAST:
            line.append_text(bar(self._glyphs, share, min(_BAR_MOST, room)))
        return line.append(after)

    def _epoch_lines(self, training: TrainingStarted, width: int) -> list[Text]:
        done = self._now[1].step if self._now else 0
        epoch = self._now[1].epoch if self._now else len(self._seconds) + 1
        if epoch > training.epochs:
            return []
        steps = max(training.steps, done, 1)
        validating = self._now is not None and done >= training.steps
        left = self._epoch_left(steps)
        told = "  validating" if validating else f"  {countdown(left)}" if left else ""
        head = f"epoch {epoch}/{training.epochs}  "
        batch = f"  {number(done).rjust(len(number(steps)))}/{number(steps)}"
        lines = [self._with_bar(head, done / steps, batch + told.ljust(14), width)]
        details = self._details(training, epoch, left)
        if details:
            lines += Flow(details, "  ").lines(width)
        if len(self._curve) > 1:
            lines.append(self._curve_line(width))
        return lines

    def _epoch_left(self, steps: int) -> float:
        if self._first is None or self._now is None or self._now[1].step <= self._first[1].step:
            return 0.0
        passed = self._now[0] - self._first[0]
        return passed / (self._now[1].step - self._first[1].step) * (steps - self._now[1].step)

    def _details(self, training: TrainingStarted, epoch: int, left: float) -> list[Text]:
        items: list[Text] = []
        metrics: Mapping[str, float] = self._now[1].metrics if self._now else {}
        for name in ordered(metrics):
            items.append(Text.assemble(metric_name(name), " ", (metric(metrics[name]), "bold")))
        if self._first and self._now:
            speed = rate(
                self._now[1].examples - self._first[1].examples, self._now[0] - self._first[0]
            )
            if speed:
                items.append(Text(speed))
        if self._seconds and epoch < training.epochs:
            mean = sum(self._seconds) / len(self._seconds)
            rest = mean * (training.epochs - epoch) + (left or mean)
            items.append(Text(f"all epochs {countdown(rest)}", "quiet"))
        return items

    def _curve_line(self, width: int) -> Text:
        told = f"  {self._best}" if self._best else ""
        curve = sparkline(
            self._curve, max(1, min(_BAR_MOST, width - len(told))), ascii=self._glyphs.ascii
        )
        return Text.assemble((curve, "curve"), (told, "quiet"))


def amount(event: Progressed, count: int) -> str:
    """Say how much: bytes for downloads, else a count."""
    return size(count) if event.what.lower().startswith("download") else number(count)
