"""R's `plot(history)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seqclf.contracts import History
from seqclf.r.arguments import ArgumentError, checked


@checked
def plot(
    x: Any,
    metrics: Sequence[str] | str | None = None,
    smooth: bool = True,
    *,
    theme_bw: bool = False,
) -> Any:
    """Draw a history: one panel a metric, training and validation in R's colours.

    Args:
        x: what `fit()` gave, or a run's `history`.
        metrics: which metrics. Defaults to all.
        smooth: whether a smooth line is drawn from ten epochs on. Defaults to True.
        theme_bw: whether the background is white. Defaults to False.

    Returns:
        A `matplotlib.figure.Figure`: a notebook shows it, `savefig()` writes it.

    Raises:
        ArgumentError: `x` is not a history, or has no such metric.
        SeqclfError: matplotlib, or for the smooth line scikit-misc, is not installed.

    Source:
        R `plot.keras_training_history()`.
    """
    if not isinstance(x, History):
        raise ArgumentError(
            f"plot(): `x` must be a history, what fit() gives, not {x!r}",
            "keras.utils.plot_model draws a model",
        )
    if metrics is not None and not isinstance(metrics, (str, Sequence)):
        raise ArgumentError(f"plot(): `metrics` must be names of metrics, not {metrics!r}")
    from seqclf.plots.figure import draw

    return draw(x, metrics=metrics, smooth=smooth, theme_bw=theme_bw)
