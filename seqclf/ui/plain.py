"""A run off a terminal: plain lines, nothing moves."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

from seqclf.events import (
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
from seqclf.ui.epochs import ended_sentence, metrics_sentence, ordered
from seqclf.ui.flow import Flow
from seqclf.ui.plan import classes_sentence, lengths_sentence, sorted_settings, splits_sentence
from seqclf.ui.region import amount
from seqclf.ui.summary import summary_line
from seqclf.ui.text import kernel_sentence, metric, number, one_line

_STEP = 25  # a download is told each time this many percent more are there


class PlainTraining:
    """Writes a run's events as plain lines, one an epoch; a listener and a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._epochs = 0
        self._maxlen: object = None
        self._told: tuple[str, int] = ("", -1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    def __call__(self, event: Event) -> None:
        """Write what an event has to say, if anything."""
        match event:
            case Planned():
                self._maxlen = event.settings.get("maxlen")
                self._planned(event)
            case Working():
                self._line(event.what)
            case Progressed():
                self._progressed(event)
            case Noted():
                self._line(f"note: {event.sentence}")
            case DataReady():
                told = (splits_sentence(event), classes_sentence(event))
                self._line("data: " + "; ".join((*told, lengths_sentence(event, self._maxlen))))
            case ModelReady():
                self._line(f"model on {event.backend}: {summary_line(event.summary)}")
                if event.kernel:
                    self._line(f"kernel: {kernel_sentence(event.kernel, event.kernel_reason)}")
            case TrainingStarted():
                self._epochs = event.epochs
                batches = f"{number(event.steps)} {'batch' if event.steps == 1 else 'batches'}"
                self._line(f"training: epochs 1 to {event.epochs}, {batches} each")
            case EpochEnded():
                self._epoch(event)
            case TrainingEnded():
                self._ended(event)
            case Evaluated():
                report = event.report
                self._line(f"evaluated: {number(report.examples)} {report.split} examples")
            case Saved():
                self._line(f"saved: {event.folder}")

    def _planned(self, event: Planned) -> None:
        self._line(f"training {event.arch} on {event.dataset}, run {event.folder}")
        settings = sorted_settings(event)
        if settings.chosen:
            told = [f"{name} {value} ({source})" for name, value, source in settings.chosen]
            self._line("set: " + ", ".join(told))
        for label, pairs in settings.tables:
            self._line(f"{label}: " + ", ".join(map(" ".join, pairs)))
        if settings.defaults:
            self._line("default: " + ", ".join(map(" ".join, settings.defaults)))

    def _progressed(self, event: Progressed) -> None:
        step = event.done * 100 // event.total // _STEP if event.total > 0 else 0
        if event.done <= 0 or (event.what, step) == self._told or (event.total > 0 and not step):
            return
        self._told = (event.what, step)
        whole = f" of {amount(event, event.total)}" if event.total > 0 else ""
        self._line(f"{event.what}: {amount(event, event.done)}{whole}")

    def _epoch(self, event: EpochEnded) -> None:
        parts = [f"epoch {event.epoch}/{self._epochs}"]
        parts += [f"{name} {metric(event.metrics[name])}" for name in ordered(event.metrics)]
        self._fields([*parts, f"{event.seconds:.1f} s", *(["best"] if event.best else [])])

    def _ended(self, event: TrainingEnded) -> None:
        if event.best_epoch is not None:
            self._line(f"best epoch {event.best_epoch}: {metrics_sentence(event.best)}")
        if event.last and event.best_epoch != event.epochs:
            self._line(f"last epoch {event.epochs}: {metrics_sentence(event.last)}")
        if event.epochs:
            self._line(f"kept: {ended_sentence(event)}")

    def _fields(self, fields: list[str]) -> None:
        # A dumb terminal is watched by a person, so that lines break; elsewhere a line is a line.
        texts = [Text(one_line(field)) for field in fields]
        if self._console.is_terminal:
            self._console.print(Flow(texts, "  "))
        else:
            self._console.print(Text("  ").join(texts), soft_wrap=True)
        self._console.file.flush()

    def _line(self, line: str) -> None:
        self._console.print(Text(one_line(line)), soft_wrap=not self._console.is_terminal)
        self._console.file.flush()
