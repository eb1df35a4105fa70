"""The table of finished epochs, one printed row at a time, and the curves below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from seqclf.events import EpochEnded, TrainingEnded
from seqclf.ui.flow import LABEL_WIDTH, facts
from seqclf.ui.glyphs import Glyphs
from seqclf.ui.text import duration, metric, metric_name, sparkline

_FIRST = ("loss", "accuracy", "val_loss", "val_accuracy")
_SHORT = {"accuracy": "acc", "val accuracy": "val acc"}
_GAP = "  "
_TIME_WIDTH = 9
_VALUE_WIDTH = 6
_REASONS = {
    "patience": "stopped early: no better epoch for a while",
    "interrupted": "interrupted",
}


def ordered(metrics: Mapping[str, float]) -> list[str]:
    """Give the metrics' names, the usual four first."""
    return sorted(metrics, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


class EpochTable:
    """Rows of equal columns; what does not fit the width is abbreviated, then left out."""

    def __init__(self, metrics: Mapping[str, float], epochs: int, width: int) -> None:
        names = ordered(metrics)
        self._epoch_width = max(len("epoch"), len(f"{epochs}/{epochs}"))
        self._epochs = epochs
        headings = {name: metric_name(name) for name in names}
        if self._width(list(headings.values())) > width:
            headings = {name: _SHORT.get(heading, heading) for name, heading in headings.items()}
        while len(headings) > 1 and self._width(list(headings.values())) > width:
            headings.pop(_least_wanted(list(headings)))
        self._headings = headings
        self.width = self._width(list(headings.values()))

    def _width(self, headings: Sequence[str]) -> int:
        values = sum(max(len(heading), _VALUE_WIDTH) + len(_GAP) for heading in headings)
        return self._epoch_width + values + len(_GAP) + _TIME_WIDTH + len(_GAP) + 1

    def header(self) -> Text:
        """Give the line above the rows."""
        cells = ["epoch".rjust(self._epoch_width)]
        cells += [heading.rjust(_VALUE_WIDTH) for heading in self._headings.values()]
        cells.append("time".rjust(_TIME_WIDTH))
        return Text(_GAP.join(cells), "label")

    def row(self, event: EpochEnded) -> Text:
        """Give an epoch's line; the best so far has a star."""
        cells = [f"{event.epoch}/{self._epochs}".rjust(self._epoch_width)]
        for name, heading in self._headings.items():
            value = metric(event.metrics[name]) if name in event.metrics else ""
            cells.append(value.rjust(max(len(heading), _VALUE_WIDTH)))
        line = Text(_GAP.join(cells))
        line.append(_GAP + duration(event.seconds).rjust(_TIME_WIDTH), "quiet")
        return line.append(_GAP + "*", "best") if event.best else line


def _least_wanted(names: Sequence[str]) -> str:
    extra = [name for name in names if name not in _FIRST]
    if extra:
        return extra[-1]
    return next(name for name in ("accuracy", "loss", "val_loss", names[0]) if name in names)


def watched(metrics: Mapping[str, float]) -> str:
    """Give the metric that says most: validation accuracy, else the next best there is."""
    wanted = ("val_accuracy", "val_loss", "accuracy", "loss")
    return next((name for name in wanted if name in metrics), "")


def metrics_sentence(metrics: Mapping[str, float]) -> str:
    """Say the metrics, accuracy first; those of validation alone where there are any."""
    names = ordered(metrics)
    told = [name for name in names if name.startswith("val_")] or names
    told.sort(key=lambda name: not name.endswith("accuracy"))
    return ", ".join(f"{metric_name(name)} {metric(metrics[name])}" for name in told)


def ended_sentence(event: TrainingEnded) -> str:
    """Say how the training ended: "epoch 4's weights are kept; 10 epochs in 4 m 12 s"."""
    reason = f"; {_REASONS[event.reason]}" if event.reason in _REASONS else ""
    count = "1 epoch" if event.epochs == 1 else f"{event.epochs} epochs"
    return f"the weights of epoch {event.kept}; {count} in {duration(event.seconds)}{reason}"


def ended_renderable(
    event: TrainingEnded, epochs: Sequence[Mapping[str, float]], glyphs: Glyphs, width: int
) -> RenderableType:
    """Draw the end of a training: the best epoch, the last one, what is kept, and the curves."""
    rows: list[tuple[str, RenderableType]] = []
    last = event.epochs
    if event.best_epoch is not None:
        told = f"epoch {event.best_epoch}: {metrics_sentence(event.best)}"
        rows.append(("best", Text(told, "good")))
    if event.best_epoch != last and event.last:
        rows.append(("last", f"epoch {last}: {metrics_sentence(event.last)}"))
    if event.epochs:
        rows.append(("kept", ended_sentence(event)))
    if len(epochs) > 1:
        rows += _curves(epochs, glyphs, width - LABEL_WIDTH - 2)
    return facts(rows)


def _curves(
    epochs: Sequence[Mapping[str, float]], glyphs: Glyphs, width: int
) -> list[tuple[str, RenderableType]]:
    rows: list[tuple[str, RenderableType]] = []
    for name in ("accuracy", "loss"):
        told = f"val_{name}" if f"val_{name}" in epochs[-1] else name
        values = [metrics[told] for metrics in epochs if told in metrics]
        if not values:
            continue
        ends = f"  {metric_name(told)} {metric(values[0])} to {metric(values[-1])}"
        curve = sparkline(values, max(1, min(40, width - len(ends))), ascii=glyphs.ascii)
        rows.append(("" if rows else "curves", Text.assemble((curve, "curve"), (ends, "quiet"))))
    return rows
