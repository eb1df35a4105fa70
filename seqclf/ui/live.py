"""A run on a real terminal: what is finished stays, what is going on moves below it."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType

from seqclf.events import (
    BatchEnded,
    DataReady,
    EpochEnded,
    Evaluated,
    Event,
    ModelReady,
    Noted,
    Planned,
    Progressed,
    Saved,
    TrainingEnded,
    TrainingStarted,
    Working,
)
from seqclf.ui.epochs import EpochTable, ended_renderable
from seqclf.ui.errors import print_note
from seqclf.ui.flow import facts
from seqclf.ui.glyphs import glyphs_for
from seqclf.ui.plan import data_renderable, planned_renderable
from seqclf.ui.region import Region
from seqclf.ui.summary import summary_table
from seqclf.ui.text import kernel_sentence

REDRAWS_A_SECOND = 8


class LiveTraining:
    """Draws a run's events; use it as a context manager and as a listener.

    Finished epochs are printed for good as they come and only a few lines
    move, so that any number of epochs fits any terminal. Leaving it, by an
    exception too, takes the moving lines away and gives the cursor back.

    Example:
        with LiveTraining(stderr_console()) as screen:
            execute(plan, [screen])
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._glyphs = glyphs_for(console)
        self._region = Region(self._glyphs, lambda: console.size.height)
        self._width = console.width
        self._table: EpochTable | None = None
        self._epochs: list[dict[str, float]] = []
        self._planned_epochs = 0
        self._maxlen: Any = None
        self._to_test = False
        self._live = Live(
            console=console,
            get_renderable=self._current,
            refresh_per_second=REDRAWS_A_SECOND,
            transient=True,
            vertical_overflow="crop",
            redirect_stdout=sys.stdout.isatty(),
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._region.clear()
        self._live.stop()

    def __call__(self, event: Event) -> None:
        """Draw an event."""
        if type(event) is BatchEnded:
            self._region.batch(event)
            return
        match event:
            case Planned():
                self._maxlen = event.settings.get("maxlen")
                self._print(planned_renderable(event))
            case Working():
                self._region.working(event.what)
            case Progressed():
                self._region.progressed(event)
            case Noted():
                self._refresh()
                print_note(self._console, event.sentence)
            case DataReady():
                self._region.clear()
                self._to_test = event.test > 0
                self._print(data_renderable(event, self._maxlen))
            case ModelReady():
                self._region.clear()
                title = f"Model, on {event.backend}"
                table = summary_table(event.summary, title=title, glyphs=self._glyphs)
                kernel = kernel_sentence(event.kernel, event.kernel_reason)
                rows = [facts([("kernel", kernel)])] if event.kernel else []
                self._print("", table, *rows, "")
            case TrainingStarted():
                self._planned_epochs = event.epochs
                self._region.started(event)
            case EpochEnded():
                self._epoch_ended(event)
            case TrainingEnded():
                self._training_ended(event)
            case Evaluated() | Saved():
                self._region.clear()
                self._refresh()

    def _epoch_ended(self, event: EpochEnded) -> None:
        self._region.epoch(event)
        self._epochs.append(dict(event.metrics))
        width = self._console.width - 1
        if self._table is None or self._table.width > width:
            self._table = EpochTable(event.metrics, self._planned_epochs, width)
            self._print(self._table.header())
        self._print(self._table.row(event))

    def _training_ended(self, event: TrainingEnded) -> None:
        self._region.clear()
        width = self._console.width
        self._print("", ended_renderable(event, self._epochs, self._glyphs, width), "")
        if self._to_test and event.reason != "interrupted":
            self._region.working("testing")

    def _print(self, *renderables: RenderableType) -> None:
        self._refresh()
        self._console.print(*renderables, sep="\n")

    def _refresh(self) -> None:
        if self._live.is_started:
            self._live.refresh()

    def _current(self) -> Region:
        self._step_over_reflowed_lines()
        return self._region

    def _step_over_reflowed_lines(self) -> None:
        """Go up past the lines that a narrower window has broken in two.

        Rich counts the lines as it drew them; terminals wrap them again, and
        the upper halves would stay.
        """
        width = self._console.width
        if width < self._width:
            extra = sum((max(drawn, 1) - 1) // width for drawn in self._region.drawn)
            up = ((ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2))
            self._console.control(Control((ControlType.ERASE_IN_LINE, 2), *up * extra))
        self._width = width
