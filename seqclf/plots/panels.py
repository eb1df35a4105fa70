"""What a history's plot shows, as plain data: panels, their series, points and smooth lines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from seqclf.contracts import History
from seqclf.errors import SeqclfError, UsageError, unknown
from seqclf.plots.loess import smooth_line

EPOCHS_FOR_LINES = 10
"""From so many planned epochs on, R draws smooth lines."""

COLOURS = {"training": "#F8766D", "validation": "#00BFC4"}
"""R's two colours, those of ggplot2."""

ALONE = "#3366FF"
"""The colour of a line that is the only one: without validation data."""


@dataclass(frozen=True)
class Series:
    """One metric on one part of the data.

    Args:
        data: "training" or "validation".
        points: (epoch, value), epochs from 1; finite values only.
        not_finite: the epochs whose value is no finite number; they have no point.
        line: (epoch, value) of the smooth line; empty where there is none.
    """

    data: str
    points: tuple[tuple[int, float], ...]
    not_finite: tuple[int, ...] = ()
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Panel:
    """One metric: training and, where there is any, validation."""

    metric: str
    series: tuple[Series, ...]

    @property
    def limits(self) -> tuple[float, float] | None:
        """The least and the greatest value of points and lines; None where there are none."""
        values = [value for each in self.series for _, value in (*each.points, *each.line)]
        return (min(values), max(values)) if values else None


@dataclass(frozen=True)
class Plot:
    """All panels of a history, from top to bottom.

    Args:
        panels: one a metric, in the history's order.
        epochs: the last epoch on the axis, which begins at 1: all that were planned.
        validation: whether there is validation data: two colours and a legend.
    """

    panels: tuple[Panel, ...]
    epochs: int
    validation: bool

    @property
    def has_lines(self) -> bool:
        """Whether any panel has a smooth line."""
        return any(series.line for panel in self.panels for series in panel.series)


def panels(
    history: History, metrics: str | Iterable[str] | None = None, smooth: bool = True
) -> Plot:
    """Choose what to draw of a history, as R's `plot(history)` does.

    Args:
        history: at least one epoch.
        metrics: names of metrics, without "val_"; defaults to all. Their order is the history's.
        smooth: draw smooth lines, if ten epochs or more were planned (`history.params["epochs"]`)
            and enough of them have a value.

    Raises:
        UsageError: the history has no such metric.
        SeqclfError: no epoch was finished; or scikit-misc, which computes the lines, is missing.

    Example:
        >>> plot = panels(History([{"loss": 0.7, "val_loss": 0.6}, {"loss": 0.5, "val_loss": 0.4}]))
        >>> [panel.metric for panel in plot.panels], plot.epochs
        (['loss'], 2)
        >>> plot.panels[0].series[1].points
        ((1, 0.6), (2, 0.4))

    Source:
        R keras3 `plot.keras_training_history()`.
    """
    if not history.epochs:
        raise SeqclfError("there is nothing to plot: no epoch was finished")
    planned = max(int(history.params.get("epochs", 0)), len(history.epochs))
    smooth = smooth and planned >= EPOCHS_FOR_LINES
    chosen = _chosen(history, metrics)
    return Plot(
        panels=tuple(_panel(history, metric, smooth) for metric in chosen),
        epochs=planned,
        validation=any(name.startswith("val_") for name in history),
    )


def _chosen(history: History, metrics: str | Iterable[str] | None) -> list[str]:
    known = [name for name in history if not name.startswith("val_")]
    if metrics is None:
        return known
    wanted = [metrics] if isinstance(metrics, str) else list(metrics)
    if not wanted:
        raise UsageError("metrics names no metric to plot", hint=f"there are: {', '.join(known)}")
    for name in wanted:
        if name not in known:
            raise unknown("metric", name, known)
    return [name for name in known if name in wanted]


def _panel(history: History, metric: str, smooth: bool) -> Panel:
    names = {"training": metric, "validation": f"val_{metric}"}
    return Panel(
        metric,
        tuple(
            _series(history, data, names[data], smooth) for data in names if names[data] in history
        ),
    )


def _series(history: History, data: str, name: str, smooth: bool) -> Series:
    values = {
        epoch: float(metrics[name])
        for epoch, metrics in enumerate(history.epochs, 1)
        if name in metrics
    }
    finite = {epoch: value for epoch, value in values.items() if math.isfinite(value)}
    return Series(
        data,
        tuple(finite.items()),
        tuple(epoch for epoch in values if epoch not in finite),
        smooth_line(list(finite), list(finite.values())) if smooth else (),
    )
