"""What training measured, epoch by epoch; printed and tabled as R does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seqclf.errors import SeqclfError


class History(Mapping[str, list[float]]):
    """What every epoch measured: metric name to one value an epoch.

    `print(history)` prints what R prints: the last epoch's values.

    Args:
        epochs: each epoch's metrics, in order: "loss", "accuracy", "val_…".
        params: how training was asked for, as R's `history$params`: "epochs", which may be
            more than were finished.

    Example:
        >>> history = History([{"loss": 0.7, "val_loss": 0.6}, {"loss": 0.5, "val_loss": 0.54321}])
        >>> history["loss"], len(history.epochs)
        ([0.7, 0.5], 2)
        >>> history.rows()[1]
        (1, 0.6, 'loss', 'validation')
        >>> str(history).splitlines()[-1]
        'val_loss: 0.5432 '
    """

    def __init__(
        self,
        epochs: Sequence[Mapping[str, float]] = (),
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.epochs = [dict(metrics) for metrics in epochs]
        self.params = {"epochs": len(self.epochs), **(params or {})}

    def __getitem__(self, name: str) -> list[float]:
        values = [metrics[name] for metrics in self.epochs if name in metrics]
        if not values:
            raise KeyError(name)
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for metrics in self.epochs for name in metrics))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"History({dict(self)})"

    def __str__(self) -> str:
        if not self.epochs:
            return "\nNo epoch was finished. "
        last = self.epochs[-1]
        width = max(map(len, self), default=0)
        lines = [f"{name:>{width}}: {_in_r(last.get(name))}" for name in self]
        # R's cat() leaves a blank at the end.
        return "\n".join(["", "Final epoch (plot to see history):", *lines]) + " "

    @property
    def metrics(self) -> dict[str, list[float]]:
        """Metric name to one value an epoch, as R's `history$metrics`."""
        return dict(self)

    def rows(self) -> list[tuple[int, float, str, str]]:
        """Give (epoch from 1, value, metric, "training" or "validation"), epoch by epoch."""
        return [
            (epoch, value, name.removeprefix("val_"), _data(name))
            for epoch, metrics in enumerate(self.epochs, 1)
            for name, value in metrics.items()
        ]

    def as_data_frame(self) -> Any:
        """Give R's `as.data.frame(history)`: columns epoch, value, metric, data.

        Returns:
            A `pandas.DataFrame`, metric by metric: epoch (from 1, int), value (float; missing
            where an epoch did not measure it), metric and data (categories; data is
            "training" or "validation").

        Raises:
            SeqclfError: pandas is not installed.

        Example:
            >>> History([{"loss": 0.7, "val_loss": 0.6}]).as_data_frame().to_dict("list")
            {'epoch': [1, 1], 'value': [0.7, 0.6], 'metric': ['loss', 'loss'], 'data': ['training', 'validation']}

        Source:
            R `as.data.frame.keras_training_history()`.
        """  # noqa: E501
        try:
            import pandas as pd
        except ImportError:
            raise SeqclfError(
                "as_data_frame() needs pandas", hint="pip install 'seqclf[pandas]'"
            ) from None
        long = [
            (epoch, metrics.get(name, math.nan), name.removeprefix("val_"), _data(name))
            for name in self
            for epoch, metrics in enumerate(self.epochs, 1)
        ]
        frame = pd.DataFrame(long, columns=["epoch", "value", "metric", "data"])
        metrics = list(dict.fromkeys(name.removeprefix("val_") for name in self))
        frame["metric"] = pd.Categorical(frame["metric"], categories=metrics)
        frame["data"] = pd.Categorical(frame["data"], categories=["training", "validation"])
        return frame


def _data(name: str) -> str:
    return "validation" if name.startswith("val_") else "training"


def _in_r(value: float | None) -> str:
    """Write a number as R's `prettyNum(value, big.mark = ",", digits = 4, scientific = FALSE)`."""
    if value is None or math.isnan(value):
        return "NA" if value is None else "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    rounded = float(f"{value:.3e}")
    decimals = 0 if rounded == 0 else max(0, 3 - math.floor(math.log10(abs(rounded))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
